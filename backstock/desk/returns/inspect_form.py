"""The form of an inspection: grade and verdict as large buttons, the questions of the checklist, what else was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from backstock.core.amounts import E4, decimal_text
from backstock.desk import words
from backstock.desk.fields import QuantityField, ScaledField, TextLine, chosen
from backstock.desk.returns.request_forms import policy_reasons
from backstock.desk.returns.step_forms import PARTS, GoodsForm
from backstock.returns.commands.second_opinion import OpinionLine
from backstock.returns.loading import LoadedReturn
from backstock.returns.quality.inspecting import Answer, Sample, rules_today
from backstock.returns.quality.inspection import Check, Rules, rules_for, said
from backstock.returns.quality.sampling import sample_plan


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What the forms of one page ask: the rules of today, the reasons of the policy, the company's words for grades."""

    version: int = 0
    terms: Mapping[str, Any] = field(default_factory=dict)
    reasons: list[tuple[str, str]] = field(default_factory=list)
    language: str = "zh-hans"

    @classmethod
    def today(cls) -> Asking:
        version, terms = rules_today()
        return cls(version=version, terms=terms, reasons=policy_reasons(), language=get_language() or "zh-hans")

    def rules(self, category: str) -> Rules:
        return rules_for(self.terms, category, self.version)

    def grades(self) -> list[tuple[str, Any]]:
        """Return the grades in the company's own words, else in ours."""
        own = self.terms.get("grades", {})
        return [
            (grade, f"{grade} · {text}" if (text := said(own.get(grade, {}), self.language)) else ours)
            for grade, ours in words.GRADES.items()
        ]


class MeasureField(ScaledField):
    """A measured number; below zero is possible."""

    least = -(10**12)


class InspectGoods(GoodsForm):
    """What we found, in up to three verdicts; what is said beside the first stands for all of these goods."""

    with_questions = True
    checks: tuple[Check, ...] = ()
    their_reason = ""
    plan_words = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, PARTS + 1):
            buttons = forms.RadioSelect if n == 1 else forms.Select
            self.fields[f"quantity_{n}"] = QuantityField(label=gettext_lazy("Quantity"))
            self.fields[f"grade_{n}"] = forms.ChoiceField(label=gettext_lazy("Grade"), required=False, widget=buttons)
            self.fields[f"accepted_{n}"] = forms.ChoiceField(
                label=gettext_lazy("Verdict"), required=False, initial="yes", widget=buttons,
                choices=[("yes", gettext_lazy("Accept")), ("no", gettext_lazy("Refuse: no money for it"))],
            )  # fmt: skip

    def ask(self, asking: Asking, rma: LoadedReturn) -> None:
        """Put the questions for these goods."""
        for n in range(1, PARTS + 1):
            if f"grade_{n}" in self.fields:
                field: Any = self.fields[f"grade_{n}"]
                field.choices = asking.grades() if n == 1 else chosen(asking.grades(), gettext_lazy("Choose…"))
        known = dict(asking.reasons)
        lines = [line for line in rma.lines if self.goods is not None and line.row.pk in self.goods.line_ids]
        self.their_reason = words.listed(dict.fromkeys(known.get(x.row.reason, x.row.reason) for x in lines))
        kind: Any = TextLine(label=gettext_lazy("Reason as we see it"), most=60)
        if asking.reasons:
            kind.widget = forms.Select(choices=chosen(asking.reasons, gettext_lazy("As the customer says")))
        self.fields["found_reason"] = kind
        if self.with_questions and self.goods is not None:
            self._ask_more(asking)
        self.fields["note"] = forms.CharField(
            label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
        )

    def _ask_more(self, asking: Asking) -> None:
        goods, rules = self.goods, asking.rules(self.goods.product.category if self.goods else "")
        self.checks = tuple(check for check in rules.checks if check.kind != "photo")
        for number, check in enumerate(self.checks):
            self.fields[f"check{number}x"] = _question(check, asking.language)
        if photos := [check.called(asking.language) for check in rules.checks if check.kind == "photo"]:
            self.hint = words.listed([self.hint, _("Photograph: %(what)s") % {"what": ", ".join(photos)}])
        units = goods.left_e4 // E4 if goods is not None else 0
        if rules.sample_from is not None and units >= rules.sample_from:
            plan = sample_plan(units, rules.aql)
            facts = {"lot": plan.lot, "size": plan.size, "aql": plan.aql, "accept": plan.accept, "reject": plan.reject}
            self.plan_words = _(
                "Of %(lot)s units look at %(size)s (AQL %(aql)s): up to %(accept)s defective the whole batch is accepted, from %(reject)s on refused."
            )
            self.plan_words %= facts
            for name, label in (
                ("sample_units", gettext_lazy("Looked at")),
                ("sample_defects", gettext_lazy("Defective")),
            ):
                self.fields[name] = forms.IntegerField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=10**9,
                    widget=forms.TextInput(attrs={"inputmode": "numeric"}),
                )

    def clean(self) -> None:
        self.need("grade", gettext_lazy("Choose a grade."))

    def numbered_parts(self) -> Iterator[tuple[bool, dict[str, Any]]]:
        """Yield the parts with a quantity, and whether each is the first."""
        for number, part in enumerate(self.parts("grade", "accepted")):
            yield number == 0, part

    def beside(self) -> dict[str, Any]:
        """Return what was found beside the verdict."""
        data = self.cleaned_data
        answers = [self._answer(check, data.get(f"check{n}x")) for n, check in enumerate(self.checks)]
        units = data.get("sample_units")
        return {
            "found_reason": data["found_reason"],
            "note": data["note"],
            "answers": tuple(answer for answer in answers if answer is not None),
            "sample": Sample(units=units, defects=data.get("sample_defects") or 0) if units else None,
        }

    @staticmethod
    def _answer(check: Check, value: Any) -> Answer | None:
        if value in (None, ""):
            return None
        if check.kind == "yes_no":
            return Answer(code=check.code, yes=value == "yes")
        return (
            Answer(code=check.code, measure_e4=value)
            if check.kind == "measure"
            else Answer(code=check.code, choice=value)
        )


def _question(check: Check, language: str) -> forms.Field:
    """Make the field that asks a question."""
    label: Any = check.called(language)
    if check.kind == "yes_no":
        answers = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
        return forms.ChoiceField(label=label, required=False, choices=answers, widget=forms.RadioSelect)
    if check.kind == "choice":
        choices = [(code, said(each, language) or code) for code, each in check.choices.items()]
        return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect)
    limits = [decimal_text(limit, 4) if limit is not None else "" for limit in (check.low_e4, check.high_e4)]
    between = f" ({limits[0]}–{limits[1]} {check.unit})".replace(" )", ")") if any(limits) or check.unit else ""
    return MeasureField(label=f"{label}{between}")


class OpinionGoods(InspectGoods):
    """What another inspector says of some goods."""

    with_questions = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name.endswith(("_2", "_3"))]:
            del self.fields[name]

    def opinion(self) -> OpinionLine:
        """Return the second verdict as the command wants it."""
        data = self.cleaned_data
        return OpinionLine(
            **self.which(), quantity_e4=data["quantity_1"], grade=data["grade_1"] or None,
            accepted=data["accepted_1"] != "no", found_reason=data["found_reason"], note=data["note"],
        )  # fmt: skip
