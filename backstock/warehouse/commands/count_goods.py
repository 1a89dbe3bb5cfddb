"""People count, by scan or by hand, several of them and in several passes; what nobody expected is written down too."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.errors import SerialRequired
from backstock.catalog.lines import GoodsLine
from backstock.catalog.lots import register_lots
from backstock.catalog.queries import Catalogue, load_catalogue, load_lots, unique
from backstock.catalog.queries import Item as CatalogueItem
from backstock.core import rows
from backstock.core.amounts import E4, decimal_text
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import InvalidQuantity, QuantityRequired
from backstock.stock.holdings import pieces_of
from backstock.stock.places import place_id
from backstock.warehouse.counting import Counts, Elsewhere
from backstock.warehouse.errors import AlreadyCounted, KitIsNotStocked, NotInThisCount
from backstock.warehouse.lifecycle import require_counting
from backstock.warehouse.models import CountEntry, CountLine, StockCount

LINE_FIELDS = (
    "stock_count", "product_id", "lot_id", "book_e4", "expected", "counted_e4", "passes", "recounts", "posted_e4",
    "posted_cents",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class CountGoods(Input):
    """What somebody counted. `add` to what was counted before (a negative quantity takes a slip back), `set` it, or send
    lines back to be counted again (`recount`)."""

    document: str
    lines: tuple[GoodsLine, ...]
    how: Literal["add", "set", "recount"] = "add"


@dataclass(slots=True)
class Lines:
    """The lines of counts that a batch touches, with those that it makes; lots nobody knows go by their code."""

    catalogue: Catalogue
    known: dict[tuple[int, int, str], CountLine]
    elsewhere: Elsewhere
    books: dict[tuple[int, int, int], int]
    fresh: list[tuple[CountLine, str]] = field(default_factory=list)

    def forget(self, key: tuple[int, int, str], made: tuple[CountLine, str]) -> None:
        """Take a line back that a refused item had made."""
        del self.known[key]
        self.fresh.remove(made)


@command("stock.count_goods", CountGoods)
def count_goods(batch: Batch[CountGoods]) -> None:
    """Write down what people counted."""
    counts = Counts(item.input.document for item in batch.open)
    lines = _load(batch, counts)
    for item in batch.open:
        with batch.attempt(item):
            count = counts.one(item.input.document)
            require_counting(count, "counted")
            if not item.input.lines:
                raise QuantityRequired(document=count.number)
            item.plan = []
            for each in item.input.lines:
                _count(batch, item, count, each, lines)
            counted = sum(line.counted_e4 for line, _ in item.plan)
            item.document, item.answer = count.number, {"document": count.number, "counted_e4": counted}
    batch.log()
    _write(batch, lines)


def _load(batch: Batch[CountGoods], counts: Counts) -> Lines:
    asked = [line for item in batch.open for line in item.input.lines]
    catalogue = load_catalogue(line.sku for line in asked)
    codes = [(line.sku, code) for line in asked for code in (*((line.lot,) if line.lot else ()), *line.serials)]
    load_lots(catalogue, [(catalogue.by_sku[sku].id, code) for sku, code in codes if sku in catalogue.by_sku])
    labels = {pk: code for (_, code), pk in catalogue.lots.items()}
    found = CountLine.objects.select_for_update().filter(stock_count_id__in=counts.ids, product_id__in=catalogue.by_id)
    known = {
        (line.stock_count_id, line.product_id, labels.get(line.lot_id, "") if line.lot_id else ""): line
        for line in found.order_by("pk")
        if not line.lot_id or line.lot_id in labels
    }
    warehouses = {each.warehouse_id for each in counts.by_number.values()}
    books = pieces_of(catalogue.by_id, [place_id("sellable", pk) for pk in warehouses])
    return Lines(catalogue, known, Elsewhere(warehouses, catalogue.by_id), books)


def _count(batch: Batch[CountGoods], item: Item[CountGoods], count: StockCount, each: GoodsLine, lines: Lines) -> None:
    product = lines.catalogue.item(each.sku)
    if product.components:
        raise KitIsNotStocked(sku=each.sku)
    how = item.input.how
    quantity_e4 = _quantity(lines.catalogue, product, each, how)
    for code, part_e4 in _labels(product, each, quantity_e4, how):
        line = _line(batch, count, product, code, lines, how)
        if how == "recount":
            delta, passes = -line.counted_e4, -line.passes
            _change(batch, line, recounts=1)
        else:
            delta, passes = part_e4 - (line.counted_e4 if how == "set" else 0), 1
            _check(product, line, code, delta)
        _change(batch, line, counted_e4=delta, passes=passes)
        item.plan.append((line, delta))


def _quantity(catalogue: Catalogue, product: CatalogueItem, each: GoodsLine, how: str) -> int:
    """Return the signed quantity in base units; to find none is a result too."""
    if how == "recount" or (how == "set" and each.quantity_e4 == 0):
        return 0
    if how == "set" and each.quantity_e4 < 0:
        raise InvalidQuantity(sku=each.sku, quantity=decimal_text(each.quantity_e4, 4))
    sign = -1 if each.quantity_e4 < 0 else 1
    return sign * catalogue.base_quantity(product, abs(each.quantity_e4), each.unit)


def _labels(product: CatalogueItem, each: GoodsLine, quantity_e4: int, how: str) -> list[tuple[str, int]]:
    """Say which lot or serials were counted."""
    if product.product.tracking == "none":
        return [("", quantity_e4)]
    if product.product.tracking == "lot":
        if each.lot is None:
            raise SerialRequired(sku=each.sku, needed_e4=quantity_e4, given=0)
        return [(each.lot, quantity_e4)]
    serials = unique(each.sku, each.serials)
    if not serials or (how == "add" and len(serials) * E4 != abs(quantity_e4)):
        raise SerialRequired(sku=each.sku, needed_e4=quantity_e4, given=len(serials))
    one = 0 if quantity_e4 == 0 else (E4 if quantity_e4 > 0 else -E4)
    return [(serial, one) for serial in serials]


def _line(
    batch: Batch[CountGoods], count: StockCount, product: CatalogueItem, code: str, lines: Lines, how: str
) -> CountLine:
    """Return the line of a product and lot; what nobody expected gets one, with what the books say now."""
    key = (count.pk, product.id, code)
    if key in lines.known:
        return lines.known[key]
    if how == "recount":
        raise NotInThisCount(document=count.number, sku=product.sku)
    lines.elsewhere.refuse(count.warehouse_id, product.id, product.sku, count.pk)
    lot_id = lines.catalogue.lots.get((product.id, code), 0) if code else 0
    book = (
        lines.books.get((product.id, lot_id, place_id("sellable", count.warehouse_id)), 0) if lot_id or not code else 0
    )
    line = CountLine(stock_count_id=count.pk, product_id=product.id, lot_id=lot_id, book_e4=book, expected=False)
    lines.known[key] = line
    lines.fresh.append((line, code))
    batch.journal.append(partial(lines.forget, key, (line, code)))
    return line


def _check(product: CatalogueItem, line: CountLine, code: str, delta: int) -> None:
    after = line.counted_e4 + delta
    if product.product.tracking == "serial" and after > E4:
        raise AlreadyCounted(sku=product.sku, serial=code)
    if after < 0:
        raise InvalidQuantity(sku=product.sku, quantity=decimal_text(after, 4))


def _change(batch: Batch[CountGoods], line: CountLine, **deltas: int) -> None:
    """Add to counters in memory, revocably; a line that is not written yet keeps them itself."""
    if line.pk:
        batch.change(line, **deltas)
        return
    before = {name: getattr(line, name) for name in deltas}
    line.__dict__.update({name: before[name] + delta for name, delta in deltas.items()})
    batch.journal.append(lambda: line.__dict__.update(before))


def _write(batch: Batch[CountGoods], lines: Lines) -> None:
    unknown = [(line, code) for line, code in lines.fresh if code and not line.lot_id]
    made = register_lots((line.product_id, code) for line, code in unknown)
    for line, code in unknown:
        line.lot_id = made[line.product_id, code]
    fresh = [line for line, _ in lines.fresh]
    values = [
        (each.stock_count_id, each.product_id, each.lot_id, each.book_e4, False, each.counted_e4, each.passes,
         each.recounts, 0, 0)
        for each in fresh
    ]  # fmt: skip
    for line, pk in zip(fresh, rows.insert_returning(CountLine, LINE_FIELDS, values), strict=True):
        line.pk = pk
    batch.write_changes(CountLine)
    entries: dict[int, int] = defaultdict(int)
    for item in batch.open:
        for line, delta in item.plan:
            entries[line.pk] += delta
    rows.insert(
        CountEntry,
        ("line", "quantity_e4", "actor_id", "recorded_at"),
        [(pk, delta, batch.actor.user_id, batch.recorded_at) for pk, delta in entries.items()],
    )
