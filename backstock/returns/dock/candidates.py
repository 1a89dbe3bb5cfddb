"""Which returns, and which sales without one, goods without an owner may belong to, the best first. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from backstock.partners.models import Partner
from backstock.partners.queries import matching_partners
from backstock.returns.dock.matching import Expected, Fit, Seen, digits_of, fit
from backstock.returns.dock.unclaimed import LoadedUnclaimed
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedReturn, load_returns_by_id
from backstock.returns.models import ParcelReturn, Return, ReturnLine
from backstock.sales.models import SalePiece

LOOKED_AT, SHOWN = 200, 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A return that the goods may be of, and why."""

    rma: LoadedReturn
    customer: str
    fit: Fit
    # Product → quantity that it still expects.
    left: dict[int, int]


@dataclass(frozen=True, slots=True)
class SoldTo:
    """A sale that the goods may be of, whose customer has not asked for a return yet."""

    number: str
    customer: str
    by_code: bool


def seen_of(parcel: LoadedUnclaimed) -> Seen:
    """Return what can be seen of a parcel without an owner."""
    row, goods = parcel.row, defaultdict[int, int](int)
    for line in parcel.lines:
        if line.here_e4:
            goods[line.product_id] += line.here_e4
    coded = [line for line in parcel.lines if line.lot_id and line.here_e4]
    return Seen(
        tracking=row.tracking_number, phone=row.sender_phone, name=row.sender_name, route=row.route,
        weight_grams=row.weight_grams or 0, goods=dict(goods),
        serials=frozenset(line.lot_id for line in coded if line.product.tracking == "serial"),
        lots=frozenset(line.lot_id for line in coded if line.product.tracking == "lot"),
    )  # fmt: skip


def candidates_for(parcel: LoadedUnclaimed) -> list[Candidate]:
    """List the open returns that fit, the best first, of the same points the oldest; those that share nothing are left out."""
    seen = seen_of(parcel)
    ids = _may_be(seen, parcel.row.found_in_id)
    returns = load_returns_by_id(ids, lock=False)
    people = _people(ids)
    parcels: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    links = ParcelReturn.objects.filter(rma_id__in=ids)
    for rma_id, tracking, grams in links.values_list("rma_id", "parcel__tracking_number", "parcel__stated_grams"):
        parcels[rma_id].append((tracking, grams))
    found = []
    for pk, rma in returns.items():
        customer, left = people[pk], _left(rma)
        expected = Expected(
            tracking=frozenset(tracking for tracking, _ in parcels[pk]), phones=frozenset(filter(None, [customer.phone])),
            name=customer.name, address=customer.address, weights=frozenset(grams for _, grams in parcels[pk] if grams),
            goods=left, lots=frozenset(p.lot_id for p in rma.pieces if p.lot_id and p.to_receive_e4),
        )  # fmt: skip
        how = fit(seen, expected)
        if how.points:
            found.append(Candidate(rma, str(customer), how, left))
    return sorted(found, key=lambda each: (-each.fit.points, each.rma.row.requested_on, each.rma.row.pk))[:SHOWN]


def _left(rma: LoadedReturn) -> dict[int, int]:
    left: dict[int, int] = defaultdict(int)
    for line in rma.lines:
        left[line.row.product_id] += line.counted(lambda piece: piece.to_receive_e4)
    return {product: quantity_e4 for product, quantity_e4 in left.items() if quantity_e4}


def _people(rma_ids: Iterable[int]) -> dict[int, Partner]:
    rows = Return.objects.filter(pk__in=set(rma_ids)).select_related("customer")
    return {row.pk: row.customer for row in rows}


def customers_on_label(seen: Seen) -> list[int]:
    """Return the customers whom name or phone of a label may mean; hidden parts find nobody."""
    phone = digits_of(seen.phone)
    texts = [phone if "*" not in phone and len(phone) >= 4 else "", seen.name if "*" not in seen.name else ""]
    if "*" in phone and len(phone.rpartition("*")[2]) >= 4:
        texts.append(phone.rpartition("*")[2])
    return [pk for text in texts if text.strip() for pk in matching_partners(text, LOOKED_AT)]


def _may_be(seen: Seen, found_in_id: int) -> list[int]:
    """Return the open returns that share anything with what is seen: looked up by index, one way after the other."""
    waiting = ReturnLine.objects.filter(
        rma__status=Status.APPROVED, pieces__authorized_e4__gt=F("pieces__received_e4")
    ).exclude(rma__type="refund_only")
    ways = [
        Q(product_id__in=list(seen.goods)),
        Q(pieces__lot_id__in=list(seen.serials | seen.lots)),
        Q(rma_id=found_in_id),
    ]
    if people := customers_on_label(seen):
        ways.append(Q(rma__customer_id__in=people))
    if seen.tracking:
        linked = ParcelReturn.objects.filter(parcel__tracking_number=seen.tracking)
        ways.append(Q(rma_id__in=list(linked.values_list("rma_id", flat=True))))
    found: dict[int, None] = {}
    for way in reversed(ways):
        newest = waiting.filter(way).order_by("-rma_id").values_list("rma_id", flat=True).distinct()
        found |= dict.fromkeys(newest[:LOOKED_AT])
    return list(found)[:LOOKED_AT]


def sales_for(parcel: LoadedUnclaimed, candidates: Sequence[Candidate]) -> list[SoldTo]:
    """List sales of these goods that no return asks back: by serial or lot number, or of the customer on the label."""
    seen = seen_of(parcel)
    asked = {line.row.sale_id for each in candidates for line in each.rma.lines}
    ways = Q(lot_id__in=list(seen.serials | seen.lots))
    if people := customers_on_label(seen):
        ways |= Q(product_id__in=list(seen.goods), line__sale__customer_id__in=people)
    pieces = SalePiece.objects.filter(ways, shipped_e4__gt=F("received_e4") - F("sent_back_e4") + F("open_e4"))
    rows = pieces.exclude(line__sale_id__in=asked).select_related("line__sale__customer").order_by("-line__sale_id")
    found: dict[int, SoldTo] = {}
    for piece in rows[: SHOWN * 4]:
        sale, by_code = piece.line.sale, bool(piece.lot_id) and piece.lot_id in seen.serials | seen.lots
        if sale.pk not in found or by_code:
            found[sale.pk] = SoldTo(sale.number, str(sale.customer), by_code)
    return sorted(found.values(), key=lambda each: not each.by_code)[:SHOWN]
