"""Messages of customers: paste one, see what was understood and why, and make a request of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.catalog.queries import matching_lots
from backstock.core.amounts import E4, decimal_text
from backstock.core.errors import UnknownDocument
from backstock.core.files import is_hash
from backstock.core.numbers import document_id, row_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.evidence.photos import Photos
from backstock.desk.fields import Keyed
from backstock.desk.sales.goods import SoldGoods
from backstock.partners.queries import matching_partners
from backstock.returns.commands.draft import DraftRequest, SettleDraft, draft_request, settle_draft
from backstock.returns.models import RequestDraft
from backstock.returns.requests.reading import Reading, read
from backstock.sales.models import Sale, SalePiece
from backstock.sales.queries import all_sales

MOST = 5
SAID = {
    "code": gettext_lazy("Number"), "phone": gettext_lazy("Phone"), "name": gettext_lazy("Name"),
    "quantity": gettext_lazy("Quantity"), "reason": gettext_lazy("Reason"), "type": gettext_lazy("What the customer wants"),
}  # fmt: skip
# What a word about the reason is called where the policy has no reasons of its own.
REASONS = {
    "wrong": gettext_lazy("Wrong product sent"), "damaged": gettext_lazy("Damaged on arrival"),
    "defective": gettext_lazy("Does not work"), "description": gettext_lazy("Not as described"),
    "late": gettext_lazy("Came too late"), "unfit": gettext_lazy("Does not fit or please"),
}  # fmt: skip


@dataclass(slots=True)
class Proposal:
    """What a message may mean: the sales it may be about, the likeliest first, with why."""

    reading: Reading
    sales: list[tuple[Sale, str]] = field(default_factory=list)


def proposal_for(text: str) -> Proposal:
    """Find the sales that a message names: by number, by serial or lot, by phone, by name."""
    reading = read(text)
    found: dict[int, str] = {}
    codes = reading.values("code")[:20]
    ids = {document_id("S", code): code for code in codes} | {}
    named = Q(pk__in=[pk for pk in ids if pk is not None]) | Q(reference__in=codes)
    for sale in all_sales().filter(named)[:MOST]:
        found[sale.pk] = sale.reference if sale.reference in codes else sale.number
    lots = {lot: code for code in codes for lot in matching_lots(code, 3)}
    for sale_id, lot in (
        SalePiece.objects.filter(lot_id__in=lots).order_by("-pk").values_list("line__sale_id", "lot_id")[:MOST]
    ):
        found.setdefault(sale_id, lots[lot])
    for word in [*reading.values("phone"), *reading.values("name")][:4]:
        for sale in (
            all_sales().filter(customer_id__in=matching_partners(word, 5))[:MOST] if not found or codes == [] else ()
        ):
            found.setdefault(sale.pk, word)
    rows = {sale.pk: sale for sale in all_sales().filter(pk__in=found)}
    return Proposal(reading, [(rows[pk], why) for pk, why in found.items() if pk in rows][:MOST])


def fill_in(
    start: list[dict[str, Any]], goods: Sequence[SoldGoods], text: str, reasons: Sequence[tuple[str, str]]
) -> None:
    """Fill what a message says into the lines of a fresh form: products it names, quantities, the reason."""
    reading = read(text)
    low, reason = reading.text.casefold(), reason_in(reading, reasons)
    meant = {each.key: at for each in goods if (at := _named_at(each, low)) >= 0}
    left = [each for each in goods if each.returnable_e4 > 0]
    if not meant and len(left) == 1:
        meant = {left[0].key: 0}
    by_key = {each.key: each for each in goods}
    for line in start:
        key = (line["sale"], str(line["line"]), line["lot"])
        if key not in meant:
            continue
        one, line["reason"] = by_key[key], reason
        if one.serials:
            line["serials"] = [code for code in one.serials if code.casefold() in low]
        else:
            line["quantity"] = decimal_text(min(reading.quantity_near(meant[key]) * E4, one.returnable_e4), 4)


def _named_at(goods: SoldGoods, low: str) -> int:
    """Return where a text names some goods: by code, lot, serial or name; -1 for nowhere."""
    product = goods.product
    for word in (product.sku, goods.lot, *goods.serials, product.name):
        if len(word) > 1 and (at := low.find(word.casefold())) >= 0:
            return at
    return -1


def reason_in(reading: Reading, reasons: Sequence[tuple[str, str]]) -> str:
    """Return the reason that a message gives: one of the policy's where it has some."""
    code, low = reading.first("reason"), reading.text.casefold()
    if not reasons:
        return str(REASONS[code]) if code in REASONS else ""
    return next((known for known, said in reasons if known == code or said.casefold() in low), "")


def draft_of(number: str) -> RequestDraft:
    """Return a draft by number; raise UnknownDocument."""
    found = RequestDraft.objects.filter(pk=row_id("RD", number)).first()
    if found is None:
        raise UnknownDocument(document=number[:60])
    return found


class PasteForm(Keyed):
    """A message as it was written."""

    text = forms.CharField(
        label=gettext_lazy("What the customer wrote"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Paste it from the chat. It is erased as soon as it is dealt with."),
    )  # fmt: skip


@page("returns.view")
def draft_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the messages that wait, and take a new one."""
    may_or_refuse(actor, "returns.draft")
    form, context, status = PasteForm(request.POST or None), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = draft_request(
                    DraftRequest(text=form.cleaned_data["text"]), actor=actor, key=form.cleaned_data["key"]
                )
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                return redirect("draft_page", done.document)
    waiting = RequestDraft.objects.filter(settled_at=None).order_by("-pk")[:50]
    return render(request, "desk/returns/drafts.html", {**context, "form": form, "waiting": waiting}, status=status)


@page("returns.view")
def draft_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show a message with what was understood, and the sales that it may be about."""
    may_or_refuse(actor, "returns.draft")
    draft = draft_of(number)
    found = proposal_for(draft.text)
    names = {**{code: words.TYPES[code] for code in words.TYPES}, **REASONS}
    heard = [(SAID[each.what], names.get(each.value, each.value), each.word) for each in found.reading.heard]
    photos = Photos(request, actor)
    photos.add(draft.files, actor)
    others = [name for name in draft.files if not is_hash(name)]
    context = {"photos": photos, "names": others, "draft": draft, "heard": heard, "sales": found.sales}
    return render(request, "desk/returns/draft.html", context)


@require_POST
@page("returns.view")
def draft_aside(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Put a message aside."""
    may_or_refuse(actor, "returns.settle_draft")
    settle_draft(SettleDraft(document=number), actor=actor)
    return redirect("draft_list")
