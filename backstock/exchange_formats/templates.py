"""Blank files to fill in: a header, a row that explains, a row as an example; and what every export shares."""

from __future__ import annotations

import io

import xlsxwriter

from backstock.exchange_formats.kinds.kind import Column, Kind

MARK = {"zh": "说明: ", "en": "Note: "}
EXAMPLE = {"zh": "示例: ", "en": "Example: "}


def template(kind: Kind, language: str) -> bytes:
    """Return the .xlsx template of a kind in a language; its notes and example are passed over when it comes back."""
    short = "zh" if language.lower().startswith("zh") else "en"
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(kind.label(language)[:31].replace("/", " "))
    head = book.add_format({"bold": True, "bottom": 1})
    needed = book.add_format({"bold": True, "bottom": 1, "font_color": "#b02a37"})
    grey = book.add_format({"font_color": "#6c757d", "italic": True})
    # Codes are text: a spreadsheet must not make numbers of them.
    text = book.add_format({"num_format": "@"})
    for at, column in enumerate(kind.own):
        sheet.set_column(at, at, 18, text)
        sheet.write_string(
            0, at, column.label(language) + ("*" if column.required else ""), needed if column.required else head
        )
        note = _note(column, short, language)
        sheet.write_comment(0, at, note or column.label(language))
        sheet.write_string(1, at, (MARK[short] if not at else "") + note, grey)
        sheet.write_string(2, at, (EXAMPLE[short] if not at else "") + column.example, grey)
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def _note(column: Column, short: str, language: str) -> str:
    needed = {"zh": "必填", "en": "required"}[short] if column.required else ""
    return "; ".join(part for part in (needed, column.note(language)) if part)
