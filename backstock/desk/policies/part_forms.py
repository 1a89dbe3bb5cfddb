"""The forms of one opened part of a policy: a row of its table, its base terms, or an exception."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backstock.core.amounts import E6, MAX_CENTS
from backstock.desk.fields import ScaledField, TextLine, chosen
from backstock.desk.policies.cells import fact_title
from backstock.desk.policies.names import SEARCHED, Names
from backstock.desk.policies.terms import Term, terms_of
from backstock.policies.table.checking import NOT_KEPT
from backstock.policies.table.model import FIELDS

PREFIX: Final = "part"
# Asked at once; the others below "more".
COMMON: Final = ("category", "sku", "reason", "opened", "channel", "days_since_delivery")
ASKED: Final = tuple(name for name in FIELDS if name not in NOT_KEPT)
HOW = (("is", gettext_lazy("is one of")), ("not", gettext_lazy("is none of")))
YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))
DIGITS: Final = {"days": 0, "count": 0, "e4": 4, "e6": 4}
UNITS: Mapping[str, Any] = {"days": gettext_lazy("days"), "e6": "%", "count": "", "e4": ""}
MOST_DAYS: Final = 36_500


class Picker(forms.MultipleChoiceField):
    """Some values from the data, by boxes; codes that are not offered may be typed beside them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **more)

    def valid_value(self, value: str) -> bool:
        return 0 < len(value) <= 60


class Number(ScaledField):
    """A whole number or share in its unit."""

    unit: Any = ""

    def __init__(self, *, digits: int, most: int, **more: Any) -> None:
        super().__init__(digits=digits, **more)
        self.most = most


def _number(unit: str, label: Any, digits: int, most: int = MAX_CENTS, help_text: Any = "") -> Number:
    field = Number(digits=DIGITS.get(unit, digits), most=most, label=label, help_text=help_text)
    # What stands behind the field.
    field.unit = UNITS.get(unit, "")
    return field


def _term_field(term: Term, digits: int) -> forms.Field:
    words: dict[str, Any] = {"label": term.label, "help_text": term.help, "required": False}
    if term.kind == "days":
        return _number("days", term.label, 0, MOST_DAYS, term.help)
    if term.kind == "share":
        return _number("e6", term.label, 4, E6, term.help)
    if term.kind == "amount":
        return _number("cents", term.label, digits, MAX_CENTS, term.help)
    if term.kind == "boxes":
        return forms.MultipleChoiceField(
            choices=list((term.choices or {}).items()), widget=forms.CheckboxSelectMultiple, **words
        )
    choices = list(YES_NO) if term.kind == "yesno" else list((term.choices or {}).items())
    return forms.ChoiceField(choices=chosen(choices, "–"), **words)


class TermsForm(forms.Form):
    """Terms of the base or of an exception; what is left empty says nothing."""

    place = "exception"
    focus = ""

    def __init__(self, data: QueryDict | None = None, *, terms: Mapping[str, Any], names: Names, **more: Any) -> None:
        self.terms_asked = terms_of(self.place)  # type: ignore[arg-type] # the classes below name it
        self.names = names
        super().__init__(data, prefix=PREFIX, initial={**self.start(terms), **more.pop("initial", {})}, **more)
        for term in self.terms_asked:
            self.fields[term.name] = _term_field(term, names.currency[1])

    def lead(self, name: str) -> None:
        """Put the cursor into a field; a picker takes it by itself."""
        self.focus = name
        if name in self.fields and not isinstance(self.fields[name], Picker):
            self.fields[name].widget.attrs["autofocus"] = True

    def start(self, terms: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the fields of terms begin with."""
        found = {term.name: terms.get(term.name) for term in self.terms_asked}
        for term in self.terms_asked:
            if term.kind == "yesno" and found[term.name] is not None:
                found[term.name] = "yes" if found[term.name] else "no"
        return found

    def terms(self) -> dict[str, Any]:
        """Return the terms that were said; call after `is_valid`."""
        found = {}
        for term in self.terms_asked:
            value = self.cleaned_data.get(term.name)
            if value in (None, "", []):
                continue
            found[term.name] = value == "yes" if term.kind == "yesno" else value
        return found

    def _bound(self, terms: Sequence[Term]) -> list[forms.BoundField]:
        return [self[term.name] for term in terms]

    @property
    def common(self) -> list[forms.BoundField]:
        return self._bound([term for term in self.terms_asked if term.is_common])

    @property
    def rare(self) -> list[forms.BoundField]:
        return self._bound([term for term in self.terms_asked if not term.is_common])

    @property
    def rare_is_said(self) -> bool:
        """Whether something below "more" is filled in or wrong."""
        return any(bound.errors or bound.value() not in (None, "", []) for bound in self.rare)


class BaseForm(TermsForm):
    """What holds where nothing else is said, and for which reasons a photo is needed."""

    place = "base"

    def __init__(self, data: QueryDict | None = None, *, terms: Mapping[str, Any], names: Names, **more: Any) -> None:
        super().__init__(
            data, terms=terms, names=names, initial={"evidence_for": terms.get("evidence_for", [])}, **more
        )
        label = gettext_lazy("Photo or paper needed for these reasons")
        self.fields["evidence_for"] = Picker(
            label=label, choices=names.offered("reason", terms.get("evidence_for", ()))
        )

    @property
    def rare(self) -> list[forms.BoundField]:
        return [*super().rare, self["evidence_for"]]


class RowForm(TermsForm):
    """One row: a test for each fact that it asks, what follows, and a note."""

    place = "row"
    note_zh = TextLine(label=gettext_lazy("Note in Chinese"), most=200)
    note_en = TextLine(label=gettext_lazy("Note in English"), most=200)

    def __init__(self, data: QueryDict | None = None, *, row: Mapping[str, Any], names: Names) -> None:
        note = row.get("note", {})
        # What nobody keeps yet has no field: such a test stays as it was imported.
        self.unasked = {fact: test for fact, test in row.get("when", {}).items() if fact not in ASKED}
        start = {"note_zh": note.get("zh-hans", ""), "note_en": note.get("en", ""), **_tests(row.get("when", {}))}
        super().__init__(data, terms=row.get("then", {}), names=names, initial=start)
        for fact in ASKED:
            self._add_test(fact, row.get("when", {}).get(fact, {}))
        self.order_fields([*[name for name in self.fields if name.startswith("w_")], *self.fields])

    def _add_test(self, fact: str, test: Mapping[str, Any]) -> None:
        known, label = FIELDS[fact], fact_title(fact)
        if known.kind == "yesno":
            choices = chosen(list(YES_NO), _("any"))
            self.fields[f"w_{fact}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        elif known.kind == "number":
            for end, words in (("min", pgettext("number", "from")), ("max", pgettext("number", "through"))):
                field = _number(known.unit, f"{label}, {words}", self.names.currency[1])
                field.widget.attrs["aria-label"] = field.label
                self.fields[f"w_{fact}_{end}"] = field
        else:
            sent = cast(QueryDict, self.data)
            said = test.get("is") or test.get("not") or ()
            picked = sent.getlist(f"{PREFIX}-w_{fact}") if self.is_bound else said
            self.fields[f"w_{fact}_how"] = forms.ChoiceField(label=label, choices=HOW, required=False)
            self.fields[f"w_{fact}_how"].widget.attrs["aria-label"] = label
            self.fields[f"w_{fact}"] = Picker(label=label, choices=self.names.offered(fact, picked))
            self.fields[f"w_{fact}_more"] = TextLine(label=_("Codes"), most=2_000)

    def clean(self) -> None:
        """Refuse ends that are the wrong way round."""
        for fact in ASKED:
            low, high = (self.cleaned_data.get(f"w_{fact}_{end}") for end in ("min", "max"))
            if low is not None and high is not None and low > high:
                self.add_error(f"w_{fact}_max", _("The end lies before the beginning."))

    def parts(self) -> dict[str, Any]:
        """Return the row without its id; call after `is_valid`."""
        when = self.unasked | {fact: test for fact in ASKED if (test := self._test(fact))}
        notes = {"zh-hans": self.cleaned_data["note_zh"], "en": self.cleaned_data["note_en"]}
        note = {language: text for language, text in notes.items() if text}
        return {"when": when, "then": self.terms(), **({"note": note} if note else {})}

    def _test(self, fact: str) -> dict[str, Any]:
        data, kind = self.cleaned_data, FIELDS[fact].kind
        if kind == "yesno":
            return {"yes": data[f"w_{fact}"] == "yes"} if data.get(f"w_{fact}") else {}
        if kind == "number":
            ends = {end: data.get(f"w_{fact}_{end}") for end in ("min", "max")}
            return {end: value for end, value in ends.items() if value is not None}
        typed = [each for each in data.get(f"w_{fact}_more", "").replace("，", ",").split(",") if each.strip()]
        values = list(dict.fromkeys([*data.get(f"w_{fact}", ()), *(each.strip()[:60] for each in typed)]))
        return {data.get(f"w_{fact}_how") or "is": values} if values else {}

    def _options(self, fact: str) -> list[tuple[str, str, bool]]:
        """Return what a picker lists: value, words, ticked."""
        bound = self[f"w_{fact}"]
        ticked = set(bound.value() or ())
        return [(value, str(label), value in ticked) for value, label in bound.field.choices]  # type: ignore[attr-defined] # a Picker

    def _said(self, fact: str) -> str:
        """Say what a picker has ticked."""
        ticked = [label for _, label, is_ticked in self._options(fact) if is_ticked]
        if not ticked:
            return _("any")
        negated = self[f"w_{fact}_how"].value() == "not"
        return f"{HOW[1][1]}: {' · '.join(ticked)}" if negated else " · ".join(ticked)

    def tests(self, facts: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Return the fields of some facts as the template shows them."""
        for fact in facts:
            kind = FIELDS[fact].kind
            yield {
                "fact": fact, "label": fact_title(fact), "kind": kind, "unit": UNITS.get(FIELDS[fact].unit, ""),
                "is_searched": fact in SEARCHED,
                "field": None if kind == "number" else self[f"w_{fact}"], "is_focus": self.focus == f"w_{fact}",
                "options": self._options(fact) if kind == "text" else [], "said": self._said(fact) if kind == "text" else "",
                "how": self[f"w_{fact}_how"] if kind == "text" else None,
                "more": self[f"w_{fact}_more"] if kind == "text" else None,
                "low": self[f"w_{fact}_min"] if kind == "number" else None,
                "high": self[f"w_{fact}_max"] if kind == "number" else None,
            }  # fmt: skip

    @property
    def common_tests(self) -> list[dict[str, Any]]:
        return list(self.tests(COMMON))

    @property
    def rare_tests(self) -> list[dict[str, Any]]:
        return list(self.tests([fact for fact in ASKED if fact not in COMMON]))

    @property
    def rare_test_is_said(self) -> bool:
        """Whether a test below "more" is filled in or wrong."""
        asked = [name for name in self.fields if name.startswith("w_") and not name.endswith(("_how", "_more"))]
        rare = [
            name for name in asked if name.removeprefix("w_").removesuffix("_min").removesuffix("_max") not in COMMON
        ]
        return any(self[name].errors or self[name].value() not in (None, "", []) for name in rare)


def _tests(when: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fact, test in when.items():
        if "yes" in test:
            found[f"w_{fact}"] = "yes" if test["yes"] else "no"
        elif "is" in test or "not" in test:
            found[f"w_{fact}"] = list(test.get("is") or test.get("not") or ())
            found[f"w_{fact}_how"] = "not" if "not" in test else "is"
        else:
            found[f"w_{fact}_min"], found[f"w_{fact}_max"] = test.get("min"), test.get("max")
    return found
