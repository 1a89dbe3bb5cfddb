"""The page of one step of a return: its form, and what the command said to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from backstock.catalog.queries import lot_codes
from backstock.core import clock
from backstock.core.people import colleagues
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, may_or_refuse, nothing_to_do, page, status_of, tell
from backstock.desk.evidence.photos import Photos
from backstock.desk.evidence.section import theirs
from backstock.desk.fields import Keyed
from backstock.desk.returns.goods import Goods, Room, goods_of, goods_of_lines
from backstock.desk.returns.inspect_form import Asking, InspectGoods, OpinionGoods
from backstock.desk.returns.repairing import RepairHead
from backstock.desk.returns.request_forms import Offering, policy_reasons
from backstock.desk.returns.step_forms import Destroying, DisposeGoods, EditGoods, GoodsForm, Receipt
from backstock.desk.returns.step_inputs import Shelf
from backstock.desk.returns.steps import OPINION, STEPS, Step
from backstock.returns.loading import LoadedReturn
from backstock.returns.quality.blocks import grounds_for
from backstock.returns.quality.inspecting import rules_today
from backstock.returns.quality.verdicts import opinions_of, verdicts_of
from backstock.returns.queries import events_of, legal_actions, loaded_return
from backstock.stock.queries import values_in_quarantine
from backstock.warehouse.queries import warehouses_in_use

type Lines = BaseFormSet[GoodsForm]


def shelf_of(rma: LoadedReturn) -> Shelf:
    """Read what a form of goods in quarantine shows beside them."""
    own = company()
    return Shelf(
        verdicts=verdicts_of(events_of(rma.row.pk), opinions_of([rma.row.pk])),
        values=values_in_quarantine((piece.product_id for piece in rma.pieces), (line.row.pk for line in rma.lines)),
        currency=(own.currency, own.currency_digits),
        terms=rules_today()[1],
    )


class StepPage:
    """One step of one return, as one request asked for it."""

    def __init__(self, request: HttpRequest, actor: Actor, rma: LoadedReturn, step: Step) -> None:
        self.rma, self.step = rma, step
        takes = step.takes_photos and actor.may("evidence.attach")
        self.photos = Photos(request, actor) if takes else None
        self.shelf = shelf_of(rma) if step.needs_shelf else Shelf()
        data = request.POST if request.method == "POST" else None
        self.head: Keyed = step.head(data)
        if isinstance(self.head, RepairHead) and rma.row.type == "repair":
            # The customer wants the goods back.
            self.head.fields["to"].initial = "send_back"
        if isinstance(self.head, Receipt):
            self.head.offer({each.code: str(each) for each in warehouses_in_use()})
        elif isinstance(self.head, Destroying):
            own, language = company(), get_language() or "zh-hans"
            grounds = grounds_for(own.law, own.size, clock.today(own.timezone))
            self.head.offer(colleagues(actor.user_id), [(each.code, each.called(language)) for each in grounds])
        elif isinstance(self.head, Offering):
            self.head.offer_for(rma)
        self.questions = Asking.today() if step.line in (InspectGoods, OpinionGoods) else Asking()
        self.lines: Lines | None = None
        if step.line is EditGoods:
            self.lines = self._lines(data, step.line, [*self._editable()])
        elif step.line is not None and step.room is not None:
            self.lines = self._lines(data, step.line, [*self._goods(step.room)])

    def _goods(self, room: Room) -> Iterator[tuple[Goods, dict[str, Any]]]:
        for goods in goods_of(self.rma, room):
            which = {"sku": goods.product.sku, "lot": goods.lot, "serial": goods.serial, "offered": goods.left_e4}
            yield goods, which | self.step.initial(goods, self.shelf)

    def _editable(self) -> Iterator[tuple[Goods, dict[str, Any]]]:
        codes = lot_codes(piece.lot_id for piece in self.rma.pieces)
        for line, goods in goods_of_lines(self.rma, lambda piece: piece.requested_e4):
            serials = [codes.get(piece.lot_id, "") for piece in goods.pieces if piece.requested_e4]
            tracked = goods.product.tracking == "serial"
            which = {"sku": goods.product.sku, "line": line.row.position, "offered": goods.left_e4}
            which |= {"reason": line.row.reason, "reason_before": line.row.reason}
            start = {"serials": serials} if tracked else self.step.initial(goods, self.shelf)
            yield goods, which | start

    def _lines(self, data: Any, line: type[GoodsForm], known: list[tuple[Goods, dict[str, Any]]]) -> Lines:
        made = formset_factory(line, extra=0)
        more = {"digits": self.shelf.currency[1]} if line is DisposeGoods else {}
        start = [initial for goods, initial in known if goods.left_e4 > 0]
        lines: Lines = made(data, initial=start, prefix="lines", form_kwargs=more)
        by_key = {(str(initial.get("line", "")), *goods.key): (goods, initial) for goods, initial in known}
        reasons = policy_reasons() if line is EditGoods else []
        for form in lines:
            which = (form.said("line") if isinstance(form, EditGoods) else "", *form.key)
            form.goods, initial = by_key.get(which, (None, {}))
            if isinstance(form, EditGoods):
                form.offer(initial.get("serials", ()), reasons)
            if form.goods is not None:
                form.hint = self.step.hint(form.goods, self.shelf)
            if isinstance(form, InspectGoods):
                form.ask(self.questions, self.rma)
        return lines

    @property
    def is_valid(self) -> bool:
        whole = self.head.is_valid() and (self.lines is None or self.lines.is_valid())
        return whole and (self.photos is None or not self.photos.problems)

    def run(self, actor: Actor) -> None:
        """Run the command of the step; raise its refusal. Photos are kept first: they show what is there anyhow."""
        key = self.head.cleaned_data["key"]
        if self.photos:
            self.photos.attach(self.rma.row.number, actor, key, step=self.step.shown_as or self.step.name)
        forms = [] if self.lines is None else list(self.lines)
        command, wanted = self.step.input(self.rma.row.number, self.head, forms)
        command(wanted, actor=actor, key=key)


@page("returns.view")
def return_step(request: HttpRequest, actor: Actor, number: str, name: str) -> HttpResponseBase:
    """Show the form of a step, or take the step."""
    step = STEPS.get(name)
    if step is None:
        raise Http404
    may_or_refuse(actor, step.permission)
    rma = loaded_return(number)
    if request.method != "POST" and step.permission not in legal_actions(rma):
        return nothing_to_do(request, rma.row.number, step.label)
    return _answer(request, actor, rma, step)


@page("returns.inspect")
def second_opinion(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show the form for another inspector's verdict, or take it."""
    rma = loaded_return(number)
    if request.method != "POST" and not any(piece.to_dispose_e4 for piece in rma.pieces):
        return nothing_to_do(request, rma.row.number, OPINION.label)
    return _answer(request, actor, rma, OPINION)


def _answer(request: HttpRequest, actor: Actor, rma: LoadedReturn, step: Step) -> HttpResponseBase:
    asked, context, status = StepPage(request, actor, rma, step), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if asked.is_valid:
            try:
                asked.run(actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, f"{rma.row.number}: {step.done}")
                return redirect("return_page", rma.row.number)
    context["may_go_straight"] = actor.may("returns.send_straight")
    context |= {"rma": rma.row, "step": step, "head": asked.head, "lines": asked.lines}
    context |= {"photos": asked.photos, "takes_photos": asked.photos is not None}
    context["theirs"] = theirs(rma.row.number) if step.name == "inspect" else []
    return render(request, "desk/returns/step.html", context, status=status)
