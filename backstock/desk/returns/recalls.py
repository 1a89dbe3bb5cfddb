"""Recalls: the list, a new one, and the page of one with its buyers and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Action, Empty, Progress
from backstock.desk.tables import Column, Table
from backstock.returns.commands.recall import (
    AnswerRecall,
    AskRecall,
    CloseRecall,
    OpenRecall,
    RecallGoods,
    answer_recall,
    ask_recall,
    close_recall,
    open_recall,
)
from backstock.returns.models import Recall, RecallAsk
from backstock.returns.recall.progress import buyers_of, recall_of, standing_of, where_it_is

ANSWERS = {
    "waiting": gettext_lazy("Not reached yet"), "contacted": gettext_lazy("Told"),
    "refused": gettext_lazy("Keeps the goods"), "unreachable": gettext_lazy("Cannot be reached"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One recall of the list."""

    recall: Recall
    percent: int


def prepare(rows: Sequence[Recall]) -> list[Row]:
    """Count how far recalls have come."""
    standing = standing_of(rows)
    return [Row(row, standing[row.pk].percent) for row in rows]


TABLE = Table[Row](
    name="recalls",
    path="/returns/recalls/",
    title=gettext_lazy("Recalls"),
    rows=lambda: Recall.objects.order_by("-pk"),
    prepare=prepare,
    page_size=10,
    row_id=lambda row: row.recall.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.recall.number, sort="pk",
            link=lambda row: reverse("recall_page", args=[row.recall.number]),
        ),
        Column(key="title", label=gettext_lazy("What is called back"), value=lambda row: row.recall.title),
        Column(key="started", label=gettext_lazy("Began on"), kind="day", value=lambda row: row.recall.started_on),
        Column(key="percent", label=gettext_lazy("Settled, %"), kind="number", value=lambda row: row.percent),
        Column(key="closed", label=gettext_lazy("Closed on"), kind="day", value=lambda row: row.recall.closed_on),
    ),
    default_sort="-number",
    empty=Empty(
        icon="alert-triangle",
        title=gettext_lazy("No recalls"),
        explanation=gettext_lazy("When a lot turns out to be faulty, a recall blocks what is here and asks all buyers for theirs."),
    ),
)  # fmt: skip


@page("returns.view")
def recall_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the recalls."""
    new = Action(label=_("New recall"), href=reverse("recall_new"), icon="plus")
    actions = (new,) if actor.may("returns.open_recall") else ()
    return replace(TABLE, actions=actions).respond(request, "desk/list.html", {"heading": _("Recalls")})


class RecallForm(Keyed):
    """What is called back, and why."""

    title = TextLine(label=gettext_lazy("What is called back"), most=100, required=True)
    reason = TextLine(label=gettext_lazy("What is wrong with it"), most=500)
    sku = TextLine(label=gettext_lazy("Product code"), most=60)
    codes = forms.CharField(
        label=gettext_lazy("Lots or serial numbers"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=gettext_lazy("One per line; a scanner may type here."),
    )  # fmt: skip
    first = TextLine(label=gettext_lazy("Or all from serial number"), most=60)
    last = TextLine(label=gettext_lazy("To serial number"), most=60)
    purchase = TextLine(
        label=gettext_lazy("Or all that came with the delivery"), most=40, help_text=gettext_lazy("Its number, such as P000012.")
    )  # fmt: skip
    block = forms.BooleanField(label=gettext_lazy("Block what is still here"), required=False, initial=True)

    def wanted(self) -> OpenRecall:
        """Return the input of the command."""
        data = self.cleaned_data
        codes = tuple(dict.fromkeys(data["codes"].replace(",", " ").replace("，", " ").split()))
        goods = (
            RecallGoods(sku=data["sku"], codes=codes, first=data["first"] or None, last=data["last"] or None)
            if data["sku"]
            else None
        )
        return OpenRecall(
            title=data["title"], reason=data["reason"], goods=(goods,) if goods else (), purchase=data["purchase"].upper(),
            block=data["block"],
        )  # fmt: skip


@page("returns.view")
def recall_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Open a recall."""
    may_or_refuse(actor, "returns.open_recall")
    start = {name: request.GET[name][:60] for name in ("sku", "codes") if name in request.GET}
    form, context, status = RecallForm(request.POST or None, initial=start), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = open_recall(form.wanted(), actor=actor, key=form.cleaned_data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                return redirect("recall_page", done.document)
    return render(request, "desk/returns/recall_new.html", {**context, "form": form}, status=status)


@page("returns.view")
def recall_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show a recall: what is where, who has what, who answered what."""
    return shown(request, actor, recall_of(number), {})


def shown(
    request: HttpRequest, actor: Actor, recall: Recall, more: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    """Show the page of a recall."""
    buyers, ask = buyers_of(recall), recall.asks.order_by("-pk").first()
    context = {
        "recall": recall,
        "percent": standing_of([recall])[recall.pk].percent,
        **_asked(recall, ask),
        "buyers": [
            {
                "held": each, "had": quantity_text(each.held_e4), "back": quantity_text(each.back_e4),
                "asked": quantity_text(each.asked_e4), "answer": ANSWERS[each.answer or "waiting"],
                "goods": ", ".join(each.goods[:6]),
            }
            for each in buyers
        ],
        "places": [(words.word(words.PLACES, kind), quantity_text(e4)) for kind, e4 in sorted(where_it_is(recall).items())],
        "answers": ANSWERS.items(),
        "may_ask": recall.closed_on is None and actor.may("returns.request") and not (ask and ask.is_open),
        "may_answer": recall.closed_on is None and actor.may("returns.answer_recall"),
        "may_close": recall.closed_on is None and actor.may("returns.close_recall"),
        "form": Keyed(),
    }  # fmt: skip
    return render(request, "desk/returns/recall.html", context | more, status=status)


def _asked(recall: Recall, ask: RecallAsk | None) -> dict[str, Any]:
    """Say how far asking the buyers is, or what became of it."""
    if ask is None:
        return {}
    if ask.is_open:
        return {"progress": _progress(recall, ask)}
    said = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return {
        "ask": ask,
        "ask_failed": ask.message_zh if said == "zh" else ask.message_en,
        "refused": [(each["sale"], each[said]) for each in ask.refused],
    }


def _progress(recall: Recall, ask: RecallAsk) -> Progress:
    return Progress(
        name="ask-progress", label=_("Asking all buyers"), url=reverse("recall_progress", args=[recall.number]),
        done=ask.done, total=ask.total, state="waiting" if ask.state == "waiting" else "running" if ask.is_open else "done",
        note=_("You may leave this page; the work goes on."),
    )  # fmt: skip


@page("returns.view")
def recall_progress(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Tell how far asking is; when it has come to an end the page is loaded anew."""
    recall = recall_of(number)
    ask = recall.asks.order_by("-pk").first()
    if ask is None:
        raise Http404
    answer = render(request, "desk/components/progress.html", {"progress": _progress(recall, ask)})
    if not ask.is_open:
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_POST
@page("returns.view")
def recall_do(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Ask all buyers, write an answer down, or close."""
    recall, do = recall_of(number), request.POST.get("do", "")
    key = request.POST.get("key", "")[:80] or None
    try:
        if do == "ask":
            ask_recall(AskRecall(document=number), actor=actor, key=key)
        elif do == "close":
            close_recall(
                CloseRecall(document=number, reason=request.POST.get("reason", "")[:200]), actor=actor, key=key
            )
        elif do in ANSWERS:
            wanted: Any = AnswerRecall(document=number, customer=request.POST.get("customer", "")[:60], answer=do)  # type: ignore[arg-type]
            answer_recall(wanted, actor=actor)
    except REFUSALS as error:
        return shown(request, actor, recall, {"refusal": tell(error)}, status=status_of(error))
    return redirect("recall_page", number)
