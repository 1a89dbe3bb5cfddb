"""What an inspector is asked for goods of a category, and what the answers mean. Pure.

The rules are a dictionary (see `returns.commands.publish_inspection.InspectionTerms`): what holds for all goods, and per
category what differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backstock.returns.quality.errors import AnswerMissing, AnswerWrong

KINDS: Final = ("yes_no", "measure", "choice", "photo")
SUGGESTIONS: Final = {"A": "restock", "B": "restock_discounted", "C": "repair", "D": "scrap"}
AQL: Final = "2.5"


@dataclass(frozen=True, slots=True)
class Check:
    """One question of a checklist."""

    code: str
    kind: str
    words: Mapping[str, str] = field(default_factory=dict)
    # yes_no: which answer is good. measure: within these limits. choice: the good ones among them.
    good: bool = True
    unit: str = ""
    low_e4: int | None = None
    high_e4: int | None = None
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bad_choices: Sequence[str] = ()
    required: bool = True

    def called(self, language: str) -> str:
        """Return the question in a language, else in another one."""
        return said(self.words, language) or self.code


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for goods of one category."""

    version_id: int = 0
    checks: tuple[Check, ...] = ()
    suggestions: Mapping[str, str] = field(default_factory=lambda: SUGGESTIONS)
    aql: str = AQL
    # From so many units on a sample is offered; None: every unit is looked at.
    sample_from: int | None = None


def said(words: Mapping[str, str], language: str) -> str:
    """Return words in a language, else in any."""
    return words.get("zh-hans" if language.startswith("zh") else "en") or next(iter(words.values()), "")


def rules_for(terms: Mapping[str, Any], category: str, version_id: int = 0) -> Rules:
    """Return the rules of a category: its own where it has some, else those for all goods."""
    own = terms.get("per_category", {}).get(category, {})
    merged = {name: terms[name] for name in ("checks", "aql", "sample_from") if name in terms} | own
    return Rules(
        version_id=version_id,
        checks=tuple(Check(**each) for each in merged.get("checks", ())),
        suggestions=SUGGESTIONS | terms.get("suggestions", {}) | own.get("suggestions", {}),
        aql=merged.get("aql", AQL),
        sample_from=merged.get("sample_from"),
    )


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given."""

    code: str
    yes: bool | None = None
    measure_e4: int | None = None
    choice: str | None = None


def failed(checks: Sequence[Check], answers: Sequence[Given], all_of_them: bool, has_photo: bool) -> list[str]:
    """Return the questions whose answers are not good; raise AnswerMissing, AnswerWrong."""
    known, given = {check.code: check for check in checks}, {answer.code: answer for answer in answers}
    for code in given:
        if code not in known:
            raise AnswerWrong(question=code, problem="not asked")
    bad = []
    for check in checks:
        answer = given.get(check.code)
        if check.kind == "photo":
            if check.required and all_of_them and not has_photo:
                raise AnswerMissing(question=check.code)
        elif answer is None:
            if check.required and all_of_them:
                raise AnswerMissing(question=check.code)
        elif not _is_good(check, answer):
            bad.append(check.code)
    return bad


def _is_good(check: Check, answer: Given) -> bool:
    if check.kind == "yes_no":
        if answer.yes is None:
            raise AnswerWrong(question=check.code, problem="yes or no")
        return answer.yes == check.good
    if check.kind == "measure":
        if answer.measure_e4 is None:
            raise AnswerWrong(question=check.code, problem="a number")
        low, high = check.low_e4, check.high_e4
        return (low is None or answer.measure_e4 >= low) and (high is None or answer.measure_e4 <= high)
    if answer.choice not in check.choices:
        raise AnswerWrong(question=check.code, problem=", ".join(check.choices))
    return answer.choice not in check.bad_choices
