"""Read recalls: how far each buyer and the whole have come, counted from the sales; and what is where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, Case, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Least

from backstock.catalog.queries import lot_codes
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import document_id, row_id
from backstock.partners.models import Partner
from backstock.returns.models import Recall, RecallBuyer, RecallLot, Return, ReturnEvent, ReturnPiece
from backstock.returns.recall.errors import NotRecalled, RecallOver
from backstock.returns.requests.planning import RequestReturn
from backstock.sales.models import SalePiece
from backstock.stock.places import kind_of
from backstock.stock.tracing import whereabouts_of_lots

# Answers after which nobody waits for these pieces any more.
FINAL = ("refused", "unreachable")


def recall_of(number: str) -> Recall:
    """Return a recall by number; raise UnknownDocument."""
    return recall_in(locked_recalls([number], lock=False), number)


def locked_recalls(numbers: Iterable[str], lock: bool = True) -> dict[str, Recall]:
    """Return the recalls of the numbers that exist."""
    rows = Recall.objects.select_for_update() if lock else Recall.objects.all()
    ids = {pk for number in numbers if (pk := document_id("RC", number)) is not None}
    return {recall.number: recall for recall in rows.filter(pk__in=ids).order_by("pk")}


def recall_in(recalls: Mapping[str, Recall], number: str) -> Recall:
    """Return a recall by number; raise UnknownDocument."""
    if number not in recalls:
        raise UnknownDocument(document=number[:60])
    return recalls[number]


@dataclass(slots=True)
class Held:
    """What one customer had, and how it stands now, in 1/10,000."""

    customer: Partner
    held_e4: int = 0
    back_e4: int = 0
    asked_e4: int = 0
    # Pieces that are neither back nor answered for.
    waiting_e4: int = 0
    answer: str = ""
    goods: list[str] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)


def buyers_of(recall: Recall) -> list[Held]:
    """Return how each buyer of a recall stands, the longest waiting first."""
    rows = list(RecallBuyer.objects.filter(recall=recall).select_related("customer", "product").order_by("pk"))
    pieces = SalePiece.objects.in_bulk([row.sale_piece_id for row in rows])
    codes = lot_codes(row.lot_id for row in rows)
    made: dict[int, list[str]] = defaultdict(list)
    for pk, customer_id in (
        Return.objects.filter(reference=recall.number).order_by("pk").values_list("pk", "customer_id")
    ):
        made[customer_id].append(Return(pk=pk).number)
    found: dict[int, Held] = {}
    for row in rows:
        each = found.setdefault(row.customer_id, Held(row.customer, answer=row.answer, returns=made[row.customer_id]))
        piece = pieces[row.sale_piece_id]
        out_e4 = piece.shipped_e4 - piece.received_e4 + piece.sent_back_e4
        each.held_e4 += row.held_e4
        each.back_e4 += max(0, row.held_e4 - out_e4)
        each.waiting_e4 += 0 if row.answer in FINAL else min(row.held_e4, out_e4)
        each.asked_e4 += min(piece.open_e4, row.held_e4)
        each.goods.append(f"{row.product.sku} {codes.get(row.lot_id, '')}".strip())
    return sorted(found.values(), key=lambda each: (not each.waiting_e4, each.customer.code))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a recall is as a whole, in 1/10,000."""

    held_e4: int = 0
    waiting_e4: int = 0

    @property
    def percent(self) -> int:
        """How much is back or answered for: 100 when nobody had anything."""
        return 100 if not self.held_e4 else (self.held_e4 - self.waiting_e4) * 100 // self.held_e4


def standing_of(recalls: Iterable[Recall]) -> dict[int, Standing]:
    """Return how far recalls are, by id, in one statement however many buyers they have; none, no statement."""
    ids = {recall.pk for recall in recalls}
    if not ids:
        return {}
    piece = SalePiece.objects.filter(pk=OuterRef("sale_piece_id"))
    out = Subquery(piece.values(out=F("shipped_e4") - F("received_e4") + F("sent_back_e4")))
    waits = Case(When(answer__in=FINAL, then=Value(0)), default=Least("held_e4", out), output_field=BigIntegerField())
    sums = (
        RecallBuyer.objects.filter(recall_id__in=ids).values("recall_id").annotate(held=Sum("held_e4"), left=Sum(waits))
    )
    found = {pk: Standing(int(held), int(left)) for pk, held, left in sums.values_list("recall_id", "held", "left")}
    return {pk: found.get(pk, Standing()) for pk in ids}


def where_it_is(recall: Recall) -> dict[str, int]:
    """Return how many pieces of a recall lie where: {kind of place: quantity}."""
    sums: dict[str, int] = defaultdict(int)
    lots = RecallLot.objects.filter(recall=recall).values_list("lot_id", flat=True)
    for places in whereabouts_of_lots(lots).values():
        for place, quantity_e4 in places.items():
            sums[kind_of(place)] += quantity_e4
    return dict(sums)


def refuse_not_recalled(wanted: RequestReturn, called_back: dict[str, set[tuple[str, str]]]) -> None:
    """Refuse to ask in the name of a recall for what it does not call back."""
    if wanted.recall is None:
        return
    if wanted.recall not in called_back:
        raise UnknownDocument(document=wanted.recall)
    goods = called_back[wanted.recall]
    if not goods:
        raise RecallOver(document=wanted.recall)
    for line in wanted.lines:
        codes = [*((line.lot,) if line.lot else ()), *line.serials]
        if not codes or any((line.sku, code) not in goods for code in codes):
            raise NotRecalled(document=wanted.recall, sku=line.sku)


def called_back_by(numbers: Iterable[str | None]) -> dict[str, set[tuple[str, str]]]:
    """Return what recalls call back: {number: {(sku, lot or serial)}}, nothing for one that is closed; none named, no statement."""
    ids: dict[int, str] = {}
    for number in {each for each in numbers if each}:
        try:
            ids[row_id("RC", number)] = number
        except UnknownDocument:
            continue
    if not ids:
        return {}
    found: dict[str, set[tuple[str, str]]] = {}
    for recall in Recall.objects.filter(pk__in=ids):
        found[ids[recall.pk]] = set()
    rows = RecallLot.objects.filter(recall_id__in=ids, recall__closed_on=None).select_related("product")
    codes = lot_codes(row.lot_id for row in rows)
    for row in rows:
        found[ids[row.recall_id]].add((row.product.sku, codes[row.lot_id]))
    return found


def recalls_of_lot(lot_id: int) -> list[Recall]:
    """Return the recalls that call a lot back."""
    return list(Recall.objects.filter(lots__lot_id=lot_id).order_by("pk"))


def inspections_of_lot(lot_id: int) -> list[ReturnEvent]:
    """Return what inspections found about pieces of a lot."""
    pieces = ReturnPiece.objects.filter(lot_id=lot_id).values("pk")
    return list(ReturnEvent.objects.filter(kind="inspect", piece_id__in=pieces).order_by("pk"))
