"""Refusals of steps because of what the flow of a return asks for.

DomainError
├── FourEyesRequired   four_eyes_required
├── LevelRequired      approval_level_required
├── PapersMissing      papers_missing
└── NotAsked           paper_not_asked
EvidenceRequired is in `errors.py`: evidence_required.
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class FourEyesRequired(DomainError):
    """Who did one step may not do the other as well above an amount."""

    document: str
    actor: str
    done: str
    step: str
    limit_cents: int = 0
    digits: int = 2
    code = "four_eyes_required"
    en = "{document}: {actor} did {done} already; above {limit} somebody else must do {step}. Ask a colleague."
    zh = "{document}：{actor} 已办理{done}，金额超过 {limit} 时须由其他人办理{step}。请转交同事。"


@dataclass(eq=False)
class LevelRequired(DomainError):
    """The amount needs the approval of somebody with another role."""

    document: str
    role: str
    amount_cents: int
    digits: int = 2
    code = "approval_level_required"
    en = "{document} is worth {amount}: somebody with the role {role} must approve it. Ask them; it waits in their queue."
    zh = "{document} 金额 {amount}，须由{role}审批。请通知对方，单据已在其待办中。"


@dataclass(eq=False)
class PapersMissing(DomainError):
    """The dossier is not complete."""

    document: str
    papers: str
    code = "papers_missing"
    en = "{document} cannot be closed yet, these are missing: {papers}. Add them, or have an approver waive them with a reason."
    zh = "{document} 还不能结案，缺少：{papers}。请补齐，或由主管填写理由后豁免。"


@dataclass(eq=False)
class NotAsked(DomainError):
    """A paper is waived that the flow does not ask for, or that was waived before."""

    document: str
    paper: str
    code = "paper_not_asked"
    en = "{document} does not ask for {paper}, or it was waived already. Open it to see what is missing."
    zh = "{document} 不要求{paper}，或已豁免。请打开单据查看缺少的材料。"
