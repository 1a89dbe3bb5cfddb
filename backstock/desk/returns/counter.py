"""A return over the counter: scan the receipt or the goods, tick what comes back, refund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.core import clock
from backstock.core.amounts import E4
from backstock.core.errors import QuantityRequired
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import Keyed, PickField, QuantityField, TextLine, chosen
from backstock.desk.figures import money_text
from backstock.desk.returns.explained import explained_plan
from backstock.desk.returns.new import COMMON_REASONS
from backstock.desk.sales.goods import SoldGoods, goods_sold
from backstock.desk.sales.listing import prepare
from backstock.policies.engine import leaves
from backstock.policies.queries import policy_on
from backstock.refunds.counter import NEEDED, CounterLine, foresee, take_back
from backstock.sales.loading import LoadedSale
from backstock.sales.queries import all_sales, find_sales, loaded_sale

FOUND = 20
# What the clerk sees of the goods: grade, and where they go.
STATES: Mapping[str, tuple[Any, str, str]] = {
    "good": (gettext_lazy("as new, back on the shelf"), "A", "restock"),
    "opened": (gettext_lazy("opened, back on the shelf at a discount"), "B", "restock_discounted"),
    "broken": (gettext_lazy("defective, back to the supplier"), "D", "return_to_vendor"),
    "waste": (gettext_lazy("not fit for sale, thrown away"), "D", "scrap"),
}
PAID_BY = ("original", "cash", "wechat", "alipay", "card", "bank", "store_credit")
STEP_NAMES: Mapping[str, Any] = {
    "returns.request": gettext_lazy("request"), "returns.approve": gettext_lazy("approve"),
    "returns.receive": gettext_lazy("receive"), "returns.inspect": gettext_lazy("inspect"),
    "returns.dispose": gettext_lazy("place goods"), "refunds.settle": gettext_lazy("refund"),
}  # fmt: skip


class CounterForm(Keyed):
    """What is asked once: how to pay, and why."""

    to = forms.ChoiceField(label=gettext_lazy("Money goes back by"))
    reason = TextLine(label=gettext_lazy("Reason"), most=60)
    note = TextLine(label=gettext_lazy("Note"), most=2000)

    def __init__(self, *args: Any, reasons: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        same = ("original", gettext_lazy("the way it was paid"))
        fields["to"].choices = [same, *((name, words.TENDERS[name]) for name in PAID_BY[1:])]
        if reasons:
            fields["reason"].widget = forms.Select(choices=chosen(reasons, gettext_lazy("Choose…")))
        else:
            fields["reason"].widget = forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"})


class GoodsLine(forms.Form):
    """One line of the sale: ticked when it comes back."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    sku = forms.CharField(widget=forms.HiddenInput, max_length=60)
    lot = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    back = forms.BooleanField(label=gettext_lazy("Comes back"), required=False)
    quantity = QuantityField(label=gettext_lazy("How many"))
    serials = PickField(label=gettext_lazy("Which come back"))
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[(key, label) for key, (label, _grade, _to) in STATES.items()]
    )
    goods: SoldGoods | None = None

    def offer(self, goods: SoldGoods | None) -> None:
        """Show boxes for serial numbers, or a quantity and a tick."""
        self.goods = goods
        fields: dict[str, Any] = self.fields
        if goods and goods.serials:
            fields["serials"].choices = [(code, code) for code in goods.serials]
            del fields["quantity"], fields["back"]
        else:
            del fields["serials"]

    def wanted(self, reason: str) -> CounterLine | None:
        """Return what comes back of this line, None for nothing."""
        data = self.cleaned_data
        serials = tuple(data.get("serials") or ())
        quantity = len(serials) * E4 if "serials" in data else (data["quantity"] or 0) if data["back"] else 0
        if not quantity:
            return None
        _label, grade, to = STATES[data["state"]]
        return CounterLine(
            line=data["line"], sku=data["sku"], quantity_e4=quantity, lot=data["lot"] or None, serials=serials,
            reason=reason, grade=grade, to=to,  # type: ignore[arg-type]
        )  # fmt: skip


class CounterPage:
    """A return over the counter as one request asked for it."""

    def __init__(self, request: HttpRequest, sale: LoadedSale, actor: Actor) -> None:
        self.sale, self.actor = sale, actor
        policy = policy_on(clock.today(company().timezone)).terms
        said = words.reason_words()
        self.reasons = [(reason, words.word(said, reason)) for reason in leaves(policy.get("reasons") or [])]
        data = request.POST if request.method == "POST" else None
        self.form = CounterForm(data, reasons=self.reasons)
        goods = goods_sold(sale)
        known = {each.key: each for each in goods}
        start: list[dict[str, Any]] = [
            {"line": each.position, "sku": each.product.sku, "lot": each.lot, "quantity": each.returnable_e4}
            for each in goods
            if each.returnable_e4 > 0
        ]
        if len(start) == 1:
            start[0]["back"] = True
        made = formset_factory(GoodsLine, extra=0)
        self.lines: BaseFormSet[GoodsLine] = made(data, initial=start, prefix="lines")
        for line in self.lines:
            line.offer(known.get((sale.row.number, str(line["line"].value()), str(line["lot"].value() or ""))))

    @property
    def is_valid(self) -> bool:
        return self.form.is_valid() and self.lines.is_valid()

    def _wanted(self) -> list[CounterLine]:
        reason = self.form.cleaned_data["reason"]
        return [each for each in (line.wanted(reason) for line in self.lines) if each is not None]

    def run(self) -> Any:
        """Take the goods back and pay; raise the refusal."""
        data, wanted = self.form.cleaned_data, self._wanted()
        if not wanted:
            raise QuantityRequired(document=self.sale.row.number)
        return take_back(self.sale.row.number, wanted, data["to"], self.actor, data["key"], data["note"])

    def foreseen(self) -> dict[str, Any]:
        """Say what would be paid, and where to, or why nothing would; while nothing is ticked there is nothing to say."""
        if not self.is_valid or not (wanted := self._wanted()):
            return {}
        if self.reasons and not self.form.cleaned_data["reason"]:
            return {"needs_reason": True}
        try:
            plan = foresee(self.sale.row.number, wanted, self.form.cleaned_data["to"], self.actor)
        except REFUSALS as error:
            return {"stop": tell(error)}
        if plan is None or plan.total("total_cents") <= 0:
            return {"is_nothing": True}
        return {"explained": explained_plan(plan)}


@page("returns.request")
def counter_find(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Find the sale by its receipt or by what was bought; the only one found is opened at once."""
    text = request.GET.get("q", "").strip()[:200]
    rows = prepare(list(find_sales(all_sales(), text)[:FOUND])) if text else []
    if len(rows) == 1:
        return redirect("counter_return", rows[0].head.number)
    found = [
        {
            "row": row,
            "status": words.word(words.SALE_STATUSES, row.status),
            "tone": words.tone(words.SALE_STATUSES, row.status),
        }
        for row in rows
    ]
    context = {
        "title": _("Return at the till"), "text": text, "found": found, "most": FOUND, "target": "counter_return",
        "lead": _("Scan the receipt or the goods; then tick what comes back and refund it."),
    }  # fmt: skip
    return render(request, "desk/returns/find.html", context)


@require_POST
@page("returns.request")
def counter_amount(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show what would be paid for what is ticked so far."""
    asked = CounterPage(request, loaded_sale(number), actor)
    return render(request, "desk/returns/counter_amount.html", asked.foreseen())


@page("returns.request")
def counter_return(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Tick what comes back, and refund it in one go."""
    asked, context, status = CounterPage(request, loaded_sale(number), actor), dict[str, Any](), 200
    if request.POST.get("do") == "show":
        context = asked.foreseen()
    elif request.method == "POST":
        status = 422
        if asked.is_valid:
            try:
                done = asked.run()
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                row = asked.sale.row
                paid = money_text(done.total_cents, row.currency, row.currency_digits)
                messages.success(
                    request,
                    _("%(number)s: taken back, %(amount)s refunded.") % {"number": done.document, "amount": paid},
                )
                return redirect("return_page", done.document)
    missing = [words.word(STEP_NAMES, each) for each in NEEDED if not actor.may(each)]
    context |= {
        "sale": asked.sale.row, "form": asked.form, "lines": asked.lines, "reasons": COMMON_REASONS,
        "has_reasons": bool(asked.reasons), "missing": words.listed(missing),
    }  # fmt: skip
    return render(request, "desk/returns/counter.html", context, status=status)
