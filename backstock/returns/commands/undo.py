"""Take the last step of a return (also its supplier's credit) back by its mirror, while that is still possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.queries import Catalogue
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import TransitionNotAllowed
from backstock.core.permissions import UNDO_NEEDS
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.queries import transfers_of_logs
from backstock.money.transfers import Pay
from backstock.owing.crediting import Credits, load_credits, take_credits_back, write_taken_back
from backstock.owing.models import PartnerPayment
from backstock.returns.after.aftermath import Aftermath, Hanging, aftermath_of
from backstock.returns.after.aftermath import write_taken_back as write_hanging
from backstock.returns.after.claims import Claims, open_claims
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.after.swapping import require_ours
from backstock.returns.commands.dispose import WAITING
from backstock.returns.costing import Returning
from backstock.returns.dock.unclaimed import Happened, matches_of_logs, note, refuse_answered, unmatch
from backstock.returns.errors import AlreadyRefunded
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn, load_returns, return_of
from backstock.returns.models import ReturnEvent, ReturnPiece, SecondOpinion, UnclaimedEvent, UnclaimedLine
from backstock.returns.recording import Event, record
from backstock.sales.models import SalePiece
from backstock.stock.errors import InsufficientStock
from backstock.stock.moves import Move
from backstock.stock.places import PHYSICAL, SUPPLIER, kind_of
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.queries import moves_of_logs
from backstock.stock.sheet import Sheet


@typed(frozen=True, kw_only=True, config=STRICT)
class UndoStep(Input):
    """Which return, and which kind of step: its last one is taken back."""

    document: str
    what: Literal["receive", "inspect", "dispose", "finish_repair", "vendor_credit"]


@dataclass(slots=True)
class Plan:
    """A step that can be taken back."""

    rma: LoadedReturn
    log_id: int
    events: list[Event]
    moves: list[Move]
    transfers: list[Pay]
    credits: list[PartnerPayment]
    hanging: Hanging
    unmatched: list[Happened] = field(default_factory=list)


@command("returns.undo", UndoStep, permission=lambda wanted: UNDO_NEEDS[wanted.what])
def undo_step(batch: Batch[UndoStep]) -> None:
    """Undo the last receipt, inspection, disposition or supplier's credit; raise what stands in the way."""
    returns = load_returns(item.input.document for item in batch.open)
    past = _read_past(batch, returns.values(), Returning(batch, returns.values()))
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            item.plan = _plan(batch, item, rma, past)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("StepUndone", what=item.input.what)
    batch.log()
    record((item, item.plan.rma.row.pk, item.plan.events) for item in batch.open)
    moved = [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open]
    post_stock(moved, recorded_at=batch.recorded_at)
    money = [MoneyEntry(i.log_id, i.on, i.document, i.plan.transfers) for i in batch.open]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_taken_back(batch, ((item, item.plan.credits) for item in batch.open))
    write_hanging(batch, [(item, item.plan.hanging) for item in batch.open])
    note((item, item.plan.unmatched) for item in batch.open)
    batch.write_changes(ReturnPiece, SalePiece, UnclaimedLine)
    keep_reserved(returns.values())


@dataclass(slots=True)
class Past:
    """What was done to returns and stands, read once for the batch; an undo of it counts for the items after."""

    events: dict[tuple[int, str], list[ReturnEvent]]
    undone: set[int]
    moves: dict[int, list[Move]]
    transfers: dict[int, list[Pay]]
    sheet: Sheet
    goods: Returning
    claims: Claims
    credits: Credits
    aftermath: Aftermath = field(default_factory=Aftermath)
    # Pieces on which a second inspector said something.
    opined: set[int] = field(default_factory=set)
    # Log row → goods without an owner that were matched by it.
    matches: dict[int, list[UnclaimedEvent]] = field(default_factory=dict)

    def last_step(self, rma: LoadedReturn, what: str) -> list[ReturnEvent]:
        """Return the events of the last step of a kind that was not taken back; raise TransitionNotAllowed."""
        events = self.events.get((rma.row.pk, what), [])
        last = max((event.log_id for event in events if event.log_id not in self.undone), default=None)
        if last is None:
            raise TransitionNotAllowed(document=rma.row.number, current=rma.row.status, wanted=f"undo {what}")
        return [event for event in events if event.log_id == last]

    def declared_missing(self, line: LoadedLine, piece: ReturnPiece) -> int:
        """Return how many units of a piece were declared missing by receipts that stand."""
        events = self.events.get((line.row.rma_id, "receive"), [])
        mine = [event for event in events if event.piece_id == piece.pk and event.verdict == "missing"]
        return sum(event.quantity_e4 for event in mine if event.log_id not in self.undone)


def _read_past(batch: Batch[UndoStep], returns: Iterable[LoadedReturn], goods: Returning) -> Past:
    kinds = {item.input.what for item in batch.open}
    found = ReturnEvent.objects.filter(rma_id__in=[rma.row.pk for rma in returns], kind__in=kinds).order_by("pk")
    events: dict[tuple[int, str], list[ReturnEvent]] = defaultdict(list)
    undone = set[int]()
    for event in found:
        if event.mirrors_log_id:
            undone.add(event.mirrors_log_id)
        else:
            events[event.rma_id, event.kind].append(event)
    logs = {event.log_id for each in events.values() for event in each} - undone
    sheet = Sheet(batch.journal, batch.company.cost_method)
    claimed = {event.rma_id for each in events.values() for event in each if event.supplier_id}
    claims = open_claims(claimed, batch.journal)
    past = Past(events, undone, moves_of_logs(logs), transfers_of_logs(logs), sheet, goods, claims, {})
    back = [move.mirror(log_id) for log_id, moves in past.moves.items() for move in moves]
    serials = {p.product_id for rma in returns for p in rma.pieces if p.product.tracking == "serial"}
    counted = [move for move in back if _is_counted(move, serials)]
    if counted:
        past.sheet.lock_stock((move.product_id for move in counted), (move.source_id for move in counted))
        past.sheet.lock_pools_of(counted)
    given = [move for move in back if move.source_id == SUPPLIER and move.product_id in serials]
    if given:
        past.sheet.lock_pieces((move.product_id for move in given), (move.lot_id for move in given))
    if "inspect" in kinds:
        opinions = SecondOpinion.objects.filter(rma_id__in=[rma.row.pk for rma in returns])
        past.opined = set(opinions.values_list("piece_id", flat=True))
    if "vendor_credit" in kinds:
        past.credits = load_credits(logs)
    sent_back = any(event.verdict == "send_back" for each in events.values() for event in each)
    past.aftermath = aftermath_of(logs, "finish_repair" in kinds, sent_back)
    if "receive" in kinds:
        past.matches = matches_of_logs(logs)
        refuse_answered(chain.from_iterable(events.values()), logs)
    return past


def _plan(batch: Batch[UndoStep], item: Item[UndoStep], rma: LoadedReturn, past: Past) -> Plan:
    what = item.input.what
    events = past.last_step(rma, what)
    log_id = events[0].log_id
    past.undone.add(log_id)
    batch.journal.append(lambda: past.undone.discard(log_id))
    pieces = {piece.pk: (line, piece) for line in rma.lines for piece in line.pieces}
    for event in events:
        if event.piece_id:
            line, piece = pieces[event.piece_id]
            _COUNT[what](batch, rma, line, piece, event, past)
    _check_counters(rma, what)
    # The last move first: goods of a match go back to the customer before they come as nobody's.
    mirrored = [move.mirror(log_id) for move in reversed(past.moves.get(log_id, []))]
    _check_stock(rma, mirrored, past.sheet)
    return Plan(
        rma, log_id, [_mirror(event) for event in events], mirrored,
        [pay.mirror(log_id) for pay in past.transfers.get(log_id, [])],
        take_credits_back(batch, past.credits.get(log_id, [])), past.aftermath.take_back(batch, log_id),
        unmatch(batch, past.matches.get(log_id, ())),
    )  # fmt: skip


def _mirror(event: ReturnEvent) -> Event:
    return Event(
        piece_id=event.piece_id,
        kind=event.kind,
        verdict=event.verdict,
        quantity_e4=event.quantity_e4,
        grade=event.grade,
        place_id=event.place_id,
        value_cents=event.value_cents,
        found_product_id=event.found_product_id,
        supplier_id=event.supplier_id,
        mirrors_log_id=event.log_id,
    )


def _unreceive(
    batch: Batch[Any], rma: LoadedReturn, line: LoadedLine, piece: ReturnPiece, event: ReturnEvent, past: Past
) -> None:  # fmt: skip
    quantity_e4 = event.quantity_e4
    if event.verdict != "missing":
        accepted = quantity_e4 if line.terms.inspection == "none" else 0
        batch.change(piece, received_e4=-quantity_e4, accepted_e4=-accepted)
    # What had been declared missing before it came is missing again.
    missing_e4 = min(past.declared_missing(line, piece), piece.to_receive_e4)
    batch.change(piece, missing_e4=missing_e4 - piece.missing_e4)
    if event.verdict == "missing":
        return
    sold = past.goods.pieces.get(piece.sale_piece_id)
    if sold is not None:
        back = past.goods.cost_to_forget(sold, quantity_e4, event.value_cents)
        # A closed return holds nothing open: its pieces may be asked for again.
        open_e4 = quantity_e4 if rma.row.status == Status.APPROVED else 0
        batch.change(sold, open_e4=open_e4, received_e4=-quantity_e4)
        past.goods.count_back(sold, -back)


def _uninspect(
    batch: Batch[Any], rma: LoadedReturn, line: LoadedLine, piece: ReturnPiece, event: ReturnEvent, past: Past
) -> None:  # fmt: skip
    if piece.pk in past.opined:
        # Another inspector's verdict stands on this one; a further opinion corrects it.
        raise TransitionNotAllowed(document=rma.row.number, current="later steps", wanted="undo inspect")
    batch.change(piece, **{f"{event.verdict}_e4": -event.quantity_e4})


def _undispose(
    batch: Batch[Any], rma: LoadedReturn, line: LoadedLine, piece: ReturnPiece, event: ReturnEvent, past: Past
) -> None:  # fmt: skip
    """Take the counters back in the order opposite to that in which `dispose` took them."""
    quantity_e4, rejected_left = event.quantity_e4, piece.rejected_disposed_e4
    if event.verdict == "send_back":
        accepted = min(quantity_e4, piece.accepted_sent_back_e4)
        rejected = quantity_e4 - accepted
        batch.change(
            piece,
            disposed_e4=-quantity_e4,
            sent_back_e4=-quantity_e4,
            accepted_sent_back_e4=-accepted,
            rejected_disposed_e4=-rejected,
        )
        _unsend(batch, rma, piece, event, past)
    else:
        rejected = min(quantity_e4, rejected_left)
        if event.verdict == "return_to_vendor":
            # What the supplier has credited is the supplier's.
            past.claims.take(piece, event.supplier_id, quantity_e4, event.value_cents)
        if event.verdict == "repair" and piece.in_repair_e4 < quantity_e4:
            sku, there_e4 = piece.product.sku, piece.in_repair_e4
            raise InsufficientStock(sku=sku, asked_e4=quantity_e4, available_e4=there_e4)
        more = {WAITING[event.verdict]: -quantity_e4} if event.verdict in WAITING else {}
        batch.change(piece, disposed_e4=-quantity_e4, rejected_disposed_e4=-rejected, **more)


def _unsend(batch: Batch[Any], rma: LoadedReturn, piece: ReturnPiece, event: ReturnEvent, past: Past) -> None:
    """Count pieces as never sent back to the customer; refuse when they were asked for again meanwhile."""
    sold = past.goods.pieces.get(piece.sale_piece_id)
    if sold is None:
        return
    back = past.goods.cost_to_remember(sold, event.quantity_e4, event.value_cents)
    batch.change(sold, sent_back_e4=-event.quantity_e4)
    past.goods.count_back(sold, back)
    if sold.returnable_e4 < 0:
        wanted = f"undo {event.kind}"
        raise TransitionNotAllowed(document=rma.row.number, current="asked for again", wanted=wanted)


def _unrepair(
    batch: Batch[Any], rma: LoadedReturn, line: LoadedLine, piece: ReturnPiece, event: ReturnEvent, past: Past
) -> None:  # fmt: skip
    """The goods are in repair again."""
    quantity_e4 = event.quantity_e4
    batch.change(piece, in_repair_e4=quantity_e4)
    if event.verdict == "send_back":
        batch.change(piece, sent_back_e4=-quantity_e4, accepted_sent_back_e4=-quantity_e4)
        _unsend(batch, rma, piece, event, past)


def _uncredit(
    batch: Batch[Any], rma: LoadedReturn, line: LoadedLine, piece: ReturnPiece, event: ReturnEvent, past: Past
) -> None:  # fmt: skip
    """What was credited is claimed again, at its cost."""
    past.claims.add(piece.pk, event.supplier_id, event.quantity_e4, event.value_cents)
    batch.change(piece, at_vendor_e4=event.quantity_e4)


_COUNT = {
    "receive": _unreceive,
    "inspect": _uninspect,
    "dispose": _undispose,
    "finish_repair": _unrepair,
    "vendor_credit": _uncredit,
}


def _check_counters(rma: LoadedReturn, what: str) -> None:
    """Refuse when a later step stands on this one, or when its pieces were paid for (never for a disposition's sake)."""
    for line in rma.lines:
        for p in line.pieces:
            if p.received_e4 < p.accepted_e4 + p.rejected_e4 or p.disposed_e4 > p.accepted_e4 + p.rejected_e4:
                raise TransitionNotAllowed(document=rma.row.number, current="later steps", wanted=f"undo {what}")
            if p.accepted_left_e4 < 0 or p.rejected_left_e4 < 0 or p.accepted_e4 < 0:
                raise TransitionNotAllowed(document=rma.row.number, current="later steps", wanted=f"undo {what}")
        if what == "receive" and not line.terms.cross_ship:
            require_ours(rma, line)
        if what in ("dispose", "finish_repair", "vendor_credit") or line.terms.refund_when == "approved":
            continue
        if line.row.refunded_e4 > line.in_line_units("received_e4" if what == "receive" else "accepted_e4"):
            raise AlreadyRefunded(document=rma.row.number, step=what)


def _is_counted(move: Move, serials: set[int]) -> bool:
    """Pieces must be there where goods are; a serial number must be at the customer too before it leaves from there."""
    kind = kind_of(move.source_id)
    return kind in PHYSICAL or (kind == "customer" and move.product_id in serials and bool(move.lot_id))


def _check_stock(rma: LoadedReturn, mirrored: Sequence[Move], sheet: Sheet) -> None:
    """Refuse when the pieces are gone, or when their pool would be left with a negative value or value without pieces."""
    catalogue = Catalogue.of(piece.product for piece in rma.pieces)
    serials = {piece.product_id for piece in rma.pieces if piece.product.tracking == "serial"}
    for move in mirrored:
        if _is_counted(move, serials):
            sku = catalogue.sku(move.product_id)
            sheet.require(sku, move.product_id, move.lot_id, move.source_id, move.quantity_e4)
            sheet.require_pool(sku, move)
        elif move.source_id == SUPPLIER and move.product_id in serials:
            sheet.require_with_supplier(catalogue.sku(move.product_id), move)
        sheet.apply([move])
