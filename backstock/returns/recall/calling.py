"""What a recall calls back, and who has it: lots found by their codes, and buyers written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, Q
from django.db.models.functions import Length

from backstock.catalog.models import Lot
from backstock.core import rows
from backstock.returns.models import Recall, RecallBuyer, RecallLot
from backstock.sales.models import SalePiece

type Named = dict[tuple[int, str], int]
type Range = tuple[int, str, str]

_BUYER = (
    "recall_id", "customer_id", "sale_id", "sale_piece_id", "product_id", "lot_id", "held_e4", "answer", "answered_on",
)  # fmt: skip


def lots_named(wanted: Iterable[tuple[int, str]]) -> Named:
    """Return the lots of (product, code) that exist, in one statement; nothing asked costs none."""
    pairs = set(wanted)
    if not pairs:
        return {}
    lots = Lot.objects.filter(product_id__in={product for product, _ in pairs}, code__in={code for _, code in pairs})
    found = {(product, code): pk for product, code, pk in lots.values_list("product_id", "code", "pk")}
    return {pair: pk for pair, pk in found.items() if pair in pairs}


def lots_between(ranges: Iterable[Range]) -> dict[Range, list[int]]:
    """Return the lots of (product, first, last): serial numbers of one length sort as they were counted."""
    wanted = list(dict.fromkeys(ranges))
    if not wanted:
        return {}
    meant = Q()
    for product, first, last in wanted:
        meant |= Q(product_id=product, size=len(first), code__gte=first, code__lte=last)
    found: dict[Range, list[int]] = defaultdict(list)
    lots = Lot.objects.annotate(size=Length("code")).filter(meant).order_by("pk")
    for pk, lot_product, code in lots.values_list("pk", "product_id", "code"):
        for each in wanted:
            if each[0] == lot_product and len(each[1]) == len(code) and each[1] <= code <= each[2]:
                found[each].append(pk)
    return found


def write_buyers(lots_of: dict[int, set[int]]) -> None:
    """Write down who has pieces of the lots of recalls now and was not known yet: {recall: lots}."""
    recalls_of: dict[int, list[int]] = defaultdict(list)
    for recall_id, lots in lots_of.items():
        for lot_id in lots - {0}:
            recalls_of[lot_id].append(recall_id)
    if not recalls_of:
        return
    known = set(RecallBuyer.objects.filter(recall_id__in=lots_of).values_list("recall_id", "sale_piece_id"))
    still_out = SalePiece.objects.filter(lot_id__in=recalls_of, shipped_e4__gt=F("received_e4") - F("sent_back_e4"))
    values = [
        (
            recall_id, piece.line.sale.customer_id, piece.line.sale_id, piece.pk, piece.product_id, piece.lot_id,
            piece.shipped_e4 - piece.received_e4 + piece.sent_back_e4, "", None,
        )
        for piece in still_out.select_related("line__sale").order_by("pk")
        for recall_id in recalls_of[piece.lot_id]
        if (recall_id, piece.pk) not in known
    ]  # fmt: skip
    rows.insert(RecallBuyer, _BUYER, values)


def find_new_buyers(recalls: Iterable[Recall]) -> None:
    """Add who got pieces after a recall began, where nothing blocked them."""
    lots_of: dict[int, set[int]] = defaultdict(set)
    lots = RecallLot.objects.filter(recall__in=list(recalls))
    for recall_id, lot_id in lots.values_list("recall_id", "lot_id"):
        lots_of[recall_id].add(lot_id)
    write_buyers(lots_of)
