"""A policy's table as rows of a spreadsheet that people edit, and back without loss.

The first row says which row counts, the second what the columns are called, the third their names in the program; then the
rows. A cell holds a; b for texts, not: a; b for all but those, 8.., ..15 or 8..15 for numbers, yes or no. Shares are written
with a sign, 10 %, because a spreadsheet turns 10% into 0.1; that is read as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from backstock.core.amounts import decimal_text, scaled
from backstock.exchange_formats.cells import Cell
from backstock.exchange_formats.errors import NotThisFormat
from backstock.exchange_formats.policies.columns import facts_of, known, outcomes_of
from backstock.exchange_formats.sheets import read as read_sheet
from backstock.policies.table.model import FIELDS

FORMAT: Final = "table"
NOTES: Final = ("note.zh-hans", "note.en")
LISTS: Final = ("remedies", "scrap_needs")
TRUTHS: Final = ("evidence_required", "cross_ship")
YES: Final = ("yes", "true", "是", "1")
NO: Final = ("no", "false", "否", "0")
_ODD: Final = re.compile(r"""[;；\[\]"]|^\s|\s$|^not:|^'|^[=+\-@]|^$""")


def to_rows(raw: Mapping[str, Any], labels: Mapping[str, str], digits: int) -> list[list[str]]:
    """Write a table as rows of texts; `labels` by column, `digits` of the company's currency."""
    rows = raw.get("rows", ())
    facts, outcomes = facts_of(rows), outcomes_of(rows)
    columns = ["id", *(f"when.{fact}" for fact in facts), *(f"then.{name}" for name in outcomes), *NOTES]
    found = [["hit", raw.get("hit", "first")], [labels.get(each, each) for each in columns], columns]
    for row in rows:
        when, then, note = row.get("when", {}), row.get("then", {}), row.get("note", {})
        found.append(
            [
                row["id"],
                *(_test(when[fact], FIELDS[fact].unit, digits) if fact in when else "" for fact in facts),
                *(_outcome(name, then.get(name), digits) for name in outcomes),
                *(note.get(each.removeprefix("note."), "") for each in NOTES),
            ]
        )
    return found


def _listed(values: Sequence[str]) -> str:
    return (
        json.dumps(list(values), ensure_ascii=False) if any(_ODD.search(each) for each in values) else "; ".join(values)
    )


def _test(test: Mapping[str, Any], unit: str, digits: int) -> str:
    if "yes" in test:
        return "yes" if test["yes"] else "no"
    if "is" in test:
        return _listed(test["is"])
    if "not" in test:
        return f"not: {_listed(test['not'])}"
    low, high = (_number(test[end], unit, digits) if end in test else "" for end in ("min", "max"))
    return low if low == high else f"{low}..{high}"


def _decimals(unit: str, digits: int) -> int:
    return {"cents": digits, "e4": 4, "e6": 4}.get(unit, 0)


def _number(value: int, unit: str, digits: int) -> str:
    text = decimal_text(value, _decimals(unit, digits))
    return f"{text} %" if unit == "e6" else text


def _unit(name: str) -> str:
    return (
        "e6"
        if name.endswith("_e6")
        else "cents"
        if name.endswith("_cents")
        else "days"
        if name.endswith("_days")
        else ""
    )


def _outcome(name: str, value: Any, digits: int) -> str:
    if value is None:
        return ""
    if name in LISTS:
        return _listed(value)
    if name in TRUTHS:
        return "yes" if value else "no"
    return _number(value, _unit(name), digits) if isinstance(value, int) else str(value)


def from_file(file: str, content: bytes, digits: int) -> dict[str, Any]:
    """Read a table from a spreadsheet; raise UnreadableFile, NotThisFormat."""
    rows = read_sheet(file, content).rows
    heads = [n for n, (_, cells) in enumerate(rows[:10]) if "id" in cells]
    # The row above may name the columns for people, and in the program's own words.
    at = next((n for n in reversed(heads) if _is_head(rows[n][1])), heads[0] if heads else None)
    if at is None:
        raise NotThisFormat(
            file=file, format=FORMAT, problem="no row with the names of columns: id, when.category, then.decision …"
        )
    columns = [str(cell or "").strip() for cell in rows[at][1]]
    known([each.removeprefix("when.") for each in columns if each.startswith("when.")], "input", file, FORMAT)
    known([each.removeprefix("then.") for each in columns if each.startswith("then.")], "output", file, FORMAT)
    for each in columns:
        if each and each != "id" and each not in NOTES and not each.startswith(("when.", "then.")):
            raise NotThisFormat(file=file, format=FORMAT, problem=f"column {each}: a policy's table has no such column")
    hit = next(
        (str(cells[1] or "first") for _, cells in rows[:at] if str(cells[0] or "") == "hit" and len(cells) > 1), "first"
    )
    if hit not in ("first", "strictest"):
        raise NotThisFormat(file=file, format=FORMAT, problem=f"hit {hit}: first or strictest")
    return {"hit": hit, "rows": [_row(file, n, columns, cells, digits) for n, cells in rows[at + 1 :]]}


def _is_head(cells: Sequence[Cell]) -> bool:
    return all(not cell or str(cell) == "id" or str(cell).startswith(("when.", "then.", "note.")) for cell in cells)


def _row(file: str, n: int, columns: Sequence[str], cells: Sequence[Cell], digits: int) -> dict[str, Any]:
    when, then, note, row_id, column = dict[str, Any](), dict[str, Any](), dict[str, str](), f"r{n}", ""
    try:
        for column, cell in zip(columns, cells, strict=False):
            if cell is None or not str(cell).strip() or not column:
                continue
            part, _, name = column.partition(".")
            if part == "id":
                row_id = _plain(cell)[:40]
            elif part == "note":
                note[name] = str(cell).strip()[:200]
            elif part == "when":
                when[name] = _read_test(cell, FIELDS[name].kind, FIELDS[name].unit, digits)
            else:
                then[name] = _read_outcome(cell, name, digits)
    except ValueError as error:
        raise NotThisFormat(file=file, format=FORMAT, problem=f"row {n}, {column}: {str(error)[:100]}") from None
    return {"id": row_id, "when": when, "then": then, **({"note": note} if note else {})}


def _plain(cell: Cell) -> str:
    """Return a cell as text: a whole number without its point, and without the apostrophe that keeps formulas away."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _yes(cell: Cell) -> bool:
    text = _plain(cell).lower()
    if text in YES or text in NO:
        return text in YES
    raise ValueError(f"{text}: yes or no")


def _texts(text: str) -> list[str]:
    if text.startswith("["):
        found = json.loads(text)
        if isinstance(found, list) and found and all(isinstance(each, str) for each in found):
            return found
        raise ValueError(text)
    return [part for each in text.replace("；", ";").split(";") if (part := each.strip())]


def _read_test(cell: Cell, kind: str, unit: str, digits: int) -> dict[str, Any]:
    if kind == "yesno":
        return {"yes": _yes(cell)}
    text = _plain(cell)
    if kind == "number":
        low, dots, high = text.partition("..")
        if not dots:
            value = _integer(cell, unit, digits)
            return {"min": value, "max": value}
        ends = {"min": low.strip(), "max": high.strip()}
        return {name: _integer(each, unit, digits) for name, each in ends.items() if each}
    if text.lower().startswith("not:"):
        return {"not": _texts(text[4:].strip())}
    return {"is": _texts(text)}


def _integer(cell: Cell, unit: str, digits: int) -> int:
    """Read a number in its unit; of a share 10 % or what a spreadsheet makes of it, 0.1."""
    text = _plain(cell).replace(" ", "")
    if unit != "e6":
        return scaled(text, _decimals(unit, digits))
    if text.endswith(("%", "％")):
        return scaled(text[:-1], 4)
    if isinstance(cell, str) or not isinstance(cell, int | float) or not 0 <= cell <= 1:
        raise ValueError(f"{text}: write a share with its sign, 10 %")
    return round(cell * 10**6)


def _read_outcome(cell: Cell, name: str, digits: int) -> Any:
    if name in LISTS:
        return _texts(_plain(cell))
    if name in TRUTHS:
        return _yes(cell)
    return _integer(cell, _unit(name), digits) if _unit(name) else _plain(cell)
