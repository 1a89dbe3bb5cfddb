"""The trial on history as a panel of the editor: both policies side by side, and what would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.desk.figures import day_text, money_text
from backstock.desk.policies.cells import fact_label
from backstock.desk.policies.names import Names
from backstock.desk.policies.trying import OUTCOMES
from backstock.policies.law import LawBook
from backstock.simulation.past import Scope
from backstock.simulation.trial import Changed, Pair, Sums, Trial, run_trial

PREFIX = "trial"
# A page waits for no more lines, the newest; and shows so many of a list.
MOST_LINES: Final = 20_000
MOST_SHOWN: Final = 100
MOST_GROUPS: Final = 30


class TrialForm(forms.Form):
    """Since when."""

    since = forms.DateField(
        label=gettext_lazy("Returns asked for since"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, prefix=PREFIX, initial={"since": (today - timedelta(days=365)).isoformat()})


@dataclass(frozen=True, slots=True)
class Line:
    """One figure under both policies, and how much it differs."""

    label: str
    now: str
    draft: str
    difference: str = ""
    # Under what somebody assumes.
    assumed: str = ""


def shown(
    now: Mapping[str, Any], draft: Mapping[str, Any], since: date, today: date, book: LawBook, names: Names
) -> dict[str, Any]:  # fmt: skip
    """Run the trial, and return what its panel shows."""
    return panel(run_trial(now, draft, book, Scope(since=since, through=today), MOST_LINES), names)


def panel(trial: Trial, names: Names) -> dict[str, Any]:
    """Return what a trial shows: figures side by side, groups, changed cases, and what nobody noted."""
    names.know_customers([*sorted(trial.by_customer, key=lambda code: -trial.by_customer[code].changed)[:MOST_GROUPS]])
    return {
        "since": day_text(trial.scope.since), "through": day_text(trial.scope.through), "lines": trial.all.lines,
        "changed": trial.all.changed, "figures": figures(trial.all, names), "is_cut": trial.is_cut,
        "groups": [
            (_("By category"), _groups(trial.by_category, "category", names)),
            (_("By reason"), _groups(trial.by_reason, "reason", names)),
            (_("By customer"), _groups(trial.by_customer, "customer", names)),
        ],
        "cases": [_case(each, names) for each in trial.changed[:MOST_SHOWN]],
        "more": max(0, len(trial.changed) - MOST_SHOWN),
        "unknown": _(", ").join(
            _("%(fact)s (%(count)s)") % {"fact": fact_label(fact), "count": count} for fact, count in sorted(trial.unknown.items())
        ),
    }  # fmt: skip


def _signed(value: int, text: str) -> str:
    return "" if not value else f"+{text}" if value > 0 else f"−{text}"


def figures(pair: Pair, names: Names, assumed: Sums | None = None) -> list[Line]:
    """Return the figures of both policies, and of an assumption where somebody made one."""
    found = []
    for outcome, (label, _tone) in OUTCOMES.items():
        now, draft = (sums.outcomes.get(outcome, 0) for sums in (pair.now, pair.draft))
        if now or draft:
            found.append(_counted(str(label), now, draft, assumed.outcomes.get(outcome, 0) if assumed else None))
    if pair.now.freight_lines or pair.draft.freight_lines:
        more = assumed.freight_lines if assumed else None
        found.append(_counted(_("Ways back that we pay"), pair.now.freight_lines, pair.draft.freight_lines, more))
    for label, field in (
        (_("Refunds"), "refund_cents"), (_("Fees"), "fee_cents"), (_("Goods back on a shelf"), "recovered_cents"),
    ):  # fmt: skip
        now, draft = getattr(pair.now, field), getattr(pair.draft, field)
        texts = [money_text(cents, *names.currency) for cents in (now, draft, abs(draft - now))]
        with_it = money_text(getattr(assumed, field), *names.currency) if assumed else ""
        found.append(Line(label, texts[0], texts[1], _signed(draft - now, texts[2]), with_it))
    return found


def _counted(label: str, now: int, draft: int, assumed: int | None) -> Line:
    return Line(
        label,
        str(now),
        str(draft),
        _signed(draft - now, str(abs(draft - now))),
        "" if assumed is None else str(assumed),
    )


def _groups(pairs: Mapping[str, Pair], fact: str, names: Names) -> list[dict[str, Any]]:
    rows = sorted(pairs.items(), key=lambda each: (-each[1].changed, -each[1].lines, each[0]))
    return [
        {
            "name": names.of(fact, key) if key else "–", "lines": pair.lines, "changed": pair.changed,
            "refund": _difference(pair, "refund_cents", names), "fee": _difference(pair, "fee_cents", names),
        }
        for key, pair in rows[:MOST_GROUPS]
    ]  # fmt: skip


def _difference(pair: Pair, field: str, names: Names) -> str:
    cents = getattr(pair.draft, field) - getattr(pair.now, field)
    return _signed(cents, money_text(abs(cents), *names.currency))


def verdict_text(each: Changed, which: str, names: Names) -> str:
    """Say what a policy makes of a case."""
    verdict = each.now if which == "now" else each.draft
    return f"{OUTCOMES[verdict.outcome][0]}, {money_text(verdict.refund_cents(each.line.worth_cents), *names.currency)}"


def _case(each: Changed, names: Names) -> dict[str, Any]:
    line = each.line
    return {
        "number": line.number, "href": reverse("return_page", args=[line.number]), "on": day_text(line.on),
        "what": f"{line.sku} · {names.of('reason', line.reason) or '–'}", "worth": money_text(line.worth_cents, *names.currency),
        "now": verdict_text(each, "now", names), "draft": verdict_text(each, "draft", names),
    }  # fmt: skip
