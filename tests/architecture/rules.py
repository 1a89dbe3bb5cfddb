"""Rules on one syntax tree that no linter knows; each gives the lines that break it, as sentences."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import functions

LONGEST_FUNCTION = 40
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
WRITES_ONE = ("create", "get_or_create", "update_or_create", "save")


def long_functions(tree: ast.AST) -> Iterator[str]:
    """Functions that do too much to be read at once."""
    for function in functions(tree):
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"line {function.lineno}: {function.name} has {lines} lines, at most {LONGEST_FUNCTION}"


def status_writes(tree: ast.AST) -> Iterator[str]:
    """What was decided has one writer: `lifecycle.py`."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets):
                written = [part for target in targets for part in ast.walk(target)]
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
                written = [target]
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="status"), *_]):
                yield f"line {node.lineno}: setattr(…, 'status') outside lifecycle.py"
                continue
            case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords) if any(
                keyword.arg == "status" for keyword in keywords
            ):
                yield f"line {node.lineno}: update(status=…) outside lifecycle.py"
                continue
            case _:
                continue
        if any(isinstance(part, ast.Attribute) and part.attr == "status" for part in written):
            yield f"line {node.lineno}: .status is set outside lifecycle.py"


def signal_uses(tree: ast.AST) -> Iterator[str]:
    """Django's signals hide who does what; events have one dictionary of subscribers."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        for name in names:
            if "signals" in name.split(".") or name.startswith("django.dispatch"):
                yield f"line {node.lineno}: {name} is a signal; subscribe in config/subscriptions.py instead"


def writes_in_loops(tree: ast.AST) -> Iterator[str]:
    """Rows are written set-wise: a few statements whatever the number of rows."""
    seen: set[int] = set()
    for loop in ast.walk(tree):
        if not isinstance(loop, LOOPS):
            continue
        for call in ast.walk(loop):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.lineno not in seen:
                function = call.func
                of_manager = isinstance(function.value, ast.Attribute) and function.value.attr == "objects"
                if function.attr in WRITES_ONE and (of_manager or function.attr == "save"):
                    seen.add(call.lineno)
                    yield f"line {call.lineno}: .{function.attr}() in a loop; use bulk_create or one statement"
