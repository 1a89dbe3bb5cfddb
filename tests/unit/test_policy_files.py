"""A policy's table leaves as a sheet, JDM and DMN and comes back the same; what would not survive is refused."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from backstock.core.errors import DomainError
from backstock.desk.exports import spreadsheet
from backstock.exchange_formats.policies.columns import OUTCOMES
from backstock.exchange_formats.policies.dmn import from_dmn, to_dmn
from backstock.exchange_formats.policies.jdm import from_jdm, to_jdm
from backstock.exchange_formats.policies.sheet import from_file, to_rows
from backstock.exchange_formats.policies.unary import Unreadable, read
from backstock.policies.commands.publish import RowTerms

pytestmark = pytest.mark.any_database

TEXTS = some.lists(
    some.text('abc;,"\\[]=-+ not:中文..', min_size=1, max_size=8).filter(lambda t: t.strip() == t),
    min_size=1,
    max_size=3,
)
NUMBERS = some.integers(0, 10**9)
ENDS = some.one_of(
    NUMBERS.map(lambda n: {"min": n}), NUMBERS.map(lambda n: {"max": n}),
    some.tuples(NUMBERS, NUMBERS).map(lambda pair: {"min": min(pair), "max": max(pair)}),
)  # fmt: skip
ROW = some.fixed_dictionaries(
    {
        "when": some.fixed_dictionaries(
            {}, optional={
                "category": some.one_of(TEXTS.map(lambda v: {"is": v}), TEXTS.map(lambda v: {"not": v})),
                "amount_cents": ENDS, "return_rate_e6": ENDS, "days_since_delivery": ENDS,
                "opened": some.booleans().map(lambda yes: {"yes": yes}),
            },
        ),
        "then": some.fixed_dictionaries(
            {}, optional={
                "decision": some.sampled_from(("approve", "review", "reject")), "window_days": some.integers(0, 365),
                "restocking_fee_e6": some.integers(0, 10**6), "four_eyes_above_cents": NUMBERS, "evidence_required": some.booleans(),
                "remedies": some.just(["exchange", "repair"]),
            },
        ),
    }
)  # fmt: skip
TABLES = some.lists(ROW, min_size=1, max_size=4).map(
    lambda rows: {"hit": "first", "rows": [{"id": f"r{n}", **row} for n, row in enumerate(rows)]}
)


def xlsx(table) -> bytes:
    head, *rows = to_rows(table, {}, 2)
    with spreadsheet(head, rows) as file:
        return file.read()


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_nothing_is_lost_on_the_way_out_and_back(table):
    assert from_jdm("t.json", to_jdm(table, "policy").encode(), "en") == table
    assert from_dmn("t.dmn", to_dmn(table, 'a <"policy">').encode(), "en") == table
    assert from_file("t.xlsx", xlsx(table), 2) == table


def test_the_strictest_row_first_says_the_same_to_those_who_know_only_first():
    rows = [
        {"id": "mild", "then": {"decision": "approve"}},
        {"id": "hard", "then": {"decision": "reject"}, "note": {"en": "no"}},
    ]
    back = from_dmn("t.dmn", to_dmn({"hit": "strictest", "rows": rows}, "p").encode(), "en")
    assert ([row["id"] for row in back["rows"]], back["rows"][0]["note"]) == (["hard", "mild"], {"en": "no"})
    kept = from_file("t.xlsx", xlsx({"hit": "strictest", "rows": rows}), 2)
    assert (kept["hit"], kept["rows"][1]["note"]) == ("strictest", {"en": "no"})
    with pytest.raises(DomainError) as caught:
        to_jdm({"rows": [{"id": "r", "when": {"tag": {"is": ["new"]}}}]}, "p")
    assert caught.value.code == "meaning_lost"


@pytest.mark.parametrize(
    ("text", "kind", "dialect", "test"),
    [
        ("'a', \"b'c\"", "text", "zen", {"is": ["a", "b'c"]}),
        ('not("a", "b\\"c")', "text", "feel", {"not": ["a", 'b"c']}),
        ("not in ['a']", "text", "zen", {"not": ["a"]}),
        ("> 7", "number", "zen", {"min": 8}),
        ("< 7.0", "number", "feel", {"max": 6}),
        ("= 7", "number", "feel", {"min": 7, "max": 7}),
        ("-", "number", "feel", {}),
    ],
)
def test_what_other_programs_write_is_read(text, kind, dialect, test):
    assert read(text, kind, dialect) == test


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[1..7)", "number"),
        ("> 7, < 3", "number"),
        ("7.5", "number"),
        ("count($) > 1", "text"),
        ('"a", ', "text"),
        ("1", "yesno"),
        ("a", "text"),
    ],
)
@pytest.mark.parametrize("dialect", ["feel", "zen"])
def test_what_would_be_a_guess_is_not_read(text, kind, dialect):
    with pytest.raises(Unreadable):
        read(text, kind, dialect)


def test_files_that_say_more_or_something_else_are_refused():
    table = {"hit": "first", "rows": [{"id": "a", "when": {"opened": {"yes": True}}, "then": {"decision": "reject"}}]}
    dmn, jdm = to_dmn(table, "p"), json.loads(to_jdm(table, "p"))
    bomb = dmn.replace("<definitions", '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<definitions', 1)
    jdm["nodes"][1]["content"]["hitPolicy"] = "collect"
    for read_, content in (
        (from_dmn, bomb), (from_dmn, dmn.replace('hitPolicy="FIRST"', 'hitPolicy="COLLECT"')), (from_dmn, dmn.replace("opened", "colour")),
        (from_dmn, dmn.replace("<text>true</text>", "<text>opened = true</text>")), (from_dmn, "<a/>"), (from_dmn, "{"),
        (from_jdm, json.dumps(jdm)), (from_jdm, "[]"), (from_jdm, "[" * 100_000), (from_jdm, '{"nodes": [{"type": "functionNode"}]}'),
    ):  # fmt: skip
        with pytest.raises(DomainError) as caught:
            read_("t", content.encode(), "en")
        assert caught.value.code == "not_this_format"
    for cell, problem in (("when.colour", "no such column"), ("colour", "no such column")):
        sheet = io.StringIO(f"id,{cell}\nr,x\n").getvalue().encode()
        with pytest.raises(DomainError, match=problem):
            from_file("t.csv", sheet, 2)


def test_a_share_is_read_as_people_and_spreadsheets_write_it():
    def read_share(cell: str):
        return from_file("t.csv", f"id,then.restocking_fee_e6\nr,{cell}\n".encode(), 2)["rows"][0]["then"]

    assert read_share("10 %") == read_share("10%") == {"restocking_fee_e6": 100_000}
    with pytest.raises(DomainError, match="write a share with its sign"):
        read_share("10")


def test_every_outcome_of_a_row_has_its_column():
    assert set(OUTCOMES) == set(RowTerms.__dataclass_fields__)
