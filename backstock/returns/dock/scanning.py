"""What a scan at the dock means, which open returns wait for it, and what somebody has scanned so far. Reads only."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F

from backstock.catalog.models import Product
from backstock.catalog.queries import load_catalogue, product_of_barcode, product_of_code
from backstock.core.numbers import document_id
from backstock.returns.dock.parcels import load_parcels
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn, load_returns_by_id
from backstock.returns.models import DockScan, Parcel, ParcelReturn, Return, ReturnLine
from backstock.sales.models import Sale, SalePiece

# Scans of these use up what a return waits for.
FILLS = ("received", "damaged", "missing", "empty")
MOST = 20
_ADDRESS = re.compile(r"(?:^|[^A-Z0-9])(R\d{6,18})(?:$|[^A-Z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A product that was scanned, in the unit of its label, or by a lot or serial number."""

    product: Product
    unit: str
    lot: str = ""
    serial: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.product.name or self.product.sku


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What was scanned: a return, a parcel, a sale, or goods; nothing of it is an unknown code."""

    code: str
    rma_ids: tuple[int, ...] = ()
    parcel: Parcel | None = None
    goods: Goods | None = None


def read_code(text: str) -> Meaning:
    """Tell what a scanned code means: documents first, then parcels, then goods; a QR code may hold our page's address."""
    code = unicodedata.normalize("NFKC", text).strip()[:100]
    if (rma_id := _return_of(code)) is not None:
        return Meaning(code=code, rma_ids=(rma_id,))
    if (sale_id := _sale_of(code)) is not None:
        lines = ReturnLine.objects.filter(sale_id=sale_id, rma__status=Status.APPROVED)
        return Meaning(code=code, rma_ids=tuple(sorted(set(lines.values_list("rma_id", flat=True)))))
    if (parcel := load_parcels([code]).get(code)) is not None:
        links = ParcelReturn.objects.filter(parcel=parcel, rma__status=Status.APPROVED)
        return Meaning(
            code=code, parcel=parcel, rma_ids=tuple(links.order_by("rma_id").values_list("rma_id", flat=True))
        )
    return Meaning(code=code, goods=_goods(code) if code else None)


def _return_of(code: str) -> int | None:
    """Return the return that a code names; a tracking or serial number may look like one that does not exist."""
    found = _ADDRESS.search(code.upper())
    pk = document_id("R", found[1]) if found else None
    return pk if pk and Return.objects.filter(pk=pk).exists() else None


def _sale_of(code: str) -> int | None:
    """Return the sale that a code names, by its number or its reference elsewhere; serial numbers often begin with S too."""
    if (pk := document_id("S", code)) and Sale.objects.filter(pk=pk).exists():
        return pk
    return Sale.objects.filter(reference=code).values_list("pk", flat=True).first() if code else None


def _goods(code: str) -> Goods | None:
    if labelled := product_of_barcode(code):
        return Goods(product=labelled[0], unit=labelled[1])
    known = product_of_code(code)
    if known is None:
        return None
    product, kind = known
    lot, serial = (code if kind == "lot" else ""), (code if kind == "serial" else "")
    return Goods(product=product, unit=product.unit, lot=lot, serial=serial)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An open return that still expects a product, and how many of it beside what was scanned."""

    row: Return
    customer: str
    left_e4: int
    in_hand: bool
    parcel_here: bool


def waiting_for(goods: Goods, user_id: int) -> list[Waiting]:
    """List the open returns that expect what was scanned: those in hand first, then parcels that are here, then the oldest."""
    lines = ReturnLine.objects.filter(
        product=goods.product, rma__status=Status.APPROVED, pieces__authorized_e4__gt=F("pieces__received_e4")
    ).exclude(rma__type="refund_only")
    if code := goods.serial or goods.lot:
        lines = lines.filter(pieces__lot_id__in=_lot_ids(goods.product, code))
    mine = DockScan.objects.filter(user_id=user_id)
    in_hand = set(mine.values_list("rma_id", flat=True))
    oldest = list(lines.order_by("rma_id").values_list("rma_id", flat=True).distinct()[:MOST])
    ids = set(oldest) | set(lines.filter(rma_id__in=in_hand).values_list("rma_id", flat=True))
    scanned = scanned_of(mine.filter(rma_id__in=ids, product_id=goods.product.pk))
    here = set(
        ParcelReturn.objects.filter(rma_id__in=ids, parcel__arrived_on__isnull=False).values_list("rma_id", flat=True)
    )
    customers = customers_of(ids)
    found = [
        Waiting(row=rma.row, customer=customers[pk], left_e4=left, in_hand=pk in in_hand, parcel_here=pk in here)
        for pk, rma in load_returns_by_id(ids, lock=False).items()
        if (left := expected_e4(rma, goods.product.pk) - scanned.get((pk, goods.product.pk), 0)) > 0
    ]
    return sorted(found, key=lambda each: (not each.in_hand, not each.parcel_here, each.row.requested_on, each.row.pk))


def _lot_ids(product: Product, code: str) -> list[int]:
    return list(product.lots.filter(code=code).values_list("pk", flat=True))


def expected_e4(rma: LoadedReturn, product_id: int) -> int:
    """Return how many of a product a return waits for, in the product's units."""
    return sum(line.counted(lambda p: p.to_receive_e4) for line in rma.lines if line.row.product_id == product_id)


def scanned_of(scans: Iterable[DockScan]) -> dict[tuple[int, int], int]:
    """Add up what scans use up: {(return, product): quantity}."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for scan in scans:
        if scan.found in FILLS:
            sums[scan.rma_id, scan.product_id] += scan.quantity_e4
    return sums


@dataclass(slots=True)
class Group:
    """One return in somebody's hands: what it is about and what was scanned for it."""

    rma: LoadedReturn
    scans: list[DockScan] = field(default_factory=list)
    parcel: Parcel | None = None

    @property
    def counted(self) -> list[DockScan]:
        """The scans of goods."""
        return [scan for scan in self.scans if scan.product_id]

    @property
    def last(self) -> int:
        """When it was touched last."""
        return max(scan.log_id for scan in self.scans)

    @property
    def product_ids(self) -> set[int]:
        """What the return is about."""
        return {line.row.product_id for line in self.rma.lines}

    def of_line(self, line: LoadedLine) -> list[DockScan]:
        """Return the scans of a line's product that are not about something else in the parcel."""
        return [s for s in self.counted if s.product_id == line.row.product_id and s.found != "wrong_item"]

    def left_e4(self, product_id: int) -> int:
        """Return how many of a product were neither here before nor scanned."""
        mine = [scan for scan in self.counted if scan.product_id == product_id]
        return expected_e4(self.rma, product_id) - sum(s.quantity_e4 for s in mine if s.found in FILLS)


@dataclass(slots=True)
class Board:
    """What one person has scanned and not booked: returns in the order in which they were opened."""

    groups: list[Group]
    # Products by id, also of what was not expected.
    products: dict[int, Product]
    # Sale line → (lot, quantity) of what left.
    sold_lots: dict[int, list[tuple[int, int]]]

    @property
    def current(self) -> Group | None:
        """The return that was touched last: what is scanned next most likely belongs to it."""
        return max(self.groups, key=lambda group: group.last, default=None)

    @property
    def units_e4(self) -> int:
        """How many units were scanned."""
        return sum(
            scan.quantity_e4
            for group in self.groups
            for scan in group.counted
            if scan.found not in ("missing", "short", "empty")
        )


def board_of(user_id: int) -> Board:
    """Read what somebody has scanned; the number of statements does not grow with it."""
    scans = list(DockScan.objects.filter(user_id=user_id).order_by("pk"))
    returns = load_returns_by_id((scan.rma_id for scan in scans), lock=False)
    parcels = Parcel.objects.in_bulk({scan.parcel_id for scan in scans} - {0})
    groups: dict[int, Group] = {}
    for scan in sorted(scans, key=lambda each: each.rma_id):
        group = groups.setdefault(scan.rma_id, Group(returns[scan.rma_id]))
        group.scans.append(scan)
        group.parcel = parcels.get(scan.parcel_id, group.parcel)
    lines = [line for group in groups.values() for line in group.rma.lines]
    products = {line.row.product_id: line.row.product for line in lines}
    strangers = {scan.product_id for scan in scans} - {0} - products.keys()
    products |= (
        {pk: item.product for pk, item in load_catalogue(ids=strangers, units=False).by_id.items()} if strangers else {}
    )
    return Board(list(groups.values()), products, _sold_lots(line.row.sale_line_id for line in lines))


def _sold_lots(line_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    wanted = set(line_ids) - {0}
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    if wanted:
        pieces = SalePiece.objects.filter(line_id__in=wanted, lot_id__gt=0, shipped_e4__gt=0).order_by("pk")
        for line_id, lot_id, shipped_e4 in pieces.values_list("line_id", "lot_id", "shipped_e4"):
            found[line_id].append((lot_id, shipped_e4))
    return found


def customers_of(rma_ids: Iterable[int]) -> dict[int, str]:
    """Return who sends each return: {return: name or code}."""
    rows = Return.objects.filter(pk__in=set(rma_ids)).select_related("customer")
    return {row.pk: str(row.customer) for row in rows}
