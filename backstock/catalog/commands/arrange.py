"""Arrange the catalogue: the tree of categories, the classes of taxes, the levels of prices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import Case, Value, When
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.drafts import Drafts
from backstock.catalog.errors import CategoryCircle, UnknownCategory
from backstock.catalog.lines import Code
from backstock.catalog.models import Category, Named, PriceLevel, Product, TaxClass
from backstock.core.amounts import E6
from backstock.core.commands import STRICT, Batch, Input, Item, command


@typed(frozen=True, kw_only=True, config=STRICT)
class ArrangeInput(Input):
    """A row by its code, with what is to change; a code that is new is added."""

    code: Code
    name_zh: Annotated[str, Field(max_length=100)] | None = None
    name_en: Annotated[str, Field(max_length=100)] | None = None
    position: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    archived: bool | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class ArrangeCategory(ArrangeInput):
    """A node of the tree; `parent` moves it, an empty one to the top."""

    parent: Annotated[str, Field(max_length=60)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class ArrangeTaxClass(ArrangeInput):
    """A class of taxes; a new rate holds for its products from now on."""

    rate_e6: Annotated[int, Field(ge=0, le=E6)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class ArrangePriceLevel(ArrangeInput):
    """A level of prices."""


def _may_arrange(_: Any) -> str:
    return "catalog.arrange"


@command("catalog.arrange", ArrangeCategory)
def arrange_categories(batch: Batch[ArrangeCategory]) -> None:
    """Add, rename, move and archive categories; the tree stays a tree."""
    drafts = Drafts(Category, batch)
    codes = {row.pk: code for code, row in drafts.rows.items()}
    parents = {code: codes.get(row.parent_id or 0, "") for code, row in drafts.rows.items()}
    moved: set[str] = set()
    for item in batch.open:
        with batch.attempt(item):
            code, parent = item.input.code, item.input.parent
            if parent and parent != code and parent not in drafts.rows:
                raise UnknownCategory(category=parent)
            _arrange(batch, drafts, item)
            if parent is not None:
                _refuse_circle(parents, code, parent)
                batch.journal.append(_restore(parents, code))
                parents[code] = parent
                moved.add(code)
    batch.log()
    drafts.write()
    _move([drafts.rows[code] for code in sorted(moved) if code in drafts.rows], parents, drafts.rows)


def _restore(parents: dict[str, str], code: str) -> Callable[[], None]:
    before = parents.get(code, "")
    return lambda: parents.update({code: before})


def _refuse_circle(parents: dict[str, str], code: str, parent: str) -> None:
    above = parent
    while above:
        if above == code:
            raise CategoryCircle(category=code, parent=parent)
        above = parents.get(above, "")


def _move(rows: list[Category], parents: dict[str, str], by_code: dict[str, Category]) -> None:
    for row in rows:
        row.parent_id = by_code[parents[row.code]].pk if parents[row.code] else None
    if rows:
        Category.objects.bulk_update(rows, ["parent"])


@command("catalog.arrange_tax_classes", ArrangeTaxClass, permission=_may_arrange)
def arrange_tax_classes(batch: Batch[ArrangeTaxClass]) -> None:
    """Add and change classes of taxes, and the rate of their products that state none themselves."""
    drafts = Drafts(TaxClass, batch, [item.input.code for item in batch.open])
    for item in batch.open:
        with batch.attempt(item):
            row = _arrange(batch, drafts, item)
            drafts.change(row, rate_e6=item.input.rate_e6)
    batch.log()
    drafts.write()
    rated = sorted({item.input.code for item in batch.open if item.input.rate_e6 is not None})
    if rated:
        followers = Product.objects.filter(tax_class__in=rated, has_own_tax_rate=False)
        followers.update(
            tax_rate_e6=Case(*[When(tax_class=code, then=Value(drafts.rows[code].rate_e6)) for code in rated])
        )


@command("catalog.arrange_price_levels", ArrangePriceLevel, permission=_may_arrange)
def arrange_price_levels(batch: Batch[ArrangePriceLevel]) -> None:
    """Add and change levels of prices."""
    drafts = Drafts(PriceLevel, batch, [item.input.code for item in batch.open])
    for item in batch.open:
        with batch.attempt(item):
            _arrange(batch, drafts, item)
    batch.log()
    drafts.write()


def _arrange[Row: Named](batch: Batch[Any], drafts: Drafts[Row], item: Item[Any]) -> Row:
    """Apply what every arranged row has in common."""
    wanted: ArrangeInput = item.input
    row = drafts.row(wanted.code)
    drafts.change(row, name_zh=wanted.name_zh, name_en=wanted.name_en, position=wanted.position)
    if wanted.archived is not None:
        drafts.put(row, "archived_at", batch.recorded_at if wanted.archived else None)
    item.document, item.answer = wanted.code, {"code": wanted.code}
    return row
