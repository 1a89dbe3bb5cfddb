"""The goods ledger: places, moves, and the two balances that are caches of it.

Ledger rows are appended and never changed; their key starts with the business day, so that PostgreSQL can partition
them by month; nothing has a foreign key to them. `log_id` orders them as they were recorded.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Place(models.Model):
    """Where goods can be: customer and supplier are places too. Its id is computed, see `stock.places`."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    grade = models.CharField(max_length=4, blank=True)
    # 0: belongs to no warehouse.
    warehouse_id = models.BigIntegerField(default=0)


class StockMove(models.Model):
    """A positive quantity of one product (lot or serial) goes from one place, and one value pool, to another."""

    pk = models.CompositePrimaryKey("business_on", "log_id", "position")
    business_on = models.DateField()
    log_id = models.BigIntegerField()
    position = models.IntegerField()
    recorded_at = models.DateTimeField()
    product_id = models.BigIntegerField()
    # 0: not tracked.
    lot_id = models.BigIntegerField(default=0)
    quantity_e4 = models.BigIntegerField()
    source_id = models.BigIntegerField()
    target_id = models.BigIntegerField()
    # Pool kind and reference, see `stock.moves.Pool`; an empty kind holds no value.
    source_pool = models.CharField(max_length=12, blank=True)
    source_ref = models.BigIntegerField(default=0)
    target_pool = models.CharField(max_length=12, blank=True)
    target_ref = models.BigIntegerField(default=0)
    # What leaves the source pool and what enters the target pool; they differ only by a write-down or a repair cost.
    source_value_cents = models.BigIntegerField()
    target_value_cents = models.BigIntegerField()
    document = models.CharField(max_length=40)
    # The sale line, purchase line or return line that the move belongs to; 0 where there is none.
    line_id = models.BigIntegerField(default=0)
    # Set on a mirror row: the log row whose moves it takes back.
    mirrors_log_id = models.BigIntegerField(default=0)

    class Meta:
        """What no move can be, in words that every database understands."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity_e4__gt=0), name="stock_move_quantity"),
            models.CheckConstraint(condition=~models.Q(source_id=models.F("target_id")), name="stock_move_places"),
            models.CheckConstraint(
                condition=models.Q(source_value_cents__gte=0, target_value_cents__gte=0), name="stock_move_value"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["document"], name="stock_move_document"),
            models.Index(fields=["product_id", "business_on"], name="stock_move_product"),
            models.Index(fields=["log_id"], name="stock_move_log"),
        ]


class StockBalance(models.Model):
    """How many of a product (lot or serial) are at a place: a cache of Σ moves, locked by commands."""

    product_id = models.BigIntegerField()
    lot_id = models.BigIntegerField(default=0)
    place_id = models.BigIntegerField()
    quantity_e4 = models.BigIntegerField()

    class Meta:
        """One balance per product, lot and place."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product_id", "lot_id", "place_id"], name="stock_balance_once")
        ]
        indexes: ClassVar = [models.Index(fields=["place_id", "product_id"], name="stock_balance_place")]


class PoolBalance(models.Model):
    """What the pieces of a value pool are worth together: a cache of Σ moves, locked by commands."""

    product_id = models.BigIntegerField()
    pool = models.CharField(max_length=12)
    ref = models.BigIntegerField(default=0)
    quantity_e4 = models.BigIntegerField()
    value_cents = models.BigIntegerField()

    class Meta:
        """One balance per product and pool."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product_id", "pool", "ref"], name="pool_balance_once")
        ]


class Reservation(models.Model):
    """Goods at a place that wait there for a line of a document, of whatever lot; gone once they left or nobody waits."""

    line_id = models.BigIntegerField(db_index=True)
    product_id = models.BigIntegerField()
    place_id = models.BigIntegerField()
    quantity_e4 = models.BigIntegerField()
    document = models.CharField(max_length=40)

    class Meta:
        """Something waits, once for each line, product and place."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line_id", "product_id", "place_id"], name="reservation_once"),
            models.CheckConstraint(condition=models.Q(quantity_e4__gt=0), name="reservation_quantity"),
        ]
        indexes: ClassVar = [models.Index(fields=["product_id", "place_id"], name="reservation_goods")]


class Rolled(models.Model):
    """Moves of one product between two places in one span of time, of rows up to the watermark: written by the roll-up only.

    A mirror row counts below zero in the direction of the move that it takes back. Values are those of pools alone: what
    left a source that holds value, what entered a target that does.
    """

    pk = models.CompositePrimaryKey("starts_on", "product_id", "source_id", "target_id", "paper")
    starts_on = models.DateField()
    product_id = models.BigIntegerField()
    source_id = models.BigIntegerField()
    target_id = models.BigIntegerField()
    # The letter of the documents that moved them: an assembly is no stock count.
    paper = models.CharField(max_length=1)
    quantity_e4 = models.BigIntegerField()
    source_value_cents = models.BigIntegerField()
    target_value_cents = models.BigIntegerField()

    class Meta:
        """The same shape for every span."""

        abstract = True


class StockMonth(Rolled):
    """A month of the goods ledger."""

    class Meta:
        """The card of one product reads its own rows."""

        indexes: ClassVar = [models.Index(fields=["product_id", "starts_on"], name="stock_month_product")]


class StockYear(Rolled):
    """A year of the goods ledger: figures of long ago need few rows."""

    class Meta:
        """The card of one product reads its own rows."""

        indexes: ClassVar = [models.Index(fields=["product_id", "starts_on"], name="stock_year_product")]


class StockRollUp(models.Model):
    """How far the roll-up has come: moves with a log id up to this are in the months and years."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    through_log_id = models.BigIntegerField(default=0)


class LotBlock(models.Model):
    """A lot or serial number that may not leave or be put up for sale, and why; standing until a log row lifts it."""

    product_id = models.BigIntegerField()
    lot_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=200)
    # The recall that blocks it; empty: somebody did by hand.
    document = models.CharField(max_length=40, blank=True, default="")
    log_id = models.BigIntegerField()
    lifted_log_id = models.BigIntegerField(default=0)
