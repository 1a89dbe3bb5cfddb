"""The two ledgers of one document as a page shows them: goods from place to place, money from account to account."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from backstock.catalog.models import Product
from backstock.catalog.queries import lot_codes, products_by_id
from backstock.core.models import Company
from backstock.desk import words
from backstock.desk.figures import day_text, money_text, quantity_text
from backstock.money.queries import account_names, transfers_of_document
from backstock.stock.queries import MoveRow, moves_of_document
from backstock.warehouse.queries import warehouse_names


@dataclass(frozen=True, kw_only=True)
class GoodsEntry:
    """One move of goods."""

    on: str
    product: str
    lot: str
    quantity: str
    source: str
    target: str
    value: str
    is_mirror: bool


@dataclass(frozen=True, kw_only=True)
class MoneyEntry:
    """One transfer of money."""

    on: str
    debit: str
    credit: str
    amount: str
    is_mirror: bool


def goods_entries(number: str, own: Company, known: dict[int, Product]) -> list[GoodsEntry]:
    """Return what moved for a document; without a move nothing more is read."""
    moves = moves_of_document(number)
    if not moves:
        return []
    products = known | products_by_id({move.product_id for move in moves} - known.keys())
    lots, warehouses = lot_codes(move.lot_id for move in moves), warehouse_names()
    return [_goods(move, products, lots.get(move.lot_id, ""), warehouses, own) for move in moves]


def _goods(
    move: MoveRow, products: dict[int, Product], lot: str, warehouses: dict[int, str], own: Company
) -> GoodsEntry:
    product = products[move.product_id]
    return GoodsEntry(
        on=day_text(move.business_on),
        product=product.name or product.sku,
        lot=lot,
        quantity=quantity_text(move.quantity_e4, product.unit),
        source=words.place_words(move.source_id, warehouses),
        target=words.place_words(move.target_id, warehouses),
        value=money_text(move.value_cents, own.currency, own.currency_digits),
        is_mirror=move.mirror,
    )


def money_entries(number: str, own: Company) -> list[MoneyEntry]:
    """Return the transfers of a document, in the company's currency."""
    transfers = transfers_of_document(number)
    names = account_names(get_language() or "zh-hans") if transfers else {}
    return [
        MoneyEntry(
            on=day_text(each.business_on),
            debit=names.get(each.debit_id, str(each.debit_id)),
            credit=names.get(each.credit_id, str(each.credit_id)),
            amount=money_text(each.amount_cents, own.currency, own.currency_digits),
            is_mirror=each.mirror,
        )
        for each in transfers
    ]
