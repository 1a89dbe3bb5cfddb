"""Refusals about inspecting and disposing of returned goods.

DomainError
├── Expired                     expired
├── DestructionForbidden        destruction_forbidden
├── ResaleAsNewForbidden        resale_as_new_forbidden
├── WitnessRequired             witness_required
└── DisposalEvidenceRequired    disposal_evidence_required
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
