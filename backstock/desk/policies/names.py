"""What codes of a policy are called, and what pickers offer: categories, reasons, levels, channels … from the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from backstock.catalog.models import PriceLevel
from backstock.catalog.queries import names_of_skus
from backstock.desk import words
from backstock.desk.access import company
from backstock.desk.catalog.listing import category_choices
from backstock.partners.models import Partner
from backstock.policies.engine import leaves
from backstock.policies.law import LawBook
from backstock.policies.queries import law_on

# Of these there may be thousands: they are searched, not listed.
SEARCHED = ("sku", "customer")


def _spoken() -> str:
    return "zh-hans" if (get_language() or "zh-hans").lower().startswith("zh") else "en"


def reason_names(terms: Mapping[str, Any]) -> dict[str, str]:
    """Return the words that a policy itself has for its reasons and categories, in the reader's language."""
    spoken = _spoken()
    return {
        code: str(texts.get(spoken) or next(iter(texts.values()), code))
        for code, texts in terms.get("words", {}).items()
    }


@dataclass
class Names:
    """Words for the values of facts, by fact; and what a picker of that fact offers."""

    choices: Mapping[str, Mapping[str, str]]
    currency: tuple[str, int] = ("CNY", 2)
    found: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, fact: str, value: str) -> str:
        """Return what a value of a fact is called."""
        return self.choices.get(fact, {}).get(value) or self.found.get(fact, {}).get(value) or value

    def offered(self, fact: str, chosen: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Return what a picker offers: all there is, and what is chosen though nobody knows it any more."""
        known = self.choices.get(fact, {})
        return [*known.items(), *((value, self.of(fact, value)) for value in chosen if value not in known)]

    def know_customers(self, codes: Iterable[str]) -> None:
        """Read what some customers are called; one statement."""
        missing = [code for code in codes if code not in self.found.setdefault("customer", {})]
        rows = Partner.objects.filter(code__in=missing) if missing else ()
        self.found["customer"] |= {row.code: f"{row} ({row.code})" for row in rows}


def _values(terms: Mapping[str, Any], fact: str) -> set[str]:
    rows = (terms.get("table") or {}).get("rows", ())
    found = {value for row in rows for test in [row.get("when", {}).get(fact, {})] for value in _texts(test)}
    return found | set(terms.get(f"per_{fact}", {}))


def _texts(test: Mapping[str, Any]) -> Iterable[str]:
    return [*(test.get("is") or ()), *(test.get("not") or ())]


def names_for(*policies: Mapping[str, Any], book: LawBook | None = None) -> Names:
    """Read what the values in some policies are called; a few statements, however long the tables are."""
    own = company()
    terms = policies[0] if policies else {}
    book = book or LawBook(own.law)
    said = {code: name for policy in reversed(policies) for code, name in reason_names(policy).items()}
    markets = book.terms.get("markets", ())
    channels = {code: str(name) for code, name in words.CHANNELS.items()}
    channels |= {
        each["channel"]: each["channel"] for each in markets if each.get("channel") not in (None, "", *channels)
    }
    spoken = _spoken()
    levels = {row.code: row.called(spoken) for row in PriceLevel.objects.order_by("code")}
    choices = {
        "category": {code: name.strip() for code, name in category_choices()},
        "reason": {code: said.get(code, code) for code in leaves(terms.get("reasons") or ())},
        "type": {code: str(name) for code, name in words.TYPES.items()},
        "channel": channels,
        "country": {each["country"]: each["country"] for each in markets if each.get("country")},
        "customer_level": levels,
        "condition": {code: str(name) for code, name in words.GRADES.items()},
    }
    skus = set().union(*(_values(policy, "sku") for policy in policies)) if policies else set[str]()
    codes = set().union(*(_values(policy, "customer") for policy in policies)) if policies else set[str]()
    found = {
        "sku": {sku: f"{name} ({sku})" for sku, name in names_of_skus(skus).items() if name} if skus else {},
        "customer": {
            row.code: f"{row} ({row.code})" for row in (Partner.objects.filter(code__in=codes) if codes else ())
        },
        "reason": said, "category": said,
    }  # fmt: skip
    return Names(choices, (own.currency, own.currency_digits), found)


def book_on(day: Any) -> LawBook:
    """Return the company's law on a day."""
    return law_on(day, company().law)
