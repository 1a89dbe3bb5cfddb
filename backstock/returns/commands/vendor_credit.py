"""After `dispose`: the supplier credits what went back to it. The claim closes, the payable falls, the rest is a loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.queries import Catalogue
from backstock.core.amounts import E9, MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.owing.crediting import Credit, write_credits
from backstock.partners.queries import known, partner_codes, partner_ids
from backstock.returns.after.claims import Claims, open_claims
from backstock.returns.errors import NothingClaimed, WhichSupplier
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnPiece
from backstock.returns.postings import credit_move, credit_transfers
from backstock.returns.recording import Event, record
from backstock.returns.stepping import Part, pick
from backstock.stock.moves import Move
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock


@typed(frozen=True, kw_only=True, config=STRICT)
class VendorCredit(Input):
    """What a supplier credits for a return, net, and the tax on it; without lines for everything that it still owes.

    The credit is final for its goods: what it falls short of their cost is lost, what it exceeds it by is won.
    """

    document: str
    supplier: Code | None = None
    amount_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)]
    tax_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] = 0
    lines: tuple[GoodsLine, ...] = ()
    reference: Annotated[str, Field(max_length=60)] = ""


@dataclass(slots=True)
class Plan:
    """A credit that was checked."""

    rma: LoadedReturn
    supplier_id: int
    events: list[Event] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    transfers: list[Pay] = field(default_factory=list)


@command("returns.vendor_credit", VendorCredit)
def credit_from_vendor(batch: Batch[VendorCredit]) -> None:
    """Book what suppliers credit for goods that went back to them."""
    returns = load_returns(item.input.document for item in batch.open)
    asked = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue = catalogue_of(returns.values(), asked)
    suppliers = partner_ids({item.input.supplier for item in batch.open if item.input.supplier})
    claims = open_claims((rma.row.pk for rma in returns.values()), batch.journal)
    codes = partner_codes({who for _, who in claims.open})
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            plan = item.plan = Plan(rma, _supplier(item.input, rma, claims, suppliers, codes))
            code = codes.get(plan.supplier_id, item.input.supplier or "")
            for part in _parts(item.input, rma, catalogue, claims, plan.supplier_id, code):
                _close(batch, plan, part, claims)
            cost = sum(event.value_cents for event in plan.events)
            plan.transfers = credit_transfers(item.input.amount_cents, item.input.tax_cents, cost, plan.supplier_id)
            item.document, item.answer = rma.row.number, {"document": rma.row.number, "cost_cents": cost}
            item.emit("VendorCredited", amount_cents=item.input.amount_cents, cost_cents=cost)
    batch.log()
    record((item, item.plan.rma.row.pk, item.plan.events) for item in batch.open)
    goods = [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open]
    post_stock(goods, recorded_at=batch.recorded_at)
    money = [MoneyEntry(i.log_id, i.on, i.document, i.plan.transfers) for i in batch.open]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_credits((item, _credit(batch, item.input, item.plan)) for item in batch.open)
    batch.write_changes(ReturnPiece)


def _credit(batch: Batch[VendorCredit], wanted: VendorCredit, plan: Plan) -> Credit:
    """What lowered the payable may be used for what we owe the supplier."""
    company, cents = batch.company, wanted.amount_cents + wanted.tax_cents
    return Credit("payable", plan.supplier_id, plan.rma.row.number, company.currency, batch.digits, E9, cents)


def _supplier(
    wanted: VendorCredit, rma: LoadedReturn, claims: Claims, ids: dict[str, int], codes: Mapping[int, str]
) -> int:
    """Return who credits: the one named, or the only one who owes anything."""
    if wanted.supplier:
        return known(ids, wanted.supplier)
    owing = claims.suppliers_of(piece.pk for piece in rma.pieces)
    if len(owing) > 1:
        raise WhichSupplier(document=rma.row.number, choices=", ".join(codes[who] for who in owing))
    return owing[0] if owing else 0


def _parts(
    wanted: VendorCredit, rma: LoadedReturn, catalogue: Catalogue, claims: Claims, supplier_id: int, code: str
) -> Iterator[Part]:
    """Give the pieces that are credited; refuse when the supplier does not owe that many."""

    def excess(sku: str, asked_e4: int, room_e4: int) -> NothingClaimed:
        return NothingClaimed(
            document=rma.row.number, supplier=code, sku=sku, asked_e4=asked_e4, claimed_e4=room_e4
        )  # fmt: skip

    def room(piece: ReturnPiece) -> int:
        return claims.of(piece.pk, supplier_id)

    # Each line is looked up after the pieces of the one before were closed.
    for line in wanted.lines:
        yield from pick(rma, catalogue, line, room, excess)
    if wanted.lines:
        return
    parts = [Part(line, piece, room(piece)) for line in rma.lines for piece in line.pieces if room(piece)]
    if not parts:
        raise NothingClaimed(document=rma.row.number, supplier=code)
    yield from parts


def _close(batch: Batch[VendorCredit], plan: Plan, part: Part, claims: Claims) -> None:
    """Close the claim on some pieces at the cost at which it was opened."""
    piece, quantity_e4 = part.piece, part.quantity_e4
    value = claims.cost_of(piece.pk, plan.supplier_id, quantity_e4)
    claims.add(piece.pk, plan.supplier_id, -quantity_e4, -value)
    batch.change(piece, at_vendor_e4=-quantity_e4)
    plan.moves.append(credit_move(piece.product_id, piece.lot_id, quantity_e4, part.line.row.pk, value))
    plan.events.append(
        Event(
            piece_id=piece.pk,
            kind="vendor_credit",
            verdict="credited",
            quantity_e4=quantity_e4,
            value_cents=value,
            supplier_id=plan.supplier_id,
        )
    )
