"""Which policy is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.policies.law import LawBook
from backstock.policies.models import LawVersion, PolicyDraft, PolicyVersion


@dataclass(frozen=True, slots=True)
class Policy:
    """A version and its terms; version 0 is the product's own default, which agrees nothing special."""

    version_id: int
    terms: Mapping[str, Any]


def policies_on(days: Iterable[date]) -> dict[date, Policy]:
    """Return the policy in force on each day: the latest version that had begun, the last published of one day."""
    wanted = set(days)
    if not wanted:
        return {}
    versions = PolicyVersion.objects.filter(valid_from__lte=max(wanted)).order_by("valid_from", "pk")
    return in_force(versions.values_list("valid_from", "pk", "terms"), wanted)


def in_force(versions: Iterable[tuple[date, int, Mapping[str, Any]]], days: Iterable[date]) -> dict[date, Policy]:
    """Return the policy of each day out of versions in their order."""
    found = dict.fromkeys(days, Policy(0, {}))
    for valid_from, pk, terms in versions:
        for day in found:
            if valid_from <= day:
                found[day] = Policy(pk, terms)
    return found


def policies_by_id(ids: Iterable[int]) -> dict[int, Policy]:
    """Return versions by id; 0 is the product's own default."""
    wanted = set(ids)
    found = PolicyVersion.objects.in_bulk(wanted - {0}) if wanted - {0} else {}
    return {0: Policy(0, {})} | {pk: Policy(pk, version.terms) for pk, version in found.items()}


def policy_on(day: date) -> Policy:
    """Return the policy in force on a day."""
    return policies_on([day])[day]


def changes_between(first: date, last: date) -> list[date]:
    """Return the days after `first` and up to `last` on which another version begins."""
    found = PolicyVersion.objects.filter(valid_from__gt=first, valid_from__lte=last).order_by("valid_from")
    return list(found.values_list("valid_from", flat=True).distinct())


def words_in(language: str) -> dict[str, str]:
    """Return what people read instead of the policy's codes: in their language, else in any, the newest word of each."""
    wanted = "zh-hans" if language.lower().startswith("zh") else "en"
    found: dict[str, str] = {}
    for terms in PolicyVersion.objects.order_by("pk").values_list("terms", flat=True):
        for code, texts in terms.get("words", {}).items():
            found[code] = texts.get(wanted) or next(iter(texts.values()), code)
    return found


def laws_on(days: Iterable[date], law: str) -> dict[date, LawBook]:
    """Return the law of a company on each day: its pack, and what it says of markets and facts."""
    wanted = set(days)
    found = dict.fromkeys(wanted, LawBook(law))
    versions = LawVersion.objects.filter(valid_from__lte=max(wanted)).order_by("valid_from", "pk") if wanted else ()
    for version in versions:
        found |= {day: LawBook(law, version.terms) for day in wanted if version.valid_from <= day}
    return found


def law_on(day: date, law: str) -> LawBook:
    """Return the law of a company on a day."""
    return laws_on([day], law)[day]


def draft_of(number: str) -> PolicyDraft:
    """Return a draft by number; raise UnknownDocument."""
    found = PolicyDraft.objects.filter(pk=row_id("PD", number)).first()
    if found is None:
        raise UnknownDocument(document=number[:60])
    return found


def draft_published_as(version_id: int) -> PolicyDraft | None:
    """Return the draft that a version was published from, if there was one."""
    return PolicyDraft.objects.filter(version_id=version_id).first() if version_id else None
