"""Whether a policy gives a customer less than the law, and which article it breaks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from backstock.policies.law.model import LawBook, Market, Pack, Rule
from backstock.policies.law.rights import pack_of
from backstock.policies.table.boxes import FAR, Numbers, Side, Tags, box, left
from backstock.policies.table.model import Row, Table

E6: Final = 10**6


@dataclass(frozen=True, slots=True)
class Breach:
    """A term that a law does not allow: what it says, of which rule, and where in the policy it stands."""

    law: str
    rule: Rule
    field: str
    where: str = ""

    @property
    def article(self) -> str:
        """The article that it breaks."""
        return self.rule.article

    def says(self, language: str) -> str:
        """Return what the law says instead."""
        return self.rule.called(language)


def gives_less(row: Mapping[str, Any], market: Market, book: LawBook | None = None) -> Breach | None:
    """Return what a row of a table ({when, then}), or terms as such, break in a market; None where nothing is broken."""
    book = book or LawBook()
    pack = pack_of(market.law, book.facts(market.law))
    if pack is None:
        return None
    of_table = "then" in row or "when" in row
    when, then = (row.get("when", {}), row.get("then", {})) if of_table else ({}, row)
    if not (_may_be(when, "channel", {market.channel}) and _may_be(when, "country", {market.country})):
        return None
    for rule in pack.of_kind("right"):
        if (rule.distance and not market.distance) or (rule.unless_posted and market.posted):
            continue
        ground = "quality" if "quality" in rule.grounds else "withdrawal"
        if not _touches(rule, ground, when, pack, book):
            continue
        if broken := _broken(rule, pack.beside(ground, None), when, then, quality=ground == "quality"):
            return Breach(market.law, *broken)
        sending = next((each for each in pack.of_kind("clock") if each.what == "send_back"), None)
        if sending and ground == "withdrawal" and (then.get("return_deadline_days") or sending.days) < sending.days:
            return Breach(market.law, sending, "return_deadline_days")
    return None


def below_law(terms: Mapping[str, Any], book: LawBook) -> list[Breach]:
    """Return every term of a policy that gives less than the law of a market where it holds."""
    markets = _markets(book)
    found: dict[tuple[str, str, str], Breach] = {}
    for where, row in _parts(terms, book):
        for market in markets:
            if (breach := gives_less(row, market, book)) is not None:
                found.setdefault(
                    (where, breach.law, breach.rule.code), Breach(breach.law, breach.rule, breach.field, where)
                )
    return list(found.values())


def _markets(book: LawBook) -> list[Market]:
    return [*(Market(**each) for each in book.terms.get("markets", ())), book.market("online")]


def _parts(terms: Mapping[str, Any], book: LawBook) -> Iterator[tuple[str, Mapping[str, Any]]]:
    base = {name: value for name, value in terms.items() if not isinstance(value, (Mapping, list, tuple))}
    yield "", base
    for group, fact in (
        ("per_category", "category"), ("per_reason", "reason"), ("per_sku", "sku"), ("per_customer", "customer"),
    ):  # fmt: skip
        for key, part in terms.get(group, {}).items():
            yield f"{group}.{key}", {"when": {fact: {"is": [key]}}, "then": part}
    for n, condition in enumerate(terms.get("reject_when", ())):
        when = {name: {"is": [value]} for name, value in condition.items()}
        yield f"reject_when.{n + 1}", {"when": when, "then": {"decision": "reject"}}
    yield from _pieces(terms.get("table") or {}, book)


def _pieces(raw: Mapping[str, Any], book: LawBook) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the cases in which rows of a table count that might break a law: those that no row before them takes."""
    table, markets = Table.load(raw), _markets(book)
    boxes, order = [box(row) for row in table.rows], table.order
    for place, n in enumerate(order):
        if not any(gives_less(raw["rows"][n], market, book) for market in markets):
            continue
        for piece in left(boxes[n], (boxes[m] for m in order[:place])):
            when = {name: _test(side) for name, side in piece.items()}
            yield f"table.{table.rows[n].id}", {"when": when, "then": table.rows[n].then}


def _test(side: Side) -> dict[str, Any]:
    """Return a side of a box as a test; a number that is only unknown lies beyond every number."""
    if isinstance(side, Numbers):
        return {"min": side.spans[0][0], "max": side.spans[-1][1]} if side.spans else {"min": FAR}
    if isinstance(side, Tags):
        return {}
    known = side.values - {None}
    if known <= {True, False} and known:
        return {} if side.all_but and len(known) == 2 else {"yes": (True in known) != side.all_but}
    return {"not" if side.all_but else "is": sorted(known)}


def less_than_law(book: LawBook) -> Callable[[Mapping[str, Any], Row], str | None]:
    """Return what says of a row, on facts that it fits, which article gives more (see `table.validating`)."""

    def article(facts: Mapping[str, Any], row: Row) -> str | None:
        when = {name: _known(value) for name, value in facts.items()}
        found = (gives_less({"when": when, "then": row.then}, market, book) for market in _markets(book))
        return next((breach.article for breach in found if breach), None)

    return article


def _known(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"yes": value}
    return {"min": value, "max": value} if isinstance(value, int) else {"is": [value]}


def _may_be(when: Mapping[str, Any], field: str, values: Collection[str]) -> bool:
    """Tell whether a test of a text may hold for one of these values; no value: for any."""
    test = when.get(field) or {}
    known = {value for value in values if value}
    if not known or not test:
        return True
    if "is" in test:
        return bool(known & set(test["is"]))
    return bool(known - set(test["not"])) if "not" in test else True


def _touches(rule: Rule, ground: str, when: Mapping[str, Any], pack: Pack, book: LawBook) -> bool:
    """Tell whether a row may be about somebody who has this right."""
    if not (_may_be(when, "type", rule.types) and _may_be(when, "category", rule.categories)):
        return False
    reasons = (when.get("reason") or {}).get("is", ())
    if ground == "quality":
        # Only rows that name a fault of the goods: others leave the quality right to the right itself.
        return bool(reasons) and all(book.is_quality(reason) for reason in reasons)
    if reasons and all(book.is_quality(reason) for reason in reasons):
        return False
    if (when.get("final_sale") or {}).get("yes"):
        # Sold as final with the buyer's own confirmation.
        return not pack.of_kind("exception")
    excepted = {category for each in pack.of_kind("exception") if not each.confirmed for category in each.categories}
    categories = set((when.get("category") or {}).get("is", ()))
    return not (categories and categories <= excepted)


def _broken(
    rule: Rule, beside: Mapping[str, Rule], when: Mapping[str, Any], then: Mapping[str, Any], quality: bool
) -> tuple[Rule, str] | None:
    """Return the rule that terms break for who has a right, and the term that does."""
    days = rule.days + 31 * rule.months
    if (when.get("days_since_delivery") or {}).get("min", 0) > days:
        return None
    if then.get("decision") == "reject":
        opened = (when.get("opened") or {}).get("yes") and beside.get("opened")
        return (opened or rule), "decision"
    window = then.get("window_days")
    if window is not None and window < rule.days + 30 * rule.months and not quality:
        return rule, "window_days"
    remedies = then.get("remedies")
    if remedies and not rule.types & set(remedies):
        return rule, "remedies"
    return _costs(beside, then)


def _costs(beside: Mapping[str, Rule], then: Mapping[str, Any]) -> tuple[Rule, str] | None:
    """Return what is kept of the money, or laid on the customer, against a rule."""
    whole = beside.get("full_price") or beside.get("seller_freight")
    kept = {
        "restocking_fee_e6": then.get("restocking_fee_e6", 0) > 0,
        "usage_per_day_e6": then.get("usage_per_day_e6", 0) > 0,
        "refund_percent_e6": then.get("refund_percent_e6", E6) < E6,
    }
    if whole and any(kept.values()):
        return whole, next(name for name, yes in kept.items() if yes)
    if (freight := beside.get("seller_freight")) and then.get("freight") == "customer":
        return freight, "freight"
    if (means := beside.get("same_means")) and then.get("refund_to") == "store_credit":
        return means, "refund_to"
    if (shipping := beside.get("first_shipping")) and then.get("refund_shipping") == "never":
        return shipping, "refund_shipping"
    return None
