"""Form fields for quantities and money in normal notation, and the hidden key that makes a form count once."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from backstock.core.amounts import MAX_CENTS, MAX_QUANTITY_E4, decimal_text, scaled


class ScaledField(forms.Field):
    """A number that people type as 1.5 and the program keeps as an integer."""

    digits = 4
    least, most = 0, MAX_QUANTITY_E4

    def __init__(self, *, digits: int | None = None, **more: Any) -> None:
        more.setdefault("required", False)
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**more)
        if digits is not None:
            self.digits = digits

    def to_python(self, value: Any) -> int | None:
        text = unicodedata.normalize("NFKC", str(value or "")).strip().replace(",", "").replace("，", "")
        if not text:
            return None
        try:
            number = scaled(text, self.digits) if len(text) <= 30 else self.least - 1
        except ValueError:
            raise forms.ValidationError(self.wrong()) from None
        if not self.least <= number <= self.most:
            raise forms.ValidationError(self.wrong())
        return number

    def prepare_value(self, value: Any) -> Any:
        return decimal_text(value, self.digits, trim=self.digits == 4) if isinstance(value, int) else value

    def wrong(self) -> str:
        return _("Enter a number such as 2 or 1.5, with at most %(digits)s decimals.") % {"digits": self.digits}


class QuantityField(ScaledField):
    """A quantity in 1/10,000 of the base unit."""


class AmountField(ScaledField):
    """An amount in the smallest unit of a currency."""

    digits = 2
    most = MAX_CENTS

    def wrong(self) -> str:
        return _("Enter an amount such as 99.90, with at most %(digits)s decimals.") % {"digits": self.digits}


class TextLine(forms.CharField):
    """One line of free text."""

    def __init__(self, *, most: int = 200, **more: Any) -> None:
        super().__init__(max_length=most, required=more.pop("required", False), **more)


class PickField(forms.MultipleChoiceField):
    """Some of what is offered, by boxes; what was offered when the page was made may be gone by now: the command says so."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **more)

    def valid_value(self, value: str) -> bool:
        return 0 < len(value) <= 60


class Keyed(forms.Form):
    """A form that takes effect once, however often it is sent."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    # Fields that a page shows apart from the others.
    apart: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex


def chosen(choices: Sequence[tuple[str, Any]], empty: Any) -> list[tuple[str, Any]]:
    """Put the empty choice before the others."""
    return [("", empty), *choices]
