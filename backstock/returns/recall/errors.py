"""Refusals about recalls.

DomainError
├── NothingToRecall     nothing_to_recall
├── NotRecalled         not_recalled
├── RecallBeingAsked    recall_being_asked
├── RecallOver          recall_over
└── RecallUnfinished    recall_unfinished
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class NothingToRecall(DomainError):
    """A recall is about lots or serial numbers that exist."""

    what: str
    code = "nothing_to_recall"
    en = "No lot or serial number fits {what}. Check the codes; goods without lots cannot be told apart."
    zh = "没有与 {what} 相符的批次或序列号。请核对；未按批次管理的商品无法区分。"


@dataclass(eq=False)
class NotRecalled(DomainError):
    """Only what a recall calls back is asked for in its name."""

    document: str
    sku: str
    code = "not_recalled"
    en = "{document} does not call back these pieces of {sku}. Name its lots or serial numbers, or make an ordinary return."
    zh = "{document} 未召回这些 {sku}。请填写召回的批次或序列号，或按普通退货办理。"


@dataclass(eq=False)
class RecallOver(DomainError):
    """A closed recall takes no more steps."""

    document: str
    code = "recall_over"
    en = "{document} is closed. Open another recall for what is still out there."
    zh = "{document} 已结案。如仍有在外商品，请另建召回。"


@dataclass(eq=False)
class RecallBeingAsked(DomainError):
    """All buyers are asked once at a time."""

    document: str
    code = "recall_being_asked"
    en = "The buyers of {document} are being asked just now. Wait until that is done."
    zh = "{document} 正在逐一通知买家，请等待完成。"


@dataclass(eq=False)
class RecallUnfinished(DomainError):
    """A recall ends when everything is back or answered for, or with a reason."""

    document: str
    waiting_e4: int
    code = "recall_unfinished"
    en = "{waiting} pieces of {document} are neither back nor answered for. Reach their buyers, or close it with a reason."
    zh = "{document} 还有 {waiting} 件未退回也无结果。请联系买家，或填写理由后结案。"
