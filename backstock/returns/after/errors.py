"""Refusals about what is given for goods that came back.

DomainError
├── ReplacementExceedsReturn    replacement_exceeds_return
├── PaymentMethodRequired       payment_method_required
├── ReplacementHasLeft          replacement_has_left
└── QuantityExceedsRepair       quantity_exceeds_repair
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class ReplacementExceedsReturn(DomainError):
    """More would leave than has come back, was wished for, or is not replaced yet."""

    document: str
    sku: str
    asked_e4: int
    room_e4: int
    code = "replacement_exceeds_return"
    en = "{document}: {asked} of {sku} asked, {room} may leave now. Receive the old goods first, or ship less."
    zh = "{document}：{sku} 申请换出 {asked}，目前可发 {room}。请先收到旧货，或减少数量。"


@dataclass(eq=False)
class PaymentMethodRequired(DomainError):
    """Goods leave ahead of the old ones only where something can be charged if these never come."""

    document: str
    sale: str
    code = "payment_method_required"
    en = "{document}: {sale} was paid in cash or store credit, so nothing ships ahead. Receive the old goods first."
    zh = "{document}：{sale} 以现金或储值付款，不能先行发货。请先收到旧货。"


@dataclass(eq=False)
class ReplacementHasLeft(DomainError):
    """Other goods have left for these: they are ours, and the step that they stand on holds."""

    document: str
    sku: str
    code = "replacement_has_left"
    en = "{document}: other goods have left for {sku}, so this is not possible. Take their shipment back first."
    zh = "{document}：{sku} 已换发新货，不能这样操作。请先撤销换货发货。"


@dataclass(eq=False)
class QuantityExceedsRepair(DomainError):
    """More than is in repair."""

    sku: str
    asked_e4: int
    repair_e4: int
    code = "quantity_exceeds_repair"
    en = "{sku}: {asked} asked, {repair} in repair. Enter at most that."
    zh = "{sku}：申请 {asked}，维修中 {repair}。请不要超过。"
