"""Reach the states of the dock by commands: parcels announced and here, goods scanned."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.core.permissions import SYSTEM, Actor
from backstock.returns.commands.announce_parcel import AnnounceParcel, LogParcel, announce_parcel, log_parcel
from backstock.returns.commands.scan import ScanGoods, scan_goods
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
