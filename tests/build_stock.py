"""Reach states of the warehouse by commands, in normal notation; see `tests.build`."""

from __future__ import annotations

from typing import Any

from backstock.core.permissions import SYSTEM, Actor
from backstock.warehouse.commands.adjust import AdjustStock, adjust_stock
from backstock.warehouse.commands.arrive import ArriveTransfer, arrive_transfer
from backstock.warehouse.commands.assemble import Assemble, assemble
from backstock.warehouse.commands.count import CountStock, count_stock
from backstock.warehouse.commands.count_goods import CountGoods, count_goods
from backstock.warehouse.commands.open import OpenWarehouse, open_warehouse
from backstock.warehouse.commands.post_count import post_count
from backstock.warehouse.commands.set_minimum import SetMinimum, set_minimum
from backstock.warehouse.commands.transfer import TransferStock, transfer_stock
from tests.build import DAY, Number, e4, e6

SECOND = "EAST"


def lines(*wanted: tuple[str, Number] | dict[str, Any]) -> list[dict[str, Any]]:
    """Write lines given as (sku, quantity) or as whole lines with a `quantity`."""
    found = []
    for each in wanted:
        given = {"sku": each[0], "quantity": each[1]} if isinstance(each, tuple) else dict(each)
        if "cost" in given:
            given["unit_cost_e6"] = e6(given.pop("cost"))
        quantity = given.pop("quantity")
        found.append({**given, "quantity_e4": e4(quantity)})
    return found


def transfer(*wanted: tuple[str, Number] | dict[str, Any], **more: Any) -> TransferStock:
    """Describe a transfer from MAIN to EAST."""
    raw = {"source": "MAIN", "target": SECOND, "lines": lines(*wanted), "on": DAY.isoformat(), **more}
    made = transfer_stock.parse(raw)
    assert isinstance(made, TransferStock)
    return made


def transferred(*wanted: tuple[str, Number] | dict[str, Any], actor: Actor = SYSTEM, **more: Any) -> str:
    """Send goods from MAIN to EAST."""
    return transfer_stock(transfer(*wanted, **more), actor=actor).document


def dispatched(*wanted: tuple[str, Number] | dict[str, Any], **more: Any) -> str:
    """Send goods from MAIN on their way to EAST."""
    return transferred(*wanted, in_two_steps=True, **more)


def arrival(document: str, *wanted: tuple[str, Number] | dict[str, Any], **more: Any) -> ArriveTransfer:
    """Describe an arrival, of everything where no line is given."""
    made = arrive_transfer.parse({"document": document, "lines": lines(*wanted), "on": DAY.isoformat(), **more})
    assert isinstance(made, ArriveTransfer)
    return made


def arrived(document: str, *wanted: tuple[str, Number] | dict[str, Any], actor: Actor = SYSTEM) -> str:
    """Bring goods that are on the way to where they end up."""
    return arrive_transfer(arrival(document, *wanted), actor=actor).document


def adjustment(*wanted: tuple[str, Number] | dict[str, Any], **more: Any) -> AdjustStock:
    """Describe an adjustment in MAIN; a line may state its `cost`."""
    made = adjust_stock.parse({"lines": lines(*wanted), "reason": "count", "on": DAY.isoformat(), **more})
    assert isinstance(made, AdjustStock)
    return made


def adjusted(*wanted: tuple[str, Number] | dict[str, Any], actor: Actor = SYSTEM, **more: Any) -> str:
    """Bring the books to what is really there."""
    return adjust_stock(adjustment(*wanted, **more), actor=actor).document


def second(*shelves: str, code: str = SECOND) -> str:
    """Open another warehouse."""
    return open_warehouse(OpenWarehouse(code=code, shelves=shelves, on=DAY), actor=SYSTEM).document


def count(**more: Any) -> CountStock:
    """Describe the start of a count in MAIN."""
    made = count_stock.parse({"scope": "whole", "warehouse": "MAIN", "on": DAY.isoformat(), **more})
    assert isinstance(made, CountStock)
    return made


def counting(**more: Any) -> str:
    """Start a count; the whole of MAIN where nothing else is said."""
    return count_stock(count(**more), actor=SYSTEM).document


def slip(document: str, *wanted: tuple[str, Number] | dict[str, Any], how: str = "add") -> CountGoods:
    """Describe what somebody counted."""
    made = count_goods.parse({"document": document, "lines": lines(*wanted), "how": how, "on": DAY.isoformat()})
    assert isinstance(made, CountGoods)
    return made


def counted(document: str, *wanted: tuple[str, Number] | dict[str, Any], how: str = "add") -> str:
    """Write down what somebody counted."""
    return count_goods(slip(document, *wanted, how=how), actor=SYSTEM).document


def posted(document: str, **more: Any) -> str:
    """Approve a count."""
    return post_count(post_count.parse({"document": document, "on": DAY.isoformat(), **more}), actor=SYSTEM).document


def assembly(sku: str, quantity: Number, *parts: tuple[str, Number] | dict[str, Any], **more: Any) -> Assemble:
    """Describe how parts become a product, or with `taken_apart` the other way round."""
    raw = {"sku": sku, "quantity_e4": e4(quantity), "parts": lines(*parts), "on": DAY.isoformat(), **more}
    made = assemble.parse(raw)
    assert isinstance(made, Assemble)
    return made


def assembled(sku: str, quantity: Number, *parts: tuple[str, Number] | dict[str, Any], **more: Any) -> str:
    """Make a product of parts."""
    return assemble(assembly(sku, quantity, *parts, **more), actor=SYSTEM).document


def minimum(sku: str, least: Number, target: Number | None = None, warehouse: str | None = None) -> None:
    """Set the minimum stock of a product."""
    wanted = SetMinimum(
        sku=sku, warehouse=warehouse, minimum_e4=e4(least), target_e4=None if target is None else e4(target), on=DAY
    )
    set_minimum(wanted, actor=SYSTEM)
