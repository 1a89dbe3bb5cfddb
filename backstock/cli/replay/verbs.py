"""Each verb of the language as one command of the product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backstock.cli.replay.gateway import Behaviour, StrictGateway
from backstock.cli.replay.words import build, cents, day, line_of, lines_of, not_built, quantity_e4, tenders_of
from backstock.core.amounts import scaled
from backstock.core.commands import Command, Done
from backstock.core.currencies import digits_of
from backstock.core.models import User
from backstock.core.permissions import SYSTEM, Actor, actor_for
from backstock.money.commands.close_period import close_period
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.purchases.commands.receive import receive_purchase
from backstock.refunds.commands.expire_credit import expire_due
from backstock.refunds.commands.settle import settle_return
from backstock.refunds.commands.undo import undo_settlement
from backstock.refunds.outbox import Manner, ask_open, pay_due
from backstock.refunds.queries import RefundFigures, figures_of, preview
from backstock.returns.commands.approve import approve_return, reject_return
from backstock.returns.commands.cancel import cancel_return, close_return
from backstock.returns.commands.charge_replacement import charge_due
from backstock.returns.commands.dispose import dispose_return
from backstock.returns.commands.edit import edit_return
from backstock.returns.commands.finish_repair import finish_repair
from backstock.returns.commands.inspect import inspect_return
from backstock.returns.commands.lapse import lapse_due
from backstock.returns.commands.receive import receive_return
from backstock.returns.commands.request import request_return
from backstock.returns.commands.ship_replacement import ship_replacement
from backstock.returns.commands.undo import undo_step
from backstock.returns.commands.undo_replacement import undo_replacement
from backstock.returns.commands.vendor_credit import credit_from_vendor
from backstock.sales.commands.invoice import invoice_sale
from backstock.sales.commands.pay import pay_sale
from backstock.sales.commands.sell import sell
from backstock.sales.commands.ship import ship
from backstock.warehouse.commands.adjust import adjust_stock
from backstock.warehouse.commands.transfer import transfer_stock

Fields = Mapping[str, Any]


@dataclass(slots=True)
class World:
    """What a story has named so far: its documents, people, day and currency."""

    digits: int
    currency: str
    today: date = date(2026, 1, 1)
    numbers: dict[str, str] = field(default_factory=dict)
    partners: set[str] = field(default_factory=set)
    sale_digits: dict[str, int] = field(default_factory=dict)
    returns_of: dict[str, str] = field(default_factory=dict)
    last_preview: RefundFigures | None = None
    gateway: StrictGateway = field(default_factory=StrictGateway)

    def number(self, doc: Any) -> str:
        """Return the product's number of a document; a name that no document has stays as it is."""
        return self.numbers.get(str(doc), str(doc))

    def actor(self, name: Any) -> Actor:
        """Return who acts; nobody named is an admin."""
        return SYSTEM if name is None else actor_for(User.objects.get(username=str(name)))

    def digits_for(self, fields: Fields) -> int:
        """Return the decimals of the currency of the sale or return that a step is about."""
        doc = str(fields.get("of") or self.returns_of.get(str(fields.get("doc")), fields.get("doc")))
        return self.sale_digits.get(doc, self.digits)

    def know(self, code: Any, kind: str) -> str | None:
        """Register a partner at its first mention: partners named in a step exist."""
        if code is None:
            return None
        name = str(code)
        if name not in self.partners:
            register_partner(
                RegisterPartner(code=name, is_customer=kind == "customer", is_supplier=kind == "supplier"), actor=SYSTEM
            )
            self.partners.add(name)
        return name

    def run(self, command: Command[Any], fields: Fields, values: Mapping[str, Any]) -> Done:
        """Run one command as the step's user, on its day, with its key, and remember the document."""
        done = command(
            build(command, {"on": self.today.isoformat(), **values}),
            actor=self.actor(fields.get("as")),
            key=None if fields.get("key") is None else str(fields["key"]),
        )
        if "doc" in fields:
            self.numbers[str(fields["doc"])] = done.document
        return done


def _purchase(world: World, fields: Fields) -> None:
    supplier = world.know(fields.get("supplier", "SUPPLIER"), "supplier")
    lines = lines_of(fields, world.digits)
    world.run(receive_purchase, fields, {"supplier": supplier, "warehouse": _text(fields, "warehouse"), "lines": lines})


def _sell(world: World, fields: Fields) -> None:
    currency = str(fields.get("currency", world.currency))
    digits = world.digits if currency == world.currency else digits_of(currency)
    world.sale_digits[str(fields.get("doc"))] = digits
    shipped, paid = fields.get("shipped", "all"), fields.get("paid", "all")
    if isinstance(shipped, Mapping):
        shipped = [{"sku": str(sku), "quantity_e4": quantity_e4(qty, str(sku))} for sku, qty in shipped.items()]
    values = {
        "customer": world.know(fields.get("customer", "CUSTOMER"), "customer"),
        "channel": _text(fields, "channel"),
        "warehouse": _text(fields, "warehouse"),
        "currency": _text(fields, "currency"),
        "rate_e9": scaled(Decimal(str(fields["rate"])), 9) if "rate" in fields else None,
        "lines": lines_of(fields, digits),
        "order_discount_cents": _cents(fields, "order_discount", digits),
        "shipping_cents": _cents(fields, "shipping", digits),
        "shipped": shipped,
        "invoiced": fields.get("invoiced"),
        "paid": tenders_of(paid, digits) if isinstance(paid, Mapping) else paid,
    }
    world.run(sell, fields, values)


def _ship(world: World, fields: Fields) -> None:
    world.run(ship, fields, {"sale": world.number(fields["of"]), "lines": lines_of(fields, world.digits)})


def _invoice(world: World, fields: Fields) -> None:
    not_built(fields, ["lines"], "invoice")
    world.run(invoice_sale, fields, {"sale": world.number(fields["of"])})


def _pay(world: World, fields: Fields) -> None:
    tenders = tenders_of(fields.get("by", {}), world.digits_for(fields))
    world.run(pay_sale, fields, {"sale": world.number(fields["of"]), "tenders": tenders})


def _request(world: World, fields: Fields) -> None:
    lines = lines_of(
        {
            "lines": [
                {k: v for k, v in each.items() if k not in ("of", "exchange_for")} for each in fields.get("lines", [])
            ]
        },
        world.digits,
    )
    for line, raw in zip(lines, fields.get("lines", []), strict=True):
        if "exchange_for" in raw:
            line["exchange_for"] = line_of(raw["exchange_for"], world.digits)
        if "of" in raw:
            line["sale"] = world.number(raw["of"])
            world.returns_of[str(fields.get("doc"))] = str(raw["of"])
    if "of" in fields:
        world.returns_of[str(fields.get("doc"))] = str(fields["of"])
    values = {
        "sale": world.number(fields["of"]) if "of" in fields else None,
        "customer": world.know(fields.get("customer"), "customer"),
        "channel": _text(fields, "channel"),
        "type": _text(fields, "type"),
        "lines": lines,
        "amount_cents": _cents(fields, "amount", world.digits_for(fields)),
        "evidence": [str(each) for each in fields["evidence"]] if "evidence" in fields else None,
    }
    world.run(request_return, fields, values)


def _step(command: Command[Any], *names: str) -> Callable[[World, Fields], None]:
    """Make the adapter of a step on a document: lines and text fields by the same names."""

    def run(world: World, fields: Fields) -> None:
        values: dict[str, Any] = {"document": world.number(fields["doc"])}
        for name in names:
            if name == "lines":
                values["lines"] = lines_of(fields, world.digits_for(fields)) if "lines" in fields else None
            else:
                values[name] = _text(fields, name)
        unused = set(fields) - set(names) - {"doc", "on", "as", "key", "refused"}
        not_built(fields, sorted(unused), "this step")
        world.run(command, fields, values)

    return run


def _settle_values(world: World, fields: Fields) -> dict[str, Any]:
    not_built(fields, ["lines"], "settle")
    digits, to = world.digits_for(fields), fields.get("to")
    return {
        "document": world.number(fields["doc"]),
        "amount_cents": _cents(fields, "amount", digits),
        "fee_cents": _cents(fields, "fee", digits),
        "return_shipping_cents": _cents(fields, "return_shipping", digits),
        "shipping_cents": _cents(fields, "shipping", digits),
        "to": None if to is None or isinstance(to, Mapping) else str(to),
        "tenders": tenders_of(to, digits) if isinstance(to, Mapping) else None,
    }


def _settle(world: World, fields: Fields) -> None:
    world.run(settle_return, fields, _settle_values(world, fields))
    pay_due(manner=Manner(on=world.today))


def _gateway(world: World, fields: Fields) -> None:
    world.gateway.next = Behaviour(str(fields["next"]))


def _preview(world: World, fields: Fields) -> None:
    wanted = build(settle_return, {"on": world.today.isoformat(), **_settle_values(world, fields)})
    world.last_preview = figures_of(preview(wanted))


def _finish_repair(world: World, fields: Fields) -> None:
    values = {
        "document": world.number(fields["doc"]),
        "lines": lines_of(fields, world.digits),
        "cost_cents": _cents(fields, "cost", world.digits),
        "to": _text(fields, "to"),
    }
    world.run(finish_repair, fields, values)


def _undo(world: World, fields: Fields) -> None:
    own: dict[str, Command[Any]] = {"settle": undo_settlement, "ship_replacement": undo_replacement}
    if (command := own.get(str(fields.get("what")))) is not None:
        world.run(command, fields, {"document": world.number(fields["doc"])})
        return
    world.run(undo_step, fields, {"document": world.number(fields["doc"]), "what": _text(fields, "what")})


def _close_period(world: World, fields: Fields) -> None:
    world.run(close_period, fields, {"through": day(fields["through"]).isoformat()})


def _vendor_credit(world: World, fields: Fields) -> None:
    values = {
        "document": world.number(fields["doc"]),
        "supplier": world.know(fields.get("supplier"), "supplier"),
        "amount_cents": _cents(fields, "amount", world.digits),
    }
    world.run(credit_from_vendor, fields, values)


def _goods(world: World, fields: Fields, *more: str) -> list[dict[str, Any]]:
    """Return the one line of a step that names its goods itself."""
    return lines_of({"lines": [{name: fields[name] for name in ("sku", "qty", *more) if name in fields}]}, world.digits)


def _transfer(world: World, fields: Fields) -> None:
    lines = _goods(world, fields, "lot", "serials")
    values = {"source": _text(fields, "from"), "target": _text(fields, "to"), "lines": lines}
    world.run(transfer_stock, fields, values)


def _adjust(world: World, fields: Fields) -> None:
    lines = _goods(world, fields, "lot", "serials")
    values = {"warehouse": _text(fields, "warehouse"), "reason": _text(fields, "reason"), "lines": lines}
    world.run(adjust_stock, fields, values)


def _text(fields: Fields, name: str) -> str | None:
    return None if fields.get(name) is None else str(fields[name])


def _cents(fields: Fields, name: str, digits: int) -> int | None:
    return None if fields.get(name) is None else cents(fields[name], digits, name)


def advance_clock(world: World, fields: Fields) -> None:
    """Set the day of a step; where time passes, the jobs that fell due run."""
    if fields.get("on") is not None:
        before, world.today = world.today, day(fields["on"])
        if world.today > before:
            _due(world)


def _advance(world: World, fields: Fields) -> None:
    world.today += timedelta(days=int(fields["days"]))
    _due(world)


def _due(world: World) -> None:
    """Run the jobs that fell due while time passed; what the gateway left open is long due."""
    lapse_due(world.today)
    expire_due(world.today)
    charge_due(world.today)
    ask_open()
    pay_due(manner=Manner(on=world.today))


VERBS: dict[str, Callable[[World, Fields], None]] = {
    "purchase": _purchase,
    "sell": _sell,
    "ship": _ship,
    "invoice": _invoice,
    "pay": _pay,
    "request": _request,
    "edit": _step(edit_return, "lines"),
    "approve": _step(approve_return, "lines"),
    "reject": _step(reject_return, "reason"),
    "cancel": _step(cancel_return, "reason"),
    "close": _step(close_return, "reason"),
    "receive": _step(receive_return, "lines", "warehouse"),
    "inspect": _step(inspect_return, "lines"),
    "dispose": _step(dispose_return, "lines"),
    "settle": _settle,
    "gateway": _gateway,
    "ship_replacement": _step(ship_replacement, "lines"),
    "finish_repair": _finish_repair,
    "preview": _preview,
    "undo": _undo,
    "close_period": _close_period,
    "vendor_credit": _vendor_credit,
    "transfer": _transfer,
    "adjust": _adjust,
    "advance": _advance,
}
