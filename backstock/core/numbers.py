"""Document numbers: a letter for the kind and the row's own number. Pure."""

from __future__ import annotations

from backstock.core.errors import UnknownDocument


def row_id(prefix: str, number: str) -> int:
    """Return the row that a document number names; raise UnknownDocument when it cannot be one."""
    digits = number[len(prefix) :]
    if not number.startswith(prefix) or not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise UnknownDocument(document=number[:60])
    return int(digits)


def document_id(prefix: str, text: str) -> int | None:
    """Return the row that typed text names when it is a whole document number of this kind, in any case: r000012."""
    if len(text) < len(prefix) + 6:
        return None
    try:
        return row_id(prefix, text.upper())
    except UnknownDocument:
        return None
