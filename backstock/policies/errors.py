"""Refusals of the policy and of what a company says of the law.

DomainError
├── LegalFactChecked   legal_fact_checked
└── PolicyBelowLaw     policy_below_law
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
