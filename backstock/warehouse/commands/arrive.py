"""What is on the way arrives at the other warehouse, comes back, or is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.money.accounts import Role
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.stock.moves import Move, Pool
from backstock.stock.places import OUTSIDE, TRANSIT, place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.warehouse.errors import NotOnTheWay
from backstock.warehouse.handling import House, Part, settled
from backstock.warehouse.models import StockTransfer, TransferLine

Found = Literal["arrived", "returned", "lost"]
COUNTER: Final[dict[str, str]] = {"arrived": "arrived_e4", "returned": "returned_e4", "lost": "lost_e4"}


@typed(frozen=True, kw_only=True, config=STRICT)
class ArrivedLine(GoodsLine):
    """What became of some pieces on the way; a lot or serials where only those are meant."""

    found: Found = "arrived"


@typed(frozen=True, kw_only=True, config=STRICT)
class ArriveTransfer(Input):
    """Goods of a transfer arrive; without lines everything that is on the way does."""

    document: str
    lines: tuple[ArrivedLine, ...] = ()


@dataclass(slots=True)
class Loaded:
    """A transfer with its lines, locked."""

    row: StockTransfer
    lines: list[TransferLine] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What was decided about goods on the way."""

    moves: list[Move] = field(default_factory=list)
    lost_cents: int = 0


@command("stock.arrive", ArriveTransfer)
def arrive_transfer(batch: Batch[ArriveTransfer]) -> None:
    """Bring goods that are on the way to where they end up."""
    transfers = _load(item.input.document for item in batch.open)
    lines = [line for loaded in transfers.values() for line in loaded.lines]
    places = [
        place_id("sellable", warehouse_id, line.grade)
        for loaded in transfers.values()
        for line in loaded.lines
        for warehouse_id in (loaded.row.source_id, loaded.row.target_id)
    ]
    house = House(
        batch,
        (line for item in batch.open for line in item.input.lines),
        [TRANSIT, *places],
        (line.product_id for line in lines),
    )
    house.sheet.lock_line_pools(["transit"], (line.pk for line in lines))
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(batch, item.input, transfers, house)
            item.document, item.answer = item.input.document, {"document": item.input.document}
            item.emit("StockArrived")
    batch.log()
    goods = [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open]
    post_stock(goods, recorded_at=batch.recorded_at)
    money = [MoneyEntry(i.log_id, i.on, i.document, [lost(i.plan.lost_cents)]) for i in batch.open]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(TransferLine)


def lost(value_cents: int) -> Pay:
    """What is not there any more is a stock difference; a negative value is one in our favour."""
    return Pay(amount_cents=value_cents, debit=Role.stock_differences, credit=Role.inventory)


def _load(numbers: Iterable[str]) -> dict[str, Loaded]:
    wanted: dict[int, str] = {}
    for number in numbers:
        try:
            wanted[row_id("T", number)] = number
        except UnknownDocument:
            continue  # refused for its own item
    found = {row.pk: Loaded(row) for row in StockTransfer.objects.filter(pk__in=wanted)}
    for line in TransferLine.objects.select_for_update().filter(transfer_id__in=found).order_by("pk"):
        found[line.transfer_id].lines.append(line)
    return {wanted[pk]: loaded for pk, loaded in found.items()}


def _plan(batch: Batch[ArriveTransfer], wanted: ArriveTransfer, transfers: dict[str, Loaded], house: House) -> Plan:
    if wanted.document not in transfers:
        raise UnknownDocument(document=wanted.document)
    transfer, plan = transfers[wanted.document], Plan()
    for line, quantity_e4, found in _pieces(transfer, wanted, house):
        batch.change(line, **{COUNTER[found]: quantity_e4})
        value = house.sheet.take_own(line.product_id, Pool("transit", line.pk), quantity_e4)
        move = _move(transfer, line, quantity_e4, value, found, house)
        plan.moves.append(settled(move, {}, line.pk))
        plan.lost_cents += value if found == "lost" else 0
    return plan


def _pieces(transfer: Loaded, wanted: ArriveTransfer, house: House) -> Iterator[tuple[TransferLine, int, Found]]:
    """Say which quantity of which line is meant; refuse more than is on the way."""
    if not wanted.lines:
        open_lines = [(line, line.on_the_way_e4) for line in transfer.lines if line.on_the_way_e4]
        if not open_lines:
            raise NotOnTheWay(document=wanted.document, sku="", asked_e4=0, on_the_way_e4=0)
        yield from ((line, quantity_e4, "arrived") for line, quantity_e4 in open_lines)
    for each in wanted.lines:
        item, quantity_e4 = house.quantity(each)
        named = {house.catalogue.lots.get((item.id, code), -1) for code in (each.lot, *each.serials) if code}
        for product_id, _, left_e4 in item.pieces_of(quantity_e4):
            meant = [
                line for line in transfer.lines if line.product_id == product_id and (not named or line.lot_id in named)
            ]
            sku, there_e4 = house.catalogue.sku(product_id), sum(line.on_the_way_e4 for line in meant)
            if left_e4 > there_e4:
                raise NotOnTheWay(document=wanted.document, sku=sku, asked_e4=left_e4, on_the_way_e4=there_e4)
            for line in meant:
                if part_e4 := min(left_e4, line.on_the_way_e4):
                    left_e4 -= part_e4
                    yield line, part_e4, each.found


def _move(
    transfer: Loaded, line: TransferLine, quantity_e4: int, value: int, found: Found, house: House
) -> Move:  # fmt: skip
    pool = Pool("transit", line.pk)
    if found != "lost":
        warehouse_id = transfer.row.target_id if found == "arrived" else transfer.row.source_id
        part = Part(line.product_id, line.lot_id, quantity_e4)
        return house.bring(part, value, place_id("sellable", warehouse_id, line.grade), TRANSIT, pool)
    move = Move(
        product_id=line.product_id,
        lot_id=line.lot_id,
        quantity_e4=quantity_e4,
        source_id=TRANSIT,
        target_id=OUTSIDE,
        source_pool=pool,
        source_value_cents=value,
        target_value_cents=value,
    )
    house.sheet.apply([move])
    return move
