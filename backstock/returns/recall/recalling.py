"""Ask the goods of recalls back from all who have them, beside the pages: one request per sale, a chunk at a time.

How far it is stands in the transaction of the requests: a worker that dies leaves whole chunks, the next one goes on.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta

from backstock.catalog.queries import lot_codes
from backstock.core import clock
from backstock.core.commands import Refused
from backstock.core.errors import DomainError
from backstock.core.permissions import SYSTEM, actor_for
from backstock.core.together import as_one
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.models import RecallAsk, RecallBuyer
from backstock.returns.recall.errors import RecallOver
from backstock.sales.models import Sale, SalePiece

logger = logging.getLogger(__name__)
# Small enough that the bar moves and that nobody waits long for a sale that is locked.
CHUNK = 100
# A worker that says nothing for so long is gone.
SILENT = timedelta(seconds=60)

type Tell = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Tell nobody."""


def work_off(tell: Tell = silent) -> bool:
    """Go on with what has waited longest; tell whether there was something."""
    ask = RecallAsk.objects.filter(state="waiting").select_related("recall", "user").order_by("pk").first()
    if ask is None:
        return False
    if RecallAsk.objects.filter(pk=ask.pk, state="waiting").update(state="running", touched_at=clock.now()):
        try:
            _ask_all(ask, tell)
        except DomainError as error:
            _end(ask, "failed", error.sentence("en"), error.sentence("zh"))
        except Exception:
            logger.exception("asking back for %s failed", ask.recall.number)
            _end(
                ask,
                "failed",
                "A fault of the program, see its log. Ask again to go on.",
                "程序故障，详见日志。可再次发起以继续。",
            )
    return True


def recover() -> None:
    """Let what a stopped worker left in the middle wait again."""
    gone = RecallAsk.objects.filter(state="running", touched_at__lt=clock.now() - SILENT)
    gone.update(state="waiting")


def _ask_all(ask: RecallAsk, tell: Tell) -> None:
    actor, wanted = SYSTEM if ask.user is None else actor_for(ask.user), _wanted(ask)
    total = ask.done + len(wanted)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        keys = [f"recall-ask:{ask.pk}:{sale_id}" for sale_id, _ in chunk]
        with as_one():
            ask.recall.refresh_from_db(fields=["closed_on"])
            if ask.recall.closed_on is not None:
                raise RecallOver(document=ask.recall.number)
            outcomes = request_return.batch([each for _, each in chunk], actor=actor, keys=keys, mode="each")
            _note(ask, chunk, [each.error if isinstance(each, Refused) else None for each in outcomes], total)
        tell(ask.done, total)
    _end(ask, "done")


def _note(
    ask: RecallAsk, chunk: Sequence[tuple[int, RequestReturn]], refusals: Sequence[DomainError | None], total: int
) -> None:
    """Write down how far the asking is, with what could not be asked."""
    ask.refused += [
        {"sale": wanted.sale, "en": error.sentence("en"), "zh": error.sentence("zh")}
        for (_, wanted), error in zip(chunk, refusals, strict=True)
        if error is not None
    ]
    ask.last_sale_id, ask.touched_at = chunk[-1][0], clock.now()
    ask.done, ask.total, ask.made = ask.done + len(chunk), total, ask.made + refusals.count(None)
    ask.save(update_fields=["refused", "last_sale_id", "touched_at", "done", "total", "made"])


def _end(ask: RecallAsk, state: str, en: str = "", zh: str = "") -> None:
    RecallAsk.objects.filter(pk=ask.pk).update(state=state, message_en=en, message_zh=zh, touched_at=clock.now())


def _wanted(ask: RecallAsk) -> list[tuple[int, RequestReturn]]:
    """Return the requests for what is with customers and was not asked back yet: one per sale, in their order."""
    theirs = RecallBuyer.objects.filter(recall=ask.recall, sale_id__gt=ask.last_sale_id).exclude(answer="refused")
    rows = list(theirs.select_related("product").order_by("pk"))
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
    number = ask.recall.number
    return [
        (pk, RequestReturn(sale=Sale(pk=pk).number, recall=number, lines=_lines(lots[pk], serials[pk])))
        for pk in sorted(lots.keys() | serials.keys())
    ]


def _lines(lots: dict[tuple[str, str], int], serials: dict[str, list[str]]) -> tuple[RequestLine, ...]:
    by_lot = [RequestLine(sku=sku, quantity_e4=e4, lot=code, reason="recall") for (sku, code), e4 in lots.items()]
    by_serial = [
        RequestLine(sku=sku, quantity_e4=len(some) * 10**4, serials=tuple(some), reason="recall")
        for sku, some in serials.items()
    ]
    return (*by_lot, *by_serial)
