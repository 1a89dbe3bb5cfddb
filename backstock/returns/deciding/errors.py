"""Refusals of steps because of what the flow of a return asks for.

DomainError
├── FourEyesRequired   four_eyes_required
├── LevelRequired      approval_level_required
├── PapersMissing      papers_missing
├── ConfirmedTooLate   confirmed_too_late
├── FreightAgreed      freight_is_ours
├── FreightIsOurs      legal_freight_is_ours
├── NothingToTell      nothing_to_tell
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


@dataclass(eq=False)
class ConfirmedTooLate(DomainError):
    """An exception to the right to withdraw counts only where the buyer confirmed it at the purchase."""

    document: str
    on: str
    ordered_on: str
    code = "confirmed_too_late"
    en = "{document} was ordered on {ordered_on}: what the buyer confirmed on {on} came after the purchase and takes no right away."
    zh = "{document} 于 {ordered_on} 下单，{on} 的确认在购买之后，不能排除无理由退货权。请按下单时的确认登记。"


@dataclass(eq=False)
class NothingToTell(DomainError):
    """A clock does not run, is far from its last day, or colleagues were told of it."""

    document: str
    rule: str
    code = "nothing_to_tell"
    en = "{document}: the clock {rule} is not near its last day, or everybody was told already. Nothing needs to be done."
    zh = "{document}：法定期限 {rule} 尚未临近，或已提醒过，无需处理。"


@dataclass(eq=False)
class FreightAgreed(DomainError):
    """The policy that a return was asked under lets the company bear the way back."""

    document: str
    sku: str
    code = "freight_is_ours"
    en = "{document}: by the policy we bear the way back of {sku}. Settle it without deducting return shipping."
    zh = "{document}：按政策 {sku} 的退货运费由我方承担，请勿从退款中扣除。"


@dataclass(eq=False)
class FreightIsOurs(DomainError):
    """The law lets the seller bear the way back; it may not be taken off the money."""

    document: str
    article: str
    code = "legal_freight_is_ours"
    en = "{document}: by {article} the seller bears the way back of faulty goods. Settle it without deducting return shipping."
    zh = "{document}：依 {article}，质量问题的退货运费由卖家承担，请勿从退款中扣除。"
