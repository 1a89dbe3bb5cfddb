"""Refusals of the policy and of what a company says of the law.

DomainError
├── LegalFactChecked   legal_fact_checked
├── PolicyBelowLaw     policy_below_law
├── PolicyNeedsTwo     policy_needs_two
└── DraftChanged       draft_changed
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class LegalFactChecked(DomainError):
    """A fact that was read in the law's text is not a company's to change."""

    rule: str
    article: str
    code = "legal_fact_checked"
    en = (
        "{rule} was read in the text of {article}: it is not yours to change. Put the market under another law instead."
    )
    zh = "{rule} 已按 {article} 原文核实，不能修改。如不适用，请为该市场选择其他法律。"


@dataclass(eq=False)
class PolicyBelowLaw(DomainError):
    """A row of a policy table gives a customer less than the law of a market."""

    where: str
    term: str
    law: str
    article: str
    says_en: str
    says_zh: str
    code = "policy_below_law"
    en = "{where} ({term}) gives less than {article} in {law}: {says_en} Change the row, or bind it to other markets or days."
    zh = "{where}（{term}）低于 {law} 的 {article}：{says_zh}请修改该行，或限定到其他市场或期限之外。"


@dataclass(eq=False)
class PolicyNeedsTwo(DomainError):
    """Whoever wrote a policy does not put it in force: somebody else who may looks at it first."""

    document: str
    actor: str
    code = "policy_needs_two"
    en = "{document}: {actor} wrote in it, so somebody else must publish it. Submit it and ask a colleague who may publish policies."
    zh = "{document}：{actor} 参与了编写，须由他人发布。请提交审批，由有发布权限的同事批准。"


@dataclass(eq=False)
class DraftChanged(DomainError):
    """Somebody saved the draft after it was opened here."""

    document: str
    revision: int
    current: int
    code = "draft_changed"
    en = "{document} was saved meanwhile (revision {current}, you have {revision}). Open it again, or save yours as a draft of its own."
    zh = "{document} 已被他人保存（当前第 {current} 版，你打开的是第 {revision} 版）。请重新打开，或另存为新草稿。"
