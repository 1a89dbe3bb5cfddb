"""The cut-off of a period: returns whose goods and money stand on different sides of its last day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, Sum, When

from backstock.core.amounts import E4
from backstock.refunds.models import CreditNote, CreditNoteLine
from backstock.returns.models import Return, ReturnEvent, ReturnLine, ReturnPiece

# Returns whose goods come back for money; the goods of the others never come, or other goods take their place.
FOR_MONEY = ("return_refund", "rejected_delivery")
OVER = ("rejected", "cancelled", "closed")


@dataclass(frozen=True, slots=True)
class CutOff:
    """A return whose goods came and were not credited through a day, or that was credited without its goods."""

    number: str
    uncredited_e4: int
    goods_out_e4: int


def came_e4(pieces: Iterable[tuple[int, int, int]]) -> int:
    """Return how many units of a line its pieces (product, per line unit, came) make up: a kit only when all came."""
    of_products: dict[int, tuple[int, int]] = {}
    for product, per_line_e4, each_e4 in pieces:
        of_products[product] = (per_line_e4, of_products.get(product, (0, 0))[1] + each_e4)
    return min((came * E4 // per_line_e4 for per_line_e4, came in of_products.values()), default=0)


@dataclass(frozen=True, slots=True)
class LineCutOff:
    """The same of one line: how many units came and were credited in all."""

    rma_id: int
    line_id: int
    came_e4: int
    credited_e4: int


def cut_off_lines(through: date) -> list[LineCutOff]:
    """Compare goods and money of each line as they stood at the end of a day; give those that differ."""
    lines = dict(ReturnLine.objects.filter(rma_id__in=_candidates(through)).values_list("pk", "rma_id"))
    came, credited = _came(lines, through), _credited(lines, through)
    found = [
        LineCutOff(rma_id, line_id, came.get(line_id, 0), credited.get(line_id, 0)) for line_id, rma_id in lines.items()
    ]
    return [each for each in found if each.came_e4 != each.credited_e4]


def cut_offs(through: date) -> list[CutOff]:
    """Compare goods and money of each return as they stood at the end of a day."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for each in cut_off_lines(through):
        difference = each.came_e4 - each.credited_e4
        sums[each.rma_id][difference < 0] += abs(difference)
    return [CutOff(Return(pk=rma_id).number, *both) for rma_id, both in sorted(sums.items()) if any(both)]


def _candidates(through: date) -> Sequence[int]:
    """Find returns that were under way that day: not over now, or with something that happened since."""
    since = Q(pk__in=CreditNote.objects.filter(issued_on__gt=through).values("rma_id")) | Q(
        pk__in=ReturnEvent.objects.filter(business_on__gt=through).values("rma_id")
    )
    found = Return.objects.filter(since | ~Q(status__in=OVER), type__in=FOR_MONEY, requested_on__lte=through)
    return list(found.values_list("pk", flat=True))


def _came(lines: Mapping[int, int], through: date) -> dict[int, int]:
    """Count the units of lines that came and were not turned down; a mirror takes back what it mirrors."""
    counted = Q(kind="receive", verdict__in=("received", "damaged")) | Q(kind="inspect", verdict="rejected")
    signed = Case(
        When(Q(kind="receive") & Q(mirrors_log_id=0), then=F("quantity_e4")),
        When(Q(kind="inspect") & ~Q(mirrors_log_id=0), then=F("quantity_e4")),
        default=-F("quantity_e4"),
    )
    events = ReturnEvent.objects.filter(counted, rma_id__in=set(lines.values()), business_on__lte=through)
    came = dict(events.order_by().values_list("piece_id").annotate(sum=Sum(signed)))
    pieces: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for piece in ReturnPiece.objects.filter(line_id__in=lines):
        pieces[piece.line_id].append((piece.product_id, piece.per_line_e4, came.get(piece.pk, 0)))
    return {line_id: came_e4(each) for line_id, each in pieces.items()}


def _credited(lines: Mapping[int, int], through: date) -> dict[int, int]:
    undone = CreditNote.objects.filter(mirrors_log_id=OuterRef("note__log_id"), issued_on__lte=through)
    standing = CreditNoteLine.objects.filter(~Exists(undone), return_line_id__in=lines, note__issued_on__lte=through)
    return dict(standing.order_by().values_list("return_line_id").annotate(sum=Sum("quantity_e4")))
