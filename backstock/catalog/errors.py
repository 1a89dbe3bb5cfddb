"""Refusals about products, lots and serial numbers.

DomainError
├── SerialRequired       serial_required
├── SerialInUse          serial_in_use
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class SerialRequired(DomainError):
    """Tracked pieces need their lot or one serial number each."""

    sku: str
    needed_e4: int
    given: int
    code = "serial_required"
    en = "{sku} is tracked: {needed} pieces need their lot or one serial number each, {given} given."
    zh = "{sku} 需追踪：{needed} 件须填写批次或逐件序列号，已填 {given} 个。"


@dataclass(eq=False)
class SerialInUse(DomainError):
    """A serial number is one piece, and that piece is already ours."""

    sku: str
    serial: str
    code = "serial_in_use"
    en = "{sku}: serial number {serial} exists already. A serial number is one piece; check the label."
    zh = "{sku}：序列号 {serial} 已存在。一个序列号只对应一件，请核对标签。"
