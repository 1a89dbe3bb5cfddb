"""Step 6 of a return: credit note and refund, to the cent and only once. Next is `close`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.owing.crediting import TENDER, Credit, write_credits
from backstock.refunds.errors import (
    NothingToRefund,
    RefundExceedsPaid,
    RefundExceedsReturn,
    ShippingAlreadyRefunded,
    TenderRequired,
)
from backstock.refunds.explaining import parts_of_line, parts_of_total
from backstock.refunds.gathering import claims_of, last_day_of_credit, sale_money, store_credit_only
from backstock.refunds.granting import Grant, Owed, load_owed, paid_at_once, write_grants
from backstock.refunds.limits import limits_of
from backstock.refunds.models import CreditNote, CreditNoteLine, Refund
from backstock.refunds.postings import settlement_transfers
from backstock.refunds.settlement import LineShare, SaleShare, TooMuch, Wish
from backstock.refunds.settlement import settle as work_out
from backstock.refunds.sold import SoldMoney, rate_of, read_sales
from backstock.returns.deciding.flowing import guard, refuse_freight
from backstock.returns.loading import LoadedReturn, load_returns, return_of
from backstock.returns.models import ReturnLine, Swap
from backstock.sales.models import Sale, SaleLine, SaleTender
from backstock.sales.postings import Money

Cents = Annotated[int, Field(ge=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class ToTender:
    """Money to one means of payment."""

    tender: Annotated[str, Field(min_length=1, max_length=30)]
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class SettleReturn(Input):
    """Which return; all else is what the policy and the sale say unless it is typed in."""

    document: str
    amount_cents: Cents | None = None
    fee_cents: Cents | None = None
    return_shipping_cents: Cents = 0
    shipping_cents: Cents | None = None
    # original, store_credit, receivable, or another tender for all of it.
    to: Annotated[str, Field(min_length=1, max_length=30)] = "original"
    tenders: tuple[ToTender, ...] = ()
    # Whoever settles has paid already what no gateway pays: by bank transfer, or with the terminal on the counter.
    paid_by_hand: bool = False


@dataclass(slots=True)
class Plan:
    """A settlement that was checked: per sale, what goes back and where to."""

    rma: LoadedReturn
    shares: list[SaleShare]
    sold: SoldMoney
    wish: Wish
    # Granted before and not paid for certain: asked for once more.
    again: Sequence[Refund] = ()

    def total(self, name: str) -> int:
        """Sum a figure over the sales."""
        return sum(getattr(share, name) for share in self.shares)


@command("refunds.settle", SettleReturn)
def settle_return(batch: Batch[SettleReturn]) -> None:
    """Credit and refund what is due for returns."""
    returns = load_returns(item.input.document for item in batch.open)
    sold = read_sales(list(returns.values()), lock=True)
    eyes = guard(batch, "settle", returns.values())
    limits, owed = limits_of(batch.actor, batch.digits, returns.values()), load_owed(returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            eyes.check(rma.row)
            item.plan = _plan(batch, item, rma, sold, owed)
            limits.check(rma, item.plan.shares, sold)
            _count(batch, item.plan)
            item.document = rma.row.number
            item.answer = {"document": rma.row.number, "total_cents": item.plan.total("total_cents")}
            if item.plan.again:
                item.answer["asked_again"] = [refund.number for refund in item.plan.again]
                item.emit("RefundAskedAgain")
            if item.plan.shares:
                item.emit("ReturnSettled", total_cents=item.plan.total("total_cents"), unpaid=_waits(item))
    batch.log()
    _write(batch)
    owed.ask_again([refund for item in batch.open for refund in item.plan.again], batch)
    batch.write_changes(ReturnLine, Swap, SaleLine, Sale, SaleTender)


def _waits(item: Item[SettleReturn]) -> bool:
    """Tell whether money is granted that has not left yet."""
    by_hand, shares = item.input.paid_by_hand, item.plan.shares
    return any(cents and not paid_at_once(tender, by_hand) for share in shares for tender, cents in share.by.items())


def _plan(batch: Batch[SettleReturn], item: Item[SettleReturn], rma: LoadedReturn, sold: SoldMoney, owed: Owed) -> Plan:
    """Work out what is due now; where nothing is, what was granted before and is not paid is asked for once more."""
    again = owed.of_return[rma.row.pk]
    try:
        return replace(plan_settlement(batch, item.input, rma, sold, item), again=again)
    except NothingToRefund:
        if not again:
            raise
        return Plan(rma, [], sold, Wish(), again)


def wish_of(wanted: SettleReturn, coin_cents: int, store_credit: bool) -> Wish:
    """Turn what was typed in into the wish that a settlement is worked out from."""
    return Wish(
        amount_cents=wanted.amount_cents,
        fee_cents=wanted.fee_cents,
        return_shipping_cents=wanted.return_shipping_cents,
        shipping_cents=wanted.shipping_cents,
        to="store_credit" if store_credit and wanted.to == "original" else wanted.to,
        tenders={each.tender: each.amount_cents for each in wanted.tenders},
        coin_cents=coin_cents,
    )


def plan_settlement(
    batch: Batch[SettleReturn], wanted: SettleReturn, rma: LoadedReturn, sold: SoldMoney, item: Item[SettleReturn]
) -> Plan:
    """Work a settlement out; raise what stands against it. The preview calls this too."""
    claims = claims_of(rma, sold, batch.company.tax_mode)
    refuse_freight(rma, wanted.return_shipping_cents)
    money = sale_money(rma, sold, claims)
    digits, number = rma.row.currency_digits, rma.row.number
    wish = wish_of(wanted, batch.company.cash_rounding_cents, store_credit_only(rma, sold, item.on))
    if wish.shipping_cents and not sum(sale.shipping_left_cents for sale in money):
        raise ShippingAlreadyRefunded(document=number)
    try:
        shares = work_out(claims, money, wish)
    except TooMuch as much:
        if much.what == "original" and any(not sale.sale_id for sale in money):
            raise TenderRequired(document=number) from None
        if much.what == "return":
            raise RefundExceedsReturn(
                document=number, asked_cents=much.asked_cents, left_cents=much.left_cents, digits=digits
            ) from None
        raise RefundExceedsPaid(
            document=number, tender=much.what, asked_cents=much.asked_cents, paid_cents=much.left_cents, digits=digits
        ) from None
    if not shares:
        raise NothingToRefund(document=number)
    return Plan(rma, shares, sold, wish)


def _count(batch: Batch[SettleReturn], plan: Plan) -> None:
    """Bring the money counters of the return, its sale lines, sales and tenders along."""
    own = {line.row.pk: line.row for line in plan.rma.lines}
    for share in plan.shares:
        for line in share.lines:
            _count_line(batch, plan, own[line.claim.line_id], line)
        sale = plan.sold.sales.get(share.sale_id)
        if sale is None:
            continue
        credited = share.goods_cents + share.tax_cents + share.shipping_cents
        batch.change(
            sale,
            credited_cents=credited,
            refunded_cents=share.total_cents,
            shipping_refunded_cents=share.shipping_cents,
            refund_rounding_cents=share.rounding_cents,
            owed_cents=-share.by.get("receivable", 0),
        )
        for tender, cents in share.by.items():
            row = plan.sold.tenders.get((share.sale_id, tender))
            if row is not None:
                # Store credit may get more than it gave.
                batch.change(row, refunded_cents=min(cents, row.paid_cents - row.refunded_cents))


def _count_line(batch: Batch[SettleReturn], plan: Plan, row: ReturnLine, line: LineShare) -> None:
    """Bring the counters of a return line and its sale line along; of an exchange the sale line gave its goods before."""
    claim, sale_line = line.claim, plan.sold.lines.get(row.sale_line_id)
    worth, over = (line.worth_net_cents, line.worth_tax_cents), (claim.over_net_cents, claim.over_tax_cents)
    batch.change(
        row, refunded_e4=line.quantity_e4, entitled_net_cents=worth[0], entitled_tax_cents=worth[1],
        refunded_net_cents=line.net_cents, refunded_tax_cents=line.tax_cents,
    )  # fmt: skip
    if any(over):
        batch.change(plan.sold.swaps[claim.line_id], credited_net_cents=over[0], credited_tax_cents=over[1])
    if sale_line is not None and plan.rma.row.type == "allowance":
        batch.change(sale_line, allowed_net_cents=worth[0], allowed_tax_cents=worth[1])
    if sale_line is not None:
        batch.change(
            sale_line, refunded_e4=line.quantity_e4, refunded_net_cents=worth[0] - over[0],
            refunded_tax_cents=worth[1] - over[1],
        )  # fmt: skip


def _write(batch: Batch[SettleReturn]) -> None:
    """Write credit notes, their lines, refunds, and the transfers; what is only asked for again writes none."""
    items = [item for item in batch.open if item.plan.shares]
    if not items:
        return
    note_ids = rows.insert_returning(
        CreditNote,
        (
            "rma_id", "customer_id", "log_id", "issued_on", "currency", "goods_cents", "tax_cents", "shipping_cents",
            "fee_cents", "waived_cents", "rounding_cents", "mirrors_log_id", "parts",
        ),
        [_note_row(item) for item in items],
    )  # fmt: skip
    pairs = [(item.plan, pk) for item, pk in zip(items, note_ids, strict=True)]
    line_rows = [
        (
            pk, line.claim.line_id, line.quantity_e4, line.worth_net_cents, line.worth_tax_cents, line.net_cents,
            line.tax_cents, line.claim.over_net_cents, line.claim.over_tax_cents, [part.kept() for part in parts_of_line(line)],
        )
        for plan, pk in pairs
        for share in plan.shares
        for line in share.lines
        if line.quantity_e4 or line.net_cents or line.tax_cents
    ]  # fmt: skip
    note_fields = (
        "note", "return_line_id", "quantity_e4", "worth_net_cents", "worth_tax_cents", "net_cents", "tax_cents",
        "exchanged_net_cents", "exchanged_tax_cents", "parts",
    )  # fmt: skip
    rows.insert(CreditNoteLine, note_fields, line_rows)
    write_grants(batch, [each for item, pk in zip(items, note_ids, strict=True) for each in _grants(item, pk)])
    entries = [MoneyEntry(item.log_id, item.on, item.document, _transfers(batch, item)) for item in items]
    post_money(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_credits((item, credit) for item in items for credit in _credits(item.plan))


def _grants(item: Item[SettleReturn], note_id: int | None) -> list[Grant]:
    plan: Plan = item.plan
    return [
        Grant(
            note_id=note_id or 0, rma_id=plan.rma.row.pk, sale_id=share.sale_id,
            sale_number=Sale(pk=share.sale_id).number, tender=tender, amount_cents=cents,
            paid=paid_at_once(tender, item.input.paid_by_hand), log_id=item.log_id, on=item.on,
            expires_on=last_day_of_credit(plan.rma, item.on) if tender == "store_credit" else None,
        )
        for share in plan.shares
        for tender, cents in share.by.items()
        if cents
    ]  # fmt: skip


def _note_row(item: Item[SettleReturn]) -> tuple[object, ...]:
    plan: Plan = item.plan
    row = plan.rma.row
    return (
        row.pk, row.customer_id, item.log_id, item.on, row.currency, plan.total("goods_cents"), plan.total("tax_cents"),
        plan.total("shipping_cents"), plan.total("fee_cents"), 0, plan.total("rounding_cents"), 0,
        [part.kept() for part in parts_of_total(plan.shares, plan.wish)],
    )  # fmt: skip


def _credits(plan: Plan) -> list[Credit]:
    """What stays on the customer's account and settles no sale may be used for another."""
    row = plan.rma.row
    by_rate: dict[int, int] = {}
    for share in plan.shares:
        rate_e9 = rate_of(plan.sold, share.sale_id)
        cents = share.by.get(TENDER, 0) + (0 if share.sale_id else share.by.get("receivable", 0))
        by_rate[rate_e9] = by_rate.get(rate_e9, 0) + cents
    return [
        Credit("receivable", row.customer_id, row.number, row.currency, row.currency_digits, rate_e9, cents)
        for rate_e9, cents in by_rate.items()
    ]


def _transfers(batch: Batch[SettleReturn], item: Item[SettleReturn]) -> list[Pay]:
    plan: Plan = item.plan
    row, accounts, found = plan.rma.row, batch.company.tender_accounts, list[Pay]()
    for share in plan.shares:
        money = Money(row.customer_id, row.currency, rate_of(plan.sold, share.sale_id), accounts)
        paid = {tender for tender in share.by if paid_at_once(tender, item.input.paid_by_hand)}
        found += settlement_transfers(money, share, paid)
    return found
