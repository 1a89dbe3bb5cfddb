"""The end of a period: credit notes get their numbers, what stands on both sides is accrued, what may come back is estimated."""

from datetime import date, timedelta

import pytest

from backstock.books.commands.accrue import Accrue, ReverseAccrual, accrue, reverse_accrual, reverse_due
from backstock.books.commands.estimate import EstimateReturns, Override, estimate_returns
from backstock.books.commands.post_credit_notes import PostCreditNotes, post_credit_notes
from backstock.books.models import Accrual, AccrualLine, Estimate, EstimateLine, NoteNumber
from backstock.books.notes import note_numbers, unnumbered_notes
from backstock.cli.verification import verify
from backstock.core.permissions import SYSTEM
from backstock.money.commands.choose_chart import ChooseChart, choose_chart
from backstock.money.models import Account, Transfer
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.refunds.models import CreditNote
from backstock.returns.models import Return
from tests import build
from tests.build import DAY
from tests.cast import cast
from tests.commands.cases.money import followers_off
from tests.ledgers import refused

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def trading(company_db):
    build.company(quantity=100)
    cast()


def moved(on):
    """Return the transfers of a day between the accounts of period ends: (debit, credit, cents)."""
    roles = dict(Account.objects.values_list("pk", "role"))
    rows = Transfer.objects.filter(business_on=on).order_by("log_id", "position")
    found = [(roles[row.debit_id], roles[row.credit_id], row.amount_cents) for row in rows]
    return [each for each in found if {"expected_returns", "expected_returns_cost"} & {*each[:2]}]


def numbered(through, **more):
    return post_credit_notes(PostCreditNotes(through=through, on=DAY), actor=SYSTEM, **more).answer


def test_credit_notes_are_numbered_without_a_gap_in_the_order_of_their_days_and_late_ones_go_on(trading):
    for on in (NEXT, DAY):
        build.settled(build.back_on_the_shelf(number=build.sold(paid="none")), on=on)
    first, second = CreditNote.objects.order_by("issued_on")
    assert unnumbered_notes(NEXT) == 2
    assert numbered(NEXT) == {"year": 2026, "posted": 2, "last_number": 2}
    assert note_numbers([first.pk, second.pk]) == {first.pk: "2026-000001", second.pk: "2026-000002"}
    with refused("notes_numbered", through=f"{NEXT}"):
        numbered(NEXT)
    # What takes a note back is a paper of its own, and what came late goes on after the others.
    undo_settlement(UndoSettlement(document=Return(pk=first.rma_id).number, on=NEXT), actor=SYSTEM)
    build.settled(build.back_on_the_shelf(), on=DAY)
    assert numbered(NEXT)["last_number"] == 4
    assert list(NoteNumber.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    # Another year begins with its own first number.
    build.settled(build.back_on_the_shelf(), on=date(2027, 1, 4))
    with refused("notes_numbered"):
        numbered(date(2026, 12, 31))


def test_a_cut_off_is_accrued_line_by_line_and_taken_back_on_the_next_day(trading):
    late = build.back_on_the_shelf(2, number=build.sold(paid="none"))
    build.policy(refund_when="approved")
    early = build.settled(build.approved(build.requested(build.sold())))
    done = accrue(Accrue(through=DAY, on=DAY), actor=SYSTEM)
    assert (done.document, done.answer["lines"]) == ("YT000001", 2)
    # Two at 100 came and were not credited; money was given for one that cost 60 and is not back.
    there = [("expected_returns", "accrued_credits", 20_000), ("accrued_goods", "expected_returns_cost", 6_000)]
    assert moved(DAY) == there
    assert moved(NEXT) == [(credit, debit, cents) for debit, credit, cents in there]
    assert Accrual.objects.get().reversed_log_id
    with refused("nothing_to_accrue", through=f"{DAY}"):
        accrue(Accrue(through=DAY, documents=(late,), on=DAY), actor=SYSTEM)
    with refused("transition_not_allowed", current="reversed"):
        reverse_accrual(ReverseAccrual(document="YT000001", on=NEXT), actor=SYSTEM)
    assert [line.rma_id for line in AccrualLine.objects.order_by("rma_id")] == sorted(
        int(each[1:]) for each in (late, early)
    )


def test_only_what_is_ticked_is_accrued_and_no_closed_or_future_day(trading):
    one, other = (build.back_on_the_shelf(number=build.sold(paid="none")) for _ in range(2))
    accrue(Accrue(through=DAY, documents=(one,), on=DAY), actor=SYSTEM)
    with refused("nothing_to_accrue", document=one):
        accrue(Accrue(through=DAY, documents=(one, other), on=DAY), actor=SYSTEM)
    with refused("period_not_over"):
        accrue(Accrue(through=date(2999, 1, 1), on=DAY), actor=SYSTEM)
    with refused("unknown_document"):
        reverse_accrual(ReverseAccrual(document="YT000009", on=DAY), actor=SYSTEM)
    # What a killed follower left standing is taken back by the daily job.
    with followers_off():
        accrue(Accrue(through=DAY, documents=(other,), on=DAY), actor=SYSTEM)
    assert (reverse_due(DAY), reverse_due(NEXT), reverse_due(NEXT)) == (0, 1, 0)


def test_what_may_still_come_back_is_estimated_from_older_sales_and_only_the_difference_is_posted(trading):
    with refused("accounts_missing"):
        estimate_returns(EstimateReturns(through=date(2026, 4, 30), on=DAY), actor=SYSTEM)
    choose_chart(ChooseChart(chart="enterprise", on=DAY), actor=SYSTEM)
    # Of ten sold in January one came back: a tenth. In April four were sold at 100 that cost 60, and none is back yet.
    for _ in range(5):
        build.sold(quantity=2)
    build.settled(build.back_on_the_shelf(number=build.sold(quantity=10)), on=DAY)
    april = date(2026, 4, 10)
    build.sold(quantity=4, on=april)
    end = date(2026, 4, 30)
    done = estimate_returns(EstimateReturns(through=end, on=end), actor=SYSTEM)
    # One of twenty: 5 % of 400 is 20, and at cost 12.
    assert done.answer == {"document": "RL000001", "liability_cents": 2_000, "asset_cents": 1_200}
    assert moved(end) == [
        ("expected_returns", "refund_liability", 2_000),
        ("return_asset", "expected_returns_cost", 1_200),
    ]
    with refused("nothing_to_estimate"):
        estimate_returns(EstimateReturns(through=end, on=end), actor=SYSTEM)

    other = Override(month=april, category="", rate_e6=200_000, reason="a bad lot")
    estimate_returns(EstimateReturns(through=end, overrides=(other,), on=end), actor=SYSTEM)
    assert moved(end)[2:] == [
        ("expected_returns", "refund_liability", 6_000),
        ("return_asset", "expected_returns_cost", 3_600),
    ]
    # One of the four comes back: the next estimate expects that much less.
    back = build.requested(build.sold(quantity=1, on=april), on=april)
    back = build.inspected(build.received(build.approved(back, on=april), on=april), on=april)
    build.settled(build.disposed(back, on=april), on=april)
    later = date(2026, 5, 1)
    estimate_returns(EstimateReturns(through=later, on=later), actor=SYSTEM)
    assert (Estimate.objects.count(), EstimateLine.objects.filter(reason="a bad lot").count()) == (3, 1)
    last = Estimate.objects.order_by("-pk")[0]
    assert (last.liability_cents, last.asset_cents) == (0, 0)
    with refused("nothing_to_estimate"):
        estimate_returns(EstimateReturns(through=end, on=end), actor=SYSTEM)


@pytest.mark.breaks_ledgers
def test_planted_damage_to_period_ends_is_found(trading):
    choose_chart(ChooseChart(chart="enterprise", on=DAY), actor=SYSTEM)
    build.settled(build.back_on_the_shelf(number=build.sold(quantity=10)), on=DAY)
    build.back_on_the_shelf(number=build.sold(paid="none"))
    build.sold(quantity=40, on=date(2026, 4, 10))
    numbered(DAY)
    accrue(Accrue(through=DAY, on=DAY), actor=SYSTEM)
    estimate_returns(EstimateReturns(through=date(2026, 4, 30), on=DAY), actor=SYSTEM)
    assert verify().problems == []

    NoteNumber.objects.update(note_id=99, number=7)
    AccrualLine.objects.update(amount_cents=1)
    EstimateLine.objects.update(liability_cents=1)
    Estimate.objects.update(asset_cents=1)

    assert {problem.check for problem in verify().problems} == {
        "a credit note number belongs to a note",
        "an accrual is what it posted",
        "an estimate is the sum of its lines",
        "credit note numbers of a year have no gap",
        "the last estimate stands on its accounts",
    }
