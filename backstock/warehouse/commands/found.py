"""Found the company of this database: settings, roles, chart of accounts, places, first warehouses."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Literal

from django.db import IntegrityError
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateCode
from backstock.core.models import Company, RoleGrant
from backstock.core.permissions import DEFAULT_GRANTS
from backstock.money.chart import write_chart
from backstock.stock.setup import write_company_places, write_warehouse_places
from backstock.warehouse.models import Warehouse

Code = Annotated[str, Field(min_length=1, max_length=40)]


@typed(frozen=True, kw_only=True, config=STRICT)
class FoundCompany(Input):
    """The settings on which every figure depends; they do not change afterwards."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = "Backstock"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    currency_digits: Annotated[int, Field(ge=0, le=4)] = 2
    cash_rounding_cents: Annotated[int, Field(ge=1, le=10_000)] = 1
    cost_method: Literal["average", "fifo", "specific"] = "average"
    return_cost: Literal["original", "current"] = "original"
    tax_mode: Literal["exclusive", "inclusive"] = "exclusive"
    timezone: Literal["Asia/Shanghai", "UTC", "Europe/London", "Europe/Berlin", "America/New_York"] = "Asia/Shanghai"
    law: Literal["none", "CN", "EU", "UK"] = "none"
    size: Literal["large", "medium", "small"] = "large"
    made_by: Literal["user", "demo", "bench", "replay", "import"] = "user"
    warehouses: tuple[Code, ...] = ("MAIN",)


@command("company.found", FoundCompany, founding=True)
def found_company(batch: Batch[FoundCompany]) -> None:
    """Set up the one company of this database."""
    for item in batch.open:
        with batch.attempt(item):
            if item.index or Company.objects.exists():
                raise DuplicateCode(field="company", value=item.input.name)
            item.document, item.answer = "company", {"name": item.input.name}
    batch.log()
    if not batch.open:
        return
    wanted = batch.open[0].input
    kept = {f.name: getattr(wanted, f.name) for f in fields(FoundCompany) if f.name not in ("on", "warehouses")}
    try:
        Company(**kept).save(force_insert=True)
    except IntegrityError:  # somebody founded it at this very moment
        raise DuplicateCode(field="company", value=wanted.name) from None
    rows.insert(RoleGrant, ("role", "permission"), [(r, p) for r, ps in DEFAULT_GRANTS.items() for p in sorted(ps)])
    write_chart()
    write_company_places()
    _open(list(dict.fromkeys(wanted.warehouses)))


def _open(codes: list[str]) -> None:
    ids = rows.insert_returning(Warehouse, ("code", "name"), [(code, code) for code in codes])
    write_warehouse_places([pk for pk in ids if pk is not None])
