"""Which flows are in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from backstock.flows.built_in import BUILT_IN
from backstock.flows.engine import Flow
from backstock.flows.models import FlowVersion


def in_force(versions: Iterable[tuple[int, str, dict[str, object]]]) -> list[Flow]:
    """Return one flow per code: the last of the versions given in order, else the product's own."""
    found = dict(BUILT_IN)
    for pk, code, terms in versions:
        found[code] = Flow(code, pk, terms)
    return [found[code] for code in sorted(found)]


def flows_on(day: date) -> list[Flow]:
    """Return the flows in force on a day, retired ones too."""
    versions = FlowVersion.objects.filter(valid_from__lte=day).order_by("valid_from", "pk")
    return in_force(versions.values_list("pk", "code", "terms"))


def versions_of(code: str) -> Sequence[FlowVersion]:
    """Return every published version of a flow, the newest first."""
    return list(FlowVersion.objects.filter(code=code).order_by("-valid_from", "-pk"))


def name_of(code: str, terms: object, language: str) -> str:
    """Return what a flow is called in a language, else in the other, else by its code."""
    words = terms.get("words") if isinstance(terms, dict) else None
    wanted = "zh-hans" if language.lower().startswith("zh") else "en"
    return (words or {}).get(wanted) or next(iter((words or {}).values()), code)
