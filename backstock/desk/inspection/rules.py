"""The rules of inspections as a page: what grades mean and suggest, samples, and the checklist of each category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from backstock.catalog.tree import category_tree
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine, chosen
from backstock.desk.returns.inspect_form import MeasureField
from backstock.returns.commands.publish_inspection import publish_inspection
from backstock.returns.quality.blocks import BLOCKS
from backstock.returns.quality.inspecting import rules_today
from backstock.returns.quality.inspection import AQL, SUGGESTIONS, rules_for
from backstock.returns.quality.sampling import AQLS

SIZES = {
    "small": gettext_lazy("small company"), "medium": gettext_lazy("medium company"), "large": gettext_lazy("large company"),
}  # fmt: skip
KINDS = {
    "yes_no": gettext_lazy("Yes or no"), "measure": gettext_lazy("Measure"), "choice": gettext_lazy("Choice"),
    "photo": gettext_lazy("Photo"),
}  # fmt: skip


class General(Keyed):
    """Suggestions and samples of a category or of all goods; for all goods the words of the grades as well."""

    aql = forms.ChoiceField(label=gettext_lazy("AQL"), choices=[(each, each) for each in AQLS])
    sample_from = forms.IntegerField(
        label=gettext_lazy("Sample from so many units on"), required=False, min_value=2, max_value=10**9,
        help_text=gettext_lazy("Empty: every unit is looked at."),
    )  # fmt: skip

    def __init__(self, *args: Any, with_words: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for grade, ours in words.GRADES.items():
            if with_words:
                self.fields[f"zh_{grade}"] = TextLine(label=_("%(grade)s in Chinese") % {"grade": grade}, most=100)
                self.fields[f"en_{grade}"] = TextLine(label=_("%(grade)s in English") % {"grade": grade}, most=100)
            self.fields[f"to_{grade}"] = forms.ChoiceField(
                label=_("%(grade)s: suggest") % {"grade": ours}, choices=[*words.DISPOSITIONS.items()]
            )

    def by_grade(self) -> list[list[forms.BoundField]]:
        """Return the fields of each grade, a row for each."""
        return [
            [field for field in self.visible_fields() if field.name.endswith(f"_{grade}")] for grade in words.GRADES
        ]

    def general(self) -> list[forms.BoundField]:
        """Return the fields that are of no grade."""
        return [self["aql"], self["sample_from"]]


class CheckForm(forms.Form):
    """One question of a checklist."""

    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    zh = TextLine(label=gettext_lazy("Question in Chinese"), most=100)
    en = TextLine(label=gettext_lazy("Question in English"), most=100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[*KINDS.items()])
    good = forms.ChoiceField(
        label=gettext_lazy("Good answer"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        required=False,
    )
    low = MeasureField(label=gettext_lazy("At least"))
    high = MeasureField(label=gettext_lazy("At most"))
    unit = TextLine(label=gettext_lazy("Unit"), most=20)
    choices = TextLine(
        label=gettext_lazy("Choices"), most=500, help_text=gettext_lazy("Comma between them; a bad one begins with !")
    )
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False, initial=True)

    def check(self, number: int, kept: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the question as the rules keep it, None for an empty row. Words of choices that stay are kept."""
        data = self.cleaned_data
        if not (data.get("zh") or data.get("en")):
            return None
        found: dict[str, Any] = {
            "code": data["code"] or f"q{number}", "kind": data["kind"], "required": data["required"],
            "words": {name: text for name, text in (("zh-hans", data["zh"]), ("en", data["en"])) if text},
        }  # fmt: skip
        if data["kind"] == "yes_no":
            found["good"] = data["good"] != "no"
        if data["kind"] == "measure":
            limits = {"low_e4": data["low"], "high_e4": data["high"], "unit": data["unit"]}
            found |= {name: value for name, value in limits.items() if value not in (None, "")}
        if data["kind"] == "choice":
            named = [each.strip() for each in data["choices"].replace("，", ",").split(",") if each.strip()]
            found["choices"] = {each.lstrip("!！")[:40]: kept.get(each.lstrip("!！"), {}) for each in named}
            found["bad_choices"] = [each.lstrip("!！")[:40] for each in named if each[0] in "!！"]
        return found


def _row(check: Mapping[str, Any]) -> dict[str, Any]:
    bad = check.get("bad_choices", ())
    return {
        "code": check["code"], "zh": check.get("words", {}).get("zh-hans", ""), "en": check.get("words", {}).get("en", ""),
        "kind": check["kind"], "good": "yes" if check.get("good", True) else "no", "low": check.get("low_e4"),
        "high": check.get("high_e4"), "unit": check.get("unit", ""), "required": check.get("required", True),
        "choices": ", ".join(f"!{each}" if each in bad else each for each in check.get("choices", {})),
    }  # fmt: skip


class RulesPage:
    """The rules of one category, or of all goods, as one request changes them."""

    def __init__(self, request: HttpRequest, terms: dict[str, Any], category: str) -> None:
        self.terms, self.category = terms, category
        self.own: Mapping[str, Any] = terms.get("per_category", {}).get(category, {}) if category else terms
        rules, grades = rules_for(terms, category), terms.get("grades", {})
        start: dict[str, Any] = {"aql": rules.aql, "sample_from": rules.sample_from}
        for grade in words.GRADES:
            start |= {f"to_{grade}": rules.suggestions[grade]}
            start |= {
                f"{name}_{grade}": grades.get(grade, {}).get(code, "")
                for name, code in (("zh", "zh-hans"), ("en", "en"))
            }
        data = request.POST if request.method == "POST" else None
        checks = self.own.get("checks", terms.get("checks", []))
        self.kept = {check["code"]: check.get("choices", {}) for check in checks}
        self.form = General(data, initial=start, with_words=not category)
        made = formset_factory(CheckForm, extra=3, max_num=50)
        self.checks: BaseFormSet[CheckForm] = made(data, initial=[_row(check) for check in checks], prefix="checks")

    @property
    def is_valid(self) -> bool:
        return self.form.is_valid() and self.checks.is_valid()

    def changed(self) -> dict[str, Any]:
        """Return the whole rules with this part of them changed."""
        data = self.form.cleaned_data
        found = [
            form.check(n, self.kept.get(form.cleaned_data.get("code") or "", {}))
            for n, form in enumerate(self.checks, 1)
        ]
        part: dict[str, Any] = {
            "checks": [check for check in found if check is not None], "aql": data["aql"],
            "suggestions": {grade: data[f"to_{grade}"] for grade in words.GRADES},
        }  # fmt: skip
        if data["sample_from"]:
            part["sample_from"] = data["sample_from"]
        whole = {name: value for name, value in self.terms.items() if name in ("grades", "per_category")}
        if self.category:
            base = {name: value for name, value in self.terms.items() if name not in ("grades", "per_category")}
            return base | whole | {"per_category": {**self.terms.get("per_category", {}), self.category: part}}
        said = {g: {"zh-hans": data[f"zh_{g}"], "en": data[f"en_{g}"]} for g in words.GRADES}
        whole["grades"] = {g: {code: text for code, text in each.items() if text} for g, each in said.items()}
        return part | whole


@page("returns.publish_inspection")
def rules(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the rules of all goods or of one category, or publish a new version of them."""
    category = request.GET.get("category", "")[:60]
    asked, context, status = RulesPage(request, rules_today()[1], category), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if asked.is_valid:
            try:
                wanted = publish_inspection.parse({"terms": asked.changed()})
                publish_inspection(wanted, actor=actor, key=asked.form.cleaned_data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("The rules of inspections hold from today on."))
                return redirect(f"{reverse('inspection_rules')}?category={category}")
    language = get_language() or "zh-hans"
    known = [(node.row.code, node.row.called(language)) for node in category_tree()]
    context |= {
        "asked": asked, "category": category, "categories": chosen(known, _("All goods")), "form": asked.form,
        "is_own": bool(category) and bool(asked.own), "defaults": {"aql": AQL, "to": SUGGESTIONS},
        "blocks": [
            (block, [ground.called(language) for ground in block.grounds], [(SIZES[s], day) for s, day in block.since.items()])
            for block in BLOCKS
        ],
    }  # fmt: skip
    return render(request, "desk/inspection/rules.html", context, status=status)
