"""The trial on history as a panel of the editor: both policies side by side, and what would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.desk.figures import day_text, money_text
from backstock.desk.policies.cells import fact_label
from backstock.desk.policies.history import Changed, Pair, run_trial
from backstock.desk.policies.names import Names
from backstock.desk.policies.trying import OUTCOMES
from backstock.policies.law import LawBook

PREFIX = "trial"


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


def shown(
    now: Mapping[str, Any], draft: Mapping[str, Any], since: date, today: date, book: LawBook, names: Names
) -> dict[str, Any]:  # fmt: skip
    """Run the trial, and return what its panel shows."""
    trial = run_trial(now, draft, book, since, today)
    return {
        "since": day_text(trial.since), "through": day_text(trial.through), "lines": trial.all.lines, "changed": trial.all.changed,
        "figures": _figures(trial.all, names), "is_cut": trial.is_cut,
        "groups": [
            (_("By category"), _groups(trial.by_category, "category", names)),
            (_("By reason"), _groups(trial.by_reason, "reason", names)),
        ],
        "cases": [_case(each, names) for each in trial.changed],
        "unknown": _(", ").join(
            _("%(fact)s (%(count)s)") % {"fact": fact_label(fact), "count": count} for fact, count in sorted(trial.unknown.items())
        ),
    }  # fmt: skip


def _signed(value: int, text: str) -> str:
    return "" if not value else f"+{text}" if value > 0 else f"−{text}"


def _figures(pair: Pair, names: Names) -> list[Line]:
    found = []
    for outcome, (label, _tone) in OUTCOMES.items():
        now, draft = (sums.outcomes.get(outcome, 0) for sums in (pair.now, pair.draft))
        if now or draft:
            found.append(Line(str(label), str(now), str(draft), _signed(draft - now, str(abs(draft - now)))))
    for label, now, draft in (
        (_("Refunds"), pair.now.refund_cents, pair.draft.refund_cents), (_("Fees"), pair.now.fee_cents, pair.draft.fee_cents),
    ):  # fmt: skip
        texts = [money_text(cents, *names.currency) for cents in (now, draft, abs(draft - now))]
        found.append(Line(label, texts[0], texts[1], _signed(draft - now, texts[2])))
    return found


def _groups(pairs: Mapping[str, Pair], fact: str, names: Names) -> list[dict[str, Any]]:
    rows = sorted(pairs.items(), key=lambda each: (-each[1].changed, -each[1].lines, each[0]))
    return [
        {
            "name": names.of(fact, key) if key else "–", "lines": pair.lines, "changed": pair.changed,
            "refund": _signed(
                pair.draft.refund_cents - pair.now.refund_cents,
                money_text(abs(pair.draft.refund_cents - pair.now.refund_cents), *names.currency),
            ),
            "fee": _signed(
                pair.draft.fee_cents - pair.now.fee_cents,
                money_text(abs(pair.draft.fee_cents - pair.now.fee_cents), *names.currency),
            ),
        }
        for key, pair in rows[:30]
    ]  # fmt: skip


def _case(each: Changed, names: Names) -> dict[str, Any]:
    return {
        "number": each.number, "href": reverse("return_page", args=[each.number]), "on": day_text(each.on),
        "what": f"{each.sku} · {names.of('reason', each.reason) or '–'}",
        "worth": money_text(each.worth_cents, *names.currency),
        "now": f"{OUTCOMES[each.now.outcome][0]}, {money_text(each.now.refund_cents(each.worth_cents), *names.currency)}",
        "draft": f"{OUTCOMES[each.draft.outcome][0]}, {money_text(each.draft.refund_cents(each.worth_cents), *names.currency)}",
    }  # fmt: skip
