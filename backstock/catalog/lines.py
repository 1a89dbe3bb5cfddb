"""What every line of goods says: which product, how many, in which unit, and which lots or serials."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.inputs import STRICT

Code = Annotated[str, Field(min_length=1, max_length=60)]


@typed(frozen=True, kw_only=True, config=STRICT)
class GoodsLine:
    """A quantity of a product, in 1/10,000 of the unit named, the base unit where none is."""

    sku: Code
    quantity_e4: int
    unit: str | None = None
    lot: Code | None = None
    serials: tuple[Code, ...] = ()
