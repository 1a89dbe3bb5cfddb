"""At the end of a day: a statement beside our refunds and our ledger, and what somebody says of each difference."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.refunds.commands.reconcile import Reconcile, StatementLine, reconcile
from backstock.refunds.commands.resolve_difference import ResolveDifference, resolve_difference
from backstock.refunds.models import Difference, Statement
from backstock.refunds.statements import read_statement
from tests import build_refunds
from tests.build import DAY
from tests.ledgers import refused


def imported(rows, tender="alipay"):
    lines = [
        StatementLine(**{name: getattr(line, name) for name in line.__slots__})
        for line in read_statement(build_refunds.as_csv(rows), 2)
    ]
    return reconcile(Reconcile(tender=tender, day=DAY, lines=tuple(lines), on=DAY), actor=SYSTEM).answer


@pytest.mark.breaks_ledgers
def test_seven_planted_differences_are_all_that_is_found(shop):
    refunds = build_refunds.many(8)
    rows = build_refunds.statement_of(refunds)
    assert imported(rows)["differences"] == 0
    planted = build_refunds.plant(rows, refunds)

    assert imported(rows)["differences"] == 7

    found = Difference.objects.filter(statement__replaced_log_id=0)
    named = {each.kind: f"F{each.refund_id:06d}" if each.refund_id else each.theirs for each in found}
    assert named == planted
    assert list(Statement.objects.order_by("pk").values_list("replaced_log_id", flat=True))[1:] == [0]
    assert Statement.objects.order_by("-pk")[0].ours_count == 8


def test_a_difference_is_looked_into_once(shop):
    imported([["STRANGER", "", "5.00", "paid", str(DAY)]])
    number = Difference.objects.get().number
    resolve_difference(
        ResolveDifference(difference=number, reason="their_mistake", note="called them", on=DAY), actor=SYSTEM
    )
    row = Difference.objects.get()
    assert (row.reason, row.note) == ("their_mistake", "called them")
    with refused("transition_not_allowed", document=number):
        resolve_difference(ResolveDifference(difference=number, reason="accepted", on=DAY), actor=SYSTEM)
    with refused("unknown_document"):
        resolve_difference(ResolveDifference(difference="GD999999", reason="accepted", on=DAY), actor=SYSTEM)


def test_a_position_stands_once(shop):
    line = StatementLine(position=1, key="A", amount_cents=1, happened_on=DAY)
    with refused("invalid_input"):
        reconcile(Reconcile(tender="bank", day=DAY, lines=(line, line), on=DAY), actor=SYSTEM)
