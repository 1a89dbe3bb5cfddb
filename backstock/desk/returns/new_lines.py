"""The lines of a new return: goods of one or several sales of a customer, chosen by hand or by scanning them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, BoundField, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from backstock.catalog.queries import matching_products, product_of_barcode
from backstock.core.amounts import E4, decimal_text
from backstock.core.numbers import document_id
from backstock.desk.fields import PickField, QuantityField, TextLine, chosen
from backstock.desk.sales.goods import SoldGoods, goods_of_sales
from backstock.returns.commands.request import RequestLine
from backstock.returns.requests.planning import ExchangeFor
from backstock.sales.loading import LoadedSale, load_sales
from backstock.sales.queries import all_sales, find_sales, sales_with_lines

PREFIX = "lines"
MOST_SALES = 10


class SoldForm(forms.Form):
    """What of one line of a sale comes back."""

    sale = forms.CharField(widget=forms.HiddenInput, max_length=40)
    line = forms.IntegerField(widget=forms.HiddenInput)
    sku = forms.CharField(widget=forms.HiddenInput, max_length=60)
    lot = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    quantity = QuantityField(label=gettext_lazy("How many come back"))
    serials = PickField(label=gettext_lazy("Which come back"))
    reason = TextLine(label=gettext_lazy("Reason"), most=60)
    wish_sku = TextLine(
        label=gettext_lazy("Wants instead"),
        most=60,
        help_text=gettext_lazy("Type a name or code, or scan it; for an exchange."),
    )
    wish_quantity = QuantityField(
        label=gettext_lazy("How many of it"), help_text=gettext_lazy("Empty: as many as come back.")
    )  # fmt: skip
    goods: SoldGoods | None = None

    @property
    def asked(self) -> list[BoundField]:
        """What is asked of every line."""
        return [field for field in self.visible_fields() if not field.name.startswith("wish")]

    @property
    def has_wish(self) -> bool:
        """Whether something was typed about other goods."""
        return bool(self["wish_sku"].value() or self["wish_quantity"].value() or self["wish_sku"].errors)

    def offer(self, goods: SoldGoods | None, reasons: Sequence[tuple[str, str]]) -> None:
        """Show boxes for serial numbers or a field for a quantity, and the reasons of the policy where it has some."""
        self.goods = goods
        picked = {"data-line": "sku", "autocomplete": "off", "role": "combobox", "aria-expanded": "false"}
        self.fields["wish_sku"].widget.attrs |= picked
        self.fields["wish_quantity"].widget.attrs["data-line"] = "quantity"
        serials: Any = self.fields["serials"]
        if goods and goods.serials:
            serials.choices = [(code, code) for code in goods.serials]
        del self.fields["quantity" if goods and goods.serials else "serials"]
        choices = chosen(reasons, gettext_lazy("Choose…"))
        listed = forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"})
        self.fields["reason"].widget = forms.Select(choices=choices) if reasons else listed

    def wanted(self) -> RequestLine | None:
        """Return the line of the request, None where nothing of it comes back."""
        data = self.cleaned_data
        serials = tuple(data.get("serials") or ())
        quantity = len(serials) * E4 if "serials" in data else data["quantity"]
        if not quantity:
            return None
        wish = None
        if data["wish_sku"]:
            wish = ExchangeFor(sku=data["wish_sku"].strip(), quantity_e4=data["wish_quantity"] or quantity)
        return RequestLine(
            exchange_for=wish, sale=data["sale"], line=data["line"], sku=data["sku"], quantity_e4=quantity, reason=data["reason"],
            lot=data["lot"] or None, serials=serials,
        )  # fmt: skip


def sales_named(data: QueryDict) -> list[str]:
    """Return the sales that the lines of a posted form are of."""
    named = (data.get(f"{PREFIX}-{n}-sale", "") for n in range(_count(data)))
    return list(dict.fromkeys(number for number in named if number))


def _count(data: QueryDict) -> int:
    total = str(data.get(f"{PREFIX}-TOTAL_FORMS", "0"))
    return min(1000, int(total)) if total.isascii() and total.isdigit() else 0


def line_forms(
    data: QueryDict | None, goods: Sequence[SoldGoods], reasons: Sequence[tuple[str, str]], start: Iterable[Mapping[str, Any]]
) -> BaseFormSet[SoldForm]:  # fmt: skip
    """Make the forms of the lines."""
    known = {each.key: each for each in goods}
    lines: BaseFormSet[SoldForm] = formset_factory(SoldForm, extra=0)(data, initial=list(start), prefix=PREFIX)
    for form in lines:
        key = (str(form["sale"].value()), str(form["line"].value()), str(form["lot"].value() or ""))
        form.offer(known.get(key), reasons)
    return lines


def starting(goods: Iterable[SoldGoods]) -> list[dict[str, Any]]:
    """Return the lines of a fresh form: everything that may still come back."""
    return [
        {"sale": each.sale, "line": each.position, "sku": each.product.sku, "lot": each.lot}
        for each in goods
        if each.returnable_e4 > 0
    ]


class Scanned:
    """What a scanned or typed text means among the goods of a customer, the newest sale first."""

    def __init__(self, text: str, goods: Sequence[SoldGoods]) -> None:
        self.text = text
        left = [each for each in goods if each.returnable_e4 > 0]
        self.of_sale = [g for g in left if document_id("S", text) is not None and g.sale.casefold() == text.casefold()]
        self.serial = next((each for each in left if text in each.serials), None)
        labelled = product_of_barcode(text)
        ids = {labelled[0].pk} if labelled else set(matching_products(text))
        exact = [each for each in left if text in (each.lot, each.product.sku)]
        self.goods = exact or [each for each in left if each.product.pk in ids]


def prefilled(start: list[dict[str, Any]], goods: Sequence[SoldGoods], text: str) -> None:
    """Fill one piece of what was scanned into a fresh form."""
    found = Scanned(text, goods)
    for each, wanted in (
        (found.serial, {"serials": [text]}),
        (found.goods[0] if found.goods else None, {"quantity": "1"}),
    ):
        if each is None or (each.serials and "quantity" in wanted):
            continue
        for line in start:
            if (line["sale"], str(line["line"]), line["lot"]) == each.key:
                line |= wanted
        return


def with_more(data: QueryDict, text: str, customer_id: int) -> QueryDict | None:
    """Add what a text means to a posted form: another sale's lines, or one piece of what was scanned; None: nothing fits."""
    own = all_sales().filter(customer_id=customer_id)
    sales: list[LoadedSale] = sales_with_lines(list(find_sales(own, text)[:MOST_SALES]))
    goods = goods_of_sales(sales)
    found, longer = Scanned(text, goods), data.copy()
    by_reference = [g for sale in sales if sale.row.reference == text for g in goods if g.sale == sale.row.number]
    whole = found.of_sale or [each for each in by_reference if each.returnable_e4 > 0]
    if whole:
        fresh = [each for each in whole if _place(longer, each) is None]
        for each in fresh:
            _append(longer, each)
        return longer
    if found.serial is not None:
        at = _place(longer, found.serial)
        at = _append(longer, found.serial) if at is None else at
        name = f"{PREFIX}-{at}-serials"
        longer.setlist(name, [*dict.fromkeys([*longer.getlist(name), text])])
        return longer
    return longer if any(_count_up(longer, each) for each in found.goods) else None


def _place(data: QueryDict, goods: SoldGoods) -> int | None:
    for n in range(_count(data)):
        if tuple(data.get(f"{PREFIX}-{n}-{name}", "") for name in ("sale", "line", "lot")) == goods.key:
            return n
    return None


def _append(data: QueryDict, goods: SoldGoods) -> int:
    at = _count(data)
    data[f"{PREFIX}-TOTAL_FORMS"] = str(at + 1)
    said = {"sale": goods.sale, "line": str(goods.position), "sku": goods.product.sku, "lot": goods.lot}
    for name, value in said.items():
        data[f"{PREFIX}-{at}-{name}"] = value
    return at


def _count_up(data: QueryDict, goods: SoldGoods) -> bool:
    """Count one more piece of some goods, as long as one may still come back; serial numbers are named one by one."""
    at = _place(data, goods)
    at = _append(data, goods) if at is None else at
    if goods.serials:
        return True
    name = f"{PREFIX}-{at}-quantity"
    text = str(data.get(name, "")).strip()
    so_far = int(text) * E4 if text.isascii() and text.isdigit() else 0
    if so_far + E4 > goods.returnable_e4:
        return False
    data[name] = decimal_text(so_far + E4, 4)
    return True


def loaded(numbers: Iterable[str]) -> list[LoadedSale]:
    """Return sales by number, those that exist."""
    wanted = list(numbers)
    found = load_sales(wanted, lock=False)
    return [found[number] for number in wanted if number in found]
