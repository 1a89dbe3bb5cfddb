"""Refusals at the dock.

DomainError
├── ParcelHere           parcel_here
├── AlreadyScanned       already_scanned
├── NotHere              not_here
├── StillWaiting         still_waiting
├── FindingAnswered      finding_answered
└── BlindLimitExceeded   blind_limit_exceeded
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class ParcelHere(DomainError):
    """A parcel arrives once."""

    parcel: str
    arrived_on: str
    code = "parcel_here"
    en = "The parcel {parcel} arrived on {arrived_on} already. Open it and receive what lies in it."
    zh = "包裹 {parcel} 已于 {arrived_on} 到达。请直接开箱收货。"


@dataclass(eq=False)
class AlreadyScanned(DomainError):
    """A serial number is one piece and is scanned once."""

    sku: str
    serial: str
    document: str
    code = "already_scanned"
    en = "{sku} {serial} was scanned for {document} already. Scan the next piece."
    zh = "{sku} 的序列号 {serial} 已为 {document} 扫描过，请扫描下一件。"


@dataclass(eq=False)
class NotHere(DomainError):
    """Not that many goods without an owner are left on that line."""

    document: str
    line: int
    asked_e4: int
    available_e4: int
    code = "not_here"
    en = "{document} line {line}: {asked} wanted, {available} still here. Open it to see what is left."
    zh = "{document} 第 {line} 行：需要 {asked}，现存 {available}。请打开单据查看剩余。"


@dataclass(eq=False)
class StillWaiting(DomainError):
    """Goods without an owner are kept for their owner for the agreed days."""

    document: str
    until: str
    code = "still_waiting"
    en = "{document} waits for its owner until {until}. Match it or send it back, or wait; a manager may shorten the days."
    zh = "{document} 需保管至 {until} 等待认领。请先匹配或退回寄件人；保管天数可由主管调整。"


@dataclass(eq=False)
class FindingAnswered(DomainError):
    """What was found in a parcel is not there to be answered, or was answered already."""

    document: str
    answer: str
    code = "finding_answered"
    en = "This finding of {document} is settled already or was taken back: {answer}. Open the return to see it."
    zh = "{document} 的这项收货差异已处理或已撤销：{answer}。请打开退货单查看。"


@dataclass(eq=False)
class BlindLimitExceeded(DomainError):
    """A return without a sale is worth more than this person's roles may let in."""

    document: str
    amount_cents: int
    limit_cents: int
    choices: str
    digits: int = 2
    code = "blind_limit_exceeded"
    en = "{document} has no sale and is worth {amount}; you may approve up to {limit}. Ask one of: {choices}."
    zh = "{document} 为无单退货，金额 {amount}，您的审批上限为 {limit}。请交由以下角色审批：{choices}。"
