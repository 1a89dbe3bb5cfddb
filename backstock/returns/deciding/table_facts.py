"""What the table of a policy may ask about a line that comes back; what no row asks is not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import BigIntegerField, Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from backstock.core.amounts import E6
from backstock.partners.models import Partner
from backstock.policies.table.compiling import kept
from backstock.returns.loading import LoadedLine
from backstock.returns.models import Return, ReturnLine
from backstock.returns.recall.quotas import uses_of
from backstock.sales.models import SaleLine

OF_CUSTOMER: Final = frozenset({"returns_90_days", "return_rate_e6", "quota_used_e6", "customer_level"})


def asked_by(policy: Mapping[str, Any]) -> frozenset[str]:
    """Name the facts that a policy's table looks at; none where it has no table."""
    return kept(policy["table"])[0].asked if policy.get("table") else frozenset()


def of_customers(ids: Collection[int], on: date, asked: Collection[str]) -> dict[int, dict[str, Any]]:
    """Read what rows ask about customers as of a day; one statement, and those of quotas where they are asked."""
    if not OF_CUSTOMER & set(asked) or not ids:
        return {}
    year, quarter = (on - timedelta(days=365), on), (on - timedelta(days=90), on)
    mine = Return.objects.filter(customer_id=OuterRef("pk"), requested_on__range=quarter).values("customer_id")
    back = ReturnLine.objects.filter(rma__customer_id=OuterRef("pk"), rma__requested_on__range=year)
    bought = SaleLine.objects.filter(sale__customer_id=OuterRef("pk"), sale__ordered_on__range=year)
    given, paid = F("entitled_net_cents") + F("entitled_tax_cents"), F("net_cents") + F("tax_cents")
    partners = Partner.objects.filter(pk__in=ids).annotate(
        count=_zero(mine.annotate(found=Count("pk"))),
        back=_zero(back.values("rma__customer_id").annotate(found=Sum(given))),
        bought=_zero(bought.values("sale__customer_id").annotate(found=Sum(paid))),
    )
    return {each.pk: _of(each, on, asked) for each in partners}


def _zero(rows: Any) -> Any:
    return Coalesce(Subquery(rows.values("found"), output_field=BigIntegerField()), 0)


def _of(customer: Any, on: date, asked: Collection[str]) -> dict[str, Any]:
    found = {
        "customer_level": customer.level or None,
        "returns_90_days": customer.count,
        "return_rate_e6": customer.back * E6 // customer.bought if customer.bought else 0,
    }
    if "quota_used_e6" in asked:
        uses = uses_of(customer, on)
        found["quota_used_e6"] = max((use.used_cents * E6 // max(use.allowed_cents, 1) for use in uses), default=None)
    return found


def of_line(
    *, amount_cents: int, quantity_e4: int, evidence: bool, opened: bool | None, condition: str, country: str = "",
    days_since_delivery: int | None = None, exceptions: Collection[str] = (), customer: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Gather the facts of one line; `amount_cents` in the company's currency, tax included."""
    return {
        **(customer or {}),
        "amount_cents": amount_cents,
        "quantity_e4": quantity_e4,
        "evidence": evidence,
        "opened": opened,
        "condition": condition or None,
        "country": country or None,
        "days_since_delivery": days_since_delivery,
        "final_sale": bool(exceptions),
    }


def only(asked: Iterable[str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the facts that rows ask for and that are known."""
    return {name: facts[name] for name in asked if facts.get(name) is not None}


def again(line: LoadedLine, *, proven: bool, **now: Any) -> dict[str, Any]:
    """Return the facts that were kept with a line, with those that are otherwise by now; what no row asks stays out."""
    was = line.terms.facts or {}
    now["evidence"] = bool(was.get("evidence")) or proven
    return {**was, **{name: value for name, value in now.items() if name in was}}


def asks_quantity(line: LoadedLine) -> bool:
    """Tell whether a row of the table that judged a line looks at how much it is."""
    return not {"quantity_e4", "amount_cents"}.isdisjoint(line.terms.facts or {})
