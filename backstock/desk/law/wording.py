"""The words for rules of the law, their kinds, their days, and the state of a clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from backstock.desk.parts import Text, Tone
from backstock.policies.law import MEMORY, PACKS, Rule
from backstock.returns.models import LegalClock

KINDS: Mapping[str, Text] = {
    "right": pgettext_lazy("law", "Right of the customer"),
    "clock": pgettext_lazy("law", "Deadline"),
    "term": pgettext_lazy("law", "Beside a right"),
    "exception": pgettext_lazy("law", "Exception"),
    "duty": pgettext_lazy("law", "Duty"),
}
STARTS: Mapping[str, Text] = {
    "delivery": gettext_lazy("signed for"),
    "request": gettext_lazy("asked for"),
    "arrival": gettext_lazy("goods arrived"),
    "proof": gettext_lazy("proof of dispatch"),
}
WHATS: Mapping[str, Text] = {
    "window": gettext_lazy("Customer asks"),
    "decide": gettext_lazy("Answer the request"),
    "send_back": gettext_lazy("Customer sends the goods"),
    "refund": gettext_lazy("Pay the money back"),
    "sanction": gettext_lazy("Pay back before it is fined"),
    "repair": gettext_lazy("Finish the repair or replace"),
}
STATES: Mapping[str, tuple[Text, Tone]] = {
    "late": (pgettext_lazy("clock", "Late"), "bad"),
    "near": (pgettext_lazy("clock", "Due soon"), "warning"),
    "running": (pgettext_lazy("clock", "Running"), "info"),
    "waits": (pgettext_lazy("clock", "Waits for goods or proof"), "neutral"),
    "in_time": (pgettext_lazy("clock", "Done in time"), "good"),
    "done_late": (pgettext_lazy("clock", "Done late"), "bad"),
    "dropped": (pgettext_lazy("clock", "Fell away"), "neutral"),
}


def language() -> str:
    return get_language() or "zh-hans"


def law_name(law: str) -> str:
    """Return what a law is called."""
    return PACKS[law].called(language()) if law in PACKS else _("no law")


def says(rule: Rule) -> str:
    return rule.called(language())


def source_text(rule: Rule) -> str:
    """Return where a rule was read; what nobody read is said in the reader's language."""
    return rule.source.replace(MEMORY, _("own knowledge, not checked against the text"))


def length_text(rule: Rule) -> str:
    """Say how long a right or a deadline is, and from when."""
    parts = []
    if rule.months:
        parts.append(ngettext("%(count)s month", "%(count)s months", rule.months) % {"count": rule.months})
    if rule.days and rule.working:
        parts.append(ngettext("%(count)s working day", "%(count)s working days", rule.days) % {"count": rule.days})
    elif rule.days:
        parts.append(ngettext("%(count)s day", "%(count)s days", rule.days) % {"count": rule.days})
    if not parts:
        return ""
    if rule.kind not in ("right", "clock"):
        return " ".join(parts)
    return _("%(span)s after: %(start)s") % {"span": " ".join(parts), "start": STARTS[rule.starts]}


def valid_text(rule: Rule) -> str:
    """Say from when to when a rule is in force, as far as it is known."""
    if rule.since is None and rule.until is None:
        return ""
    return f"{rule.since or '…'} – {rule.until or '…'}"


def state_of(clock: LegalClock, today: date, near_until: date) -> str:
    """Return how a clock stands on a day."""
    if clock.done_on is not None:
        return "done_late" if clock.done_on > clock.due_on else "in_time"
    if not clock.is_open:
        return "dropped"
    if clock.waits:
        return "waits"
    if clock.due_on < today:
        return "late"
    return "near" if clock.due_on <= near_until else "running"
