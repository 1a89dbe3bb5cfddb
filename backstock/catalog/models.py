"""What is traded: products with their units, codes, prices and kits, and the lots and serial numbers of tracked ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Named(models.Model):
    """Something with a code and a name per language; archived, never deleted."""

    code = models.CharField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=100, blank=True, default="")
    name_en = models.CharField(max_length=100, blank=True, default="")
    position = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        """Shared columns, no table."""

        abstract = True

    def called(self, language: str) -> str:
        """Return the name in a language, else in the other one, else the code."""
        first, second = (self.name_zh, self.name_en) if language.startswith("zh") else (self.name_en, self.name_zh)
        return first or second or self.code


class Category(Named):
    """A node of the tree of categories; products and policies name it by its code."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")


class TaxClass(Named):
    """A rate that many products share: changing it changes theirs, from now on."""

    rate_e6 = models.BigIntegerField(default=0)

    class Meta:
        """A rate is a share."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(rate_e6__gte=0), name="tax_class_rate")]


class PriceLevel(Named):
    """A kind of customers that has prices of its own."""


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
    tax_class = models.CharField(max_length=60, blank=True, default="", db_index=True)
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


class Barcode(models.Model):
    """A code that a scanner reads: this product, in this unit; empty is the base unit."""

    code = models.CharField(max_length=60, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="barcodes")
    unit = models.CharField(max_length=20, blank=True, default="")


class Price(models.Model):
    """What one unit of a product costs customers of a level from a day on; no level is everybody, no price ends one."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    level = models.CharField(max_length=60, blank=True, default="")
    unit = models.CharField(max_length=20, blank=True, default="")
    valid_from = models.DateField()
    unit_price_e6 = models.BigIntegerField(null=True)

    class Meta:
        """One price per level, unit and first day."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "level", "unit", "valid_from"], name="price_once"),
            models.CheckConstraint(
                condition=models.Q(unit_price_e6__isnull=True) | models.Q(unit_price_e6__gte=0),
                name="price_not_negative",
            ),
        ]


class ProductImage(models.Model):
    """A picture of a product, a file named by its content; the first one stands for it."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="images")
    content_hash = models.CharField(max_length=64, db_index=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A picture is shown once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "content_hash"], name="product_image_once")]


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
