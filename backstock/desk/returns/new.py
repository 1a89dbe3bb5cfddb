"""A new return in two pages: find the sale, then say what comes back and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.queries import matching_lots
from backstock.core import clock
from backstock.core.commands import Done
from backstock.core.errors import QuantityRequired
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, may_or_refuse, nothing_to_do, page, status_of, tell
from backstock.desk.evidence.photos import Photos
from backstock.desk.fields import AmountField, Keyed, TextLine
from backstock.desk.parts import Tone
from backstock.desk.returns.drafts import draft_of, fill_in
from backstock.desk.returns.new_lines import line_forms, loaded, prefilled, sales_named, starting, with_more
from backstock.desk.returns.quotas import shown_uses
from backstock.desk.sales.goods import goods_of_sales
from backstock.desk.sales.listing import Row, prepare
from backstock.policies.engine import leaves
from backstock.policies.queries import policy_on
from backstock.returns.commands.draft import SettleDraft, settle_draft
from backstock.returns.commands.edit import EditReturn, edit_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.queries import legal_actions, loaded_return
from backstock.returns.requests.duplicates import Earlier, earlier_requests
from backstock.returns.requests.reading import read
from backstock.sales.loading import LoadedSale
from backstock.sales.models import Sale
from backstock.sales.queries import all_sales, find_sales, loaded_sale

FOUND = 20
# The types whose whole way is built.
TYPES = ("return_refund", "exchange", "replacement", "repair", "refund_only", "rejected_delivery", "allowance")
COMMON_REASONS = (
    gettext_lazy("Does not fit or please"), gettext_lazy("Damaged on arrival"), gettext_lazy("Does not work"),
    gettext_lazy("Wrong product sent"), gettext_lazy("Not as described"), gettext_lazy("Came too late"),
)  # fmt: skip


class RequestForm(Keyed):
    """What is asked once for the whole request."""

    type = forms.ChoiceField(
        label=gettext_lazy("What the customer wants"), choices=[(name, words.TYPES[name]) for name in TYPES]
    )
    amount = AmountField(
        label=gettext_lazy("Money off"),
        help_text=gettext_lazy("With a price allowance the customer keeps the goods and gets this much, tax included."),
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

    def clean(self) -> None:
        if self.cleaned_data.get("type") == "allowance" and not self.cleaned_data.get("amount"):
            self.add_error("amount", gettext_lazy("How much is taken off the price?"))


class NewReturn:
    """A request over sales of one customer, as one web request asked for it."""

    def __init__(self, request: HttpRequest, actor: Actor, sale: LoadedSale) -> None:
        self.first, self.photos, self.problem = sale, Photos(request, actor), ""
        policy = policy_on(clock.today(company().timezone)).terms
        called = words.reason_words()
        self.reasons = [(reason, words.word(called, reason)) for reason in leaves(policy.get("reasons") or [])]
        self.evidence_for = [words.word(called, reason) for reason in policy.get("evidence_for") or []]
        data: QueryDict | None = request.POST if request.method == "POST" else None
        self.text = (request.POST.get("more", "") if data is not None else request.GET.get("scan", "")).strip()[:200]
        self.adds = data is not None and ("find" in data or bool(self.text))
        # A message of the customer from which the form is filled in.
        self.draft = (request.POST if data is not None else request.GET).get("draft", "")[:40]
        if self.draft and data is None:
            may_or_refuse(actor, "returns.draft")
        draft = draft_of(self.draft) if self.draft and data is None else None
        said = draft.text if draft else ""
        self.photos.add(draft.files if draft else (), actor)
        self.form = RequestForm(
            data, initial={"note": said[:2000], "type": read(said).first("type") or "return_refund"}
        )
        self.form.fields["amount"].digits = sale.row.currency_digits  # type: ignore[attr-defined]
        if data is not None and self.adds and self.text:
            longer = with_more(data, self.text, sale.row.customer_id)
            if longer is None:
                self.problem = _("This customer has nothing left to return that fits “%(text)s”.") % {"text": self.text}
            data = longer or data
        others = [] if data is None else [number for number in sales_named(data) if number != sale.row.number]
        self.sales = [sale, *(each for each in loaded(others) if each.row.customer_id == sale.row.customer_id)]
        goods = goods_of_sales(self.sales)
        start = starting(goods) if data is None else []
        if data is None and self.text:
            prefilled(start, goods, self.text)
        if said:
            fill_in(start, goods, said, self.reasons)
        self.lines = line_forms(data, goods, self.reasons, start)

    @property
    def is_valid(self) -> bool:
        return not self.adds and self.form.is_valid() and self.lines.is_valid() and not self.photos.problems

    @property
    def earlier(self) -> list[Earlier]:
        """Return the requests that are about some of these goods already."""
        pieces = [piece.pk for form in self.lines if form.goods for piece in form.goods.line.pieces]
        return earlier_requests(pieces, clock.today(company().timezone))

    def wanted(self) -> tuple[RequestLine, ...]:
        """Return what comes back; refuse nothing at all."""
        wanted = tuple(line for line in (form.wanted() for form in self.lines) if line is not None)
        if not wanted:
            raise QuantityRequired(document=self.first.row.number)
        return wanted

    def run(self, actor: Actor) -> Done:
        """Ask for the return; raise the refusal."""
        data, number = self.form.cleaned_data, self.first.row.number
        evidence = self.photos.hashes + tuple(
            line.strip()[:200] for line in data["evidence"].splitlines() if line.strip()
        )
        asked = RequestReturn(
            sale=number, type=data["type"], lines=self.wanted(), evidence=evidence, note=data["note"], reference=data["reference"],
            amount_cents=data["amount"] or 0,
        )  # fmt: skip
        done = request_return(asked, actor=actor, key=data["key"])
        if self.draft and not done.repeated:
            settle_draft(SettleDraft(document=self.draft, became=done.document), actor=actor)
        return done


def outcome_words(done: Done) -> str:
    said = {
        "approve": _("%(number)s: the policy approved it. The goods may come."),
        "review": _("%(number)s: taken down. A person has to decide."),
        "reject": _("%(number)s: the policy turned it down. The reasons are below."),
    }
    return said.get(str(done.answer.get("outcome")), "%(number)s") % {"number": done.document}


@dataclass(frozen=True, slots=True)
class FoundSale:
    """A sale that was found, with what of it may still come back."""

    row: Row
    status: str
    tone: Tone
    left: str


def found_sales(text: str) -> list[FoundSale]:
    """Find sales by anything, the newest first, with what of each may still come back."""
    rows = prepare(list((find_sales(all_sales(), text) if text else all_sales())[:FOUND]))
    left: dict[str, list[str]] = {}
    for goods in goods_of_sales([row.sale for row in rows]):
        if goods.returnable_e4 > 0:
            left.setdefault(goods.sale, []).append(f"{goods.name} × {goods.returnable}")
    return [
        FoundSale(
            row, words.word(words.SALE_STATUSES, row.status), words.tone(words.SALE_STATUSES, row.status),
            ", ".join(left.get(row.head.number, [])[:3]),
        )
        for row in rows
    ]  # fmt: skip


def is_meant(text: str, sale: LoadedSale) -> bool:
    """Tell whether a text names this very sale: its number here or elsewhere, or a lot or serial that it sold."""
    if text.casefold() in (sale.row.number.casefold(), sale.row.reference.casefold()):
        return True
    lots = set(matching_lots(text))
    return any(piece.lot_id in lots for line in sale.lines for piece in line.pieces)


@page("sales.view")
def return_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Find the sale that something comes back from; a scanned label leads right to it."""
    may_or_refuse(actor, "returns.request")
    text = request.GET.get("q", "").strip()[:200]
    found = found_sales(text)
    if text and len(found) == 1 and is_meant(text, found[0].row.sale):
        address = reverse("return_new_of", args=[found[0].row.head.number])
        return redirect(f"{address}?{urlencode({'scan': text})}")
    context = {
        "title": _("New return"), "lead": _("Step 1 of 2: find the sale in which the goods left."), "text": text,
        "found": found, "most": FOUND, "target": "return_new_of", "takes_blind": True, "says_left": True,
    }  # fmt: skip
    return render(request, "desk/returns/find.html", context)


@page("sales.view")
def return_new_of(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Say what of one or several sales comes back, and ask for it."""
    may_or_refuse(actor, "returns.request")
    asked = NewReturn(request, actor, loaded_sale(number))
    return answer(request, asked, lambda: asked.run(actor), {})


@page("returns.view")
def return_add(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Add goods to a request that nobody has decided: of its sale, or of another one of the customer."""
    may_or_refuse(actor, "returns.edit")
    rma = loaded_return(number)
    sale_id = next((line.row.sale_id for line in rma.lines if line.row.sale_id), 0)
    if "returns.edit" not in legal_actions(rma) or not sale_id:
        return nothing_to_do(request, rma.row.number, _("Add goods"))
    asked = NewReturn(request, actor, loaded_sale(Sale(pk=sale_id).number))

    def run() -> Done:
        wanted = EditReturn(document=number, add=asked.wanted())
        return edit_return(wanted, actor=actor, key=asked.form.cleaned_data["key"])

    return answer(request, asked, run, {"adds_to": rma.row})


def answer(
    request: HttpRequest, asked: NewReturn, run: Callable[[], Done], context: dict[str, Any]
) -> HttpResponseBase:  # fmt: skip
    """Show the form, or take it."""
    status = 200
    if request.method == "POST" and not asked.adds:
        status = 422
        if asked.is_valid:
            try:
                done = run()
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                level = messages.success if done.answer.get("outcome") != "reject" else messages.warning
                level(
                    request, outcome_words(done) if "outcome" in done.answer else f"{done.document}: {_('Corrected.')}"
                )
                return redirect("return_page", done.document)
    context |= {
        "sale": asked.first.row,
        "sales": [each.row for each in asked.sales],
        "several": len(asked.sales) > 1,
        "form": asked.form,
        "photos": asked.photos,
        "lines": asked.lines,
        "earlier": [(each, words.word(words.STATUSES, each.status)) for each in asked.earlier],
        "problem": asked.problem,
        "draft": asked.draft,
        "quotas": shown_uses(asked.first.row.customer),
        "reasons": COMMON_REASONS,
        "evidence_for": ", ".join(asked.evidence_for),
        "has_reasons": bool(asked.reasons),
    }
    return render(request, "desk/returns/new.html", context, status=422 if asked.problem else status)
