"""Goods that nobody expects are taken in first and matched later: into quarantine, worth nothing. Next is `match_unclaimed`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.errors import SerialRequired
from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.queries import Catalogue, load_catalogue, load_lots, unique
from backstock.catalog.queries import Item as Product
from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import QuantityRequired
from backstock.returns.commands.announce_parcel import Carrier, Grams
from backstock.returns.dock.errors import FindingAnswered
from backstock.returns.dock.unclaimed import Happened, note
from backstock.returns.errors import SerialAlreadyReturned
from backstock.returns.models import FindingAnswer, ReturnEvent, Unclaimed, UnclaimedLine
from backstock.returns.postings import take_in_move
from backstock.stock.moves import Move
from backstock.stock.places import CUSTOMER
from backstock.stock.posting import Entry, post
from backstock.stock.sheet import Sheet
from backstock.warehouse.queries import load_warehouses

HEAD = (
    "carrier", "tracking_number", "weight_grams", "warehouse_id", "arrived_on", "sender_name", "sender_phone", "route",
    "note", "found_in_id",
)  # fmt: skip
LINES = ("unclaimed", "position", "product", "lot_id", "seen_code", "quantity_e4", "here_e4")


@typed(frozen=True, kw_only=True, config=STRICT)
class TakeIn(Input):
    """A parcel without an owner as its label says; `finding`: the goods that a receipt found and could not book."""

    warehouse: Code | None = None
    carrier: Carrier = ""
    tracking_number: Annotated[str, Field(max_length=60)] = ""
    weight_grams: Grams | None = None
    sender_name: Annotated[str, Field(max_length=100)] = ""
    sender_phone: Annotated[str, Field(max_length=40)] = ""
    route: Annotated[str, Field(max_length=200)] = ""
    note: Annotated[str, Field(max_length=200)] = ""
    finding: Annotated[int, Field(gt=0, lt=2**62)] | None = None
    lines: tuple[GoodsLine, ...] = ()

    PERSONAL = frozenset({"sender_name", "sender_phone", "route", "note"})


@dataclass(slots=True)
class Plan:
    """What was checked: (product, lot, code on it, quantity) per line."""

    warehouse_id: int
    lines: list[tuple[int, int, str, int]] = field(default_factory=list)
    finding: ReturnEvent | None = None


@command("returns.take_in", TakeIn)
def take_in(batch: Batch[TakeIn]) -> None:
    """Take goods in whose owner nobody knows."""
    wanted = [item.input for item in batch.open]
    findings = open_findings(each.finding for each in wanted if each.finding)
    catalogue = load_catalogue(
        {line.sku for each in wanted for line in each.lines}, {event.found_product_id for event in findings.values()}
    )
    load_lots(catalogue, _codes(catalogue, wanted))
    warehouses = load_warehouses({each.warehouse for each in wanted})
    sheet = Sheet(batch.journal, batch.company.cost_method)
    sheet.lock_stock(catalogue.by_id, [CUSTOMER], catalogue.lots.values())
    for item in batch.open:
        with batch.attempt(item):
            item.plan = Plan(warehouses.id(item.input.warehouse))
            _check(item, catalogue, findings, sheet, batch)
    _write(batch)


def _codes(catalogue: Catalogue, wanted: list[TakeIn]) -> list[tuple[int, str]]:
    return [
        (catalogue.by_sku[line.sku].id, code)
        for each in wanted
        for line in each.lines
        if line.sku in catalogue.by_sku
        for code in (*((line.lot,) if line.lot else ()), *line.serials)
    ]


def open_findings(ids: Iterable[int]) -> dict[int, ReturnEvent]:
    """Lock findings that nobody has answered and no undo has taken back."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = ReturnEvent.objects.filter(
        pk__in=wanted, kind="receive", verdict__in=("over", "wrong_item"), mirrors_log_id=0
    )
    events = {event.pk: event for event in found.select_for_update()}
    undone = set(
        ReturnEvent.objects.filter(mirrors_log_id__in=[e.log_id for e in events.values()]).values_list(
            "mirrors_log_id", flat=True
        )
    )
    answered = set(FindingAnswer.objects.filter(event_id__in=events).values_list("event_id", flat=True))
    return {pk: event for pk, event in events.items() if pk not in answered and event.log_id not in undone}


def _check(
    item: Item[TakeIn], catalogue: Catalogue, findings: dict[int, ReturnEvent], sheet: Sheet, batch: Batch[TakeIn]
) -> None:  # fmt: skip
    plan, wanted = item.plan, item.input
    if wanted.finding:
        event = findings.pop(wanted.finding, None)
        if event is None:
            raise FindingAnswered(document=wanted.tracking_number, answer="unknown")
        batch.journal.append(partial(findings.__setitem__, event.pk, event))
        plan.finding = event
    lines = wanted.lines
    if plan.finding and not lines:
        sku = catalogue.sku(plan.finding.found_product_id)
        lines = (GoodsLine(sku=sku, quantity_e4=plan.finding.quantity_e4),)
    if not lines:
        raise QuantityRequired(document=wanted.tracking_number)
    for line in lines:
        product = catalogue.item(line.sku)
        _add(plan, product, line, catalogue.base_quantity(product, line.quantity_e4, line.unit), catalogue, sheet)


def _add(plan: Plan, product: Product, line: GoodsLine, quantity_e4: int, catalogue: Catalogue, sheet: Sheet) -> None:
    """Split a line into what lies on the shelf: a kit into its parts, serial numbers one by one."""
    if product.components:
        plan.lines += [(part, 0, "", part_e4) for part, _, part_e4 in product.pieces_of(quantity_e4)]
        return
    serials = unique(line.sku, line.serials) if product.product.tracking == "serial" else ()
    if serials and len(serials) * E4 != quantity_e4:
        raise SerialRequired(sku=line.sku, needed_e4=quantity_e4, given=len(serials))
    for code in serials or (line.lot or "",):
        part_e4 = E4 if serials else quantity_e4
        lot_id = catalogue.lots.get((product.id, code), 0)
        move = take_in_move(product.id, lot_id, part_e4, plan.warehouse_id, 0)
        # A serial number that is not with a customer cannot come from one.
        if serials and lot_id and sheet.at(product.id, lot_id, CUSTOMER) < E4:
            raise SerialAlreadyReturned(sku=line.sku, serial=code)
        sheet.apply([move])
        plan.lines.append((product.id, lot_id, code, part_e4))


def _write(batch: Batch[TakeIn]) -> None:
    items = batch.open
    heads = [
        (
            i.input.carrier, i.input.tracking_number, i.input.weight_grams, i.plan.warehouse_id, i.on, i.input.sender_name,
            i.input.sender_phone, i.input.route, i.input.note, i.plan.finding.rma_id if i.plan.finding else 0,
        )
        for i in items
    ]  # fmt: skip
    ids = rows.insert_returning(Unclaimed, HEAD, heads)
    for item, pk in zip(items, ids, strict=True):
        item.document = Unclaimed(pk=pk).number
        item.answer = {"document": item.document}
        item.emit("UnclaimedTakenIn")
    batch.log()
    values = [
        (pk, n, product, lot, code, quantity_e4, quantity_e4)
        for item, pk in zip(items, ids, strict=True)
        for n, (product, lot, code, quantity_e4) in enumerate(item.plan.lines, 1)
    ]
    line_ids = iter(rows.insert_returning(UnclaimedLine, LINES, values))
    entries, happened = [], []
    for item, pk in zip(items, ids, strict=True):
        moves: list[Move] = []
        events: list[Happened] = []
        for product, lot, _code, quantity_e4 in item.plan.lines:
            line_id = next(line_ids) or 0
            moves.append(take_in_move(product, lot, quantity_e4, item.plan.warehouse_id, line_id))
            events.append(Happened(unclaimed_id=pk or 0, line_id=line_id, kind="took", quantity_e4=quantity_e4))
        entries.append(Entry(item.log_id, item.on, item.document, moves))
        happened.append((item, events))
    note(happened)
    post(entries, recorded_at=batch.recorded_at)
    answers = [(i.plan.finding.pk, "unclaimed", i.document, i.log_id) for i in items if i.plan.finding]
    rows.insert(FindingAnswer, ("event_id", "answer", "document", "log_id"), answers)
