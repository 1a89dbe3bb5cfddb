"""Refusals about partners.

DomainError
├── PartnerArchived      partner_archived
├── AlreadyMerged        already_merged
├── MergeIntoItself      merge_into_itself
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class PartnerArchived(DomainError):
    """An archived partner takes no new documents."""

    partner: str
    code = "partner_archived"
    en = "{partner} is archived: no new documents, only what is open is settled. Bring the partner back first."
    zh = "{partner} 已停用：不能开新单据，仅可处理未结事项。如需使用请先恢复。"


@dataclass(eq=False)
class AlreadyMerged(DomainError):
    """A partner that was merged into another one is that other one."""

    partner: str
    survivor: str
    code = "already_merged"
    en = "{partner} was merged into {survivor} already. Use {survivor}."
    zh = "{partner} 已合并到 {survivor}，请使用 {survivor}。"


@dataclass(eq=False)
class MergeIntoItself(DomainError):
    """One partner cannot be merged."""

    partner: str
    code = "merge_into_itself"
    en = "{partner} cannot be merged into itself. Choose another partner to keep."
    zh = "{partner} 不能合并到自身，请选择要保留的另一个往来单位。"
