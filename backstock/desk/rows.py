"""A few rows of one kind inside a form (units, barcodes, contacts): always some blank ones, more at a button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

BLANK, MORE, MOST = 2, 5, 100


class RowForm(forms.Form):
    """One row; without its first field it is blank and passed over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            field.widget.attrs |= {"aria-label": field.label, "autocomplete": "off"}

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything into the first field."""
        return not str(self[next(iter(self.fields))].value() or "").strip()


class Rows:
    """The rows of one kind, as one request asked for them."""

    def __init__(
        self,
        form: type[RowForm],
        prefix: str,
        label: Any,
        data: QueryDict | None = None,
        initial: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.label, self.more = label, f"more_{prefix}"
        self.wants_more = data is not None and self.more in data
        if data is not None and self.wants_more:
            data = data.copy()
            total = str(data.get(f"{prefix}-TOTAL_FORMS", "0"))
            rows = int(total) if total.isascii() and total.isdigit() else 0
            data[f"{prefix}-TOTAL_FORMS"] = str(min(MOST, rows + MORE))
        made = formset_factory(form, extra=BLANK, max_num=MOST, absolute_max=MOST)
        self.forms: BaseFormSet[RowForm] = made(data, initial=initial, prefix=prefix)

    @property
    def labels(self) -> list[str]:
        """Name the columns."""
        return [str(field.label) for field in self.forms.empty_form.fields.values()]

    @property
    def is_valid(self) -> bool:
        """Whether the rows can become a command; asking for more rows is not meant as one."""
        return not self.wants_more and self.forms.is_valid()

    @property
    def filled(self) -> list[dict[str, Any]]:
        """Return what stands in the rows that are not blank; call after `is_valid`."""
        return [form.cleaned_data for form in self.forms if not form.is_blank]
