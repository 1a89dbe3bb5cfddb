"""What a product may be told about itself beside its own columns: units, parts, barcodes, prices, pictures."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.core.amounts import MAX_PRICE_E6, MAX_QUANTITY_E4
from backstock.core.inputs import STRICT

UnitName = Annotated[str, Field(min_length=1, max_length=20)]
PriceE6 = Annotated[int, Field(ge=0, le=MAX_PRICE_E6)]
Pictures = Annotated[tuple[Annotated[str, Field(min_length=64, max_length=64)], ...], Field(max_length=20)]


@typed(frozen=True, kw_only=True, config=STRICT)
class Unit:
    """Another unit as a ratio to the base unit."""

    unit: UnitName
    numerator: Annotated[int, Field(gt=0, le=10**9)]
    denominator: Annotated[int, Field(gt=0, le=10**9)] = 1


@typed(frozen=True, kw_only=True, config=STRICT)
class Component:
    """A part of a kit."""

    sku: Code
    quantity_e4: Annotated[int, Field(gt=0, le=MAX_QUANTITY_E4)]


@typed(frozen=True, kw_only=True, config=STRICT)
class ProductBarcode:
    """A code that stands on one unit of the product, the base unit where none is named."""

    code: Code
    unit: Annotated[str, Field(max_length=20)] = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class LevelPrice:
    """What a level pays for one unit from the command's day on; no level is everybody, no price ends an earlier one."""

    level: Annotated[str, Field(max_length=60)] = ""
    unit: Annotated[str, Field(max_length=20)] = ""
    unit_price_e6: PriceE6 | None
