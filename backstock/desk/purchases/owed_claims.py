"""What each supplier still owes for goods that went back to it, by how long it has owed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.parts import Empty
from backstock.desk.purchases.documents import named
from backstock.desk.purchases.returning import open_rows
from backstock.desk.tables import Column, Table
from backstock.partners.models import Partner

# Up to so many days; the last is open.
AGES = (30, 60, 90)


@dataclass(slots=True)
class Owed:
    """The open claims of one supplier: how many, how old, and their value by age."""

    supplier: Partner
    claims: int = 0
    days: int = 0
    by_age: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))

    @property
    def value_cents(self) -> int:
        return sum(self.by_age)


def owed_by_supplier() -> list[Owed]:
    """Sum the open claims by supplier, who owes most first."""
    found: dict[int, Owed] = {}
    for row in open_rows():
        owed = found.setdefault(row.supplier.pk, Owed(row.supplier))
        owed.claims, owed.days = owed.claims + 1, max(owed.days, row.days)
        owed.by_age[sum(row.days > age for age in AGES)] += row.claim.value_cents
    return sorted(found.values(), key=lambda owed: -owed.value_cents)


def _of_age(n: int) -> Callable[[Owed], int]:
    return lambda owed: owed.by_age[n]


def owed_table() -> Table[Owed]:
    own = company()
    ages = [
        Column[Owed](
            key=f"age{n}", kind="money", value=_of_age(n), sort=f"age{n}",
            label=_("%(days)s days or less") % {"days": age} if n == 0
            else _("%(first)s–%(last)s days") % {"first": AGES[n - 1] + 1, "last": age},
        )
        for n, age in enumerate(AGES)
    ]  # fmt: skip
    older = Column[Owed](
        key="older", label=_("more than %(days)s days") % {"days": AGES[-1]}, kind="money", value=_of_age(len(AGES)),
        sort="older",
    )  # fmt: skip
    return Table[Owed](
        name="owed_claims",
        path="/purchases/claims/suppliers/",
        title=gettext_lazy("Owed by suppliers for returns"),
        rows=owed_by_supplier,
        row_id=lambda owed: owed.supplier.code,
        currency=(own.currency, own.currency_digits),
        columns=(
            Column(
                key="supplier", label=gettext_lazy("Supplier"), value=lambda owed: named(owed.supplier), sort="supplier",
                link=lambda owed: f"{reverse('claim_list')}?q={owed.supplier.code}",
            ),
            Column(key="claims", label=gettext_lazy("Claims"), kind="number", value=lambda owed: owed.claims, sort="claims"),
            Column(key="days", label=gettext_lazy("Oldest, in days"), kind="number", value=lambda owed: owed.days, sort="days"),
            *ages,
            older,
            Column(key="value", label=gettext_lazy("Claimed, at cost"), kind="money", value=lambda owed: owed.value_cents, sort="value"),
        ),
        empty=Empty(
            icon="truck-return",
            title=gettext_lazy("No supplier owes a credit"),
            explanation=gettext_lazy("Returned goods that go back to a supplier stand here until it credits them."),
        ),
    )  # fmt: skip


@page("purchases.view")
def claims_by_supplier(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List what each supplier owes for returned goods, by age; a name leads to its claims."""
    return owed_table().respond(request, "desk/list.html", {"heading": _("Owed by suppliers for returns")})
