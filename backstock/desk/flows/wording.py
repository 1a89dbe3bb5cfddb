"""A flow in readable sentences, and the words for its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from backstock.desk import words
from backstock.desk.figures import money_text
from backstock.desk.parts import Text, Tone
from backstock.flows.queries import name_of
from backstock.notifications.topics import TOPICS

STEPS: Mapping[str, Text] = {
    "request": pgettext_lazy("flow step", "Request"),
    "approve": pgettext_lazy("flow step", "Approve"),
    "receive": pgettext_lazy("flow step", "Receive"),
    "inspect": pgettext_lazy("flow step", "Inspect"),
    "dispose": pgettext_lazy("flow step", "Place goods"),
    "settle": pgettext_lazy("flow step", "Refund"),
    "replace": pgettext_lazy("flow step", "Send other goods"),
}
# Of a repair the goods are mended; only where that is not possible do others leave.
REPAIR_STEPS: Mapping[str, Text] = {**STEPS, "replace": pgettext_lazy("flow step", "Finish the repair")}
SALES: Mapping[str, Text] = {
    "shipped": gettext_lazy("the goods were shipped"),
    "not_shipped": gettext_lazy("the goods were not shipped yet"),
    "none": gettext_lazy("no sale is known"),
}
CHANNELS: Mapping[str, Text] = {
    **words.CHANNELS,
    "counter": gettext_lazy("Over the counter"),
    "unclaimed": gettext_lazy("Unclaimed parcel"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a flow asks: about what, and the sentences."""

    title: Text
    sentences: list[str]


def flow_name(code: str, terms: Mapping[str, Any]) -> str:
    """Return what a flow is called in the reader's language."""
    return str(name_of(code, terms, get_language() or "zh-hans"))


def papers_words(kinds: Any) -> str:
    return listed([words.word(words.PAPERS, kind) for kind in kinds])


def listed(parts: list[str]) -> str:
    """Join what stands in a sentence."""
    return _(", ").join(parts)


def span_text(span: Mapping[str, Any]) -> str:
    """Say how long something may take."""
    if span.get("hours"):
        return ngettext("%(count)s hour", "%(count)s hours", span["hours"]) % {"count": span["hours"]}
    if not span.get("days"):
        return _("the same day")
    return ngettext("%(count)s day", "%(count)s days", span["days"]) % {"count": span["days"]}


def when_text(when: Mapping[str, Any], currency: tuple[str, int], reasons: Mapping[str, str]) -> str:
    """Say for which returns a flow holds."""
    said = []
    if when.get("types"):
        said.append(_(" or ").join(words.word(words.TYPES, each) for each in when["types"]))
    if when.get("from_cents"):
        said.append(_("worth %(amount)s or more") % {"amount": money_text(when["from_cents"], *currency)})
    for name, label, known in (
        ("reason", _("reason"), reasons), ("category", _("category"), {}), ("channel", _("channel"), CHANNELS),
    ):  # fmt: skip
        if when.get(name):
            said.append(f"{label} {words.word(known, when[name])}")
    if when.get("sale"):
        said.append(words.word(SALES, when["sale"]))
    return words.listed(said) or _("every return")


def sentences(terms: Mapping[str, Any], currency: tuple[str, int], steps: Mapping[str, Text] = STEPS) -> list[Said]:
    """Say everything that a flow asks; what it leaves open is left out."""
    found = [
        Said(_("Approval"), _levels(terms, currency)),
        Said(_("Evidence"), _evidence(terms)),
        Said(_("Inspection"), _inspection(terms)),
        Said(_("Money"), [*_money(terms), *_settle_levels(terms, currency)]),
        Said(_("Time"), _deadlines(terms, steps)),
        Said(_("Four eyes"), _four_eyes(terms, currency)),
        Said(_("Before closing"), _papers(terms)),
        Said(_("Who is told"), _told(terms)),
    ]
    return [each for each in found if each.sentences]


def _levels(terms: Mapping[str, Any], currency: tuple[str, int]) -> list[str]:
    said = []
    for level in sorted(terms.get("levels") or (), key=lambda each: each["from_cents"]):
        facts = {"role": words.word(words.ROLES, level["role"]), "amount": money_text(level["from_cents"], *currency)}
        if level["from_cents"]:
            said.append(_("From %(amount)s on, %(role)s must approve as well.") % facts)
        else:
            said.append(_("%(role)s approves.") % facts)
    if len(said) > 1:
        said.append(_("Each level is another person."))
    return said


def _evidence(terms: Mapping[str, Any]) -> list[str]:
    said = []
    for step, wanted in (terms.get("evidence") or {}).items():
        parts = []
        if count := wanted.get("files"):
            parts.append(ngettext("%(count)s photo or paper", "%(count)s photos or papers", count) % {"count": count})
        if wanted.get("note"):
            parts.append(_("a note"))
        if parts:
            said.append(_("%(step)s: %(what)s.") % {"step": words.word(STEPS, step), "what": listed(parts)})
    return said


def _inspection(terms: Mapping[str, Any]) -> list[str]:
    said = []
    if terms.get("inspection"):
        needed = terms["inspection"] == "required"
        said.append(_("Goods are inspected.") if needed else _("Goods are not inspected; arriving is accepting."))
    if terms.get("checklist"):
        said.append(_("The questions of the checklist must be answered."))
    return said


def _money(terms: Mapping[str, Any]) -> list[str]:
    if not terms.get("refund_when"):
        return []
    when = words.word(words.REFUND_WHEN, terms["refund_when"])
    return [_("Money goes back %(when)s, unless the policy says otherwise.") % {"when": when}]


def _settle_levels(terms: Mapping[str, Any], currency: tuple[str, int]) -> list[str]:
    said = []
    for level in sorted(terms.get("settle_levels") or (), key=lambda each: each["from_cents"]):
        facts = {"role": words.word(words.ROLES, level["role"]), "amount": money_text(level["from_cents"], *currency)}
        said.append(_("Refunds of %(amount)s or more are settled by: %(role)s.") % facts)
    return said


def _deadlines(terms: Mapping[str, Any], steps: Mapping[str, Text]) -> list[str]:
    found = terms.get("deadlines") or {}
    return [
        _("%(step)s: within %(span)s.") % {"step": words.word(steps, step), "span": span_text(found[step])}
        for step in STEPS
        if step in found
    ]


def _four_eyes(terms: Mapping[str, Any], currency: tuple[str, int]) -> list[str]:
    said = []
    for pair in terms.get("four_eyes") or ():
        facts = {
            "first": words.word(STEPS, pair["steps"][0]), "second": words.word(STEPS, pair["steps"][1]),
            "amount": money_text(pair.get("above_cents") or 0, *currency),
        }  # fmt: skip
        if pair.get("above_cents"):
            said.append(_("%(first)s and %(second)s are done by different people above %(amount)s.") % facts)
        else:
            said.append(_("%(first)s and %(second)s are done by different people.") % facts)
    return said


def _papers(terms: Mapping[str, Any]) -> list[str]:
    papers = terms.get("papers") or ()
    return [_("There must be: %(papers)s.") % {"papers": papers_words(papers)}] if papers else []


def _told(terms: Mapping[str, Any]) -> list[str]:
    return [
        _("%(event)s: also %(roles)s.")
        % {
            "event": TOPICS[topic].title if topic in TOPICS else topic,
            "roles": listed([words.word(words.ROLES, role) for role in roles]),
        }
        for topic, roles in (terms.get("told") or {}).items()
        if roles
    ]


def due_text(until: datetime, now: datetime) -> str:
    """Say how long is left, or how late something is, in the largest unit that says enough."""
    late = until < now
    span = now - until if late else until - now
    if span >= timedelta(days=1):
        said = ngettext("%(count)s day", "%(count)s days", span.days) % {"count": span.days}
    elif span >= timedelta(hours=1):
        hours = int(span.total_seconds() // 3600)
        said = ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    else:
        minutes = int(span.total_seconds() // 60)
        said = ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return (_("late by %(span)s") if late else _("%(span)s left")) % {"span": said}


def due_tone(until: datetime, now: datetime) -> Tone:
    """Return how urgent something is: late, due within a day, or not yet."""
    if until < now:
        return "bad"
    return "warning" if until - now < timedelta(days=1) else "neutral"
