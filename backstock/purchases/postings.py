"""What each step of a purchase means for the two ledgers. Pure.

| step | goods | money |
|---|---|---|
| receipt | supplier → sellable | inventory + input tax / payable (an opening stock: / opening balances) |
| invoice | – | purchase price differences + input tax / payable: only by how much it differs from the receipt |
| send back | sellable → supplier | payable / inventory (at cost) + input tax; price against cost: purchase price differences |

What went into stock keeps its cost: an invoice that comes later at another price never recomputes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from backstock.money.accounts import Role
from backstock.money.transfers import Pay
from backstock.stock.moves import Move, Pool
from backstock.stock.places import SUPPLIER
from backstock.stock.valuation import Taken


def receipt_move(
    product_id: int, lot_id: int, quantity_e4: int, place: int, pool: Pool, value_cents: int, line_id: int
) -> Move:
    """Goods arrive: from the supplier onto the shelf."""
    return Move(
        product_id=product_id,
        lot_id=lot_id,
        quantity_e4=quantity_e4,
        source_id=SUPPLIER,
        target_id=place,
        target_pool=pool,
        source_value_cents=value_cents,
        target_value_cents=value_cents,
        line_id=line_id,
    )


def receipt_transfers(value_cents: int, tax_cents: int, supplier_id: int, opening: bool) -> list[Pay]:
    """Owe the supplier for what came; an opening stock was paid for long ago."""
    against = Role.opening_balances if opening else Role.payable
    return [
        Pay(amount_cents=value_cents, debit=Role.inventory, credit=against, partner_id=supplier_id),
        Pay(amount_cents=tax_cents, debit=Role.input_tax, credit=against, partner_id=supplier_id),
    ]


def invoice_transfers(net_cents: int, tax_cents: int, supplier_id: int) -> list[Pay]:
    """Owe more, or less, by what an invoice differs from its receipts."""
    return [
        Pay(amount_cents=net_cents, debit=Role.purchase_differences, credit=Role.payable, partner_id=supplier_id),
        Pay(amount_cents=tax_cents, debit=Role.input_tax, credit=Role.payable, partner_id=supplier_id),
    ]


def send_back_moves(product_id: int, lot_id: int, place: int, taken: Sequence[Taken], line_id: int) -> list[Move]:
    """Goods leave the shelf for the supplier, at the cost at which any goods leave."""
    return [
        Move(
            product_id=product_id,
            lot_id=lot_id,
            quantity_e4=each.quantity_e4,
            source_id=place,
            target_id=SUPPLIER,
            source_pool=each.pool,
            source_value_cents=each.value_cents,
            target_value_cents=each.value_cents,
            line_id=line_id,
        )
        for each in taken
    ]


def send_back_transfers(net_cents: int, tax_cents: int, cost_cents: int, supplier_id: int) -> list[Pay]:
    """Owe less by price and tax of what went back; what the price differs from the cost is won or lost."""
    debit = Role.payable
    return [
        Pay(amount_cents=cost_cents, debit=debit, credit=Role.inventory, partner_id=supplier_id),
        Pay(amount_cents=net_cents - cost_cents, debit=debit, credit=Role.purchase_differences, partner_id=supplier_id),
        Pay(amount_cents=tax_cents, debit=debit, credit=Role.input_tax, partner_id=supplier_id),
    ]
