"""Each expectation as queries: what was expected is compared with what the product says, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backstock.catalog.models import Lot
from backstock.catalog.queries import load_catalogue
from backstock.cli.replay.verbs import Fields, World
from backstock.cli.replay.words import cents, day, not_built, quantity_e4
from backstock.cli.verification import verify
from backstock.core.amounts import decimal_text
from backstock.core.errors import DomainError
from backstock.core.numbers import row_id
from backstock.money.accounts import Role
from backstock.money.queries import balance, partner_balance
from backstock.partners.queries import known, partner_ids
from backstock.refunds.queries import NoteFigures, RefundFigures, note_figures, refund_figures
from backstock.refunds.sale_figures import net_cost, net_revenue
from backstock.returns.after.exchanges import exchange_figures
from backstock.returns.deciding.deadlines import legal_dues
from backstock.returns.errors import NotBuiltYet
from backstock.returns.queries import (
    events_of,
    line_progress,
    loaded_return,
    progress,
    receipt_count,
    returnable,
    returns_of_sale,
)
from backstock.sales.queries import paper_counts, sale_figures
from backstock.stock.places import kind_of, warehouse_of
from backstock.stock.queries import lot_place, quantity_at, worth
from backstock.warehouse.queries import load_warehouses

# (field, expected, got) of what differs; nothing when all is as expected.
Difference = tuple[str, str, str]
PLACES = {"owned": ("sellable", "quarantine", "repair")}


def _compare(pairs: list[tuple[str, Any, Any]]) -> Difference | None:
    for name, expected, got in pairs:
        if expected != got:
            return name, str(expected), str(got)
    return None


def _figures(fields: Fields, got: Mapping[str, int], digits: int) -> list[tuple[str, Any, Any]]:
    """Compare amounts in their normal notation."""
    return [
        (name, decimal_text(cents(fields[name], digits, name), digits), decimal_text(value, digits))
        for name, value in got.items()
        if name in fields
    ]


def _stock(world: World, fields: Fields) -> Difference | None:
    item = load_catalogue([str(fields["sku"])]).item(str(fields["sku"]))
    at = str(fields.get("at", "sellable"))
    kinds = PLACES.get(at, (at,))
    warehouse = (
        load_warehouses([str(fields["warehouse"])]).id(str(fields["warehouse"])) if "warehouse" in fields else None
    )
    lot = _lot(item.id, fields.get("lot"))
    pairs: list[tuple[str, Any, Any]] = []
    if "qty" in fields:
        got_e4 = quantity_at(item.id, kinds, warehouse, lot)
        pairs.append(("qty", decimal_text(quantity_e4(fields["qty"], item.sku), 4), decimal_text(got_e4, 4)))
    if "value" in fields:
        got = sum(worth(item.id, kind, warehouse, lot) for kind in kinds)
        pairs += _figures(fields, {"value": got}, world.digits)
    return _compare(pairs)


def _lot(product_id: int, code: Any) -> int | None:
    if code is None:
        return None
    return Lot.objects.filter(product_id=product_id, code=str(code)).values_list("pk", flat=True).first() or -1


def _serial(world: World, fields: Fields) -> Difference | None:
    item = load_catalogue([str(fields["sku"])]).item(str(fields["sku"]))
    place = lot_place(item.id, _lot(item.id, fields["serial"]) or -1)
    pairs = [("at", str(fields["at"]), "nowhere" if place is None else kind_of(place))]
    if "warehouse" in fields and place is not None:
        wanted = load_warehouses([str(fields["warehouse"])]).id(str(fields["warehouse"]))
        pairs.append(("warehouse", str(wanted), str(warehouse_of(place))))
    return _compare(pairs)


def _returnable(world: World, fields: Fields) -> Difference | None:
    got = returnable(world.number(fields["of"]), str(fields["sku"]), fields.get("line"))
    return _compare([("qty", decimal_text(quantity_e4(fields["qty"], ""), 4), decimal_text(got, 4))])


def _decision(world: World, fields: Fields) -> Difference | None:
    lines = loaded_return(world.number(fields["doc"])).lines
    rows = [line.row for line in lines if fields.get("sku") in (None, line.row.product.sku)]
    pairs: list[tuple[str, Any, Any]] = []
    if "outcome" in fields:
        pairs.append(("outcome", str(fields["outcome"]), rows[0].decision if rows else "no such line"))
    if "because" in fields:
        codes = [finding["code"] for row in rows for finding in row.findings if finding["outcome"] == row.decision]
        pairs.append(("because", sorted(map(str, fields["because"])), sorted(codes)))
    return _compare(pairs)


def _return(world: World, fields: Fields) -> Difference | None:
    rma = loaded_return(world.number(fields["doc"]))
    pairs: list[tuple[str, Any, Any]] = []
    if "status" in fields:
        pairs.append(("status", str(fields["status"]), progress(rma)))
    for wanted in fields.get("lines", []):
        sku = str(wanted["sku"])
        lines = [line_progress(line) for line in rma.lines if line.row.product.sku == sku]
        for name, value in wanted.items():
            if name == "sku":
                continue
            counter = {"refunded_qty": "refunded", "replaced_qty": "replaced"}.get(name, name)
            got = sum(getattr(line, f"{counter}_e4") for line in lines)
            pairs.append((f"{sku} {name}", decimal_text(quantity_e4(value, sku), 4), decimal_text(got, 4)))
    return _compare(pairs)


def _money_back(world: World, fields: Fields, got: RefundFigures | None) -> Difference | None:
    if got is None:
        return "preview", "a preview", "none was asked for"
    digits = world.digits_for(fields)
    names = ("total", "goods", "tax", "shipping", "fee")
    pairs = _figures(fields, {name: getattr(got, f"{name}_cents") for name in names}, digits)
    if "by" in fields:
        wanted = {str(k): cents(v, digits, str(k)) for k, v in fields["by"].items()}
        pairs.append(("by", _tenders(wanted, digits), _tenders(got.by, digits)))
    if "status" in fields:
        pairs.append(("status", str(fields["status"]), got.status))
    return _compare(pairs)


def _tenders(by: Mapping[str, int], digits: int) -> str:
    return ", ".join(f"{tender} {decimal_text(by[tender], digits)}" for tender in sorted(by) if by[tender])


def _refund(world: World, fields: Fields) -> Difference | None:
    return _money_back(world, fields, refund_figures(world.number(fields["doc"])))


def _preview(world: World, fields: Fields) -> Difference | None:
    return _money_back(world, fields, world.last_preview)


def _credit_note(world: World, fields: Fields) -> Difference | None:
    number = world.number(fields["doc"])
    got: NoteFigures = note_figures(number)
    money = {"net": got.net_cents, "tax": got.tax_cents, "gross": got.net_cents + got.tax_cents}
    pairs = _figures(fields, money, world.digits_for(fields))
    pairs += [(name, fields[name], getattr(got, name)) for name in ("lines", "count") if name in fields]
    return _compare(pairs)


def _sale(world: World, fields: Fields) -> Difference | None:
    number = world.number(fields["doc"])
    got, digits = sale_figures(number), world.sale_digits.get(str(fields["doc"]), world.digits)
    pairs: list[tuple[str, Any, Any]] = []
    if "status" in fields:
        pairs.append(("status", str(fields["status"]), got.status))
    for name in ("ordered", "shipped", "returned"):
        if name in fields:
            value = decimal_text(getattr(got, f"{name}_e4"), 4)
            pairs.append((name, decimal_text(quantity_e4(fields[name], ""), 4), value))
    money = {"invoiced": got.invoiced_cents, "refunded": got.refunded_cents}
    if "net_revenue" in fields:
        money["net_revenue"] = net_revenue(number)
    pairs += _figures(fields, money, digits)
    if "net_cost" in fields:
        pairs += _figures(fields, {"net_cost": net_cost(number)}, world.digits)
    return _compare(pairs)


def _exchange(world: World, fields: Fields) -> Difference | None:
    got = exchange_figures(world.number(fields["doc"]))
    money = {"customer_pays": got.customer_pays_cents, "we_pay": got.we_pay_cents}
    pairs = _figures(fields, money, world.digits_for(fields))
    if "status" in fields:
        pairs.append(("status", str(fields["status"]), got.status))
    return _compare(pairs)


def _customer(world: World, fields: Fields) -> Difference | None:
    pk = known(partner_ids([str(fields["code"])]), str(fields["code"]))
    money = {
        "receivable": partner_balance(pk, Role.receivable),
        "store_credit": -partner_balance(pk, Role.store_credit),
    }
    return _compare(_figures(fields, money, world.digits))


def _supplier(world: World, fields: Fields) -> Difference | None:
    pk = known(partner_ids([str(fields["code"])]), str(fields["code"]))
    money = {"payable": -partner_balance(pk, Role.payable), "claims": partner_balance(pk, Role.supplier_claims)}
    return _compare(_figures(fields, money, world.digits))


def _documents(world: World, fields: Fields) -> Difference | None:
    number, kind = world.number(fields["of"]), str(fields["kind"])
    rmas = returns_of_sale(row_id("S", number))
    papers = paper_counts(number)
    papers["return"], papers["receipt"] = len(rmas), receipt_count(rmas)
    papers["credit_note"] = sum(note_figures(f"R{pk:06d}").count for pk in rmas)
    papers["refund"] = sum(len(refund_figures(f"R{pk:06d}").by) for pk in rmas)
    return _compare([(kind, fields["count"], papers.get(kind, "unknown kind"))])


def _due(world: World, fields: Fields) -> Difference | None:
    not_built({str(fields["what"]): 1}, ["red_invoice"], "expect due")
    rma = loaded_return(world.number(fields["doc"]))
    found = {due.what: due.on for due in legal_dues(rma, events_of(rma.row.pk))}
    # Where no law says by when the goods are sent back, the authorisation does.
    return _compare([("on", day(fields["on"]), found.get(str(fields["what"]), rma.row.lapses_on))])


def _balanced(world: World, fields: Any) -> Difference | None:
    problems = verify().problems
    return ("balanced", "true", "; ".join(str(each) for each in problems[:3])) if problems else None


def check_account(world: World, fields: Fields, before: Mapping[Role, int]) -> Difference | None:
    """Compare an account's balance, and its change since the step before."""
    name = str(fields["name"])
    if name not in Role.__members__:
        raise NotBuiltYet(what=f"account {name}")
    role = Role[name]
    now = balance(role)
    return _compare(_figures(fields, {"balance": now, "change": now - before.get(role, 0)}, world.digits))


KINDS: dict[str, Callable[[World, Any], Difference | None]] = {
    "stock": _stock,
    "serial": _serial,
    "returnable": _returnable,
    "decision": _decision,
    "return": _return,
    "refund": _refund,
    "preview": _preview,
    "credit_note": _credit_note,
    "sale": _sale,
    "exchange": _exchange,
    "customer": _customer,
    "supplier": _supplier,
    "documents": _documents,
    "due": _due,
    "balanced": _balanced,
}


def check(world: World, node: Mapping[str, Any], before: Mapping[Role, int]) -> Difference | None:
    """Check every kind of an expectation; return the first difference. A kind that is not built yet differs."""
    for kind, fields in node.items():
        try:
            if kind == "account":
                found = check_account(world, fields, before)
            elif kind in KINDS:
                found = KINDS[kind](world, fields)
            else:
                not_built({kind: fields}, [kind], "expect")
                found = None
        except DomainError as error:
            found = kind, str(fields), str(error)
        if found:
            return f"{kind} {found[0]}", found[1], found[2]
    return None
