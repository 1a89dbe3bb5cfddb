"""Ask the goods of a recall back from all who have them: one request per sale, as many at a time as a batch holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from backstock.catalog.queries import lot_codes
from backstock.core.commands import MAX_ITEMS, Refused
from backstock.core.errors import DomainError
from backstock.core.permissions import Actor
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.models import Recall, RecallBuyer
from backstock.sales.models import Sale, SalePiece

type Tell = Callable[[int, int], None]


@dataclass(slots=True)
class Asked:
    """What became of asking: the requests that were made, and what was refused for which sale."""

    made: list[str] = field(default_factory=list)
    refused: list[tuple[str, DomainError]] = field(default_factory=list)


def ask_all(recall: Recall, actor: Actor, tell: Tell = lambda done, total: None) -> Asked:
    """Make the requests that are missing; asked again it goes on where it stopped, nothing is asked twice."""
    wanted, found = _wanted(recall), Asked()
    for start in range(0, len(wanted), MAX_ITEMS):
        chunk = wanted[start : start + MAX_ITEMS]
        keys = [f"recall:{recall.number}:{each.sale}:{_digest(each)}" for each in chunk]
        for each, outcome in zip(chunk, request_return.batch(chunk, actor=actor, keys=keys, mode="each"), strict=True):
            if isinstance(outcome, Refused):
                found.refused.append((str(each.sale), outcome.error))
            else:
                found.made.append(outcome.document)
        tell(min(start + MAX_ITEMS, len(wanted)), len(wanted))
    return found


def _digest(wanted: RequestReturn) -> str:
    """Tell a request from one for more or fewer pieces of the same sale."""
    return "-".join(f"{line.lot or ','.join(line.serials)}x{line.quantity_e4}" for line in wanted.lines)[:120]


def _wanted(recall: Recall) -> list[RequestReturn]:
    """Return the requests for what is with customers and was not asked back yet: one per sale."""
    rows = list(
        RecallBuyer.objects.filter(recall=recall).exclude(answer="refused").select_related("product").order_by("pk")
    )
    pieces = SalePiece.objects.in_bulk([row.sale_piece_id for row in rows])
    codes = lot_codes(row.lot_id for row in rows)
    lots: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    serials: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        left_e4, sku, code = pieces[row.sale_piece_id].returnable_e4, row.product.sku, codes[row.lot_id]
        if left_e4 <= 0:
            continue
        if row.product.tracking == "serial":
            serials[row.sale_id][sku].append(code)
        else:
            lots[row.sale_id][sku, code] = lots[row.sale_id].get((sku, code), 0) + left_e4
    return [
        RequestReturn(sale=Sale(pk=sale_id).number, recall=recall.number, lines=_lines(lots[sale_id], serials[sale_id]))
        for sale_id in sorted(lots.keys() | serials.keys())
    ]


def _lines(lots: dict[tuple[str, str], int], serials: dict[str, list[str]]) -> tuple[RequestLine, ...]:
    by_lot = [RequestLine(sku=sku, quantity_e4=e4, lot=code, reason="recall") for (sku, code), e4 in lots.items()]
    by_serial = [
        RequestLine(sku=sku, quantity_e4=len(some) * 10**4, serials=tuple(some), reason="recall")
        for sku, some in serials.items()
    ]
    return (*by_lot, *by_serial)
