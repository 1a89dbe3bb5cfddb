"""What lies where and what it is worth, for many products at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Max, Sum

from backstock.stock.models import PoolBalance, StockBalance, StockMove
from backstock.stock.places import OUTSIDE, SUPPLIER, places_of, warehouse_of

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
