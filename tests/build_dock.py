"""Reach the states of the dock by commands: parcels announced and here, goods scanned."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.catalog.lines import GoodsLine
from backstock.core.permissions import SYSTEM, Actor
from backstock.returns.commands.announce_parcel import AnnounceParcel, LogParcel, announce_parcel, log_parcel
from backstock.returns.commands.match_unclaimed import MatchLine, MatchUnclaimed, match_unclaimed
from backstock.returns.commands.place_unclaimed import PlaceLine, PlaceUnclaimed, place_unclaimed
from backstock.returns.commands.scan import ScanGoods, scan_goods
from backstock.returns.commands.take_in import TakeIn, take_in
from tests import build
from tests.build import DAY, Number, e4


def waiting(quantity: Number = 2, sku: str = "A", **more: Any) -> str:
    """Sell goods and authorise their return; gives the number of the return."""
    return build.approved(build.requested(build.sold(sku, quantity), quantity, sku, **more), sku=sku)


def announced(*returns: str, number: str = "SF100", on: date = DAY, **more: Any) -> str:
    """Expect a parcel; gives its number."""
    wanted = AnnounceParcel(tracking_number=number, documents=returns, on=on, **more)
    return announce_parcel(wanted, actor=SYSTEM).document


def arrived(parcel: str, on: date = DAY, **more: Any) -> str:
    """Have a parcel at the dock; gives its number."""
    return log_parcel(LogParcel(parcel=parcel, on=on, **more), actor=SYSTEM).document


def scanned(rma: str, sku: str | None = "A", quantity: Number = 1, actor: Actor = SYSTEM, **more: Any) -> None:
    """Scan goods for a return."""
    wanted = ScanGoods(document=rma, sku=sku, quantity_e4=e4(quantity), on=DAY, **more)
    scan_goods(wanted, actor=actor)


def taken_in(sku: str = "A", quantity: Number = 1, on: date = DAY, actor: Actor = SYSTEM, **more: Any) -> str:
    """Take goods in that nobody expects; `lot`, `serials` and `unit` belong to the line."""
    own = {name: more.pop(name) for name in ("lot", "serials", "unit") if name in more}
    line = GoodsLine(sku=sku, quantity_e4=e4(quantity), **own)
    return take_in(TakeIn(lines=(line,), on=on, **more), actor=actor).document


def matched(unclaimed: str, rma: str, on: date = DAY, actor: Actor = SYSTEM, **line: Any) -> str:
    """Find out whose the goods are; `line`, `quantity`, `serials` and `found` say which."""
    if "quantity" in line:
        line["quantity_e4"] = e4(line.pop("quantity"))
    lines = (MatchLine(**{"line": 1, **line}),) if line else ()
    return match_unclaimed(MatchUnclaimed(document=unclaimed, rma=rma, lines=lines, on=on), actor=actor).document


def placed(unclaimed: str, to: str, on: date, actor: Actor = SYSTEM, **line: Any) -> str:
    """Let goods that nobody claims go somewhere; `quantity` and `cost` belong to the line."""
    for name, field in (("quantity", "quantity_e4"), ("cost", "unit_cost_e6")):
        if name in line:
            line[field] = (e4 if name == "quantity" else build.e6)(line.pop(name))
    lines = (PlaceLine(**{"line": 1, "to": to, **line}),)
    return place_unclaimed(PlaceUnclaimed(document=unclaimed, lines=lines, on=on), actor=actor).document
