"""What the product and the reference model hold after the same things were done, in the same words, to be compared."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Sum

from backstock.catalog.models import Lot, Product
from backstock.money.accounts import Role
from backstock.money.queries import all_balances
from backstock.refunds.models import CreditNote, CreditNoteLine
from backstock.returns.models import ReturnLine
from backstock.sales.models import InvoiceLine
from backstock.stock.models import PoolBalance, StockBalance, StockMove
from backstock.stock.places import CUSTOMER, grade_of, kind_of, warehouse_of
from backstock.warehouse.models import Warehouse
from tests.properties.reference import Reference


def differences(model: Reference) -> list[str]:
    """Compare goods by place, value by kind of pool, the accounts, and revenue and cost per product."""
    theirs, ours = product_figures(), model_figures(model)
    return [
        f"{key}: {theirs[key]}, the model says {ours[key]}"
        for key in sorted({*theirs, *ours}, key=str)
        if theirs[key] != ours[key]
    ]


def model_figures(model: Reference) -> Counter[Any]:
    figures: Counter[Any] = Counter()
    for key, n in model.now.items():
        match key:
            case ("at" | "beyond", sku, lot, place):
                figures["at", sku, lot, place] += n
            case ("quantity" | "value", kind, *rest):
                sku = rest[0] if kind == "sellable" else rest[1]
                graded = f" {rest[1]}" if kind == "sellable" and rest[1] else ""
                figures[key[0], kind + graded, sku] += n
                role = {"quarantine": "goods_in_quarantine", "vendor": "supplier_claims"}.get(kind, "inventory")
                figures["account", role] += n if key[0] == "value" else 0
            case ("revenue" | "cost of goods sold", sku):
                figures[key] += n
                figures["account", key[0]] += n
            case ("loss on returns" | "stock differences", _):
                figures["account", key[0]] += n
    return figures


def product_figures() -> Counter[Any]:
    figures: Counter[Any] = Counter()
    skus = dict(Product.objects.values_list("pk", "sku"))
    lots = {0: "", **dict(Lot.objects.values_list("pk", "code"))}
    houses = {0: "", **{pk: f" {code}" for pk, code in Warehouse.objects.values_list("pk", "code")}}
    for row in StockBalance.objects.all():
        graded = f" {grade_of(row.place_id)}" if grade_of(row.place_id) else ""
        place = f"{kind_of(row.place_id)}{houses[warehouse_of(row.place_id)]}{graded}"
        figures["at", skus[row.product_id], lots[row.lot_id], place] += row.quantity_e4
    for pool in PoolBalance.objects.all():
        kind, _, grade = pool.pool.partition(":")
        kind = f"sellable {grade}" if grade else "sellable" if kind in ("new", "layer", "lot") else kind
        figures["quantity", kind, skus[pool.product_id]] += pool.quantity_e4
        figures["value", kind, skus[pool.product_id]] += pool.value_cents
    balances = all_balances()
    for role in (
        "inventory",
        "goods_in_quarantine",
        "supplier_claims",
        "loss_on_returns",
        "stock_differences",
        "cost_of_goods_sold",
    ):
        name = role if role in ("inventory", "goods_in_quarantine", "supplier_claims") else role.replace("_", " ")
        figures["account", name] = balances.get(Role[role], 0)
    figures["account", "revenue"] = -balances.get(Role.revenue, 0) - balances.get(Role.sales_returns, 0)
    _add_profit(figures, skus)
    return figures


def _add_profit(figures: Counter[Any], skus: dict[int, str]) -> None:
    for product_id, net in InvoiceLine.objects.values_list("sale_line__product_id").annotate(net=Sum("net_cents")):
        figures["revenue", skus[product_id]] += net
    mirrored = set(CreditNote.objects.exclude(mirrors_log_id=0).values_list("mirrors_log_id", flat=True))
    products = dict(ReturnLine.objects.values_list("pk", "product_id"))
    standing = CreditNoteLine.objects.filter(note__mirrors_log_id=0).exclude(note__log_id__in=mirrored)
    for line_id, net in standing.values_list("return_line_id", "net_cents"):
        figures["revenue", skus[products[line_id]]] -= net
    for move in StockMove.objects.all():
        if CUSTOMER in (move.source_id, move.target_id):
            out = move.target_id == CUSTOMER
            value = move.source_value_cents if out else -move.target_value_cents
            figures["cost of goods sold", skus[move.product_id]] += value
