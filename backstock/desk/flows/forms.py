"""The form of a flow, and the terms that it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.desk import words
from backstock.desk.catalog.listing import category_choices
from backstock.desk.fields import AmountField, Keyed, TextLine, chosen
from backstock.desk.flows.wording import CHANNELS, SALES, STEPS
from backstock.flows.engine import CLOCKS
from backstock.notifications.topics import TOPICS

LEVELS = PAIRS = (1, 2, 3)
PROVEN = ("request", "receive", "inspect", "dispose")
TOLD = ("requested", "approved", "rejected", "received", "inspected", "disposed", "settled", "closed")
UNITS = (("days", gettext_lazy("days")), ("hours", gettext_lazy("hours")))
NOTHING = "–"


def _select(label: Any, choices: Any, empty: Any = NOTHING) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=chosen(list(choices), empty), required=False)


def _boxes(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple
    )


def _count(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most)


class FlowForm(Keyed):
    """A whole flow; what is left empty is not asked."""

    name_zh = TextLine(label=gettext_lazy("Chinese name"), most=100)
    name_en = TextLine(label=gettext_lazy("English name"), most=100)
    types = _boxes(gettext_lazy("Type"), words.TYPES.items())
    sale = _select(gettext_lazy("Sale"), SALES.items(), gettext_lazy("any"))
    channel = _select(gettext_lazy("Channel"), CHANNELS.items(), gettext_lazy("any"))
    category = _select(gettext_lazy("Category"), ())
    reason = TextLine(label=gettext_lazy("Reason"), most=60)
    from_cents = AmountField(label=gettext_lazy("Worth at least"))
    inspection = _select(
        gettext_lazy("Inspection"),
        (("required", gettext_lazy("Goods are inspected")), ("none", gettext_lazy("Arriving is accepting"))),
        gettext_lazy("as the policy says"),
    )
    refund_when = _select(
        gettext_lazy("Money goes back"), words.REFUND_WHEN.items(), gettext_lazy("as the policy says")
    )
    checklist = _select(
        gettext_lazy("Checklist"), (("required", gettext_lazy("must be answered")),), gettext_lazy("as the policy says")
    )
    papers = _boxes(gettext_lazy("There must be"), words.PAPERS.items())
    valid_from = forms.DateField(
        label=gettext_lazy("Holds from"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: from today on. Returns that run keep the version they started with."),
    )  # fmt: skip
    retired = forms.BooleanField(label=gettext_lazy("Retired: no new return takes this flow"), required=False)

    def __init__(
        self, *args: Any, digits: int = 2, reasons: Sequence[tuple[str, str]] = (), **more: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        if reasons:
            # A reason that the policy had once stays what the flow says until somebody changes it.
            now = str(self["reason"].value() or "")
            known = [*reasons, *([(now, now)] if now and now not in dict(reasons) else [])]
            fields["reason"].widget = forms.Select(choices=chosen(known, gettext_lazy("any")))
        for n in LEVELS:
            fields[f"level_{n}_role"] = _select(gettext_lazy("Who approves"), words.ROLES.items())
            fields[f"level_{n}_from"] = AmountField(label=gettext_lazy("From the amount"))
            fields[f"settle_{n}_role"] = _select(gettext_lazy("Who settles"), words.ROLES.items())
            fields[f"settle_{n}_from"] = AmountField(label=gettext_lazy("From the amount"))
        for step in PROVEN:
            fields[f"files_{step}"] = _count(STEPS[step], 50)
            fields[f"note_{step}"] = forms.BooleanField(label=gettext_lazy("and a note"), required=False)
        for step in CLOCKS:
            fields[f"span_{step}"] = _count(STEPS[step], 3650)
            fields[f"unit_{step}"] = forms.ChoiceField(label=gettext_lazy("Unit"), choices=UNITS, required=False)
        for n in PAIRS:
            steps = [(step, label) for step, label in STEPS.items() if step != "replace"]
            fields[f"pair_{n}_first"] = _select(gettext_lazy("Who does this"), steps)
            fields[f"pair_{n}_second"] = _select(gettext_lazy("does not do this"), steps)
            fields[f"pair_{n}_above"] = AmountField(label=gettext_lazy("above"))
        roles = [(role, label) for role, label in words.ROLES.items() if role != "admin"]
        for topic in TOLD:
            fields[f"told_{topic}"] = _boxes(TOPICS[topic].title, roles)
        for name in fields:
            if isinstance(fields[name], AmountField):
                fields[name].digits = digits
        fields["category"].choices = chosen(category_choices(), gettext_lazy("any"))

    def rows(self, name: str) -> Iterator[list[forms.BoundField]]:
        """Return the fields of a part, row by row."""
        parts: Mapping[str, Any] = {
            "levels": ([f"level_{n}_role", f"level_{n}_from"] for n in LEVELS),
            "settle_levels": ([f"settle_{n}_role", f"settle_{n}_from"] for n in LEVELS),
            "evidence": ([f"files_{step}", f"note_{step}"] for step in PROVEN),
            "clocks": ([f"span_{step}", f"unit_{step}"] for step in CLOCKS),
            "pairs": ([f"pair_{n}_first", f"pair_{n}_second", f"pair_{n}_above"] for n in PAIRS),
            "told": ([f"told_{topic}"] for topic in TOLD),
        }
        for names in parts[name]:
            yield [self[each] for each in names]

    @property
    def levels(self) -> list[list[forms.BoundField]]:
        return list(self.rows("levels"))

    @property
    def settle_levels(self) -> list[list[forms.BoundField]]:
        return list(self.rows("settle_levels"))

    @property
    def evidence(self) -> list[list[forms.BoundField]]:
        return list(self.rows("evidence"))

    @property
    def clocks(self) -> list[list[forms.BoundField]]:
        return list(self.rows("clocks"))

    @property
    def pairs(self) -> list[list[forms.BoundField]]:
        return list(self.rows("pairs"))

    @property
    def told(self) -> list[list[forms.BoundField]]:
        return list(self.rows("told"))

    def clean(self) -> None:
        """Refuse halves: an amount without a role, one step of a pair."""
        data = self.cleaned_data
        for n in LEVELS:
            if data.get(f"level_{n}_from") and not data.get(f"level_{n}_role"):
                self.add_error(f"level_{n}_role", _("Say who approves from this amount on."))
            if data.get(f"settle_{n}_from") and not data.get(f"settle_{n}_role"):
                self.add_error(f"settle_{n}_role", _("Say who settles from this amount on."))
        for n in PAIRS:
            first, second = data.get(f"pair_{n}_first"), data.get(f"pair_{n}_second")
            if bool(first) != bool(second) or (first and first == second):
                self.add_error(f"pair_{n}_second", _("Choose two different steps."))

    def terms(self) -> dict[str, Any]:
        """Return what was typed in as the terms of a flow."""
        data = self.cleaned_data
        when = {
            name: data[name] for name in ("types", "sale", "channel", "category", "reason", "from_cents") if data[name]
        }
        found: dict[str, Any] = {
            "words": {lang: data[name] for lang, name in (("zh-hans", "name_zh"), ("en", "name_en")) if data[name]},
            "when": when,
            "levels": _levels(data, "level"),
            "settle_levels": _levels(data, "settle"),
            "evidence": {
                step: {"files": data[f"files_{step}"] or 0, "note": data[f"note_{step}"]}
                for step in PROVEN
                if data[f"files_{step}"] or data[f"note_{step}"]
            },
            "checklist": data["checklist"] or None,
            "inspection": data["inspection"] or None,
            "refund_when": data["refund_when"] or None,
            "deadlines": {
                step: {data[f"unit_{step}"] or "days": data[f"span_{step}"]}
                for step in CLOCKS
                if data[f"span_{step}"] is not None
            },
            "papers": data["papers"],
            "told": {topic: data[f"told_{topic}"] for topic in TOLD if data[f"told_{topic}"]},
            "four_eyes": [
                {
                    "steps": [data[f"pair_{n}_first"], data[f"pair_{n}_second"]],
                    "above_cents": data[f"pair_{n}_above"] or 0,
                }
                for n in PAIRS
                if data[f"pair_{n}_first"]
            ],
            "retired": data["retired"],
        }
        return {name: value for name, value in found.items() if value not in (None, "", [], {}, False)}


def _levels(data: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        {"from_cents": data[f"{kind}_{n}_from"] or 0, "role": data[f"{kind}_{n}_role"]}
        for n in LEVELS
        if data[f"{kind}_{n}_role"]
    ]


def initial_of(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of a flow at first."""
    when, said = terms.get("when") or {}, terms.get("words") or {}
    found: dict[str, Any] = {
        name: terms.get(name) for name in ("inspection", "refund_when", "checklist", "papers", "retired")
    }
    found |= {**when, "name_zh": said.get("zh-hans", ""), "name_en": said.get("en", "")}
    for n, level in enumerate(terms.get("levels") or (), 1):
        found |= {f"level_{n}_role": level["role"], f"level_{n}_from": level["from_cents"] or None}
    for n, level in enumerate(terms.get("settle_levels") or (), 1):
        found |= {f"settle_{n}_role": level["role"], f"settle_{n}_from": level["from_cents"] or None}
    for step, wanted in (terms.get("evidence") or {}).items():
        found |= {f"files_{step}": wanted.get("files") or None, f"note_{step}": wanted.get("note")}
    for step, span in (terms.get("deadlines") or {}).items():
        unit = "hours" if span.get("hours") else "days"
        found |= {f"span_{step}": span.get(unit), f"unit_{step}": unit}
    for n, pair in enumerate(terms.get("four_eyes") or (), 1):
        found |= {
            f"pair_{n}_first": pair["steps"][0], f"pair_{n}_second": pair["steps"][1],
            f"pair_{n}_above": pair.get("above_cents") or None,
        }  # fmt: skip
    for topic, roles in (terms.get("told") or {}).items():
        found[f"told_{topic}"] = roles
    return found
