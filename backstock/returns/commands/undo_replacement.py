"""Take the last shipment of other goods back by its mirror: the old goods have their value again, a bill is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import TransitionNotAllowed
from backstock.core.permissions import UNDO_NEEDS
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.returns.after.aftermath import Aftermath, Hanging, aftermath_of, write_taken_back
from backstock.returns.after.fees import mirrored_fees
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.after.swapping import Swaps
from backstock.returns.commands.ship_replacement import STEP_COUNTERS, SWAP_COUNTERS
from backstock.returns.errors import AlreadyRefunded
from backstock.returns.loading import LoadedReturn, load_returns, return_of
from backstock.returns.models import Replacement, ReturnLine, Swap, SwapStep
from backstock.sales.models import Sale, SaleLine, SalePiece
from backstock.sales.replacing import Undone, undo_line, write_undone
from backstock.stock.moves import Move
from backstock.stock.places import CUSTOMER
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.queries import moves_of_logs
from backstock.stock.sheet import Sheet


@typed(frozen=True, kw_only=True, config=STRICT)
class UndoReplacement(Input):
    """Which return; the last shipment for it is taken back."""

    document: str


@dataclass(slots=True)
class Plan:
    """A shipment that can be taken back."""

    rma: LoadedReturn
    log_id: int
    goods: list[Replacement]
    steps: list[SwapStep]
    moves: dict[int, list[Move]] = field(default_factory=lambda: defaultdict(list))
    undone: dict[int, Undone] = field(default_factory=dict)
    hanging: Hanging = field(default_factory=Hanging)


@dataclass(slots=True)
class Past:
    """What left for returns and stands, read once for the batch."""

    goods: dict[int, list[Replacement]]
    steps: dict[int, list[SwapStep]]
    moves: dict[int, list[Move]]
    swaps: Swaps
    sheet: Sheet
    catalogue: Catalogue
    aftermath: Aftermath


@command("returns.undo_replacement", UndoReplacement, permission=lambda _: UNDO_NEEDS["ship_replacement"])
def undo_replacement(batch: Batch[UndoReplacement]) -> None:
    """Undo the last shipment for a return; refused once its goods came back or its difference was settled."""
    returns = load_returns(item.input.document for item in batch.open)
    past = _read_past(batch, returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            item.plan = _plan(batch, rma, past)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("ReplacementTakenBack")
    batch.log()
    _write(batch)


def _read_past(batch: Batch[UndoReplacement], returns: Iterable[LoadedReturn]) -> Past:
    returns = list(returns)
    goods: dict[int, list[Replacement]] = defaultdict(list)
    for each in Replacement.objects.filter(rma_id__in=[r.row.pk for r in returns], undone_log_id=0).order_by("pk"):
        goods[each.rma_id].append(each)
    logs = {each.log_id for mine in goods.values() for each in mine}
    steps: dict[int, list[SwapStep]] = defaultdict(list)
    for step in SwapStep.objects.filter(log_id__in=logs).order_by("pk"):
        steps[step.log_id].append(step)
    swaps, moves = Swaps(batch, returns), moves_of_logs(logs)
    sheet = Sheet(batch.journal, batch.company.cost_method)
    gone = [move for mine in moves.values() for move in mine]
    serials = [move for move in gone if move.lot_id]
    if serials:
        sheet.lock_stock((m.product_id for m in serials), [CUSTOMER], (m.lot_id for m in serials))
    catalogue = load_catalogue(ids={move.product_id for move in gone}, units=False)
    charged = any(line.terms.exchange_fee_e6 for rma in returns for line in rma.lines)
    return Past(goods, steps, moves, swaps, sheet, catalogue, aftermath_of(logs, charged=charged))


def _plan(batch: Batch[UndoReplacement], rma: LoadedReturn, past: Past) -> Plan:
    standing = past.goods[rma.row.pk]
    if not standing:
        raise TransitionNotAllowed(document=rma.row.number, current=rma.row.status, wanted="undo ship_replacement")
    log_id = max(each.log_id for each in standing)
    plan = Plan(rma, log_id, [each for each in standing if each.log_id == log_id], past.steps[log_id])
    # A second undo of the return in the same batch takes the shipment before.
    past.goods[rma.row.pk] = [each for each in standing if each.log_id != log_id]
    batch.journal.append(lambda: past.goods.__setitem__(rma.row.pk, standing))
    plan.hanging = past.aftermath.take_back(batch, log_id)
    for step in plan.steps:
        _uncount(batch, rma, step, past)
    sales = {each.sale_line_id: each.sale_id for each in plan.goods}
    for each in plan.goods:
        sale = past.swaps.sales[each.sale_id]
        plan.undone.setdefault(each.sale_id, Undone(sale, log_id))
        billed = (each.billed_net_cents, each.billed_tax_cents)
        undo_line(batch, plan.undone[each.sale_id], each.sale_line_id, each.shipment_id, billed)
    for move in past.moves.get(log_id, []):
        mirror = move.mirror(log_id)
        if move.lot_id and past.catalogue.by_id[move.product_id].product.tracking == "serial":
            sku = past.catalogue.sku(move.product_id)
            past.sheet.require(sku, move.product_id, move.lot_id, CUSTOMER, move.quantity_e4)
        past.sheet.apply([mirror])
        plan.moves[sales[move.line_id]].append(mirror)
    return plan


def _uncount(batch: Batch[UndoReplacement], rma: LoadedReturn, step: SwapStep, past: Past) -> None:
    """Give the old goods their value again; refuse where the difference was credited."""
    line = next(line for line in rma.lines if line.row.pk == step.line_id)
    swap = past.swaps.of(rma, line)
    batch.change(line.row, replaced_e4=-step.replaced_e4)
    batch.change(swap, **{name: -getattr(step, name) for name in SWAP_COUNTERS})
    if swap.left_net_cents < 0 or swap.left_tax_cents < 0:
        raise AlreadyRefunded(document=rma.row.number, step="ship_replacement")
    old = past.swaps.sale_lines[line.row.sale_line_id]
    batch.change(
        old, refunded_e4=-step.replaced_e4, refunded_net_cents=-step.worth_net_cents,
        refunded_tax_cents=-step.worth_tax_cents,
    )  # fmt: skip


def _write(batch: Batch[UndoReplacement]) -> None:
    items: list[Item[UndoReplacement]] = batch.open
    pairs = [(item, sale_id, undone) for item in items for sale_id, undone in item.plan.undone.items()]
    write_undone([(item.on, undone) for item, _, undone in pairs])
    goods = [StockEntry(i.log_id, i.on, u.sale.row.number, i.plan.moves[sale_id]) for i, sale_id, u in pairs]
    post_stock(goods, recorded_at=batch.recorded_at)
    money = [
        MoneyEntry(i.log_id, i.on, u.sale.row.number, u.transfers(i.plan.moves[sale_id])) for i, sale_id, u in pairs
    ]  # fmt: skip
    fees = [
        (item, item.plan.rma, each.fee_cents, item.plan.log_id) for item in items for each in item.plan.hanging.rows
    ]
    money += [mirror for item, rma, cents, log_id in fees for mirror in mirrored_fees(item, rma, cents, log_id)]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_taken_back(batch, [(item, item.plan.hanging) for item in items])
    steps = [
        (
            step.rma_id, item.log_id, step.line_id, *(-getattr(step, name) for name in STEP_COUNTERS), item.plan.log_id,
            item.on,
        )
        for item in items
        for step in item.plan.steps
    ]  # fmt: skip
    rows.insert(SwapStep, ("rma_id", "log_id", "line_id", *STEP_COUNTERS, "mirrors_log_id", "business_on"), steps)
    taken = [each for item in items for each in item.plan.goods]
    logs = {each.pk: item.log_id for item in items for each in item.plan.goods}
    for each in taken:
        each.undone_log_id = logs[each.pk]
    Replacement.objects.bulk_update(taken, ["undone_log_id"])
    batch.write_changes(Swap, ReturnLine, SaleLine, SalePiece, Sale)
    keep_reserved({item.plan.rma.row.pk: item.plan.rma for item in items}.values())
