"""Data flows one way: the import contracts hold, and each of them catches what it forbids."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_the_import_contracts_hold():
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("module", "line", "said"),
    [
        ("stock/moves.py", "import backstock.returns", "backstock.stock.moves -> backstock.returns"),
        ("core/amounts.py", "import backstock.config.settings", "backstock.core.amounts -> backstock.config.settings"),
        ("stock/valuation.py", "import django.db", "backstock.stock.valuation -> django"),
        ("returns/planted.py", "import backstock.stock.models", "backstock.returns.planted -> backstock.stock.models"),
        ("planted/__init__.py", "", "planted"),
    ],
    ids=[
        "stock asks returns",
        "core asks config",
        "a rule asks the database",
        "returns write stock rows",
        "an app outside",
    ],
)
def test_a_planted_violation_is_caught_when(tmp_path, module, line, said):
    leave_out = shutil.ignore_patterns("static", "locale", "templates", "__pycache__")
    shutil.copytree(ROOT / "backstock", tmp_path / "backstock", ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    file = tmp_path / "backstock" / module
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    checked = lint_imports(tmp_path)
    assert checked.returncode != 0
    assert said in checked.stdout
