"""Labels to print for what was received, and where a scanned label leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.catalog.queries import matching_lots
from backstock.core.numbers import row_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.dock.unclaimed import loaded
from backstock.desk.figures import quantity_text
from backstock.desk.returns.steps import STEPS
from backstock.returns.dock.plates import Plate, plates_of, plates_of_unclaimed, read_plate, unclaimed_plate
from backstock.returns.dock.scanning import read_code
from backstock.returns.loading import load_returns_by_id
from backstock.returns.models import Return, ReturnPiece
from backstock.returns.queries import legal_actions
from backstock.warehouse.queries import warehouse_names

MOST_RETURNS = 200
# The steps in which goods that lie here are looked for, in their order.
AT_HAND = ("receive", "inspect", "dispose")


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A QR code as the path of an SVG: one unit for each module, its quiet zone included."""

    side: int
    path: str


@dataclass(frozen=True, kw_only=True)
class LabelView:
    """One label as it is printed."""

    plate: Plate
    square: Square
    quantity: str
    place: str


def square(text: str) -> Square:
    """Draw a QR code; a hand scanner reads from it what is printed beside it."""
    modules = segno.make(text, micro=False, error="m").matrix_iter(border=4)
    rows = [list(row) for row in modules]
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return Square(side=len(rows), path="".join(dark))


def views(plates: Sequence[Plate]) -> list[LabelView]:
    """Show plates as labels."""
    houses = warehouse_names()
    return [
        LabelView(
            plate=plate, square=square(plate.number), quantity=quantity_text(plate.quantity_e4, plate.product.unit),
            place=words.place_words(plate.place_id, houses) if plate.place_id else "",
        )
        for plate in plates
    ]  # fmt: skip


@page("returns.view")
def labels(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Print the labels of returns (`of`, all of them or those of the `last` receipts) or of goods without an owner."""
    numbers = [each for each in request.GET.get("of", "").split(",") if each][:MOST_RETURNS]
    nobodys = [number for number in numbers if number.startswith("UN")]
    ids = [row_id("R", number) for number in numbers if number not in nobodys]
    plates = plates_of(ids, only_last="last" in request.GET)
    plates += [plate for number in nobodys for plate in plates_of_unclaimed(loaded(number))]
    return render(request, "desk/dock/labels.html", {"labels": views(plates), "numbers": numbers})


@page("returns.view")
def goto(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Lead from a scanned label, number or serial number to the step that its goods wait for, with these goods marked."""
    code, step = request.GET.get("code", "").strip()[:100], request.GET.get("step", "")
    if plate := read_plate(code):
        marked = {"sku": plate.product.sku, "code": plate.code}
        return redirect(_step_of(row_id("R", plate.document), actor, step, marked))
    if number := unclaimed_plate(code):
        return redirect("unclaimed_page", number)
    rma_id, marked = _rma_of(code)
    if rma_id:
        return redirect(_step_of(rma_id, actor, step, marked))
    return redirect(f"{reverse('return_list')}?{urlencode({'q': code})}")


def _rma_of(code: str) -> tuple[int, dict[str, str]]:
    """Return the return that a code names, or in which goods with this lot or serial number lie here."""
    meaning = read_code(code)
    if meaning.rma_ids:
        return meaning.rma_ids[0], {}
    if meaning.goods is None or not (meaning.goods.lot or meaning.goods.serial):
        return 0, {}
    pieces = ReturnPiece.objects.filter(lot_id__in=matching_lots(code), received_e4__gt=0).order_by("-pk")
    found = pieces.values_list("line__rma_id", flat=True).first()
    return found or 0, {"sku": meaning.goods.product.sku, "code": code}


def _step_of(rma_id: int, actor: Actor, step: str, marked: dict[str, str]) -> str:
    """Return the address of the step that was asked for, else the next one that this reader may take, else of the return."""
    number = Return(pk=rma_id).number
    rma = load_returns_by_id([rma_id], lock=False).get(rma_id)
    legal = legal_actions(rma, actor) if rma is not None else []
    open_steps = [name for name in AT_HAND if STEPS[name].permission in legal]
    wanted = step if step in open_steps else next(iter(open_steps), "")
    if not wanted:
        return reverse("return_page", args=[number])
    query = urlencode({key: value for key, value in marked.items() if value})
    return f"{reverse('return_step', args=[number, wanted])}{f'?{query}' if query else ''}"


def plate_words(plate: Plate) -> str:
    """Say what a scanned label is about."""
    facts = {
        "plate": plate.number, "number": plate.document, "product": plate.product.name or plate.product.sku,
        "quantity": quantity_text(plate.quantity_e4, plate.product.unit),
    }  # fmt: skip
    return _("%(plate)s was received already: %(number)s, %(product)s × %(quantity)s.") % facts
