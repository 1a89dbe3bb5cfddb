"""The forms of the steps: what stands once on the page, and what stands for every product, lot or serial number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy

from backstock.desk import words
from backstock.desk.fields import AmountField, Keyed, PickField, QuantityField, TextLine, chosen
from backstock.desk.returns.goods import Goods
from backstock.desk.returns.sending import SendingHead

PARTS = 3


class GoodsForm(forms.Form):
    """What is done with some goods. Which goods is posted along: the same form sent twice says the same twice."""

    sku = forms.CharField(widget=forms.HiddenInput, max_length=60)
    lot = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    serial = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    # How many the page offered.
    offered = forms.IntegerField(widget=forms.HiddenInput)
    goods: Goods | None = None
    hint = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.said("sku"), self.said("lot"), self.said("serial"))

    def said(self, name: str) -> str:
        return str(self[name].value() or "")

    @property
    def shown(self) -> list[BoundField]:
        """What is asked of every product."""
        return [field for field in self.visible_fields() if field.name.rpartition("_")[2] not in ("2", "3")]

    @property
    def splits(self) -> list[list[BoundField]]:
        """What is asked when not all pieces of it fare alike."""
        found = [
            [field for field in self.visible_fields() if field.name.endswith(f"_{n}")] for n in range(2, PARTS + 1)
        ]
        return [part for part in found if part] if self.goods is None or self.goods.can_split else []

    @property
    def is_split(self) -> bool:
        return any(field.value() for part in self.splits for field in part if field.name.startswith("quantity"))

    def which(self) -> dict[str, Any]:
        """Say which goods, as commands want it."""
        data = self.cleaned_data
        serials = (data["serial"],) if data["serial"] else ()
        return {"sku": data["sku"], "lot": data["lot"] or None, "serials": serials}

    def parts(self, *names: str) -> list[dict[str, Any]]:
        """Return the parts with a quantity: the named fields of each, without their number."""
        data = self.cleaned_data
        return [
            {name: data[f"{name}_{n}"] for name in ("quantity", *names)}
            for n in range(1, PARTS + 1)
            if data.get(f"quantity_{n}")
        ]

    def need(self, name: str, problem: Any) -> None:
        """Mark a field of every part that says how many and leaves this open."""
        for n in range(1, PARTS + 1):
            if self.cleaned_data.get(f"quantity_{n}") and not self.cleaned_data.get(f"{name}_{n}"):
                self.add_error(f"{name}_{n}", problem)


class ApproveGoods(GoodsForm):
    """How many are authorised."""

    quantity = QuantityField(label=gettext_lazy("Authorise"))


class ReceiveGoods(GoodsForm):
    """What lay in the parcel."""

    received = QuantityField(label=gettext_lazy("In good order"))
    damaged = QuantityField(label=gettext_lazy("Damaged"))
    missing = QuantityField(label=gettext_lazy("Missing"))


class DisposeGoods(GoodsForm):
    """Where the goods go, in up to three parts."""

    def __init__(self, *args: Any, digits: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, PARTS + 1):
            self.fields[f"quantity_{n}"] = QuantityField(label=gettext_lazy("Quantity"))
            self.fields[f"to_{n}"] = forms.ChoiceField(
                label=gettext_lazy("Where to"), required=False,
                choices=chosen([*words.DISPOSITIONS.items()], gettext_lazy("Choose…")),
            )  # fmt: skip
            self.fields[f"value_{n}"] = AmountField(
                label=gettext_lazy("New value of all these pieces"), digits=digits,
                help_text=gettext_lazy("At most what they cost; empty keeps their cost."),
            )  # fmt: skip

    def clean(self) -> None:
        self.need("to", gettext_lazy("Say where they go."))


class EditGoods(GoodsForm):
    """The corrected quantity of one line of a request, or which serial numbers it is about."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    serials = PickField(label=gettext_lazy("Serial numbers"))
    reason = TextLine(label=gettext_lazy("Reason"), most=60)
    reason_before = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)

    def offer(self, serials: Sequence[str], reasons: Sequence[tuple[str, str]]) -> None:
        """Show the boxes of serial numbers, or the field for a quantity, and the reasons of the policy."""
        if reasons:
            self.fields["reason"].widget = forms.Select(choices=chosen(reasons, gettext_lazy("Choose…")))
        del self.fields["quantity" if serials else "serials"]
        if serials:
            self.fields["serials"].choices = [(code, code) for code in serials]  # type: ignore[attr-defined]


class Approval(Keyed):
    """Nothing but the goods."""


class Destroying(Keyed):
    """Who saw that goods were destroyed, and why the law allows it."""

    witness = forms.ChoiceField(label=gettext_lazy("Witness of the destruction"), required=False)
    ground = forms.ChoiceField(
        label=gettext_lazy("Why the law allows to destroy it"), required=False,
        help_text=gettext_lazy("Only for goods that the law protects from destruction; it is kept with the document."),
    )  # fmt: skip

    def offer(self, witnesses: Sequence[tuple[str, str]], grounds: Sequence[tuple[str, str]]) -> None:
        """Offer the colleagues, and the grounds of the law where one binds this company."""
        witness: Any = self.fields["witness"]
        witness.choices = chosen(witnesses, gettext_lazy("Nobody"))
        ground: Any = self.fields["ground"]
        ground.choices = chosen(grounds, gettext_lazy("None"))
        if not grounds:
            del self.fields["ground"]


class Placing(SendingHead, Destroying):
    """Whom goods go back to, where it is not the supplier who delivered them last."""

    supplier = TextLine(
        label=gettext_lazy("Supplier who takes goods back"), most=60,
        help_text=gettext_lazy("Only for goods that go back to a supplier; empty: who delivered them last."),
    )  # fmt: skip
    field_order = ("key", "supplier", "witness", "ground")


class Reason(Keyed):
    """Why."""

    reason = TextLine(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It is kept with the document; no names or phone numbers please."),
    )


class NeededReason(Keyed):
    """Why, which the customer will want to know."""

    reason = TextLine(
        label=gettext_lazy("Why"), required=True,
        help_text=gettext_lazy("It is kept with the document; no names or phone numbers please."),
    )  # fmt: skip


class Receipt(Keyed):
    """Where the goods were received, and what else lay in the parcel."""

    warehouse = forms.ChoiceField(label=gettext_lazy("Warehouse"), required=False)
    wrong_sku = TextLine(label=gettext_lazy("Product code on it"), most=60)
    wrong_quantity = QuantityField(label=gettext_lazy("Quantity"))

    def offer(self, warehouses: Mapping[str, str]) -> None:
        field: Any = self.fields["warehouse"]
        field.choices = chosen([*warehouses.items()], gettext_lazy("Where it was sold from"))

    def clean(self) -> None:
        sku, quantity = self.cleaned_data.get("wrong_sku"), self.cleaned_data.get("wrong_quantity")
        if sku and not quantity:
            self.add_error("wrong_quantity", gettext_lazy("How many of it?"))
        if quantity and not sku:
            self.add_error("wrong_sku", gettext_lazy("Which product is it?"))


class Settlement(Keyed):
    """How the refund differs from what policy and sale say; empty fields mean: as they say."""

    amount = AmountField(label=gettext_lazy("Amount to refund"), help_text=gettext_lazy("Empty: all that is due."))
    fee = AmountField(label=gettext_lazy("Fee kept"), help_text=gettext_lazy("Empty: what the policy says."))
    return_shipping = AmountField(
        label=gettext_lazy("Return freight the customer pays"), help_text=gettext_lazy("Taken off the refund.")
    )
    shipping = AmountField(
        label=gettext_lazy("Shipping fee given back"), help_text=gettext_lazy("Empty: what the policy says.")
    )
    to = forms.ChoiceField(label=gettext_lazy("Where the money goes"), required=False)
    paid_by_hand = forms.BooleanField(
        label=gettext_lazy("Already paid"),
        required=False,
        help_text=gettext_lazy(
            "You have sent the money yourself: by bank transfer, or at the card terminal. Not for means with a gateway."
        ),
    )
    # The wish whose figures the page showed; another one is shown before anything is paid.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def offer(self, digits: int, blind: bool) -> None:
        for name in ("amount", "fee", "return_shipping", "shipping"):
            self.fields[name].digits = digits  # type: ignore[attr-defined]
        known = [(name, words.TENDERS[name]) for name in ("store_credit", "cash", "bank")]
        original = ("original", gettext_lazy("Back the way it was paid"))
        field: Any = self.fields["to"]
        field.choices = chosen(known, gettext_lazy("Choose…")) if blind else [original, *known]
