"""A new return in two pages: find the sale, then say what comes back and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, BoundField, formset_factory
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.amounts import E4
from backstock.core.commands import Done
from backstock.core.errors import QuantityRequired
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, may_or_refuse, page, status_of, tell
from backstock.desk.evidence.photos import Photos
from backstock.desk.fields import Keyed, PickField, QuantityField, TextLine, chosen
from backstock.desk.sales.goods import SoldGoods, goods_sold
from backstock.desk.sales.listing import prepare
from backstock.policies.engine import leaves
from backstock.policies.queries import policy_on
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.requests import ExchangeFor
from backstock.sales.loading import LoadedSale
from backstock.sales.queries import all_sales, find_sales, loaded_sale

FOUND = 20
# The types whose whole way is built.
TYPES = ("return_refund", "exchange", "replacement", "repair", "refund_only", "rejected_delivery")
COMMON_REASONS = (
    gettext_lazy("Does not fit or please"), gettext_lazy("Damaged on arrival"), gettext_lazy("Does not work"),
    gettext_lazy("Wrong product sent"), gettext_lazy("Not as described"), gettext_lazy("Came too late"),
)  # fmt: skip


class SoldForm(forms.Form):
    """What of one line of the sale comes back."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    sku = forms.CharField(widget=forms.HiddenInput, max_length=60)
    lot = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    quantity = QuantityField(label=gettext_lazy("How many come back"))
    serials = PickField(label=gettext_lazy("Which come back"))
    reason = TextLine(label=gettext_lazy("Reason"), most=60)
    wish_sku = TextLine(
        label=gettext_lazy("Wants instead"), most=60, help_text=gettext_lazy("The product's code; for an exchange.")
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
            exchange_for=wish, line=data["line"], sku=data["sku"], quantity_e4=quantity, reason=data["reason"],
            lot=data["lot"] or None, serials=serials,
        )  # fmt: skip


class RequestForm(Keyed):
    """What is asked once for the whole request."""

    type = forms.ChoiceField(
        label=gettext_lazy("What the customer wants"), choices=[(name, words.TYPES[name]) for name in TYPES]
    )
    evidence = forms.CharField(
        label=gettext_lazy("Papers and links"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What lies elsewhere, one per line: a link, the number of a paper."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What the customer said. It can be erased later."),
    )  # fmt: skip
    reference = TextLine(
        label=gettext_lazy("Reference"), most=60, help_text=gettext_lazy("The number of this return elsewhere, if it has one.")
    )  # fmt: skip


class NewReturn:
    """A request for one sale, as one web request asked for it."""

    def __init__(self, request: HttpRequest, actor: Actor, sale: LoadedSale) -> None:
        self.sale, self.photos = sale, Photos(request, actor)
        policy = policy_on(clock.today(company().timezone)).terms
        said = words.reason_words()
        self.reasons = [(reason, words.word(said, reason)) for reason in leaves(policy.get("reasons") or [])]
        self.evidence_for = [words.word(said, reason) for reason in policy.get("evidence_for") or []]
        data = request.POST if request.method == "POST" else None
        self.form = RequestForm(data)
        self.lines = self._lines(data, goods_sold(sale))

    def _lines(self, data: Any, goods: Sequence[SoldGoods]) -> BaseFormSet[SoldForm]:
        known: Mapping[tuple[str, str], SoldGoods] = {each.key: each for each in goods}
        start = [
            {"line": each.position, "sku": each.product.sku, "lot": each.lot}
            for each in goods
            if each.returnable_e4 > 0
        ]
        lines: BaseFormSet[SoldForm] = formset_factory(SoldForm, extra=0)(data, initial=start, prefix="lines")
        for form in lines:
            form.offer(known.get((str(form["line"].value()), str(form["lot"].value() or ""))), self.reasons)
        return lines

    @property
    def is_valid(self) -> bool:
        return self.form.is_valid() and self.lines.is_valid() and not self.photos.problems

    def run(self, actor: Actor) -> Done:
        """Ask for the return; raise the refusal."""
        data, number = self.form.cleaned_data, self.sale.row.number
        wanted = [line for line in (form.wanted() for form in self.lines) if line is not None]
        if not wanted:
            raise QuantityRequired(document=number)
        evidence = self.photos.hashes + tuple(
            line.strip()[:200] for line in data["evidence"].splitlines() if line.strip()
        )
        asked = RequestReturn(
            sale=number, type=data["type"], lines=tuple(wanted), evidence=evidence, note=data["note"], reference=data["reference"]
        )  # fmt: skip
        return request_return(asked, actor=actor, key=data["key"])


def outcome_words(done: Done) -> str:
    said = {
        "approve": _("%(number)s: the policy approved it. The goods may come."),
        "review": _("%(number)s: taken down. A person has to decide."),
        "reject": _("%(number)s: the policy turned it down. The reasons are below."),
    }
    return said.get(str(done.answer.get("outcome")), "%(number)s") % {"number": done.document}


@page("sales.view")
def return_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Find the sale that something comes back from."""
    may_or_refuse(actor, "returns.request")
    text = request.GET.get("q", "").strip()[:200]
    rows = prepare(list((find_sales(all_sales(), text) if text else all_sales())[:FOUND]))
    found = [
        (row, words.word(words.SALE_STATUSES, row.status), words.tone(words.SALE_STATUSES, row.status)) for row in rows
    ]
    return render(request, "desk/returns/new_find.html", {"text": text, "found": found, "most": FOUND})


@page("sales.view")
def return_new_of(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Say what of a sale comes back, and ask for it."""
    may_or_refuse(actor, "returns.request")
    asked, context, status = NewReturn(request, actor, loaded_sale(number)), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if asked.is_valid:
            try:
                done = asked.run(actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                level = messages.success if done.answer.get("outcome") != "reject" else messages.warning
                level(request, outcome_words(done))
                return redirect("return_page", done.document)
    context |= {
        "sale": asked.sale.row,
        "form": asked.form,
        "photos": asked.photos,
        "lines": asked.lines,
        "reasons": COMMON_REASONS,
        "evidence_for": ", ".join(asked.evidence_for),
        "has_reasons": bool(asked.reasons),
    }
    return render(request, "desk/returns/new.html", context, status=status)
