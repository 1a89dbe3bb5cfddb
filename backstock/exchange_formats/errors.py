"""Refusals about files that come from elsewhere.

DomainError
├── NotThisFormat     not_this_format
├── MeaningLost       meaning_lost
├── OtherCompany      other_company
├── UnreadableFile    unreadable_file
├── HeaderMissing     header_missing
├── ColumnsMissing    columns_missing
├── RunNotReady       run_not_ready
└── ImportStopped     import_stopped
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
class MeaningLost(DomainError):
    """Something would mean something else in the other format, so it does not leave."""

    format: str
    where: str
    problem: str
    code = "meaning_lost"
    en = "{format} cannot say {problem} ({where}). Change the row, or export a spreadsheet, which keeps everything."
    zh = "{format} 无法表达“{problem}”（{where}）。请修改该行，或导出电子表格（可完整保留）。"


@dataclass(eq=False)
class OtherCompany(DomainError):
    """The file is in another currency than the company of this database."""

    file: str
    wanted: str
    found: str
    code = "other_company"
    en = "{file} is in {wanted}, but the company of this database keeps its books in {found}. Use another database."
    zh = "{file} 的币种为 {wanted}，而本数据库中公司的记账币种为 {found}。请换用另一个数据库。"


@dataclass(eq=False)
class UnreadableFile(DomainError):
    """The file is no spreadsheet or text table that can be read."""

    SAID: ClassVar = {
        "too_large": (
            "it is too large (50 MB, 200,000 rows or 300 columns at most); cut it into several files",
            "文件过大（最多 50 MB、20 万行、300 列），请拆分为多个文件",
        ),
        "empty": ("it holds no rows", "文件中没有任何行"),
        "encoding": ("its text is neither UTF-8 nor GB18030; save it as .xlsx", "文字编码既非 UTF-8 也非 GB18030，请另存为 .xlsx"),
    }  # fmt: skip

    file: str
    problem: str
    code = "unreadable_file"
    en = "{file} cannot be read: {problem}. Nothing was imported."
    zh = "无法读取 {file}：{problem}。未导入任何内容。"

    def sentence(self, language: str = "en") -> str:
        """Say the problem in the reader's language."""
        is_zh = language.lower().startswith("zh")
        said = self.SAID.get(self.problem, (self.problem, self.problem))[is_zh]
        if self.problem.startswith("formula:"):
            at = self.problem.removeprefix("formula:")
            said = (
                f"单元格 {at} 是没有计算结果的公式，请用 Excel 或 WPS 打开并保存一次，或粘贴为数值"
                if is_zh
                else f"{at}: formulas without a result; open and save it in Excel or WPS, or paste values"
            )
        return (self.zh if is_zh else self.en).format(file=self.file, problem=said)


@dataclass(eq=False)
class HeaderMissing(DomainError):
    """No row of the file's beginning names columns that are known."""

    file: str
    kind: str
    code = "header_missing"
    en = "No row at the beginning of {file} names columns of “{kind}”. Download the template, or choose the columns by hand."
    zh = "{file} 开头没有“{kind}”的表头行。请下载模板，或手工指定各列。"


@dataclass(eq=False)
class ColumnsMissing(DomainError):
    """Columns without which a row says nothing were not chosen."""

    columns: str
    code = "columns_missing"
    en = "Choose which column of the file holds: {columns}."
    zh = "请指定文件中的哪一列是：{columns}。"


@dataclass(eq=False)
class RunNotReady(DomainError):
    """An import starts only after a dry run of this very file, without problems or with the faulty rows left out."""

    run: str
    state: str
    code = "run_not_ready"
    en = "Import {run} is {state}: first a dry run of this file without problems, or with the faulty rows left out."
    zh = "导入 {run} 当前为 {state}：须先完成该文件的预检且无问题，或明确排除有问题的行。"


@dataclass(eq=False)
class ImportStopped(DomainError):
    """Something changed since the dry run; everything before this row is in, nothing of it and after is."""

    row: int
    problem: str
    code = "import_stopped"
    en = "Stopped before row {row}: {problem} What came before is imported; correct it and continue."
    zh = "在第 {row} 行前停止：{problem} 之前的内容已导入，更正后可继续。"
