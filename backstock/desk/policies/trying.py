"""One case tried while the policy is edited: a real line of a sale, or facts that somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.core.amounts import E4, decimal_text
from backstock.desk import words
from backstock.desk.fields import TextLine, chosen
from backstock.desk.parts import Text, Tone
from backstock.desk.policies.cells import fact_title, then_text, when_text
from backstock.desk.policies.changes import row_label
from backstock.desk.policies.editing import row_at, rows_of
from backstock.desk.policies.names import Names
from backstock.desk.policies.part_forms import ASKED, YES_NO, _number
from backstock.desk.policies.terms import TERMS
from backstock.policies.law import LawBook
from backstock.policies.table.model import FIELDS
from backstock.returns.deciding import table_facts
from backstock.returns.deciding.flowing import sold_cents
from backstock.returns.deciding.notices import UNINFORMED, notices_of
from backstock.sales.queries import loaded_sale
from backstock.simulation.judging import Case, Verdict, judge

PREFIX: Final = "case"
COMMON: Final = ("category", "reason", "channel", "days_since_delivery", "opened", "type")
# What a sale does not know: it is typed beside it.
TYPED: Final = ("reason", "type", "opened", "evidence", "condition")
OUTCOMES: Mapping[str, tuple[Text, Tone]] = {
    "approve": (pgettext_lazy("verdict of a policy", "Approved at once"), "good"),
    "review": (pgettext_lazy("verdict of a policy", "A person decides"), "warning"),
    "reject": (pgettext_lazy("verdict of a policy", "Turned down"), "bad"),
    "expired": (pgettext_lazy("verdict of a policy", "Too late"), "bad"),
    "not_offered": (pgettext_lazy("verdict of a policy", "This type is not offered"), "bad"),
    "evidence": (pgettext_lazy("verdict of a policy", "Refused without a photo or paper"), "bad"),
}


class CaseForm(forms.Form):
    """A line of a sale, or facts."""

    sale = TextLine(label=gettext_lazy("Sale"), most=40)
    line = forms.IntegerField(label=gettext_lazy("Line of the sale"), min_value=1, max_value=9_999, required=False)

    def __init__(self, data: QueryDict | None = None, *, names: Names, facts: Mapping[str, Any] | None = None) -> None:
        start = {
            name: ("yes" if value else "no") if isinstance(value, bool) else value
            for name, value in (facts or {}).items()
        }
        super().__init__(data, prefix=PREFIX, initial=start)
        for fact in ASKED:
            self.fields[fact] = self._field(fact, names, start.get(fact))
        self.names = names

    def _field(self, fact: str, names: Names, value: Any) -> forms.Field:
        known, label = FIELDS[fact], fact_title(fact)
        if known.kind == "number":
            return _number(known.unit, label, names.currency[1])
        if known.kind == "yesno":
            return forms.ChoiceField(label=label, choices=chosen(list(YES_NO), _("not known")), required=False)
        offered = names.offered(fact, [str(value)] if value else [])
        if not offered:
            return TextLine(label=label, most=60)
        return forms.ChoiceField(label=label, choices=chosen(offered, _("not known")), required=False)

    def facts(self) -> dict[str, Any]:
        """Return the facts that were said; call after `is_valid`."""
        found: dict[str, Any] = {}
        for fact in ASKED:
            value = self.cleaned_data.get(fact)
            if value in (None, ""):
                continue
            found[fact] = value == "yes" if FIELDS[fact].kind == "yesno" else value
        return found

    @property
    def common(self) -> list[forms.BoundField]:
        return [self[fact] for fact in COMMON]

    @property
    def rare(self) -> list[forms.BoundField]:
        return [self[fact] for fact in ASKED if fact not in COMMON]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a case, in words."""

    label: str
    tone: Tone
    row_id: str
    sentences: list[str]


def case_of_sale(number: str, position: int | None, facts: Mapping[str, Any], book: LawBook, on: date) -> Case | None:
    """Return a line of a sale as a case, asked back whole on a day; None where the sale has no such line."""
    sale = loaded_sale(number.strip().upper())
    line = next((each.row for each in sale.ordered if position in (None, each.row.position)), None)
    if line is None:
        return None
    row, delivered_on = sale.row, line.delivered_last_on
    told = notices_of([row.pk])
    exceptions = {code for line_id in (0, line.pk) for code in told.get((row.pk, line_id), ())} - {UNINFORMED}
    more = table_facts.of_line(
        amount_cents=sold_cents(line, line.quantity_e4, row.rate_e9), quantity_e4=line.quantity_e4,
        evidence=bool(facts.get("evidence")), opened=facts.get("opened"), condition=str(facts.get("condition") or ""),
        country=book.market(row.channel).country, days_since_delivery=(on - delivered_on).days if delivered_on else None,
        exceptions=exceptions, customer=table_facts.of_customers([row.customer_id], on, table_facts.OF_CUSTOMER)[row.customer_id],
    )  # fmt: skip
    own = {
        "customer": row.customer.code, "channel": row.channel, "sku": line.product.sku, "category": line.product.category,
        "reason": facts.get("reason", ""), "type": facts.get("type", "return_refund"),
    }  # fmt: skip
    known = {name: value for name, value in {**own, **more}.items() if value not in (None, "")}
    return Case(facts=known, on=on, delivered_on=delivered_on, ordered_on=row.ordered_on, exceptions=exceptions)


def case_of_facts(facts: Mapping[str, Any], on: date) -> Case:
    """Return typed facts as a case: without days since the delivery it has just come."""
    days = facts.get("days_since_delivery")
    day = on - timedelta(days=min(days or 0, 36_500))
    known = {"quantity_e4": E4, "days_since_delivery": 0, "evidence": False, **facts}
    exceptions = {"confirmed"} if facts.get("final_sale") else set[str]()
    return Case(facts=known, on=on, delivered_on=day, ordered_on=day, exceptions=exceptions)


def tried(terms: Mapping[str, Any], case: Case, book: LawBook, names: Names) -> Tried:
    """Try a case, and say what decides it."""
    verdict = judge(terms, case, book)
    label, tone = OUTCOMES[verdict.outcome]
    sentences = [_row_sentence(terms, verdict, names), *_terms_sentences(verdict, names), *_law_sentence(verdict)]
    row_id = verdict.row.id if verdict.row else ""
    return Tried(str(label), tone, row_id, [each for each in sentences if each])


def _row_sentence(terms: Mapping[str, Any], verdict: Verdict, names: Names) -> str:
    if verdict.row is None:
        if not rows_of(terms):
            return _("There is no table: the base terms and exceptions decide.")
        return _("No row fits: the base terms and exceptions decide.")
    at = row_at(terms, verdict.row.id) or 0
    raw = rows_of(terms)[at]
    return _("%(row)s decides (%(when)s): %(then)s.") % {
        "row": row_label(at), "when": when_text(raw.get("when", {}), names), "then": then_text(raw.get("then", {}), names),
    }  # fmt: skip


def _terms_sentences(verdict: Verdict, names: Names) -> list[str]:
    found = [
        words.finding_words(each, names.found["reason"])
        for each in verdict.decision.kept()
        if each["code"] != "table_row"
    ]
    terms = verdict.terms
    if verdict.last_day is not None:
        found.append(
            _("By the policy a return may be asked for through %(day)s.") % {"day": verdict.last_day.isoformat()}
        )
    if terms.restocking_fee_e6:
        found.append(_("Of the price %(share)s is kept.") % {"share": f"{decimal_text(terms.restocking_fee_e6, 4)} %"})
    if terms.refund_to != "original":
        found.append(
            _("Money goes back as %(what)s.") % {"what": words.word(TERMS["refund_to"].choices or {}, terms.refund_to)}
        )
    return found


def _law_sentence(verdict: Verdict) -> list[str]:
    if verdict.right is None:
        return []
    facts = {"article": verdict.right.article, "day": verdict.right.until.isoformat()}
    return [
        _("By law (%(article)s) the customer may return this through %(day)s, without a fee where the law says so.")
        % facts
    ]
