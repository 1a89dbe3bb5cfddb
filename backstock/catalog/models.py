"""What is traded: products with their units and kits, and the lots and serial numbers of tracked ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Product(models.Model):
    """A sellable kind of thing, known by its SKU; archived, never deleted."""

    sku = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    # What tells it from its neighbours on the shelf: size, strength, packing.
    spec = models.CharField(max_length=200, blank=True, default="")
    brand = models.CharField(max_length=60, blank=True, default="", db_index=True)
    category = models.CharField(max_length=60, blank=True, db_index=True)
    unit = models.CharField(max_length=20, default="pcs")
    # Validates quantities; storage is in 1/10,000 of the base unit for every product.
    unit_decimals = models.PositiveSmallIntegerField(default=0)
    price_e6 = models.BigIntegerField(default=0)
    # The rate that counts: stated here, or taken over from the class of taxes and changed with it.
    tax_rate_e6 = models.BigIntegerField(default=0)
    tax_class = models.CharField(max_length=20, blank=True, default="", db_index=True)
    has_own_tax_rate = models.BooleanField(default=True)
    tracking = models.CharField(max_length=6, default="none")
    returnable = models.BooleanField(default=True)
    # Sold as one, stocked as its components.
    is_kit = models.BooleanField(default=False)
    # From the day it was made to the day it expires.
    shelf_life_days = models.PositiveIntegerField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        """Figures that no product can have are refused by the database too."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(tracking__in=["none", "lot", "serial"]), name="product_tracking"),
            models.CheckConstraint(condition=models.Q(unit_decimals__lte=4), name="product_unit_decimals"),
            models.CheckConstraint(condition=models.Q(price_e6__gte=0, tax_rate_e6__gte=0), name="product_price"),
        ]

    def __str__(self) -> str:
        return self.sku


class ProductUnit(models.Model):
    """Another unit of a product as a ratio to its base unit: a box of 12 is 12/1."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="units")
    unit = models.CharField(max_length=20)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(default=1)

    class Meta:
        """A unit has one ratio."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "unit"], name="product_unit_once"),
            models.CheckConstraint(condition=models.Q(numerator__gt=0, denominator__gt=0), name="product_unit_ratio"),
        ]


class KitComponent(models.Model):
    """What one kit is made of: sold as one, stocked as its components."""

    kit = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="components")
    component = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity_e4 = models.BigIntegerField()

    class Meta:
        """A component stands once in a kit."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kit", "component"], name="kit_component_once"),
            models.CheckConstraint(condition=models.Q(quantity_e4__gt=0), name="kit_component_quantity"),
        ]


class Lot(models.Model):
    """A production batch, or a serial number: a lot of exactly one piece. Which of the two, the product's tracking says."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots")
    code = models.CharField(max_length=60)
    made_on = models.DateField(null=True)
    expires_on = models.DateField(null=True, db_index=True)
    # Where it came from first: the supplier and the line of the delivery; 0 is unknown.
    supplier_id = models.BigIntegerField(default=0, db_index=True)
    purchase_line_id = models.BigIntegerField(default=0)

    class Meta:
        """A lot code is unique within its product."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "code"], name="lot_once")]
