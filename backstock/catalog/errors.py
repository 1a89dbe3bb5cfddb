"""Refusals about products, lots and serial numbers.

DomainError
├── SerialRequired       serial_required
├── SerialInUse          serial_in_use
├── InvalidBarcode       invalid_barcode
├── ProductArchived      product_archived
├── ProductInUse         product_in_use
├── UnknownCategory      unknown_category
├── CategoryCircle       category_circle
├── UnknownTaxClass      unknown_tax_class
├── UnknownPriceLevel    unknown_price_level
├── UnknownPicture       unknown_picture
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class SerialRequired(DomainError):
    """Tracked pieces need their lot or one serial number each."""

    sku: str
    needed_e4: int
    given: int
    code = "serial_required"
    en = "{sku} is tracked: {needed} pieces need their lot or one serial number each, {given} given."
    zh = "{sku} 需追踪：{needed} 件须填写批次或逐件序列号，已填 {given} 个。"


@dataclass(eq=False)
class SerialInUse(DomainError):
    """A serial number is one piece, and that piece is already ours."""

    sku: str
    serial: str
    code = "serial_in_use"
    en = "{sku}: serial number {serial} exists already. A serial number is one piece; check the label."
    zh = "{sku}：序列号 {serial} 已存在。一个序列号只对应一件，请核对标签。"


@dataclass(eq=False)
class InvalidBarcode(DomainError):
    """A code of 8, 12, 13 or 14 digits whose check digit is wrong: a misread or mistyped label."""

    sku: str
    barcode: str
    expected: str
    code = "invalid_barcode"
    en = "{sku}: barcode {barcode} has a wrong check digit (it would end in {expected}). Scan it again or check the digits."
    zh = "{sku}：条码 {barcode} 的校验位不对（末位应为 {expected}）。请重新扫描或核对数字。"


@dataclass(eq=False)
class ProductArchived(DomainError):
    """An archived product is not bought or sold anew."""

    sku: str
    code = "product_archived"
    en = "{sku} is archived: it is not bought or sold any more, only returned. Bring it back in the catalogue first."
    zh = "{sku} 已停用：不再采购或销售，仅可退货。如需使用，请先在商品档案中恢复。"


@dataclass(eq=False)
class ProductInUse(DomainError):
    """Documents or stock count in what the product is now."""

    sku: str
    field: str
    code = "product_in_use"
    en = "{sku} stands in documents or stock already: its {field} cannot change. Archive it and define a new product instead."
    zh = "{sku} 已有单据或库存，{field} 不能再改。请停用该商品并新建一个。"


@dataclass(eq=False)
class UnknownCategory(DomainError):
    """No category has this code."""

    category: str
    code = "unknown_category"
    en = "There is no category {category}. Check the code, or add it to the tree first."
    zh = "分类 {category} 不存在，请核对编码，或先在分类树中添加。"


@dataclass(eq=False)
class CategoryCircle(DomainError):
    """A category cannot lie inside itself."""

    category: str
    parent: str
    code = "category_circle"
    en = "{category} cannot be put below {parent}: {parent} lies inside {category}. Choose a place outside it."
    zh = "{category} 不能放到 {parent} 之下：{parent} 本身就在 {category} 之内。请选择其外的位置。"


@dataclass(eq=False)
class UnknownTaxClass(DomainError):
    """No tax class has this code."""

    tax_class: str
    code = "unknown_tax_class"
    en = "There is no tax class {tax_class}. Check the code, or add the class first."
    zh = "税类 {tax_class} 不存在，请核对编码，或先添加该税类。"


@dataclass(eq=False)
class UnknownPriceLevel(DomainError):
    """No price level has this code."""

    level: str
    code = "unknown_price_level"
    en = "There is no price level {level}. Check the code, or add the level first."
    zh = "价格等级 {level} 不存在，请核对编码，或先添加该等级。"


@dataclass(eq=False)
class UnknownPicture(DomainError):
    """No picture with this content was uploaded."""

    sku: str
    picture: str
    code = "unknown_picture"
    en = "{sku}: the picture {picture} is not here. Upload it again."
    zh = "{sku}：图片 {picture} 不存在，请重新上传。"
