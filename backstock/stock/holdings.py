"""What lies where and what it is worth, for many products at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Max, Q, QuerySet, Sum

from backstock.core.amounts import half_up
from backstock.stock.models import PoolBalance, StockBalance, StockMove
from backstock.stock.places import OUTSIDE, SUPPLIER, grade_of, kind_of, place_id, places_of, warehouse_of

# Pools of new sellable goods.
NEW = ("new", "layer", "lot")


def pieces_at(place: int) -> list[tuple[int, int, int]]:
    """List what lies at a place: (product, lot, quantity)."""
    found = StockBalance.objects.filter(place_id=place, quantity_e4__gt=0).order_by("product_id", "lot_id")
    return list(found.values_list("product_id", "lot_id", "quantity_e4"))


def pieces_of(product_ids: Iterable[int], places: Iterable[int]) -> dict[tuple[int, int, int], int]:
    """Return what lies of products at places: {(product, lot, place): quantity}."""
    found = StockBalance.objects.filter(product_id__in=set(product_ids), place_id__in=set(places))
    rows = found.values_list("product_id", "lot_id", "place_id", "quantity_e4")
    return {(product, lot, place): quantity for product, lot, place, quantity in rows}


def shares_at(place: int) -> dict[int, int]:
    """Return what new goods at a sellable place are worth, each product's value shared by quantity."""
    here: dict[int, int] = defaultdict(int)
    for product, _, quantity_e4 in pieces_at(place):
        here[product] += quantity_e4
    worth = new_worth()
    return {product: worth[product][1] * q // worth[product][0] for product, q in here.items() if product in worth}


def new_worth(product_ids: Iterable[int] | None = None) -> dict[int, tuple[int, int]]:
    """Return quantity and value of new sellable goods by product; of all products where none are named."""
    found = PoolBalance.objects.filter(pool__in=NEW, quantity_e4__gt=0)
    if product_ids is not None:
        found = found.filter(product_id__in=set(product_ids))
    sums = found.order_by().values_list("product_id").annotate(Sum("quantity_e4"), Sum("value_cents"))
    return {product: (quantity_e4, value) for product, quantity_e4, value in sums}


def last_purchases(product_ids: Iterable[int]) -> dict[int, list[tuple[int, int, int]]]:
    """Return what the last delivery of each product brought: {product: [(lot, quantity, value)]}."""
    bought = StockMove.objects.filter(product_id__in=set(product_ids), source_id=SUPPLIER, mirrors_log_id=0)
    last = dict(bought.order_by().values_list("product_id").annotate(Max("log_id")))
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = bought.filter(log_id__in=set(last.values())).order_by("log_id", "position") if last else bought.none()
    for log_id, product_id, *brought in rows.values_list(
        "log_id", "product_id", "lot_id", "quantity_e4", "target_value_cents"
    ):
        if last[product_id] == log_id:
            found[product_id].append((brought[0], brought[1], brought[2]))
    return found


def last_purchases_of_lots(product_ids: Iterable[int], lot_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return what each lot's or serial's own last delivery brought: {lot: (quantity, value)}."""
    deliveries = StockMove.objects.filter(source_id=SUPPLIER, mirrors_log_id=0)
    bought = deliveries.filter(product_id__in=set(product_ids), lot_id__in=set(lot_ids))
    found: dict[int, tuple[int, int]] = {}
    for lot_id, quantity_e4, value in bought.order_by("log_id", "position").values_list(
        "lot_id", "quantity_e4", "target_value_cents"
    ):
        found[lot_id] = (quantity_e4, value)
    return found


def pieces_in_warehouses(warehouse_ids: Iterable[int]) -> dict[int, int]:
    """Return how many pieces lie in warehouses, in whatever state: {warehouse: quantity}."""
    places = [place for pk in warehouse_ids for place, *_ in places_of(pk)]
    pieces: dict[int, int] = defaultdict(int)
    found = (
        StockBalance.objects.filter(place_id__in=places, quantity_e4__gt=0) if places else StockBalance.objects.none()
    )
    for place, quantity_e4 in found.order_by().values_list("place_id").annotate(Sum("quantity_e4")):
        pieces[warehouse_of(place)] += quantity_e4
    return pieces


def lots_held(lot_ids: Iterable[int]) -> set[int]:
    """Return the lots and serials that are somewhere, at the customer's too; what lies outside is not."""
    wanted = set(lot_ids)
    if not wanted:
        return set()
    found = StockBalance.objects.filter(lot_id__in=wanted, quantity_e4__gt=0).exclude(place_id=OUTSIDE)
    return set(found.values_list("lot_id", flat=True))


@dataclass(slots=True)
class Holding:
    """What there is of one product: quantities per place, and what its sellable goods are worth."""

    places: dict[int, int] = field(default_factory=dict)
    value_cents: int = 0

    def of_kind(self, kind: str) -> int:
        """Return the quantity in a state: sellable (new), graded, quarantine, repair, transit."""
        return sum(quantity for place, quantity in self.places.items() if _state(place) == kind)

    def sellable_in(self, warehouse_id: int) -> int:
        """Return the new goods for sale in a warehouse."""
        return self.places.get(place_id("sellable", warehouse_id), 0)


def _state(place: int) -> str:
    kind = kind_of(place)
    return "graded" if kind == "sellable" and grade_of(place) else kind


def holdings_of(product_ids: Iterable[int], warehouse_id: int | None = None) -> dict[int, Holding]:
    """Return what there is of products, in one warehouse where one is named; two statements whatever their number."""
    found = {pk: Holding() for pk in product_ids}
    everywhere: dict[int, int] = defaultdict(int)
    rows = StockBalance.objects.filter(product_id__in=found).exclude(quantity_e4=0).order_by()
    for product, place, quantity_e4 in rows.values_list("product_id", "place_id").annotate(Sum("quantity_e4")):
        if kind_of(place) == "sellable":
            everywhere[product] += quantity_e4
        if warehouse_id is None or warehouse_of(place) == warehouse_id:
            found[product].places[place] = quantity_e4
    pools = PoolBalance.objects.filter(product_id__in=found).filter(Q(pool__in=NEW) | Q(pool__startswith="grade:"))
    for product, value in pools.order_by().values_list("product_id").annotate(Sum("value_cents")):
        held = found[product]
        here = held.of_kind("sellable") + held.of_kind("graded")
        whole = everywhere[product]
        held.value_cents = value if warehouse_id is None or not whole else half_up(value * here, whole)
    return found


def products_in_stock(warehouse_id: int | None = None) -> QuerySet[StockBalance, int]:
    """Return, as a subquery, the products of which pieces lie in a warehouse, or in any."""
    there = StockBalance.objects.filter(quantity_e4__gt=0, place_id__gte=100)
    if warehouse_id is not None:
        there = there.filter(place_id__in=[place for place, *_ in places_of(warehouse_id)])
    return there.values_list("product_id", flat=True)


def lots_in_stock() -> QuerySet[StockBalance, int]:
    """Return, as a subquery, the lots and serials of which pieces lie in a warehouse."""
    there = StockBalance.objects.filter(quantity_e4__gt=0, place_id__gte=100).exclude(lot_id=0)
    return there.values_list("lot_id", flat=True)


def pieces_of_lots(lot_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return where the pieces of lots lie in our warehouses: {lot: {place: quantity}}."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    there = StockBalance.objects.filter(lot_id__in=list(lot_ids), quantity_e4__gt=0, place_id__gte=100)
    for lot, place, quantity_e4 in there.order_by("place_id").values_list("lot_id", "place_id", "quantity_e4"):
        found[lot][place] = quantity_e4
    return found
