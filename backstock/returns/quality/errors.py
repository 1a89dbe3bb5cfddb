"""Refusals about inspecting and disposing of returned goods.

DomainError
├── Expired                     expired
├── DestructionForbidden        destruction_forbidden
├── ResaleAsNewForbidden        resale_as_new_forbidden
├── WitnessRequired             witness_required
├── DisposalEvidenceRequired    disposal_evidence_required
├── AnswerMissing               answer_missing
├── AnswerWrong                 answer_wrong
├── SampleTooSmall              sample_too_small
└── AnotherInspectorRequired    another_inspector_required
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class Expired(DomainError):
    """A lot past its date, or too close to it, is not sold again."""

    sku: str
    lot: str
    expires_on: str
    left_days: int
    wanted_days: int
    code = "expired"
    en = "{sku} lot {lot}: best before {expires_on}, {left_days} days left, {wanted_days} needed to restock it. Scrap, donate or return it."
    zh = "{sku} 批次 {lot} 有效期至 {expires_on}，剩余 {left_days} 天，重新上架至少需 {wanted_days} 天。请改为报废、捐赠或退回。"


@dataclass(eq=False)
class DestructionForbidden(DomainError):
    """The law forbids to destroy such goods."""

    sku: str
    article: str
    grounds: str = ""
    code = "destruction_forbidden"
    en = "{sku} may not be destroyed ({article}). Restock, repair or donate it, or state one of the grounds of the law: {grounds}."
    zh = "{sku} 不得销毁（{article}）。请改为上架、维修或捐赠，或说明法定豁免理由：{grounds}。"


@dataclass(eq=False)
class ResaleAsNewForbidden(DomainError):
    """Only goods in the state in which they were sold first are sold as new."""

    sku: str
    grade: str
    article: str
    code = "resale_as_new_forbidden"
    en = "{sku} of grade {grade} is not sold as new ({article}). Restock it at a discount, or repair it first."
    zh = "{sku} 等级为 {grade}，不得作为全新商品再次销售（{article}）。请折价上架，或先维修。"


@dataclass(eq=False)
class WitnessRequired(DomainError):
    """Destroying needs another person who saw it."""

    document: str
    sku: str
    code = "witness_required"
    en = "{document}: destroying {sku} needs a witness, somebody other than you. Name the colleague who was there."
    zh = "{document}：销毁 {sku} 需要见证人，且不能是您本人。请填写在场的同事。"


@dataclass(eq=False)
class DisposalEvidenceRequired(DomainError):
    """The flow wants a photo or a certificate of the destruction."""

    document: str
    sku: str
    what: str
    code = "disposal_evidence_required"
    en = "{document}: destroying {sku} needs a {what}. Add it here, then confirm again."
    zh = "{document}：销毁 {sku} 需要凭证（{what}）。请在此上传后再确认。"


@dataclass(eq=False)
class AnswerMissing(DomainError):
    """The checklist of these goods has a question that must be answered."""

    question: str
    code = "answer_missing"
    en = "The checklist asks for {question}. Answer it, or take the photo it asks for."
    zh = "检查表要求填写“{question}”。请填写，或按要求拍照。"


@dataclass(eq=False)
class AnswerWrong(DomainError):
    """An answer does not fit its question."""

    question: str
    problem: str
    code = "answer_wrong"
    en = "{question}: this answer does not fit ({problem}). Look at the checklist again."
    zh = "“{question}”的答案不符（{problem}）。请重新查看检查表。"


@dataclass(eq=False)
class SampleTooSmall(DomainError):
    """A sample decides about a whole batch only when it is large enough."""

    sku: str
    lot: int
    needed: int
    given: int
    defects: int
    code = "sample_too_small"
    en = "{sku}: of {lot} units at least {needed} must be looked at, {given} were, {defects} defective. Look at more, or correct the numbers."
    zh = "{sku}：批量 {lot}，至少抽检 {needed} 件，实际 {given} 件，不合格 {defects} 件。请补检或更正数量。"


@dataclass(eq=False)
class AnotherInspectorRequired(DomainError):
    """A second opinion is somebody else's."""

    document: str
    sku: str
    actor: str
    code = "another_inspector_required"
    en = "{document}: {actor} gave the first verdict on {sku}. A second opinion comes from another inspector."
    zh = "{document}：{sku} 的首次质检由 {actor} 完成，复检须由其他质检员进行。"
