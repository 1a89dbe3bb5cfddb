"""What each step of a return means for the two ledgers. Pure.

| step | goods | money |
|---|---|---|
| take in (nobody knows whose) | customer → quarantine, worth nothing | – |
| match | back to the customer at no value, then as received | as received |
| keep unclaimed goods | quarantine → outside → sellable | inventory / stock differences |
| receive | customer → quarantine | goods in quarantine / cost of goods sold |
| restock | quarantine → sellable | inventory / goods in quarantine |
| restock at a discount | quarantine → sellable, graded | inventory + loss on returns / goods in quarantine |
| repair | quarantine → repair | goods in repair / goods in quarantine |
| repair finished | repair → sellable, customer or scrap | inventory, cost of goods sold or loss on returns / goods in repair |
| its cost | – | inventory, up to what the piece can fetch, and repair cost / cash or payable |
| return to vendor | quarantine → vendor | supplier claims / goods in quarantine |
| vendor's credit | vendor → supplier | payable + loss on returns / supplier claims |
| scrap, donate | quarantine → scrap | loss on returns / goods in quarantine |
| send back | quarantine → customer | cost of goods sold / goods in quarantine |
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from backstock.core.amounts import share
from backstock.money.accounts import Role
from backstock.money.transfers import Pay
from backstock.stock.moves import NOWHERE, Move, Pool
from backstock.stock.places import CUSTOMER, OUTSIDE, SCRAP, SUPPLIER, VENDOR, place_id, warehouse_of
from backstock.stock.valuation import sellable_pool

DISPOSITIONS: Final = ("restock", "restock_discounted", "repair", "return_to_vendor", "scrap", "donate", "send_back")
DEBITED: Final = {
    "restock": Role.inventory,
    "restock_discounted": Role.inventory,
    "repair": Role.goods_in_repair,
    "return_to_vendor": Role.supplier_claims,
    "scrap": Role.loss_on_returns,
    "donate": Role.loss_on_returns,
    "send_back": Role.cost_of_goods_sold,
}


def returning_cost(cost_cents: int, shipped_e4: int, returned_e4: int, quantity_e4: int, cost_back_cents: int) -> int:
    """Return the cost that comes back with a quantity: floor of the share that is back so far, less what came before."""
    return max(0, share(cost_cents, returned_e4 + quantity_e4, shipped_e4) - cost_back_cents)


def receipt_move(
    product_id: int, lot_id: int, quantity_e4: int, warehouse_id: int, line_id: int, value_cents: int
) -> Move:
    """Goods arrive: from the customer into quarantine, where each line keeps its own cost."""
    return Move(
        product_id=product_id,
        lot_id=lot_id,
        quantity_e4=quantity_e4,
        source_id=CUSTOMER,
        target_id=place_id("quarantine", warehouse_id),
        target_pool=Pool("quarantine", line_id),
        source_value_cents=value_cents,
        target_value_cents=value_cents,
        line_id=line_id,
    )


def unclaimed_pool(line_id: int) -> Pool:
    """Return the pool of goods without an owner: pieces that are worth nothing as long as nobody owns them."""
    return Pool("unclaimed", line_id)


def take_in_move(product_id: int, lot_id: int, quantity_e4: int, warehouse_id: int, line_id: int) -> Move:
    """Goods of an unknown sender arrive: into quarantine at no value, so that no ledger says that they are ours."""
    return Move(
        product_id=product_id,
        lot_id=lot_id,
        quantity_e4=quantity_e4,
        source_id=CUSTOMER,
        target_id=place_id("quarantine", warehouse_id),
        target_pool=unclaimed_pool(line_id),
        source_value_cents=0,
        target_value_cents=0,
        line_id=line_id,
    )


def kept_moves(leaving: Move, value_cents: int, cost_method: str) -> list[Move]:
    """Goods without an owner become ours: they leave worth nothing, and are found at what somebody says they cost."""
    warehouse_id, lot_id = warehouse_of(leaving.source_id), leaving.lot_id
    coming = replace(
        leaving, source_id=OUTSIDE, target_id=place_id("sellable", warehouse_id), source_pool=NOWHERE,
        target_pool=sellable_pool(cost_method, bool(lot_id), lot_id), source_value_cents=value_cents,
        target_value_cents=value_cents,
    )  # fmt: skip
    return [replace(leaving, target_id=OUTSIDE), coming]


def kept_transfer(value_cents: int) -> Pay:
    """What nobody claimed is a gain, like goods that a stock count finds."""
    return Pay(amount_cents=value_cents, debit=Role.inventory, credit=Role.stock_differences)


def receipt_transfer(value_cents: int, customer_id: int) -> Pay:
    """The cost of what came back is no longer cost of goods sold."""
    return Pay(
        amount_cents=value_cents, debit=Role.goods_in_quarantine, credit=Role.cost_of_goods_sold, partner_id=customer_id
    )


def target_of(
    to: str, place: int, line_id: int, lot_id: int, tracked: bool, cost_method: str, grade: str
) -> tuple[int, Pool]:
    """Return place and pool that a disposition leads to, from a place in quarantine."""
    warehouse_id = warehouse_of(place)
    if to == "restock":
        return place_id("sellable", warehouse_id), sellable_pool(cost_method, tracked, lot_id)
    if to == "restock_discounted":
        return place_id("sellable", warehouse_id, grade), sellable_pool(cost_method, tracked, lot_id, grade)
    if to == "repair":
        return place_id("repair", warehouse_id), Pool("repair", line_id)
    if to == "return_to_vendor":
        return VENDOR, Pool("vendor", line_id)
    return (CUSTOMER if to == "send_back" else SCRAP), NOWHERE


def disposal_transfers(to: str, value_cents: int, written_down_cents: int, partner_id: int) -> list[Pay]:
    """Move the value out of quarantine; what a write-down takes off is a loss."""
    return [
        Pay(
            amount_cents=value_cents - written_down_cents,
            debit=DEBITED[to],
            credit=Role.goods_in_quarantine,
            partner_id=partner_id,
        ),
        Pay(
            amount_cents=written_down_cents,
            debit=Role.loss_on_returns,
            credit=Role.goods_in_quarantine,
            partner_id=partner_id,
        ),
    ]


def credit_move(product_id: int, lot_id: int, quantity_e4: int, line_id: int, value_cents: int) -> Move:
    """The supplier keeps the pieces: they leave us at the cost at which they were claimed."""
    return Move(
        product_id=product_id,
        lot_id=lot_id,
        quantity_e4=quantity_e4,
        source_id=VENDOR,
        target_id=SUPPLIER,
        source_pool=Pool("vendor", line_id),
        source_value_cents=value_cents,
        target_value_cents=value_cents,
        line_id=line_id,
    )


def credit_transfers(amount_cents: int, tax_cents: int, cost_cents: int, supplier_id: int) -> list[Pay]:
    """Close a claim: what is credited lowers the payable, what it falls short of the cost is lost, what it exceeds it won."""
    credit = Role.supplier_claims
    return [
        Pay(amount_cents=amount_cents, debit=Role.payable, credit=credit, partner_id=supplier_id),
        Pay(amount_cents=cost_cents - amount_cents, debit=Role.loss_on_returns, credit=credit, partner_id=supplier_id),
        Pay(amount_cents=tax_cents, debit=Role.payable, credit=Role.input_tax, partner_id=supplier_id),
    ]


REPAIRED: Final = {
    "restock": Role.inventory,
    "send_back": Role.cost_of_goods_sold,
    "scrap": Role.loss_on_returns,
}


def repair_move(
    product_id: int, lot_id: int, quantity_e4: int, line_id: int, place: int, to: str, value_cents: int, added_cents: int,
    cost_method: str,
) -> Move:  # fmt: skip
    """Goods leave repair at their own value; on the shelf they carry what was added to it."""
    target, pool = target_of(to, place, line_id, lot_id, bool(lot_id), cost_method, "")
    return Move(
        product_id=product_id,
        lot_id=lot_id,
        quantity_e4=quantity_e4,
        source_id=place,
        target_id=target,
        source_pool=Pool("repair", line_id),
        target_pool=pool,
        source_value_cents=value_cents,
        target_value_cents=value_cents + added_cents,
        line_id=line_id,
    )


def repair_transfers(
    to: str, value_cents: int, cost_cents: int, parts_cents: int, added_cents: int, customer_id: int, repairer_id: int
) -> list[Pay]:  # fmt: skip
    """Move the value out of repair, and book what the repair cost: owed to a supplier or paid in cash; parts were ours.

    What the goods take up of it they take of the parts first: these only go from one of our pieces into another.
    """
    credit = Role.payable if repairer_id else Role.cash
    of_parts = min(added_cents, parts_cents)
    added, rest = added_cents - of_parts, cost_cents - (added_cents - of_parts)
    return [
        Pay(amount_cents=value_cents, debit=REPAIRED[to], credit=Role.goods_in_repair, partner_id=customer_id),
        Pay(amount_cents=parts_cents - of_parts, debit=Role.repair_cost, credit=Role.inventory),
        Pay(amount_cents=added, debit=Role.inventory, credit=credit, partner_id=repairer_id),
        Pay(amount_cents=rest, debit=Role.repair_cost, credit=credit, partner_id=repairer_id),
    ]
