"""A policy's table as JDM, the JSON of GoRules: one decision table between an input and an output.

What survives: every row with its id, tests and outcomes in our names and units (cents, 1/1,000,000), and which row counts. What
does not: notes in a second language. What we cannot read without guessing is refused: other hit policies, several tables,
expressions that are more than a test, outcomes that are computed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from backstock.exchange_formats.errors import MeaningLost, NotThisFormat
from backstock.exchange_formats.policies.columns import facts_of, first_hit, known, outcomes_of
from backstock.exchange_formats.policies.unary import Unreadable, Unsayable, literal, read, value_of, written
from backstock.policies.table.model import FIELDS

FORMAT: Final = "JDM"
TYPE: Final = "application/vnd.gorules.decision"


def to_jdm(raw: Mapping[str, Any], name: str) -> str:
    """Write a table; raise MeaningLost."""
    rows = first_hit(raw, FORMAT)
    facts, outcomes = facts_of(rows), outcomes_of(rows)
    try:
        rules = [_rule(row, facts, outcomes) for row in rows]
    except Unsayable as error:
        raise MeaningLost(format=FORMAT, where="ZEN", problem=str(error)[:60]) from None
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": f"in_{fact}", "name": FIELDS[fact].en, "field": fact} for fact in facts],
        "outputs": [{"id": "out_row", "name": "row", "field": "row"}]
        + [{"id": f"out_{each}", "name": each, "field": each} for each in outcomes],
        "rules": rules,
    }
    nodes = [
        {"id": "input", "type": "inputNode", "name": "line of a return", "position": {"x": 80, "y": 160}},
        {
            "id": "table",
            "type": "decisionTableNode",
            "name": name,
            "position": {"x": 360, "y": 160},
            "content": content,
        },
        {"id": "output", "type": "outputNode", "name": "outcome", "position": {"x": 640, "y": 160}},
    ]
    edges = [
        {"id": "edge1", "type": "edge", "sourceId": "input", "targetId": "table"},
        {"id": "edge2", "type": "edge", "sourceId": "table", "targetId": "output"},
    ]
    return json.dumps({"contentType": TYPE, "nodes": nodes, "edges": edges}, ensure_ascii=False, indent=1)


def _rule(row: Mapping[str, Any], facts: list[str], outcomes: list[str]) -> dict[str, str]:
    when, then = row.get("when", {}), row.get("then", {})
    return {
        "_id": row["id"],
        "_description": next(iter(row.get("note", {}).values()), ""),
        **{f"in_{fact}": written(when.get(fact, {}), "zen") for fact in facts},
        "out_row": literal(row["id"], "zen"),
        **{f"out_{each}": literal(then.get(each), "zen") for each in outcomes},
    }


def from_jdm(file: str, content: bytes, language: str) -> dict[str, Any]:
    """Read a table; descriptions become notes in a language; raise NotThisFormat."""
    try:
        nodes = json.loads(content)["nodes"]
        tables = [node["content"] for node in nodes if node["type"] == "decisionTableNode"]
        others = {node["type"] for node in nodes} - {"decisionTableNode", "inputNode", "outputNode"}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotThisFormat(file=file, format=FORMAT, problem="no JDM with nodes") from None
    if len(tables) != 1 or others:
        raise NotThisFormat(file=file, format=FORMAT, problem="one decision table and nothing that computes beside it")
    return _table(file, tables[0], language)


def _table(file: str, content: Any, language: str) -> dict[str, Any]:
    try:
        if content["hitPolicy"] != "first":
            raise NotThisFormat(
                file=file, format=FORMAT, problem=f"hit policy {content['hitPolicy']}: only first is read"
            )
        inputs = {each["id"]: each.get("field") or "" for each in content["inputs"]}
        outputs = {each["id"]: each.get("field") or "" for each in content["outputs"]}
        known(inputs.values(), "input", file, FORMAT)
        known([name for name in outputs.values() if name != "row"], "output", file, FORMAT)
        return {
            "hit": "first",
            "rows": [_row(file, n, rule, inputs, outputs, language) for n, rule in enumerate(content["rules"], 1)],
        }
    except (KeyError, TypeError, AttributeError):
        raise NotThisFormat(
            file=file, format=FORMAT, problem="the decision table lacks inputs, outputs or rules"
        ) from None


def _row(
    file: str, n: int, rule: Mapping[str, Any], inputs: Mapping[str, str], outputs: Mapping[str, str], language: str
) -> dict[str, Any]:  # fmt: skip
    when, then, column = dict[str, Any](), dict[str, Any](), ""
    try:
        for key, fact in inputs.items():
            column = fact
            if test := read(str(rule.get(key) or ""), FIELDS[fact].kind, "zen"):
                when[fact] = test
        for key, name in outputs.items():
            column = name
            value = value_of(str(rule.get(key) or ""), "zen")
            if value is not None and name != "row":
                then[name] = value
    except Unreadable as error:
        raise NotThisFormat(file=file, format=FORMAT, problem=f"row {n}, {column}: {str(error)[:100]}") from None
    note = str(rule.get("_description") or "")[:200]
    return {
        "id": str(rule.get("_id") or f"r{n}")[:40],
        "when": when,
        "then": then,
        **({"note": {language: note}} if note else {}),
    }
