"""The lists of customers and of suppliers: found by code, name, contact or the last digits of a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.catalog.tree import price_levels
from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.catalog.listing import language
from backstock.desk.parts import Action, Empty
from backstock.desk.tables import Column, Filter, Table
from backstock.money.accounts import Role
from backstock.money.queries import partner_balances
from backstock.partners.models import Partner
from backstock.partners.queries import all_partners, find_partners


@dataclass(frozen=True, slots=True)
class Row:
    """One partner of the list, with what its columns read."""

    partner: Partner
    level: str
    owed_cents: int

    @property
    def archived(self) -> bool:
        return self.partner.archived_at is not None


def columns(owed: str, with_level: bool) -> list[Column[Row]]:
    """Describe the columns; levels of prices are for customers."""
    found: list[Column[Row]] = [
        Column(
            key="code", label=pgettext_lazy("partner", "Code"), value=lambda row: row.partner.code, sort="code",
            link=lambda row: reverse("partner_page", args=[row.partner.pk]),
        ),
        Column(
            key="name", label=pgettext_lazy("partner", "Name"), value=lambda row: row.partner.name, sort="name",
            link=lambda row: reverse("partner_page", args=[row.partner.pk]),
        ),
        Column(key="phone", label=gettext_lazy("Phone"), value=lambda row: row.partner.phone),
        Column(key="level", label=gettext_lazy("Level"), value=lambda row: row.level, sort="level"),
        Column(key="owed", label=owed, kind="money", value=lambda row: row.owed_cents),
        Column(
            key="days", label=gettext_lazy("Days to pay"), kind="number", value=lambda row: row.partner.payment_days,
            sort="payment_days",
        ),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge",
            value=lambda row: _("archived") if row.archived else _("in use"),
            tone=lambda row: "neutral" if row.archived else "good",
        ),
    ]  # fmt: skip
    return [each for each in found if with_level or each.key != "level"]


def in_state(rows: QuerySet[Partner], state: str) -> QuerySet[Partner]:
    return rows.filter(archived_at__isnull=state == "active")


def filters(levels: dict[str, str], with_level: bool) -> list[Filter]:
    """Describe what the list is narrowed by; levels only where there are some."""
    states = [("active", _("in use")), ("archived", _("archived"))]
    found = [Filter(key="state", label=_("State"), choices=states, apply=in_state)]
    if levels and with_level:
        by_level = Filter(
            key="level", label=_("Level"), choices=[*levels.items()], apply=lambda rows, code: rows.filter(level=code)
        )
        found.insert(0, by_level)
    return found


def preparing(levels: dict[str, str], role: Role) -> Callable[[Sequence[Partner]], list[Row]]:
    """Read what is owed for a page of partners at once; what we owe is shown with a plus too."""
    sign = 1 if role is Role.receivable else -1

    def prepare(rows: Sequence[Partner]) -> list[Row]:
        owed = partner_balances([row.pk for row in rows], role)
        return [Row(row, levels.get(row.level, row.level), sign * owed[row.pk]) for row in rows]

    return prepare


def empty(customers: bool, action: Action | None) -> Empty:
    """Say what will stand here."""
    return Empty(
        icon="users",
        title=_("No customers yet") if customers else _("No suppliers yet"),
        explanation=_("Everybody we buy from or sell to is kept here, with contacts, terms and what is owed."),
        action=action,
    )


def table(actor: Actor, kind: str) -> Table[Row]:
    """Describe the list of customers or of suppliers."""
    customers, own = kind == "customers", company()
    levels = {row.code: row.called(language()) for row in price_levels()}
    label = _("New customer") if customers else _("New supplier")
    new = Action(label=label, href=f"{reverse('partner_new')}?{kind}=1", icon="plus")
    action = new if actor.may("partners.register") else None
    flag = "is_customer" if customers else "is_supplier"
    return Table[Row](
        name=kind,
        title=_("Customers") if customers else _("Suppliers"),
        rows=lambda: all_partners().filter(**{flag: True}).order_by("code"),
        prepare=preparing(levels, Role.receivable if customers else Role.payable),
        search=find_partners,
        search_hint=_("Code, name, contact, end of a phone"),
        row_id=lambda row: row.partner.code,
        columns=columns(_("Owes us") if customers else _("We owe"), customers),
        filters=filters(levels, customers),
        actions=[action] if action else [],
        default_sort="code",
        currency=(own.currency, own.currency_digits),
        empty=empty(customers, action),
    )


@page("partners.view")
def customers(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the customers."""
    return table(actor, "customers").respond(request, "desk/list.html", {"heading": _("Customers")})


@page("partners.view")
def suppliers(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the suppliers."""
    return table(actor, "suppliers").respond(request, "desk/list.html", {"heading": _("Suppliers")})
