"""Beside the process: goods are called back from everybody who bought them, and kept from leaving again."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.partners.queries import known, partner_ids
from backstock.returns.models import Recall, RecallAsk, RecallBuyer, RecallLot
from backstock.returns.recall.calling import Named, Range, find_new_buyers, lots_between, lots_named, write_buyers
from backstock.returns.recall.errors import NothingToRecall, RecallBeingAsked, RecallOver, RecallUnfinished
from backstock.returns.recall.progress import Standing, locked_recalls, recall_in, standing_of
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
class AskRecall(Input):
    """Of which recall all buyers are asked for their goods."""

    document: str


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
    goods = [goods for item in batch.open for goods in item.input.goods]
    catalogue = load_catalogue((each.sku for each in goods), units=False)
    there = [(catalogue.by_sku[each.sku].id, each) for each in goods if each.sku in catalogue.by_sku]
    named = lots_named((product, code) for product, each in there for code in each.codes)
    between = lots_between(
        (product, each.first, each.last) for product, each in there if each.first and each.last and not each.codes
    )
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _lots(item.input, catalogue, named, between)
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
    write_buyers({recall.pk: {lot for _, lot in item.plan} for item, recall in pairs})


def _lots(
    wanted: OpenRecall, catalogue: Catalogue, named: Named, between: dict[Range, list[int]]
) -> list[tuple[int, int]]:
    """Return the lots that a recall names: (product, lot); raise NothingToRecall."""
    found: dict[tuple[int, int], None] = {}
    if wanted.purchase:
        found |= dict.fromkeys(lots_of_document(wanted.purchase))
    for goods in wanted.goods:
        product = catalogue.item(goods.sku).id
        if goods.codes:
            # A mistyped code must not stay on the shelf because its neighbours were found.
            missing = [code for code in goods.codes if (product, code) not in named]
            if missing:
                raise NothingToRecall(what=f"{goods.sku} {', '.join(missing)}"[:200])
            ids = [named[product, code] for code in goods.codes]
        else:
            ids = between.get(_range(product, goods), [])
            if not ids:
                raise NothingToRecall(what=f"{goods.sku} {goods.first}–{goods.last}"[:200])
        found |= dict.fromkeys((product, pk) for pk in ids)
    if not found:
        raise NothingToRecall(what=wanted.purchase or wanted.title)
    return list(found)


def _range(product: int, goods: RecallGoods) -> Range:
    if goods.first is None or goods.last is None or len(goods.first) != len(goods.last):
        raise InvalidInput(field="goods", problem="name codes, or the first and the last of a range, equally long")
    return product, goods.first, goods.last


def open_in(recalls: dict[str, Recall], number: str) -> Recall:
    """Return a recall that is not closed; raise UnknownDocument, RecallOver."""
    recall = recall_in(recalls, number)
    if recall.closed_on is not None:
        raise RecallOver(document=recall.number)
    return recall


@command("returns.ask_recall", AskRecall, permission=lambda _: "returns.request")
def ask_recall(batch: Batch[AskRecall]) -> None:
    """Have all buyers asked for their goods: the requests are made beside the pages, one per sale."""
    recalls = locked_recalls(item.input.document for item in batch.open)
    asked = set(
        RecallAsk.objects.filter(recall__in=recalls.values(), state__in=("waiting", "running")).values_list(
            "recall_id", flat=True
        )
    )
    for item in batch.open:
        with batch.attempt(item):
            recall = open_in(recalls, item.input.document)
            if recall.pk in asked:
                raise RecallBeingAsked(document=recall.number)
            asked.add(recall.pk)
            batch.journal.append(partial(asked.discard, recall.pk))
            item.plan = recall
            item.document, item.answer = recall.number, {"document": recall.number}
            item.emit("RecallAsked")
    batch.log()
    find_new_buyers(item.plan for item in batch.open)
    fields = (
        "recall",
        "user",
        "state",
        "last_sale_id",
        "done",
        "total",
        "made",
        "refused",
        "message_en",
        "message_zh",
        "touched_at",
    )
    rows.insert(
        RecallAsk, fields,
        [(i.plan.pk, batch.actor.user_id, "waiting", 0, 0, 0, 0, [], "", "", batch.recorded_at) for i in batch.open],
    )  # fmt: skip


@command("returns.answer_recall", AnswerRecall)
def answer_recall(batch: Batch[AnswerRecall]) -> None:
    """Write down what buyers answered, or that nobody could be reached."""
    customers = partner_ids(item.input.customer for item in batch.open)
    recalls = locked_recalls(item.input.document for item in batch.open)
    theirs: dict[tuple[int, int], list[RecallBuyer]] = defaultdict(list)
    for row in RecallBuyer.objects.filter(recall__in=recalls.values(), customer_id__in=customers.values()):
        theirs[row.recall_id, row.customer_id].append(row)
    for item in batch.open:
        with batch.attempt(item):
            recall = open_in(recalls, item.input.document)
            item.plan = theirs.get((recall.pk, known(customers, item.input.customer)))
            if not item.plan:
                raise NothingToRecall(what=item.input.customer)
            item.document, item.answer = recall.number, {"document": recall.number, "answer": item.input.answer}
            item.emit("RecallAnswered", answer=item.input.answer)
    batch.log()
    answered: dict[int, RecallBuyer] = {}
    for item in batch.open:
        answer = "" if item.input.answer == "waiting" else item.input.answer
        for row in item.plan:
            row.answer, row.answered_on = answer, item.on if answer else None
            answered[row.pk] = row
    RecallBuyer.objects.bulk_update(answered.values(), ["answer", "answered_on"])


@command("returns.close_recall", CloseRecall)
def close_recall(batch: Batch[CloseRecall]) -> None:
    """Close recalls; blocks stay until somebody lifts them."""
    recalls = locked_recalls(item.input.document for item in batch.open)
    standing = standing_of(recalls.values())
    for item in batch.open:
        with batch.attempt(item):
            recall = open_in(recalls, item.input.document)
            left_e4 = standing.get(recall.pk, Standing()).waiting_e4
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
