"""One paper as plain data, in the reader's language already: the templates hold no words and decide nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import segno
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from backstock.core import clock
from backstock.core.figures import money_text
from backstock.documents.papers.source import Source

Align = Literal["left", "right"]
Format = Literal["a4", "narrow"]
# Words longer than this get places where a line may end, so that no cell runs over its neighbour.
LONGEST_WORD = 18
_LONG = re.compile(rf"[!-~]{{{LONGEST_WORD},}}")
_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the goods: its share of the width, and on which side its text stands."""

    label: str
    width: float
    align: Align = "left"


@dataclass(slots=True)
class Sheet:
    """What one paper says, from top to bottom."""

    title: str
    facts: list[tuple[str, str]]
    columns: list[Column] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    totals: list[tuple[str, str]] = field(default_factory=list)
    total: tuple[str, str] | None = None
    in_words: tuple[str, str] | None = None
    notes: list[str] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of paper: its name for programs, its title, what it says, and whether there is something to say."""

    key: str
    title: str | Promise
    build: Callable[[Source], Sheet]
    is_ready: Callable[[Source], bool]
    formats: Sequence[Format] = ("a4",)


def qr_svg(text: str) -> str:
    """Draw a QR code."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def breakable(text: str) -> str:
    """Let long words of Latin letters and digits end a line."""
    return _LONG.sub(lambda found: _BREAK.join(found[0][at : at + 6] for at in range(0, len(found[0]), 6)), text)


def plain(sheet: Sheet, source: Source, paper_format: Format) -> dict[str, Any]:
    """Return everything that a template reads of one paper."""
    head, language = source.letterhead, source.language
    company = {
        "name": head.said("name", language) or source.company.name,
        "lines": [
            line
            for line in (head.said("address", language), "  ".join(filter(None, (head.phone, head.email))), tax_line(head.tax_number))
            if line
        ],
        "footer": head.said("footer", language),
    }  # fmt: skip
    told = asdict(sheet)
    told["rows"] = [[breakable(cell) for cell in row] for row in sheet.rows]
    told["facts"] = [[label, breakable(value)] for label, value in sheet.facts if value]
    return {
        **told, "number": source.number, "qr": qr_svg(source.address), "company": company, "format": paper_format,
        "printed": timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip


def tax_line(number: str) -> str:
    """Say under which number the company pays taxes."""
    return _("Tax number: %(number)s") % {"number": number} if number else ""


def money(source: Source, cents: int) -> str:
    """Write an amount in the currency of the return."""
    return money_text(cents, source.rma.row.currency, source.rma.row.currency_digits)
