"""Record the days of a plan through the commands: a day's sales first, then what its cancellations took back.

Every document has a key made of its number, day and content, so a run that was interrupted goes on where it stopped, a
second run changes nothing, and a longer export of the same books adds only what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from backstock.core.amounts import E4
from backstock.core.commands import Command, Input
from backstock.exchange_formats.online_retail.plan import Cancellation, Day, Invoice, Part
from backstock.exchange_formats.online_retail.sending import KEYS_AT_ONCE, Sender, chunks
from backstock.exchange_formats.online_retail.setting_up import KEY
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.models import Return
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell
from backstock.sales.models import Sale

CHANNEL, TENDER = "online", "bank"
# Keeps a batch's memory and the time for which it holds its locks moderate.
LINES_AT_ONCE: Final = 5_000
STEPS: Final = ("return", "approve", "receive", "dispose", "settle", "close")


def sale_key(sale: Invoice) -> str:
    """Return the key of a sale."""
    return f"{KEY}:sale:{sale.number}:{sale.on}:{sale.content}"


def return_key(cancellation: Cancellation, step: str) -> str:
    """Return the key of a step of a return; `blind` makes the return of what no sale is found for."""
    invoice = cancellation.invoice
    return f"{KEY}:{step}:{invoice.number}:{invoice.on}:{invoice.content}"


@dataclass(slots=True)
class Recording:
    """The plan on its way into the books."""

    sender: Sender
    costs_e6: dict[str, int]
    # Keys of invoices whose number, customer and day were imported before with other lines: nothing of them is sent.
    changed: set[str] = field(default_factory=set)

    def recall(self, days: Sequence[Day]) -> None:
        """Find out what an earlier run recorded, of this file or of another export of the same books."""
        sales = [sale for day in days for sale in day.sales]
        returns = [each for day in days for each in day.cancellations]
        keys = {sale_key(sale): sale for sale in sales}
        self.sender.recall(keys)
        self.sender.recall(return_key(each, step) for each in returns for step in (*STEPS, "blind"))
        known = {done.document for done in self.sender.done.values()}
        fresh = {key: sale for key, sale in keys.items() if key not in self.sender.done}
        taken = _taken(fresh.values(), Sale, "ordered_on", known)
        self.changed = {key for key, sale in fresh.items() if (sale.number, sale.customer, sale.on) in taken}
        taken = _taken((each.invoice for each in returns), Return, "requested_on", known)
        self.changed |= {
            return_key(each, "return")
            for each in returns
            if (each.invoice.number, each.invoice.customer, each.invoice.on) in taken
        }

    def unsold(self, days: Iterable[Day]) -> Iterator[Invoice]:
        """List the sales that are still to be recorded."""
        for day in days:
            for sale in day.sales:
                if (key := sale_key(sale)) not in self.sender.done and key not in self.changed:
                    yield sale

    def record(self, day: Day) -> None:
        """Record one day."""
        self._sell(list(self.unsold([day])))
        returns = [each for each in day.cancellations if return_key(each, "return") not in self.changed]
        self._request(returns)
        asked = [each for each in returns if each.matched and self.sender.document(return_key(each, "return"))]
        self._step("approve", approve_return, asked, lambda each, number: ApproveReturn(document=number, on=day.on))
        self._step("receive", receive_return, asked, _receipt)
        self._step("dispose", dispose_return, asked, _disposal)
        money = [each for each in asked if min(each.matched_cents, each.worth_cents) > 0]
        self._step("settle", settle_return, money, _settlement)
        self._step("close", close_return, asked, lambda each, number: CloseReturn(document=number, on=day.on))

    def _sell(self, sales: Sequence[Invoice]) -> None:
        wanted: dict[str, Sell] = {}
        lines = 0
        for sale in sales:
            if wanted and lines + len(sale.lines) > LINES_AT_ONCE:
                self.sender.send(sell, wanted)
                wanted, lines = {}, 0
            wanted[sale_key(sale)] = _sale(sale)
            lines += len(sale.lines)
        self.sender.send(sell, wanted)

    def _request(self, returns: Sequence[Cancellation]) -> None:
        wanted: dict[str, RequestReturn] = {}
        for each in returns:
            if each.matched and all(self._number(part) for part in each.matched):
                wanted[return_key(each, "return")] = self._matched(each)
            if each.blind:
                wanted[return_key(each, "blind")] = self._blind(each)
        self.sender.send(request_return, wanted)

    def _number(self, part: Part) -> str | None:
        return self.sender.document(sale_key(part.sale)) if part.sale else None

    def _matched(self, each: Cancellation) -> RequestReturn:
        pieces: dict[tuple[str, int, str], int] = {}
        for part in each.matched:
            key = (self._number(part) or "", part.position, part.line.code)
            pieces[key] = pieces.get(key, 0) + part.pieces
        lines = tuple(
            RequestLine(sale=number, line=position, sku=code, quantity_e4=quantity * E4)
            for (number, position, code), quantity in pieces.items()
        )
        invoice = each.invoice
        return RequestReturn(
            customer=invoice.customer, channel=CHANNEL, lines=lines, reference=invoice.number, on=invoice.on
        )

    def _blind(self, each: Cancellation) -> RequestReturn:
        pieces: dict[tuple[str, int], int] = {}
        for part in each.blind:
            key = (part.line.code, part.line.price_e3)
            pieces[key] = pieces.get(key, 0) + part.pieces
        lines = tuple(
            RequestLine(
                line=position, sku=code, quantity_e4=quantity * E4, unit_price_e6=price_e3 * 1000,
                unit_cost_e6=self.costs_e6.get(code, 0),
            )
            for position, ((code, price_e3), quantity) in enumerate(pieces.items(), 1)
        )  # fmt: skip
        invoice = each.invoice
        return RequestReturn(
            customer=invoice.customer, channel=CHANNEL, lines=lines, reference=invoice.number, on=invoice.on
        )

    def _step[In: Input](
        self, step: str, command: Command[In], returns: Sequence[Cancellation], make: Callable[[Cancellation, str], In]
    ) -> None:
        """Take the next step with the returns that have come as far."""
        wanted: dict[str, In] = {}
        for each in returns:
            number = self.sender.document(return_key(each, "return"))
            if number is not None and (key := return_key(each, step)) not in self.sender.done:
                wanted[key] = make(each, number)
        self.sender.send(command, wanted)


def _taken(
    invoices: Iterable[Invoice], model: type[Sale] | type[Return], day: str, known: set[str]
) -> set[tuple[str, str, date]]:
    """Find documents with the number, customer and day of invoices that are not ours by key."""
    found: set[tuple[str, str, date]] = set()
    for numbers in chunks(sorted({invoice.number for invoice in invoices}), KEYS_AT_ONCE):
        rows = model._default_manager.filter(reference__in=numbers)
        for pk, number, customer, on in rows.values_list("pk", "reference", "customer__code", day):
            if model(pk=pk).number not in known:
                found.add((number, customer, on))
    return found


def _sale(sale: Invoice) -> Sell:
    owed = sale.cents
    lines = tuple(
        SellLine(sku=line.code, quantity_e4=line.quantity * E4, unit_price_e6=line.price_e3 * 1000)
        for line in sale.lines
    )
    return Sell(
        customer=sale.customer, channel=CHANNEL, lines=lines, reference=sale.number, on=sale.on,
        paid=(Tender(tender=TENDER, amount_cents=owed),) if owed else "none",
    )  # fmt: skip


def _by_code(each: Cancellation) -> dict[str, int]:
    pieces: dict[str, int] = {}
    for part in each.matched:
        pieces[part.line.code] = pieces.get(part.line.code, 0) + part.pieces
    return pieces


def _receipt(each: Cancellation, number: str) -> ReceiveReturn:
    lines = tuple(ReceiveLine(sku=code, quantity_e4=pieces * E4) for code, pieces in _by_code(each).items())
    return ReceiveReturn(document=number, lines=lines, on=each.invoice.on)


def _disposal(each: Cancellation, number: str) -> DisposeReturn:
    lines = tuple(
        DisposeLine(sku=code, quantity_e4=pieces * E4, to="restock") for code, pieces in _by_code(each).items()
    )
    return DisposeReturn(document=number, lines=lines, on=each.invoice.on)


def _settlement(each: Cancellation, number: str) -> SettleReturn:
    """Give back what the cancellation says, at most what was paid."""
    less = each.matched_cents < each.worth_cents
    amount_cents = each.matched_cents if less else None
    return SettleReturn(document=number, amount_cents=amount_cents, paid_by_hand=True, on=each.invoice.on)
