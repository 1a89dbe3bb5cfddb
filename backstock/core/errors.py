"""Every refusal derives from DomainError; this file holds the shared ones.

DomainError
├── PermissionDenied        permission_denied
├── KeyReused               key_reused
├── InvalidInput            invalid_input          wrong type, too long, not a date …
├── InvalidQuantity         invalid_quantity       negative, too many decimals, not whole in base units
├── InvalidAmount           invalid_amount
├── QuantityRequired        quantity_required      zero, or no line at all
├── UnknownDocument         unknown_document
├── UnknownProduct          unknown_product
├── UnknownPartner          unknown_partner
├── UnknownWarehouse        unknown_warehouse
├── DuplicateLine           duplicate_line
├── DuplicateCode           duplicate_code
├── TransitionNotAllowed    transition_not_allowed
├── PeriodClosed            period_closed
├── NoCompany               no_company
└── (each app's own, in its errors.py)
InvariantBroken is not a refusal: it means a fault of ours; the transaction is rolled back and nothing is answered.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from backstock.core.amounts import decimal_text


class InvariantBroken(Exception):
    """A ledger or counter would have become impossible; everything is rolled back."""


@dataclass(eq=False)
class DomainError(Exception):
    """A refusal: a code for programs, facts for everybody, a sentence in both languages that says what to do."""

    code: ClassVar[str] = "refused"
    en: ClassVar[str] = "Refused."
    zh: ClassVar[str] = "已拒绝。"

    def facts(self) -> dict[str, Any]:
        """Return the facts as plain values; quantities stay in 1/10,000, money in the smallest unit."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def sentence(self, language: str = "en") -> str:
        """Say the refusal in `language` (anything starting with zh is Chinese), numbers in normal notation."""
        shown: dict[str, Any] = {}
        for name, value in self.facts().items():
            if name.endswith("_e4") and isinstance(value, int):
                shown[name.removesuffix("_e4")] = decimal_text(value, 4)
            elif name.endswith("_cents") and isinstance(value, int):
                shown[name.removesuffix("_cents")] = decimal_text(value, int(self.facts().get("digits", 2)), trim=False)
            else:
                shown[name] = value
        return (self.zh if language.lower().startswith("zh") else self.en).format(**shown)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence()}"


@dataclass(eq=False)
class PermissionDenied(DomainError):
    """The actor's roles do not hold the permission of this command."""

    permission: str
    actor: str
    code = "permission_denied"
    en = "{actor} may not do this ({permission}). Ask an administrator for the role, or somebody who holds it to do it."
    zh = "{actor} 没有此操作的权限（{permission}）。请让管理员授予相应角色，或请有权限的同事操作。"


@dataclass(eq=False)
class KeyReused(DomainError):
    """The idempotency key was used before with other content."""

    key: str
    code = "key_reused"
    en = "The key {key} was already used for something else. Send the same content again, or use a new key."
    zh = "幂等键 {key} 已用于其他内容。请重发相同内容，或换用新的键。"


@dataclass(eq=False)
class InvalidInput(DomainError):
    """The input is not of the command's form."""

    field: str
    problem: str
    code = "invalid_input"
    en = "{field}: {problem}. Correct the field and send it again."
    zh = "{field}：{problem}。请更正后重新提交。"


@dataclass(eq=False)
class InvalidQuantity(DomainError):
    """A quantity is negative, has more decimals than its unit allows, or is not whole in base units."""

    sku: str
    quantity: str
    decimals: int = 0
    code = "invalid_quantity"
    en = "{sku}: {quantity} is not a possible quantity (positive, at most {decimals} decimals in the base unit)."
    zh = "{sku}：数量 {quantity} 不成立（须为正数，基本单位最多 {decimals} 位小数）。"


@dataclass(eq=False)
class InvalidAmount(DomainError):
    """An amount is negative, too large, or finer than the currency allows."""

    field: str
    amount: str
    code = "invalid_amount"
    en = "{field}: {amount} is not a possible amount in this currency."
    zh = "{field}：{amount} 不是该币种的有效金额。"


@dataclass(eq=False)
class QuantityRequired(DomainError):
    """Nothing was asked for: no line, or a line of zero."""

    document: str = ""
    sku: str = ""
    code = "quantity_required"
    en = "Say how many: at least one line with a quantity above zero is needed. {sku}"
    zh = "请填写数量：至少需要一行大于零的数量。{sku}"


@dataclass(eq=False)
class UnknownDocument(DomainError):
    """No document has this number."""

    document: str
    code = "unknown_document"
    en = "There is no document {document}. Check the number."
    zh = "单据 {document} 不存在，请核对单号。"


@dataclass(eq=False)
class UnknownProduct(DomainError):
    """No product, unit or lot has this code."""

    sku: str
    code = "unknown_product"
    en = "There is no product {sku}. Check the code, or add it to the catalogue first."
    zh = "商品 {sku} 不存在，请核对货号，或先在商品档案中添加。"


@dataclass(eq=False)
class UnknownPartner(DomainError):
    """No customer or supplier has this code."""

    partner: str
    code = "unknown_partner"
    en = "There is no customer or supplier {partner}. Check the code, or register it first."
    zh = "往来单位 {partner} 不存在，请核对编码，或先登记。"


@dataclass(eq=False)
class UnknownWarehouse(DomainError):
    """No warehouse has this code."""

    warehouse: str
    code = "unknown_warehouse"
    en = "There is no warehouse {warehouse}. Check the code, or open it first."
    zh = "仓库 {warehouse} 不存在，请核对编码，或先开设。"


@dataclass(eq=False)
class DuplicateLine(DomainError):
    """The same thing stands twice in one document."""

    sku: str
    code = "duplicate_line"
    en = "{sku} stands twice in this document. Put it into one line with the whole quantity."
    zh = "{sku} 在同一单据中出现两次，请合并为一行并填写总数量。"


@dataclass(eq=False)
class DuplicateCode(DomainError):
    """A code that must be unique is already taken."""

    field: str
    value: str
    code = "duplicate_code"
    en = "{field} {value} exists already. Choose another one."
    zh = "{field} {value} 已存在，请换一个。"


@dataclass(eq=False)
class TransitionNotAllowed(DomainError):
    """The document's state does not allow this step now."""

    document: str
    current: str
    wanted: str
    code = "transition_not_allowed"
    en = "{document} is {current}; it cannot be {wanted} now. Open it to see which steps are possible."
    zh = "{document} 当前为 {current}，不能执行 {wanted}。请打开单据查看可用的下一步。"


@dataclass(eq=False)
class PeriodClosed(DomainError):
    """The business day lies in a closed period."""

    on: str
    closed_through: str
    code = "period_closed"
    en = "{on} lies in a closed period (closed through {closed_through}). Use a later business day."
    zh = "{on} 属于已结账期间（已结账至 {closed_through}）。请使用之后的业务日期。"


@dataclass(eq=False)
class NoCompany(DomainError):
    """This database holds no company yet, or one that somebody else made."""

    database: str
    problem: str
    code = "no_company"
    en = "{database}: {problem}."
    zh = "{database}：{problem}。"
