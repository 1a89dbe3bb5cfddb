"""Beside the process: a request is corrected before anybody decided it: quantities, lots, reasons, lines more or fewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.catalog.queries import Catalogue
from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.commands import Item as BatchItem
from backstock.core.errors import DuplicateLine, QuantityRequired
from backstock.evidence.queries import documents_with_evidence
from backstock.policies.engine import Decision, Terms
from backstock.policies.law import LawBook
from backstock.policies.queries import Policy, laws_on, policies_by_id
from backstock.returns.commands.request import lock_sales
from backstock.returns.deciding.approving import ask_again
from backstock.returns.deciding.table_facts import asks_quantity
from backstock.returns.lifecycle import Status, require
from backstock.returns.loading import LoadedLine, LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnLine, ReturnPiece
from backstock.returns.requests.editing import decided_anew, more_lines, resize
from backstock.returns.requests.planning import RequestLine
from backstock.returns.requests.requesting import (
    Asked,
    BlindLine,
    Matched,
    Sold,
    check_evidence,
    check_reason,
    match_pieces,
    named_lots,
)
from backstock.returns.requests.writing import PIECE_FIELDS, write_more_lines
from backstock.sales.errors import ItemNotInSale
from backstock.sales.models import Sale, SalePiece


@typed(frozen=True, kw_only=True, config=STRICT)
class EditLine(GoodsLine):
    """The new quantity of a line, for tracked goods which lots or serials, and another reason where it was wrong."""

    line: int | None = None
    reason: Annotated[str, Field(max_length=60)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class EditReturn(Input):
    """Which request, the lines that change, those that are added, and those that are taken out, by position."""

    document: str
    lines: tuple[EditLine, ...] = ()
    add: tuple[RequestLine, ...] = ()
    remove: tuple[int, ...] = ()


@dataclass(slots=True)
class Plan:
    """A correction that was checked."""

    rma: LoadedReturn
    # Pieces that a line did not have before: (line, sale piece, product, lot, per line, quantity).
    fresh: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    decided: list[tuple[LoadedLine, str, Terms, Decision]] = field(default_factory=list)
    more: list[Matched | BlindLine] = field(default_factory=list)


@dataclass(slots=True)
class Desk:
    """What every correction of a batch looks at."""

    batch: Batch[EditReturn]
    catalogue: Catalogue
    sales: dict[str, Sold]
    policies: dict[int, Policy]
    proven: set[str]
    laws: dict[date, LawBook]

    def law(self, rma: LoadedReturn) -> LawBook:
        """Return the law as it stood on the day of a request."""
        return self.laws.get(rma.row.requested_on) or LawBook(self.batch.company.law)

    def policy(self, rma: LoadedReturn) -> Policy:
        """Return the policy that a request started with."""
        return self.policies[rma.row.policy_version_id]

    def sold(self, line: LoadedLine) -> Sold | None:
        """Return the sale of a line; None for a blind return."""
        return self.sales.get(Sale(pk=line.row.sale_id).number)


@command("returns.edit", EditReturn)
def edit_return(batch: Batch[EditReturn]) -> None:
    """Correct requests; each line that changes is matched to its sale anew."""
    returns = load_returns(item.input.document for item in batch.open)
    desk = _desk(batch, returns)
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            require(rma.row, Status.REQUESTED, "edited")
            item.plan = Plan(rma)
            _edit(desk, item)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("ReturnEdited")
    batch.log()
    ask_again(batch, [(item, returns[item.input.document]) for item in batch.open])
    zeros = (0,) * (len(PIECE_FIELDS) - 6)
    rows.insert(ReturnPiece, PIECE_FIELDS, [(*each, *zeros) for item in batch.open for each in item.plan.fresh])
    write_more_lines(
        (i.plan.rma.row.pk, max(x.row.position for x in i.plan.rma.lines), i.plan.more) for i in batch.open
    )
    batch.write_changes(ReturnPiece, SalePiece)
    _keep([each for item in batch.open for each in item.plan.decided])


def _desk(batch: Batch[EditReturn], returns: dict[str, LoadedReturn]) -> Desk:
    asked = [line for item in batch.open for line in (*item.input.lines, *item.input.add)]
    wished = [(a.exchange_for.sku, None, None, ()) for i in batch.open for a in i.input.add if a.exchange_for]
    catalogue = catalogue_of(returns.values(), [*((a.sku, a.unit, a.lot, a.serials) for a in asked), *wished])
    ids = {line.row.sale_id for rma in returns.values() for line in rma.lines} - {0}
    named = {line.sale for item in batch.open for line in item.input.add if line.sale}
    policies = policies_by_id(rma.row.policy_version_id for rma in returns.values())
    anew = _decides(batch, returns.values())
    proven = documents_with_evidence(rma.row.number for rma in returns.values()) if named or anew else set()
    days = {rma.row.requested_on for rma in returns.values()} if anew else set()
    laws = laws_on(days, batch.company.law)
    return Desk(batch, catalogue, lock_sales({Sale(pk=pk).number for pk in ids} | named), policies, proven, laws)


def _decides(batch: Batch[EditReturn], returns: Iterable[LoadedReturn]) -> bool:
    """Tell whether the policy may have to be asked again about any line."""
    named = any(i.input.add or any(line.reason is not None for line in i.input.lines) for i in batch.open)
    return named or any(asks_quantity(line) for rma in returns for line in rma.lines)


def _edit(desk: Desk, item: BatchItem[EditReturn]) -> None:
    plan, wanted, rma = item.plan, item.input, item.plan.rma
    if not (wanted.lines or wanted.add or wanted.remove):
        raise QuantityRequired(document=rma.row.number)
    changed = [_line(rma, each.sku, each.line) for each in wanted.lines]
    removed = [_line(rma, "", position) for position in wanted.remove]
    for each in wanted.lines:
        desk.catalogue.item(each.sku)
    if len({line.row.pk for line in (*changed, *removed)}) != len(changed) + len(removed):
        raise DuplicateLine(sku=wanted.lines[0].sku if wanted.lines else "")
    for line in removed:
        _give_back(desk, line, line.row.decision != "reject")
    for each, line in zip(wanted.lines, changed, strict=True):
        _change(desk, plan, each, line)
    if wanted.add:
        plan.more = more_lines(
            desk.batch, item, rma, wanted.add, desk.catalogue, desk.sales, desk.policy(rma), desk.proven, desk.law(rma)
        )
    if not plan.more and not plan.fresh and not any(piece.requested_e4 for piece in rma.pieces):
        raise QuantityRequired(document=rma.row.number)


def _line(rma: LoadedReturn, sku: str, position: int | None) -> LoadedLine:
    """Return the line of the return that an edit means; raise ItemNotInSale."""
    for line in rma.lines:
        if sku in ("", line.row.product.sku) and position in (None, line.row.position):
            return line
    raise ItemNotInSale(sku=sku or str(position), document=rma.row.number)


def _change(desk: Desk, plan: Plan, wanted: EditLine, line: LoadedLine) -> None:
    item = desk.catalogue.item(wanted.sku)
    quantity_e4 = desk.catalogue.base_quantity(item, wanted.quantity_e4, wanted.unit)
    sold, rma, reason = desk.sold(line), plan.rma, line.row.reason
    held = holds = line.row.decision != "reject"
    policy, proven = desk.policy(rma), desk.proven & {rma.row.number}
    other = wanted.reason is not None and wanted.reason != reason
    if wanted.reason is not None and other:
        reason = wanted.reason
        check_reason(policy, item, reason)
        check_evidence(policy, item, reason, tuple(proven))
    asked = Asked(item, quantity_e4, reason, wanted.lot, wanted.serials)
    if other or (asks_quantity(line) and quantity_e4 != line.in_line_units("requested_e4")):
        terms, decision = decided_anew(policy, rma, line, asked, sold, desk.law(rma), bool(proven))
        plan.decided.append((line, reason, terms, decision))
        holds = decision.outcome.name != "reject"
    if sold is None:
        resize(desk.batch, line, item, quantity_e4)
        return
    _give_back(desk, line, held)
    _rematch(desk, plan, line, asked, sold, holds)


def _give_back(desk: Desk, line: LoadedLine, held: bool) -> None:
    """Let a line ask for nothing, and give back what it held open."""
    sold = desk.sold(line)
    there = {piece.pk: piece for each in sold.lines for piece in each.pieces} if sold else {}
    for piece in line.pieces:
        if held and piece.sale_piece_id in there:
            desk.batch.change(there[piece.sale_piece_id], open_e4=-piece.requested_e4)
        desk.batch.change(piece, requested_e4=-piece.requested_e4)


def _rematch(desk: Desk, plan: Plan, line: LoadedLine, asked: Asked, sold: Sold, holds: bool) -> None:
    """Match the new quantity to the same sale line."""
    sale_lines = [each for each in sold.lines if each.row.pk == line.row.sale_line_id]
    lots: list[int]
    if not asked.serials and asked.lot is None and asked.item.product.tracking == "lot":
        lots = [piece.lot_id for piece in line.pieces]
    else:
        lots = named_lots(desk.catalogue, sold, sale_lines, asked)
    own = {piece.sale_piece_id: piece for piece in line.pieces}
    for _, _, pieces in match_pieces(sale_lines, asked, lots):
        for sale_piece, quantity_e4 in pieces:
            if holds:
                desk.batch.change(sale_piece, open_e4=quantity_e4)
            if sale_piece.pk in own:
                desk.batch.change(own[sale_piece.pk], requested_e4=quantity_e4)
                continue
            per = sale_piece.per_line_e4 if asked.item.components else E4
            plan.fresh.append((line.row.pk, sale_piece.pk, sale_piece.product_id, sale_piece.lot_id, per, quantity_e4))


def _keep(decided: list[tuple[LoadedLine, str, Terms, Decision]]) -> None:
    """Write other reasons with the terms and decisions that follow from them."""
    for line, reason, terms, decision in decided:
        line.row.reason, line.row.terms = reason, terms.kept()
        line.row.decision, line.row.findings = decision.outcome.name, decision.kept()
    if decided:
        fields = ["reason", "terms", "decision", "findings"]
        ReturnLine.objects.bulk_update([line.row for line, *_ in decided], fields)
