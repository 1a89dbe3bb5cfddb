"""Wrong types, huge and negative numbers, NUL, endless text, unknown fields: every field of every command, one at a time.

Each is either refused with a code and facts and changes nothing, or is harmless and leaves ledgers that verify (checked
when the test ends). Nothing crashes.
"""

import os
from copy import deepcopy
from itertools import product

import pytest
from django.db import connection

from backstock.cli.replay.runner import database_state
from backstock.core.errors import DomainError
from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from tests import build
from tests.commands.cases import CASES, command, parsed

HOSTILE = [
    None, True, 0, -1, 1, 5_000, 1.5, float("nan"), 2**31, 2**63 - 1, 2**63, 10**13, 10**15, 10**30, 10**400, "", " ", "x\0y",
    "\ud800", "1", "0001-01-01", "9999-12-31", "2026-02-30", "长" * 61, "长" * 3000, "'; DROP TABLE core_company; --", "R1",
    "=cmd()", [], [[]], [{}], [None], ["A", "A"], {}, {"a": 1}, [{"sku": "A"}], "twice",
]  # fmt: skip
# What databases may take differently; all the rest is asked on SQLite.
BOUNDS = [
    -1,
    0,
    2**31,
    2**63 - 1,
    2**63,
    10**15,
    10**30,
    "x\0y",
    "\ud800",
    "0001-01-01",
    "9999-12-31",
    "长" * 3000,
    "'; DROP TABLE core_company; --",
]
ASKED = HOSTILE if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else BOUNDS


def paths(value, path=()):
    """List the way to each value of an input, at every depth, and to a field that does not exist."""
    if isinstance(value, dict):
        yield (*path, "nonsense")
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, key)
        yield from paths(value[key], (*path, key))


def put(raw, path, hostile):
    """Return the input with one value replaced."""
    wrong = deepcopy(raw)
    place = wrong
    for key in path[:-1]:
        place = place[key]
    there = place[path[-1]] if path[-1] != "nonsense" else None
    place[path[-1]] = there * 2 if hostile == "twice" and isinstance(there, list) else hostile
    return wrong


def answer_to(name, wrong):
    """Run a command on a wrong input: the refusal, or None where it is harmless after all, like another reference."""
    try:
        command(name)(parsed(name, wrong), actor=SYSTEM)
    except DomainError as refused:
        return refused
    return None


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_input_crashes_a_command_and_every_refusal_changes_nothing(name, people):
    build.bought(quantity=1_000)
    raw = {"on": "2026-01-05", **CASES[name].make()}
    with pytest.raises(DomainError) as caught:
        parsed(name, {**raw, "nonsense": 1})
    assert (caught.value.code, caught.value.facts()["field"]) == ("invalid_input", "nonsense")
    state, refused = "", 0
    for path, hostile in product(list(paths(raw)), ASKED):
        if not state:
            state, effects = database_state(), CommandLog.objects.filter(name=name).count()
        error = answer_to(name, put(raw, path, hostile))
        if error:
            refused += 1
            assert error.facts(), error
            assert error.sentence("zh"), error
            # A look at one file there, at every row here: so it is looked once for many at the end.
            assert connection.vendor == "postgresql" or database_state() == state
        else:
            assert CommandLog.objects.filter(name=name).count() == effects + 1
            raw, state = {"on": "2026-01-05", **CASES[name].make()}, ""
    assert not state or database_state() == state
    assert refused > len(ASKED)


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("raw", [None, 1, "x", [], b"", b"{", b"\xff", b'{"a":1', b"[" * 9_000, "\ud800"])
@pytest.mark.any_database
def test_what_is_no_object_is_refused(name, raw):
    with pytest.raises(DomainError) as caught:
        command(name).parse(raw)
    assert caught.value.code == "invalid_input"
    assert caught.value.facts()["field"]
