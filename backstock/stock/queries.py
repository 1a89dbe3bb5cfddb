"""Read the goods ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from backstock.stock.models import PoolBalance, StockBalance, StockMove
from backstock.stock.moves import Move, Pool
from backstock.stock.places import grade_of, kind_of, warehouse_of

MOVE_FIELDS = (
    "product_id", "quantity_e4", "source_id", "target_id", "source_pool", "source_ref", "target_pool", "target_ref",
    "source_value_cents", "target_value_cents", "lot_id", "line_id", "mirrors_log_id",
)  # fmt: skip


def moves_of_logs(log_ids: Iterable[int]) -> dict[int, list[Move]]:
    """Return the moves that log rows wrote, in their order."""
    found: dict[int, list[Move]] = defaultdict(list)
    wanted = StockMove.objects.filter(log_id__in=set(log_ids)).order_by("log_id", "position")
    for log_id, *v in wanted.values_list("log_id", *MOVE_FIELDS):
        found[log_id].append(
            Move(
                product_id=v[0],
                quantity_e4=v[1],
                source_id=v[2],
                target_id=v[3],
                source_pool=Pool(v[4], v[5]),
                target_pool=Pool(v[6], v[7]),
                source_value_cents=v[8],
                target_value_cents=v[9],
                lot_id=v[10],
                line_id=v[11],
                mirrors_log_id=v[12],
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One row of the goods ledger as a page shows it."""

    business_on: date
    document: str
    product_id: int
    lot_id: int
    quantity_e4: int
    source_id: int
    target_id: int
    value_cents: int
    mirror: bool


def moves_of_document(document: str) -> list[MoveRow]:
    """Return the moves of a document in the order of recording."""
    found = StockMove.objects.filter(document=document).order_by("log_id", "position")
    return [
        MoveRow(
            business_on=row.business_on,
            document=row.document,
            product_id=row.product_id,
            lot_id=row.lot_id,
            quantity_e4=row.quantity_e4,
            source_id=row.source_id,
            target_id=row.target_id,
            value_cents=row.target_value_cents,
            mirror=bool(row.mirrors_log_id),
        )
        for row in found
    ]


def quantity_at(
    product_id: int, kinds: Sequence[str], warehouse_id: int | None = None, lot_id: int | None = None
) -> int:
    """Return how many of a product lie at places of some kinds; all grades together."""
    found = StockBalance.objects.filter(product_id=product_id)
    if lot_id is not None:
        found = found.filter(lot_id=lot_id)
    return sum(
        quantity
        for place, quantity in found.values_list("place_id", "quantity_e4")
        if kind_of(place) in kinds and (warehouse_id is None or warehouse_of(place) == warehouse_id)
    )


def pool_kinds(place_kind: str) -> tuple[str, ...]:
    """Return which value pools belong to a kind of place."""
    sellable = ("new", "layer", "lot", "grade:A", "grade:B", "grade:C", "grade:D")
    return {"sellable": sellable, "quarantine": ("quarantine",), "repair": ("repair",), "vendor": ("vendor",)}.get(
        place_kind, (place_kind,)
    )


def value_of(product_id: int, kinds: Sequence[str]) -> int:
    """Return what a product is worth in the pools of some kinds of places."""
    pools = [pool for kind in kinds for pool in pool_kinds(kind)]
    found = PoolBalance.objects.filter(product_id=product_id, pool__in=pools).aggregate(total=Sum("value_cents"))
    return int(found["total"] or 0)


def quantities_by_place(product_id: int, lot_id: int | None = None) -> dict[int, int]:
    """Return what lies where: {place: quantity}."""
    found = StockBalance.objects.filter(product_id=product_id).exclude(quantity_e4=0)
    if lot_id is not None:
        found = found.filter(lot_id=lot_id)
    places: dict[int, int] = defaultdict(int)
    for place, quantity_e4 in found.values_list("place_id", "quantity_e4"):
        places[place] += quantity_e4
    return places


def value_by_warehouse(product_id: int, kind: str) -> dict[int, int]:
    """Share a product's value over warehouses by quantity, half up, the last taking the rest (DESIGN §3, value pools)."""
    quantities: dict[int, int] = defaultdict(int)
    for place, quantity_e4 in quantities_by_place(product_id).items():
        if kind_of(place) == kind:
            quantities[warehouse_of(place)] += quantity_e4
    return share_by_quantity(value_of(product_id, [kind]), quantities)


def share_by_quantity(value: int, quantities: dict[int, int]) -> dict[int, int]:
    """Share a value by quantity, rounded half up; the last with pieces takes the rest."""
    held = sorted(key for key, quantity in quantities.items() if quantity)
    whole = sum(quantities[key] for key in held)
    shares = dict.fromkeys(quantities, 0)
    for key in held[:-1]:
        shares[key] = (2 * value * quantities[key] + whole) // (2 * whole)
    if held:
        shares[held[-1]] = value - sum(shares.values())
    return shares


def line_values(product_id: int, kind: str) -> list[tuple[int, int, int]]:
    """Return what return lines hold of a product in quarantine or repair: (line, quantity, value)."""
    found = PoolBalance.objects.filter(product_id=product_id, pool=kind, quantity_e4__gt=0)
    return list(found.values_list("ref", "quantity_e4", "value_cents"))


def worth(product_id: int, kind: str, warehouse_id: int | None = None, lot_id: int | None = None) -> int:
    """Return what a product is worth at a kind of place, of one warehouse or lot where asked.

    Sellable goods share their pools by quantity; elsewhere each line keeps its own cost, so the moves are summed.
    """
    if kind in ("transit", "customer", "supplier", "scrap", "outside"):
        return 0 if kind != "transit" else value_of(product_id, [kind])
    if warehouse_id is None and lot_id is None:
        return value_of(product_id, [kind])
    if kind != "sellable":
        return _worth_by_moves(product_id, kind, warehouse_id, lot_id)
    if lot_id is not None and (
        own := PoolBalance.objects.filter(product_id=product_id, pool="lot", ref=lot_id).first()
    ):
        return own.value_cents
    quantities: dict[int, int] = defaultdict(int)
    for place, lot, quantity_e4 in StockBalance.objects.filter(product_id=product_id).values_list(
        "place_id", "lot_id", "quantity_e4"
    ):
        if kind_of(place) == "sellable":
            quantities[lot if lot_id is not None else warehouse_of(place)] += quantity_e4
    key = lot_id if lot_id is not None else warehouse_id
    return share_by_quantity(value_of(product_id, ["sellable"]), quantities).get(key or 0, 0)


def _worth_by_moves(product_id: int, kind: str, warehouse_id: int | None, lot_id: int | None) -> int:
    total = 0
    fields = ("lot_id", "source_id", "target_id", "source_value_cents", "target_value_cents")
    for lot, source, target, out_cents, in_cents in StockMove.objects.filter(product_id=product_id).values_list(
        *fields
    ):
        if lot_id is not None and lot != lot_id:
            continue
        if kind_of(target) == kind and warehouse_id in (None, warehouse_of(target)):
            total += in_cents
        if kind_of(source) == kind and warehouse_id in (None, warehouse_of(source)):
            total -= out_cents
    return total


def lot_place(product_id: int, lot_id: int) -> int | None:
    """Return the place where a lot or serial is; the place of most pieces when it is spread."""
    found = StockBalance.objects.filter(product_id=product_id, lot_id=lot_id, quantity_e4__gt=0).order_by(
        "-quantity_e4"
    )
    return found.values_list("place_id", flat=True).first()


def cost_of_lines(documents: Sequence[str], line_ids: Sequence[int]) -> int:
    """Return what lines of documents sent to customers at cost, less what they took back."""
    found = StockMove.objects.filter(document__in=list(documents), line_id__in=list(line_ids))
    total = 0
    for source, target, value in found.values_list("source_id", "target_id", "source_value_cents"):
        if kind_of(target) == "customer":
            total += value
        elif kind_of(source) == "customer":
            total -= value
    return total


def restocked_cents(documents: Iterable[str]) -> dict[int, int]:
    """Return, by return line, at what value its goods went from quarantine or repair on a shelf, less what was undone."""
    found: dict[int, int] = defaultdict(int)
    fields = (
        "source_id",
        "target_id",
        "source_pool",
        "source_ref",
        "target_pool",
        "target_ref",
        "source_value_cents",
        "target_value_cents",
    )
    held, moves = ("quarantine", "repair"), StockMove.objects.filter(document__in=set(documents))
    for source_id, target_id, source, source_ref, target, target_ref, leaves, enters in moves.values_list(*fields):
        if source in held and kind_of(target_id) == "sellable":
            found[source_ref] += enters
        elif target in held and kind_of(source_id) == "sellable":
            found[target_ref] -= leaves
    return dict(found)


def values_in_quarantine(product_ids: Iterable[int], line_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return what return lines hold in quarantine, all products of a line together: {line: (quantity, value)}."""
    held: dict[int, tuple[int, int]] = {}
    found = PoolBalance.objects.filter(product_id__in=set(product_ids), pool="quarantine", ref__in=set(line_ids))
    for line, quantity_e4, value in found.values_list("ref", "quantity_e4", "value_cents"):
        before = held.get(line, (0, 0))
        held[line] = (before[0] + quantity_e4, before[1] + value)
    return held


def own_values(pool: str, documents: Iterable[str]) -> dict[tuple[int, int, int], tuple[int, int]]:
    """Return what returns hold in quarantine or repair of each lot and serial: {(line, product, lot): (quantity, value)}."""
    held: dict[tuple[int, int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    fields = (
        "line_id",
        "product_id",
        "lot_id",
        "quantity_e4",
        "source_pool",
        "source_value_cents",
        "target_pool",
        "target_value_cents",
    )
    for line, product, lot, quantity, source, out_cents, target, in_cents in StockMove.objects.filter(
        document__in=set(documents)
    ).values_list(*fields):
        before = held[line, product, lot]
        if source == pool:
            before = (before[0] - quantity, before[1] - out_cents)
        if target == pool:
            before = (before[0] + quantity, before[1] + in_cents)
        held[line, product, lot] = before
    return held


def move_count() -> int:
    """Return how many rows the goods ledger holds."""
    return StockMove.objects.count()


def on_shelf(product_ids: Iterable[int]) -> dict[int, int]:
    """Return how many new goods of each product are for sale, all warehouses together."""
    found: dict[int, int] = defaultdict(int)
    rows = StockBalance.objects.filter(product_id__in=set(product_ids)).exclude(quantity_e4=0)
    for product_id, place, quantity_e4 in rows.values_list("product_id", "place_id", "quantity_e4"):
        if kind_of(place) == "sellable" and not grade_of(place):
            found[product_id] += quantity_e4
    return found


def sellable_pieces() -> list[tuple[int, int, int, int, int]]:
    """List new goods for sale: (product, lot, warehouse, quantity, value); a product's value is shared by quantity."""
    rows = StockBalance.objects.filter(quantity_e4__gt=0).order_by("product_id", "place_id", "lot_id")
    held: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for product_id, place, lot_id, quantity_e4 in rows.values_list("product_id", "place_id", "lot_id", "quantity_e4"):
        if kind_of(place) == "sellable" and not grade_of(place):
            held[product_id].append((lot_id, warehouse_of(place), quantity_e4))
    common: dict[int, int] = defaultdict(int)
    own: dict[tuple[int, int], int] = {}
    pools = PoolBalance.objects.filter(pool__in=("new", "layer", "lot"), quantity_e4__gt=0)
    for product_id, pool, ref, value in pools.values_list("product_id", "pool", "ref", "value_cents"):
        if pool == "lot":
            own[product_id, ref] = value
        else:
            common[product_id] += value
    found = []
    for product_id, pieces in held.items():
        shared = {n: each[2] for n, each in enumerate(pieces) if (product_id, each[0]) not in own}
        shares = share_by_quantity(common[product_id], shared)
        for n, (lot_id, warehouse_id, quantity_e4) in enumerate(pieces):
            lot_pieces = sum(each[2] for each in pieces if each[0] == lot_id)
            value = shares[n] if n in shares else own[product_id, lot_id] * quantity_e4 // lot_pieces
            found.append((product_id, lot_id, warehouse_id, quantity_e4, value))
    return found


def quantities_by_lot(product_id: int) -> dict[int, int]:
    """Return how many of each lot or serial number of a product are in our hands."""
    found: dict[int, int] = defaultdict(int)
    rows = StockBalance.objects.filter(product_id=product_id, lot_id__gt=0, quantity_e4__gt=0)
    for lot, place, quantity_e4 in rows.values_list("lot_id", "place_id", "quantity_e4"):
        if kind_of(place) in ("sellable", "quarantine", "repair", "transit"):
            found[lot] += quantity_e4
    return dict(found)
