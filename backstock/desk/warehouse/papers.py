"""What the documents of the house share on their pages: a head and rows to enter, and a document to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Product
from backstock.catalog.queries import lot_codes, products_by_id
from backstock.core.commands import Done
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.line_editor import LineEditor, LineForm
from backstock.desk.parts import Text, Tone
from backstock.stock.queries import moves_of_document
from backstock.warehouse.queries import warehouse_names, warehouses_in_use


def warehouse_field(label: Text, *, empty: Text = "", required: bool = True) -> forms.ChoiceField:
    """Offer the warehouses; their choices are read when the form is made."""
    made = forms.ChoiceField(required=required)
    made.label = label  # type: ignore[assignment] # the words of pages are lazy or plain
    made.widget.attrs["data-warehouses"] = str(empty)
    return made


class Head(Keyed):
    """The head of a document: its fields of warehouses offer those in use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = [each for each in self.fields.values() if "data-warehouses" in each.widget.attrs]
        offered = [(each.code, str(each)) for each in warehouses_in_use()] if fields else []
        for position, each in enumerate(fields):
            empty = each.widget.attrs.pop("data-warehouses")
            choices = [("", empty), *offered] if empty else offered
            if isinstance(each, forms.ChoiceField):
                each.choices = choices
            if not empty and position < len(offered):
                each.initial = offered[position][0]


class GoodsLineForm(LineForm):
    """A row of goods with its lot or serial numbers where the product has them."""

    lot = TextLine(label=gettext_lazy("Lot"), most=60)
    serials = TextLine(label=gettext_lazy("Serial numbers"), most=2000)


def codes_in(text: str) -> list[str]:
    """Read codes that somebody typed or scanned one after the other."""
    return [code for code in re.split(r"[\s,，;；]+", text) if code]


def goods_of(editor: LineEditor) -> list[dict[str, Any]]:
    """Return the rows of an editor as lines of a command."""
    lines = []
    for form in editor.filled:
        said = form.cleaned_data
        serials = codes_in(said.get("serials") or "")
        lines.append(
            {
                "sku": said["sku"],
                "quantity_e4": said["quantity"],
                "lot": said.get("lot") or None,
                "serials": serials,
            }
        )
    return lines


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The words around what is entered."""

    heading: Text
    submit: Text
    back: str
    lead: Text = ""
    icon: str = "check"
    danger: bool = False
    said: Text = ""  # what is told afterwards, with %(document)s


def answer(
    request: HttpRequest, entry: Entry, head: Keyed, editor: LineEditor | None, run: Callable[[], Done],
    leads_to: Callable[[Done], str],
) -> HttpResponseBase:  # fmt: skip
    """Show the form, or run what it says: a refusal keeps what was typed, success leads on."""
    context: dict[str, Any] = {"entry": entry, "head": head, "editor": editor}
    status = 200
    if request.method == "POST":
        status = 200 if editor is not None and editor.wants_more else 422
        if all([head.is_valid(), editor is None or editor.is_valid]):
            try:
                done = run()
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, str(entry.said or _("%(document)s: booked.")) % {"document": done.document})
                return redirect(leads_to(done))
    return render(request, "desk/warehouse/entry.html", context, status=status)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document as its page shows it."""

    number: str
    heading: Text
    status: Text = ""
    tone: Tone = "neutral"
    facts: Sequence[tuple[Text, Text]] = ()
    labels: Sequence[Text] = ()
    # (product, its code and lot, figures by their labels)
    rows: Sequence[tuple[str, str, Sequence[tuple[Text, str]]]] = ()
    note: str = ""
    actions: Sequence[Any] = field(default_factory=tuple)


def show(request: HttpRequest, paper: Paper, sees_value: bool) -> HttpResponseBase:
    """Show a document with what it moved; values are for those who answer for them."""
    context = {"paper": paper, "moves": moves_view(paper.number, sees_value), "sees_value": sees_value}
    return render(request, "desk/warehouse/paper.html", context)


def moves_view(number: str, sees_value: bool) -> list[dict[str, str]]:
    """Write the moves of a document."""
    moves = moves_of_document(number)
    goods, names, own = Goods((m.product_id, m.lot_id) for m in moves), warehouse_names(), company()
    return [
        {
            "day": move.business_on.isoformat(),
            "product": goods.name(move.product_id),
            "code": goods.code(move.product_id, move.lot_id),
            "quantity": goods.quantity(move.product_id, move.quantity_e4),
            "way": f"{words.place_words(move.source_id, names)} → {words.place_words(move.target_id, names)}",
            "value": money_text(move.value_cents, own.currency, own.currency_digits) if sees_value else "",
        }
        for move in moves
    ]


class Goods:
    """Products and lots by id, as pages name them."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        pairs = list(pairs)
        self.products: Mapping[int, Product] = products_by_id({product for product, _lot in pairs})
        self.lots = lot_codes(lot for _product, lot in pairs)

    def name(self, product_id: int) -> str:
        """Return what a product is called."""
        product = self.products[product_id]
        return product.name or product.sku

    def code(self, product_id: int, lot_id: int = 0, grade: str = "") -> str:
        """Return the product's code with lot and grade."""
        graded = _("grade %(grade)s") % {"grade": grade} if grade else ""
        return words.listed([self.products[product_id].sku, self.lots.get(lot_id, ""), graded])

    def quantity(self, product_id: int, quantity_e4: int) -> str:
        """Write a quantity in the product's unit."""
        return quantity_text(quantity_e4, self.products[product_id].unit)

    def summary(self, lines: Sequence[tuple[int, int]]) -> str:
        """Name the first products of (product, quantity) and how many there are beside them."""
        said = [f"{self.name(product)} × {quantity_text(quantity)}" for product, quantity in lines[:2]]
        more = [_("%(count)s more") % {"count": len(lines) - 2}] if len(lines) > 2 else []
        return ", ".join([*said, *more])
