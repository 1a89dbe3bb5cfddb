"""What a document wants to happen to goods, before the ledger writes it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple


class Pool(NamedTuple):
    """A value pool of one product. Kinds:

    `new`         sellable new goods, one per company (moving average)
    `layer`       a fifo layer; ref orders layers as they came
    `lot`         a lot or serial under specific cost; ref is the lot
    `grade:B`     goods restocked at a discount in grade B; ref is the lot under specific cost, else 0
    `quarantine`, `repair`, `vendor`   what one return line holds there; ref is the return line
    `unclaimed`   goods in quarantine that nobody owns yet, worth nothing; ref is the line of the parcel they came in
    `transit`     between warehouses; ref is the line of the transfer
    ``            outside our stock (customer, supplier, scrap, outside): no value is held; also both sides of a move
                  from warehouse to warehouse, which stays inside one pool and so carries none
    """

    kind: str = ""
    ref: int = 0


NOWHERE = Pool()
# Asks the ledger for a fresh layer; its ref is made when the row is written.
NEW_LAYER = Pool("layer", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A positive quantity from one place and pool to another, with the value that leaves and that enters."""

    product_id: int
    quantity_e4: int
    source_id: int
    target_id: int
    source_pool: Pool = NOWHERE
    target_pool: Pool = NOWHERE
    source_value_cents: int
    target_value_cents: int
    lot_id: int = 0
    line_id: int = 0
    mirrors_log_id: int = 0

    def worth(self, value_cents: int) -> Move:
        """Return the move with another value entering the target pool: a write-down."""
        return replace(self, target_value_cents=value_cents)

    def mirror(self, log_id: int) -> Move:
        """Return the opposite of this move, naming the log row that it takes back."""
        return Move(
            product_id=self.product_id,
            quantity_e4=self.quantity_e4,
            source_id=self.target_id,
            target_id=self.source_id,
            source_pool=self.target_pool,
            target_pool=self.source_pool,
            source_value_cents=self.target_value_cents,
            target_value_cents=self.source_value_cents,
            lot_id=self.lot_id,
            line_id=self.line_id,
            mirrors_log_id=log_id,
        )
