"""A policy's table as DMN 1.3: one decision with one decision table, first hit.

What survives and what does not is as for JDM (`jdm.py`). XML is read by defusedxml: no document type, so no entities.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError  # nosec B405 -- types only; reading is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from backstock.exchange_formats.errors import NotThisFormat
from backstock.exchange_formats.policies.columns import facts_of, first_hit, known, outcomes_of
from backstock.exchange_formats.policies.unary import Unreadable, literal, read, value_of, written
from backstock.policies.table.model import FIELDS

FORMAT: Final = "DMN"
MODEL: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
# Of these hit policies the first row that fits is the answer as well, where there is one.
FIRST: Final = ("FIRST", "UNIQUE", "ANY")
TYPES: Final = {"text": "string", "number": "number", "yesno": "boolean", "set": "string"}


def _text(text: str) -> str:
    return f"<text>{escape(text, quote=False)}</text>"


def to_dmn(raw: Mapping[str, Any], name: str) -> str:
    """Write a table; raise MeaningLost."""
    rows = first_hit(raw, FORMAT)
    facts, outcomes = facts_of(rows), outcomes_of(rows)
    inputs = "".join(
        f'<input id="in_{fact}" label="{escape(FIELDS[fact].en)}"><inputExpression id="ex_{fact}" '
        f'typeRef="{TYPES[FIELDS[fact].kind]}">{_text(fact)}</inputExpression></input>\n'
        for fact in facts
    )
    outputs = "".join(f'<output id="out_{each}" name="{each}"/>\n' for each in ("row", *outcomes))
    rules = "".join(
        f'<rule id="rule_{n}">'
        + (
            f"<description>{escape(note, quote=False)}</description>"
            if (note := next(iter(row.get("note", {}).values()), ""))
            else ""
        )
        + "".join(
            f"<inputEntry>{_text(written(row.get('when', {}).get(fact, {}), 'feel'))}</inputEntry>" for fact in facts
        )
        + f"<outputEntry>{_text(literal(row['id'], 'feel'))}</outputEntry>"
        + "".join(
            f"<outputEntry>{_text(literal(row.get('then', {}).get(each), 'feel'))}</outputEntry>" for each in outcomes
        )
        + "</rule>\n"
        for n, row in enumerate(rows, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<definitions xmlns="{MODEL}" id="policy" name="{escape(name)}" namespace="urn:backstock:policy">\n'
        f'<decision id="decision" name="{escape(name)}"><variable name="{escape(name)}"/>\n'
        f'<decisionTable id="table" hitPolicy="FIRST">\n{inputs}{outputs}{rules}</decisionTable></decision>\n</definitions>\n'
    )


def from_dmn(file: str, content: bytes, language: str) -> dict[str, Any]:
    """Read a table; descriptions become notes in a language; raise NotThisFormat."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise NotThisFormat(file=file, format=FORMAT, problem="no XML without a document type") from None
    tables = [each for each in root.iter() if _name(each) == "decisionTable"]
    if len(tables) != 1:
        raise NotThisFormat(file=file, format=FORMAT, problem=f"{len(tables)} decision tables, one is read")
    table = tables[0]
    hit = table.get("hitPolicy", "UNIQUE")
    if hit not in FIRST or table.get("aggregation"):
        raise NotThisFormat(file=file, format=FORMAT, problem=f"hit policy {hit}: only {', '.join(FIRST)} are read")
    facts = [_expression(each) for each in table if _name(each) == "input"]
    names = [each.get("name", "") for each in table if _name(each) == "output"]
    known(facts, "input", file, FORMAT)
    known([name for name in names if name != "row"], "output", file, FORMAT)
    rules = [each for each in table if _name(each) == "rule"]
    return {"hit": "first", "rows": [_row(file, n, rule, facts, names, language) for n, rule in enumerate(rules, 1)]}


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _texts(element: Element, name: str) -> list[str]:
    found = []
    for each in element:
        if _name(each) == name:
            found.append(next((part.text or "" for part in each if _name(part) == "text"), "").strip())
    return found


def _expression(element: Element) -> str:
    return next(iter(_texts(element, "inputExpression")), "")


def _row(file: str, n: int, rule: Element, facts: list[str], names: list[str], language: str) -> dict[str, Any]:
    tests, outcomes = _texts(rule, "inputEntry"), _texts(rule, "outputEntry")
    if len(tests) != len(facts) or len(outcomes) != len(names):
        raise NotThisFormat(file=file, format=FORMAT, problem=f"row {n} has other columns than the table")
    when, then, row_id, column = dict[str, Any](), dict[str, Any](), f"r{n}", ""
    try:
        for column, text in zip(facts, tests, strict=True):
            if test := read(text, FIELDS[column].kind, "feel"):
                when[column] = test
        for column, text in zip(names, outcomes, strict=True):
            value = value_of(text, "feel")
            if column == "row" and isinstance(value, str):
                row_id = value[:40]
            elif value is not None:
                then[column] = value
    except Unreadable as error:
        raise NotThisFormat(file=file, format=FORMAT, problem=f"row {n}, {column}: {str(error)[:100]}") from None
    note = next((each.text or "" for each in rule if _name(each) == "description"), "")[:200]
    return {"id": row_id, "when": when, "then": then, **({"note": {language: note}} if note else {})}
