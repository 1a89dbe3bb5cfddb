"""Refusals about files that come from elsewhere.

DomainError
├── NotThisFormat     not_this_format
└── OtherCompany      other_company
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class NotThisFormat(DomainError):
    """The file is not of the named format at all, or cannot be read to its end."""

    file: str
    format: str
    problem: str
    code = "not_this_format"
    en = "{file} is not a readable {format} file: {problem}. Nothing was imported."
    zh = "{file} 不是可读取的 {format} 文件：{problem}。未导入任何内容。"


@dataclass(eq=False)
class OtherCompany(DomainError):
    """The file is in another currency than the company of this database."""

    file: str
    wanted: str
    found: str
    code = "other_company"
    en = "{file} is in {wanted}, but the company of this database keeps its books in {found}. Use another database."
    zh = "{file} 的币种为 {wanted}，而本数据库中公司的记账币种为 {found}。请换用另一个数据库。"
