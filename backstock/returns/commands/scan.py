"""Before `receive`: what is scanned at the dock is kept for its person, scan by scan, until it is booked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue
from backstock.core import rows
from backstock.core.amounts import E4, MAX_QUANTITY_E4
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import InvalidQuantity
from backstock.core.models import User
from backstock.returns.dock.errors import AlreadyScanned
from backstock.returns.dock.parcels import load_parcels, parcel_of
from backstock.returns.lifecycle import Status, require
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import DockScan, Parcel

Found = Literal["received", "damaged", "missing", "wrong_item", "over", "short", "empty"]
FIELDS = ("user_id", "rma", "product_id", "lot_id", "parcel_id", "found", "quantity_e4", "log_id")
# (return, product, lot, found)
type Key = tuple[int, int, int, str]


@typed(frozen=True, kw_only=True, config=STRICT)
class ScanGoods(Input):
    """One scan for a return: so many more of a product, or fewer; without a product the return, and a parcel, is opened."""

    document: Code
    parcel: Code | None = None
    sku: Code | None = None
    quantity_e4: Annotated[int, Field(ge=-MAX_QUANTITY_E4, le=MAX_QUANTITY_E4)] = E4
    unit: str | None = None
    lot: Code | None = None
    serial: Code | None = None
    found: Found = "received"


@typed(frozen=True, kw_only=True, config=STRICT)
class DropScans(Input):
    """Of which returns the scans are thrown away; of all without a name."""

    documents: tuple[Code, ...] = ()


@dataclass(slots=True)
class Tally:
    """What one person's scans come to while they are decided."""

    batch: Batch[ScanGoods]
    counts: dict[Key, int]
    touched: dict[Key, tuple[int, Item[ScanGoods]]]

    def add(self, key: Key, quantity_e4: int, parcel_id: int, item: Item[ScanGoods]) -> int:
        """Add to a count, revocably."""
        before, known = self.counts.get(key, 0), self.touched.get(key)
        self.counts[key] = before + quantity_e4
        self.touched[key] = (parcel_id, item)
        self.batch.journal.append(lambda: self._restore(key, before, known))
        return self.counts[key]

    def _restore(self, key: Key, before: int, known: tuple[int, Item[ScanGoods]] | None) -> None:
        self.counts[key] = before
        if known is None:
            self.touched.pop(key, None)
        else:
            self.touched[key] = known


def _lock(batch: Batch[ScanGoods] | Batch[DropScans]) -> int:
    """Let the scans of one person come one after the other, from however many tabs."""
    user_id = batch.actor.user_id or 0
    list(User.objects.select_for_update().filter(pk=user_id).values_list("pk"))
    return user_id


@command("returns.scan", ScanGoods)
def scan_goods(batch: Batch[ScanGoods]) -> None:
    """Count what was scanned for a return; nothing is booked yet."""
    returns = load_returns((item.input.document for item in batch.open), lock=False)
    wanted = [item.input for item in batch.open]
    named = [(a.sku, a.unit, a.lot, (a.serial,) if a.serial else ()) for a in wanted if a.sku]
    catalogue = catalogue_of(returns.values(), named)
    parcels = load_parcels(each.parcel or "" for each in wanted)
    user_id = _lock(batch)
    mine = DockScan.objects.filter(user_id=user_id, rma_id__in=[rma.row.pk for rma in returns.values()])
    kept = {(s.rma_id, s.product_id, s.lot_id, s.found): s for s in mine}
    tally = Tally(batch, {key: scan.quantity_e4 for key, scan in kept.items()}, {})
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            require(rma.row, Status.APPROVED, "received")
            _count(item, rma, catalogue, parcels, tally)
            # A draft is nothing that happened to the return: its timeline does not name every scan.
            item.emit("GoodsScanned")
    batch.log()
    DockScan.objects.filter(pk__in=[kept[key].pk for key in tally.touched if key in kept]).delete()
    fresh = [
        (user_id, *key[:3], parcel_id or (kept[key].parcel_id if key in kept else 0), key[3], tally.counts[key], item.log_id)
        for key, (parcel_id, item) in tally.touched.items()
        if tally.counts[key] or not key[1]
    ]  # fmt: skip
    rows.insert(DockScan, FIELDS, fresh)


def _count(
    item: Item[ScanGoods], rma: LoadedReturn, catalogue: Catalogue, parcels: dict[str, Parcel], tally: Tally
) -> None:
    wanted = item.input
    parcel_id = parcel_of(parcels, wanted.parcel).pk if wanted.parcel else 0
    tally.add((rma.row.pk, 0, 0, ""), 0, parcel_id, item)
    item.answer = {"document": rma.row.number}
    if wanted.sku is None:
        return
    product = catalogue.item(wanted.sku)
    quantity_e4 = catalogue.base_quantity(product, abs(wanted.quantity_e4), wanted.unit)
    lot_id = catalogue.lots.get((product.id, wanted.serial or wanted.lot or ""), 0)
    key: Key = (rma.row.pk, product.id, lot_id, wanted.found)
    count = tally.add(key, quantity_e4 if wanted.quantity_e4 > 0 else -quantity_e4, parcel_id, item)
    if count < 0:
        raise InvalidQuantity(sku=product.sku, quantity=str(count // E4))
    if wanted.serial and lot_id and wanted.quantity_e4 > 0:
        _once(rma, product.sku, wanted.serial, lot_id, key, tally)
    item.answer["counted_e4"] = count


def _once(rma: LoadedReturn, sku: str, serial: str, lot_id: int, key: Key, tally: Tally) -> None:
    """Refuse a serial number that was scanned before: it is one piece."""
    same = [each for each in tally.counts if each[:3] == key[:3]]
    if sum(tally.counts[each] for each in same) > E4:
        raise AlreadyScanned(sku=sku, serial=serial, document=rma.row.number)


@command("returns.drop_scans", DropScans)
def drop_scans(batch: Batch[DropScans]) -> None:
    """Throw away what one scanned and did not book."""
    returns = load_returns((number for item in batch.open for number in item.input.documents), lock=False)
    user_id = _lock(batch)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = [return_of(returns, number).row.pk for number in item.input.documents]
            item.document, item.answer = "", {"documents": list(item.input.documents)}
    batch.log()
    mine = DockScan.objects.filter(user_id=user_id)
    if all(item.plan for item in batch.open):
        mine = mine.filter(rma_id__in=[pk for item in batch.open for pk in item.plan])
    if batch.open:
        mine.delete()
