"""Refusals about returns; those of one part are in the `errors.py` of its folder.

DomainError
├── WrongCustomer               wrong_customer
├── CurrencyMismatch            currency_mismatch
├── ReturnBeforeDelivery        return_before_delivery
├── NotShipped                  not_shipped
├── NotReturnable               not_returnable
├── ReasonRequired              reason_required
├── ReasonNotLeaf               reason_not_leaf
├── RemedyNotOffered            remedy_not_offered
├── EvidenceRequired            evidence_required
├── SerialNotInSale             serial_not_in_sale
├── SerialAlreadyReturned       serial_already_returned
├── LotNotInSale                lot_not_in_sale
├── QuantityExceedsReturnable   quantity_exceeds_returnable
├── QuantityExceedsAuthorized   quantity_exceeds_authorized
├── QuantityExceedsReceived     quantity_exceeds_received
├── QuantityExceedsInspected    quantity_exceeds_inspected
├── LegalRightNotWaivable       legal_right_not_waivable
├── ReturnWindowExpired         return_window_expired
├── AuthorizationExpired        authorization_expired
├── ValueExceedsCost            value_exceeds_cost
├── AlreadyRefunded             money_already_sent
├── SupplierRequired            supplier_required
├── WhichSupplier               which_supplier
├── NothingClaimed              nothing_claimed
└── NotBuiltYet                 not_built_yet
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class WrongCustomer(DomainError):
    """A customer can return only what that customer bought."""

    document: str
    customer: str
    code = "wrong_customer"
    en = "{document} was not bought by {customer}. Check who is asking, or find their own order."
    zh = "{document} 不是 {customer} 购买的。请核对客户，或查找其本人的订单。"


@dataclass(eq=False)
class CurrencyMismatch(DomainError):
    """One return cannot mix currencies."""

    wanted: str
    found: str
    code = "currency_mismatch"
    en = "One return cannot mix {wanted} and {found}. Make one return per currency."
    zh = "同一退货单不能混用 {wanted} 与 {found}。请按币种分别建单。"


@dataclass(eq=False)
class ReturnBeforeDelivery(DomainError):
    """A return cannot carry a day before the goods were delivered."""

    sku: str
    on: str
    delivered_on: str
    code = "return_before_delivery"
    en = "{sku} was delivered on {delivered_on}; a return cannot be dated {on}. Correct the date."
    zh = "{sku} 于 {delivered_on} 送达，退货日期不能为 {on}。请更正日期。"


@dataclass(eq=False)
class NotShipped(DomainError):
    """What has not left cannot come back."""

    sku: str
    document: str
    code = "not_shipped"
    en = "{sku} of {document} has not been shipped yet. Cancel or change the order instead."
    zh = "{document} 的 {sku} 尚未发货。请改为取消或修改订单。"


@dataclass(eq=False)
class NotReturnable(DomainError):
    """The product is excluded from returns."""

    sku: str
    code = "not_returnable"
    en = "{sku} is sold as not returnable. Offer an allowance, or ask a manager to change the product."
    zh = "{sku} 属于不可退商品。可协商补偿，或请主管修改商品设置。"


@dataclass(eq=False)
class ReasonRequired(DomainError):
    """The policy wants a reason."""

    sku: str
    choices: str
    code = "reason_required"
    en = "Say why {sku} comes back: one of {choices}."
    zh = "请填写 {sku} 的退货原因：{choices}。"


@dataclass(eq=False)
class ReasonNotLeaf(DomainError):
    """The reason is not the most detailed one, or not one of the policy's."""

    sku: str
    reason: str
    choices: str
    code = "reason_not_leaf"
    en = "«{reason}» is not detailed enough for {sku}: choose one of {choices}."
    zh = "{sku} 的原因“{reason}”不够具体，请选择：{choices}。"


@dataclass(eq=False)
class RemedyNotOffered(DomainError):
    """The policy offers other remedies for these goods."""

    sku: str
    wanted: str
    offered: str
    code = "remedy_not_offered"
    en = "The policy does not offer {wanted} for {sku}: choose one of {offered}."
    zh = "按政策 {sku} 不提供“{wanted}”，可选：{offered}。"


@dataclass(eq=False)
class EvidenceRequired(DomainError):
    """The policy wants a photo or paper for this reason, or the flow wants some at this step."""

    sku: str = ""
    reason: str = ""
    step: str = "request"
    needed: int = 1
    given: int = 0
    code = "evidence_required"
    en = "{step} needs photos, papers or a note: {needed} asked, {given} there. Attach what is missing first. {sku} {reason}"
    zh = "{step}需要照片、凭证或备注：要求 {needed} 件，现有 {given} 件，请先补齐。{sku} {reason}"


@dataclass(eq=False)
class SerialNotInSale(DomainError):
    """The serial number did not leave on this sale."""

    sku: str
    serial: str
    document: str
    code = "serial_not_in_sale"
    en = "{sku} {serial} was not sold on {document}. Check the label, or find the sale by this serial number."
    zh = "{document} 未售出 {sku} 的序列号 {serial}。请核对标签，或按序列号查找销售单。"


@dataclass(eq=False)
class SerialAlreadyReturned(DomainError):
    """The serial number is on its way back or back already."""

    sku: str
    serial: str
    code = "serial_already_returned"
    en = "{sku} {serial} is already back or in another open return. Open that return instead."
    zh = "{sku} 的序列号 {serial} 已退回或在另一退货单中。请打开该退货单。"


@dataclass(eq=False)
class LotNotInSale(DomainError):
    """The lot did not leave on this sale."""

    sku: str
    lot: str
    document: str
    code = "lot_not_in_sale"
    en = "{sku} lot {lot} was not sold on {document}. Check the lot number on the goods."
    zh = "{document} 未售出 {sku} 的批次 {lot}。请核对实物批号。"


@dataclass(eq=False)
class QuantityExceedsReturnable(DomainError):
    """More than was sold and is not yet back or on its way."""

    sku: str
    asked_e4: int
    returnable_e4: int
    code = "quantity_exceeds_returnable"
    en = "{sku}: {asked} asked, {returnable} still returnable. Ask for at most {returnable}."
    zh = "{sku}：申请 {asked}，还可退 {returnable}。请不要超过 {returnable}。"


@dataclass(eq=False)
class QuantityExceedsAuthorized(DomainError):
    """More than the return was authorised for and has not received yet."""

    sku: str
    asked_e4: int
    authorized_e4: int
    code = "quantity_exceeds_authorized"
    en = (
        "{sku}: {asked} arrived, {authorized} still authorised. Book in at most that; request the rest as a new return."
    )
    zh = "{sku}：到货 {asked}，授权未收仅 {authorized}。请按授权数量收货，其余另建退货申请。"


@dataclass(eq=False)
class QuantityExceedsReceived(DomainError):
    """More than arrived and was not yet inspected."""

    sku: str
    asked_e4: int
    received_e4: int
    code = "quantity_exceeds_received"
    en = "{sku}: {asked} to inspect, {received} received and not yet inspected."
    zh = "{sku}：拟质检 {asked}，已收未检仅 {received}。"


@dataclass(eq=False)
class QuantityExceedsInspected(DomainError):
    """More than was inspected and not yet disposed of."""

    sku: str
    asked_e4: int
    inspected_e4: int
    code = "quantity_exceeds_inspected"
    en = "{sku}: {asked} to dispose of, {inspected} inspected and still in quarantine. Inspect first."
    zh = "{sku}：拟处置 {asked}，已检未处置仅 {inspected}。请先质检。"


@dataclass(eq=False)
class LegalRightNotWaivable(DomainError):
    """The law lets the customer withdraw; no policy and no person can take that away."""

    document: str
    sku: str
    until: str
    article: str
    code = "legal_right_not_waivable"
    en = "{document}: {sku} may be returned by law through {until} ({article}); it was asked for in time. Approve it, and judge the goods when they are here."
    zh = "{document}：{sku} 依法可退至 {until}（{article}），客户在期限内提出，不得拒绝。请批准，收到货后再验货判定。"


@dataclass(eq=False)
class ReturnWindowExpired(DomainError):
    """The agreed days are over."""

    sku: str
    on: str
    last_day: str
    window_days: int
    code = "return_window_expired"
    en = "{sku}: the return window of {window_days} days ended on {last_day}. A manager may change the policy."
    zh = "{sku}：{window_days} 天退货期已于 {last_day} 截止。如需例外请由主管调整政策。"


@dataclass(eq=False)
class AuthorizationExpired(DomainError):
    """The goods did not come within the agreed days after the approval."""

    document: str
    lapsed_on: str
    code = "authorization_expired"
    en = "The authorisation of {document} lapsed after {lapsed_on}. Make a new return request."
    zh = "{document} 的退货授权已于 {lapsed_on} 之后失效。请重新提交退货申请。"


@dataclass(eq=False)
class ValueExceedsCost(DomainError):
    """Goods restocked at a discount come in at most at their cost."""

    sku: str
    value_cents: int
    cost_cents: int
    digits: int = 2
    code = "value_exceeds_cost"
    en = "{sku}: {value} is more than its cost of {cost}. A write-down goes down; enter at most the cost."
    zh = "{sku}：折价入库值 {value} 高于成本 {cost}。请填写不高于成本的金额。"


@dataclass(eq=False)
class AlreadyRefunded(DomainError):
    """A step whose pieces were paid for cannot be undone."""

    document: str
    step: str
    code = "money_already_sent"
    en = "{document}: {step} cannot be undone, its pieces were already refunded. Book the opposite instead."
    zh = "{document}：货款已退，不能撤销 {step}。请改为登记相反业务。"


@dataclass(eq=False)
class SupplierRequired(DomainError):
    """Nobody is known to have delivered the product."""

    sku: str
    code = "supplier_required"
    en = "Nobody is known to have delivered {sku}. Name the supplier who takes it back."
    zh = "{sku} 没有采购记录，请指明退给哪个供应商。"


@dataclass(eq=False)
class WhichSupplier(DomainError):
    """Several suppliers owe a credit for one return."""

    document: str
    choices: str
    code = "which_supplier"
    en = "Several suppliers owe a credit for {document}: {choices}. Name the one who credits."
    zh = "{document} 有多个供应商待赔付：{choices}。请指明由谁赔付。"


@dataclass(eq=False)
class NothingClaimed(DomainError):
    """The supplier owes no credit for these goods."""

    document: str
    supplier: str
    sku: str = ""
    asked_e4: int = 0
    claimed_e4: int = 0
    code = "nothing_claimed"
    en = "{supplier} owes no credit for that much of {document}. {sku} Look at what is still claimed."
    zh = "{document} 对 {supplier} 没有这么多未结索赔。{sku} 请核对未结的索赔。"


@dataclass(eq=False)
class NotBuiltYet(DomainError):
    """A word of the scenario language that the product does not know how to do yet."""

    what: str
    code = "not_built_yet"
    en = "{what} is not built yet."
    zh = "{what} 尚未实现。"
