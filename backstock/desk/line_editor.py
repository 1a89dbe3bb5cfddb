"""The lines of a document as somebody types or scans them: one row per product, as many as are needed.

    class OrderLine(LineForm):                      # an area adds its own fields
        price = AmountField(label=gettext_lazy("Price"))

    editor = LineEditor(OrderLine, request.POST or None)
    if request.method == "POST" and editor.is_valid: … for line in editor.filled: line.cleaned_data["sku"] …

The template includes `desk/components/line_editor.html` with `editor`. Without scripts there are rows and a button for
more; with scripts the product is looked up while typing, a scanner adds rows, and Enter leads to the next field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.queries import names_of_skus
from backstock.desk.fields import QuantityField, TextLine

PREFIX, MORE = "lines", "more_lines"
MOST_ROWS, MORE_ROWS = 200, 5


class LineForm(forms.Form):
    """One line of goods; rows that were left blank are passed over."""

    sku = TextLine(label=gettext_lazy("Product"), most=60)
    quantity = QuantityField(label=gettext_lazy("Quantity"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": field.label, "data-line": name}
        self.fields["sku"].widget.attrs |= {"autocomplete": "off", "role": "combobox", "aria-expanded": "false"}
        self.product_name = ""

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed a product or quantity here."""
        return not str(self["sku"].value() or "").strip() and not self["quantity"].value()

    def clean(self) -> None:
        """Ask for the product of a quantity, and for the quantity of a product."""
        if self.is_blank:
            return
        if not self.cleaned_data.get("sku") and "sku" not in self.errors:
            self.add_error("sku", _("Which product?"))
        if self.cleaned_data.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", _("How many?"))


class LineEditor:
    """The rows of one document, as one request asked for them."""

    def __init__(
        self,
        form: type[LineForm],
        data: QueryDict | None = None,
        initial: Sequence[Mapping[str, Any]] = (),
        *,
        rows: int = 3,
        scan: bool = True,
        **form_kwargs: Any,
    ) -> None:
        self.scan, self.wants_more = scan, data is not None and MORE in data
        if data is not None and self.wants_more:
            data = _with_more_rows(data)
        made = formset_factory(form, extra=rows, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
        self.forms: BaseFormSet[LineForm] = made(data, initial=initial, prefix=PREFIX, form_kwargs=form_kwargs)
        self._name_products()

    def _name_products(self) -> None:
        typed = {str(form["sku"].value() or "").strip() for form in self.forms} - {""}
        names = names_of_skus(typed) if typed else {}
        for form in self.forms:
            form.product_name = names.get(str(form["sku"].value() or "").strip(), "")

    @property
    def empty(self) -> LineForm:
        """Return the row that scripts copy."""
        return self.forms.empty_form

    @property
    def labels(self) -> list[str]:
        """Name the columns."""
        return [str(field.label) for field in self.empty.visible_fields()]

    @property
    def is_valid(self) -> bool:
        """Whether the rows can become a command; asking for more rows is not meant as one."""
        return not self.wants_more and self.forms.is_valid()

    @property
    def filled(self) -> list[LineForm]:
        """Return the rows that say something, in their order; call after `is_valid`."""
        return [form for form in self.forms if not form.is_blank]


def _with_more_rows(data: QueryDict) -> QueryDict:
    longer = data.copy()
    total = str(data.get(f"{PREFIX}-TOTAL_FORMS", "0"))
    rows = int(total) if total.isascii() and total.isdigit() else 0
    longer[f"{PREFIX}-TOTAL_FORMS"] = str(min(MOST_ROWS, rows + MORE_ROWS))
    return longer
