"""Beside the process: goods are called back from everybody who bought them, and kept from leaving again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Literal

from django.db.models import Q
from django.db.models.functions import Length
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.models import Lot
from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.partners.queries import known, partner_ids
from backstock.returns.models import Recall, RecallBuyer, RecallLot
from backstock.returns.recall.errors import NothingToRecall, RecallOver, RecallUnfinished
from backstock.returns.recall.progress import locked_recalls, pieces_with_customers, recall_in, waiting_e4
from backstock.stock import blocks
from backstock.stock.tracing import lots_of_document


@typed(frozen=True, kw_only=True, config=STRICT)
class RecallGoods:
    """A product with its lots or serial numbers: named one by one, or from the first to the last of a range."""

    sku: Code
    codes: Annotated[tuple[Code, ...], Field(max_length=1000)] = ()
    first: Code | None = None
    last: Code | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class OpenRecall(Input):
    """What is called back and why: lots, a range of serial numbers, or what a supplier delivered with one purchase."""

    title: Annotated[str, Field(min_length=1, max_length=100)]
    reason: Annotated[str, Field(max_length=500)] = ""
    goods: tuple[RecallGoods, ...] = ()
    purchase: Annotated[str, Field(max_length=40)] = ""
    block: bool = True


@typed(frozen=True, kw_only=True, config=STRICT)
class AnswerRecall(Input):
    """What became of reaching a buyer; `waiting` takes an answer back."""

    document: str
    customer: Code
    answer: Literal["waiting", "contacted", "refused", "unreachable"]


@typed(frozen=True, kw_only=True, config=STRICT)
class CloseRecall(Input):
    """Which recall ends; with a reason where not everything is back or answered for."""

    document: str
    reason: Annotated[str, Field(max_length=200)] = ""


@command("returns.open_recall", OpenRecall)
def open_recall(batch: Batch[OpenRecall]) -> None:
    """Open recalls: find who has the goods, and block what is here."""
    catalogue = load_catalogue((goods.sku for item in batch.open for goods in item.input.goods), units=False)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _lots(item.input, catalogue)
    heads = [(item.input.title, item.input.reason, item.on, None, "") for item in batch.open]
    fields = ("title", "reason", "started_on", "closed_on", "closing_reason")
    made = [Recall(pk=pk) for pk in rows.insert_returning(Recall, fields, heads)] if heads else []
    for item, recall in zip(batch.open, made, strict=True):
        item.document, item.answer = recall.number, {"document": recall.number, "lots": len(item.plan)}
        item.emit("RecallOpened")
    batch.log()
    pairs = list(zip(batch.open, made, strict=True))
    rows.insert(RecallLot, ("recall", "product_id", "lot_id"), [(r.pk, *lot) for i, r in pairs for lot in i.plan])
    blocks.block((*lot, i.input.title, r.number, i.log_id) for i, r in pairs if i.input.block for lot in i.plan)
    _write_buyers([(recall, [lot for _, lot in item.plan]) for item, recall in pairs])


def _lots(wanted: OpenRecall, catalogue: Catalogue) -> list[tuple[int, int]]:
    """Return the lots that a recall names: (product, lot); raise NothingToRecall."""
    found: dict[tuple[int, int], None] = {}
    if wanted.purchase:
        found |= dict.fromkeys(lots_of_document(wanted.purchase))
    for goods in wanted.goods:
        product = catalogue.item(goods.sku).id
        ids = Lot.objects.filter(product_id=product).filter(_meant(goods)).order_by("pk").values_list("pk", flat=True)
        if not ids:
            raise NothingToRecall(what=f"{goods.sku} {', '.join(goods.codes) or f'{goods.first}–{goods.last}'}"[:200])
        found |= dict.fromkeys((product, pk) for pk in ids)
    if not found:
        raise NothingToRecall(what=wanted.purchase or wanted.title)
    return list(found)


def _meant(goods: RecallGoods) -> Q:
    if goods.codes:
        return Q(code__in=goods.codes)
    if goods.first is None or goods.last is None or len(goods.first) != len(goods.last):
        raise InvalidInput(field="goods", problem="name codes, or the first and the last of a range, equally long")
    # Serial numbers of one length sort as they were counted.
    same_length = Lot.objects.annotate(size=Length("code")).filter(size=len(goods.first)).values("pk")
    return Q(code__gte=goods.first, code__lte=goods.last, pk__in=same_length)


def _write_buyers(entries: Iterable[tuple[Recall, list[int]]]) -> None:
    """Write down who has pieces of the lots now."""
    listed = list(entries)
    pieces = pieces_with_customers(lot for _, lots in listed for lot in lots)
    values = [
        (
            recall.pk, piece.line.sale.customer_id, piece.line.sale_id, piece.pk, piece.product_id, piece.lot_id,
            piece.shipped_e4 - piece.received_e4 + piece.sent_back_e4, "", None,
        )
        for recall, lots in listed
        for piece in pieces
        if piece.lot_id in set(lots)
    ]  # fmt: skip
    columns = (
        "recall", "customer_id", "sale_id", "sale_piece_id", "product_id", "lot_id", "held_e4", "answer", "answered_on",
    )  # fmt: skip
    rows.insert(RecallBuyer, columns, values)


@command("returns.answer_recall", AnswerRecall)
def answer_recall(batch: Batch[AnswerRecall]) -> None:
    """Write down what buyers answered, or that nobody could be reached."""
    customers = partner_ids(item.input.customer for item in batch.open)
    recalls = locked_recalls(item.input.document for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            recall = recall_in(recalls, item.input.document)
            if recall.closed_on is not None:
                raise RecallOver(document=recall.number)
            customer_id = known(customers, item.input.customer)
            item.plan = RecallBuyer.objects.filter(recall=recall, customer_id=customer_id)
            if not item.plan.exists():
                raise NothingToRecall(what=item.input.customer)
            item.document, item.answer = recall.number, {"document": recall.number, "answer": item.input.answer}
            item.emit("RecallAnswered", answer=item.input.answer)
    batch.log()
    for item in batch.open:
        answer = "" if item.input.answer == "waiting" else item.input.answer
        item.plan.update(answer=answer, answered_on=item.on if answer else None)


@command("returns.close_recall", CloseRecall)
def close_recall(batch: Batch[CloseRecall]) -> None:
    """Close recalls; blocks stay until somebody lifts them."""
    recalls = locked_recalls(item.input.document for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            recall = recall_in(recalls, item.input.document)
            if recall.closed_on is not None:
                raise RecallOver(document=recall.number)
            left_e4 = waiting_e4(recall)
            if left_e4 and not item.input.reason:
                raise RecallUnfinished(document=recall.number, waiting_e4=left_e4)
            # At once, so that a second item of the same batch finds it closed.
            recall.closed_on, recall.closing_reason = item.on, item.input.reason
            batch.journal.append(partial(setattr, recall, "closed_on", None))
            item.plan = recall
            item.document, item.answer = recall.number, {"document": recall.number}
            item.emit("RecallClosed", waiting_e4=left_e4)
    batch.log()
    Recall.objects.bulk_update([item.plan for item in batch.open], ["closed_on", "closing_reason"])
