"""The product's source keeps its own rules, and each rule catches what it is there for."""

import ast
from pathlib import PurePosixPath

import pytest

from tests.architecture import rules
from tests.architecture.source import PACKAGE, ROOT, modules

LONGEST_FILE = 350
EVERYWHERE = [rules.long_functions, rules.signal_uses, rules.writes_in_loops]


def offences(rule, but=()):
    return [
        f"{path} {sentence}"
        for path, tree in modules().items()
        if PurePosixPath(path).name not in but
        for sentence in rule(tree)
    ]


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: rule.__name__)
def test_no_module_breaks_the_rule_on(rule):
    assert offences(rule) == []


def test_only_lifecycle_modules_set_a_status():
    assert offences(rules.status_writes, but=["lifecycle.py"]) == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (rules.long_functions, "def f():\n" + "    pass\n" * 40),
        (rules.status_writes, "request.status = 'done'"),
        (rules.status_writes, "a, request.status = 1, 'done'"),
        (rules.status_writes, "request.status += 'done'"),
        (rules.status_writes, "setattr(request, 'status', 'done')"),
        (rules.status_writes, "Request.objects.filter(pk=1).update(status='done')"),
        (rules.signal_uses, "from django.db.models import signals"),
        (rules.signal_uses, "from django.db.models.signals import post_save"),
        (rules.signal_uses, "import django.dispatch"),
        (rules.writes_in_loops, "for x in y:\n    Row.objects.create(x=x)"),
        (rules.writes_in_loops, "[row.save() for row in rows]"),
        (rules.writes_in_loops, "while more():\n    if x:\n        Row.objects.get_or_create(x=1)"),
    ],
)
def test_the_rule_catches(rule, source):
    assert len(list(rule(ast.parse(source)))) == 1


def test_no_module_is_too_long():
    lengths = {path: (ROOT / path).read_text(encoding="utf-8").count("\n") for path in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_module_is_named_after_nothing():
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [path for path in modules() if vague & set(PurePosixPath(path).with_suffix("").parts)] == []


def test_every_folder_with_modules_is_a_package():
    folders = {file.parent for file in PACKAGE.rglob("*.py")}
    assert [folder.relative_to(ROOT) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
