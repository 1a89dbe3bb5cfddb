"""Refusals about requests: split, merged, of another type.

DomainError
├── QuantityExceedsRequested    quantity_exceeds_requested
├── SplitTakesAll               split_takes_all
├── TypesDiffer                 types_differ
└── TypeChangeNotPossible       type_change_not_possible
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class QuantityExceedsRequested(DomainError):
    """More than the request still asks for."""

    sku: str
    asked_e4: int
    requested_e4: int
    code = "quantity_exceeds_requested"
    en = "{sku}: {asked} named, {requested} asked back on this return. Name at most {requested}."
    zh = "{sku}：指定 {asked}，本退货单仅申请 {requested}。请不要超过 {requested}。"


@dataclass(eq=False)
class SplitTakesAll(DomainError):
    """A request that is split keeps something."""

    document: str
    code = "split_takes_all"
    en = "Nothing would be left on {document}. Leave at least one piece there."
    zh = "拆分后 {document} 将没有商品。请至少保留一件。"


@dataclass(eq=False)
class TypesDiffer(DomainError):
    """Requests of different types are decided differently."""

    document: str
    current: str
    wanted: str
    code = "types_differ"
    en = "{document} is a request for {current}, the other one for {wanted}. Change the type of one of them first."
    zh = "{document} 的类型是 {current}，另一张是 {wanted}，不能合并。请先修改其中一张的类型。"


@dataclass(eq=False)
class TypeChangeNotPossible(DomainError):
    """Goods or money that moved, or the policy, contradict the other type."""

    document: str
    current: str
    wanted: str
    step: str
    code = "type_change_not_possible"
    en = "{document} cannot change from {current} to {wanted}: {step} contradicts it. Take that back, or make a new return."
    zh = "{document} 不能由 {current} 改为 {wanted}：与 {step} 相矛盾。请先撤销，或另建退货单。"
