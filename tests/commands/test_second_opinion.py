"""Another inspector looks again before the goods are placed; both verdicts stand, the later one counts."""

import pytest

from backstock.returns.models import ReturnEvent, ReturnPiece, SecondOpinion
from backstock.stock.models import PoolBalance
from tests import build, build_inspection
from tests.build import e4
from tests.ledgers import refused, written


def test_a_second_verdict_counts_and_the_first_one_stays(people):
    rma = build.inspected(build.on_the_dock(2), 2, grade="A", actor=people.li)
    with written() as ledgers:
        build_inspection.second_opinion(rma, 1, accepted=False, grade="D", found_reason="used", actor=people.admin)

    piece = ReturnPiece.objects.get()
    assert (piece.accepted_e4, piece.rejected_e4) == (e4(1), e4(1))
    assert (ledgers.goods, ledgers.money) == ([], [])
    assert list(ReturnEvent.objects.filter(kind="inspect").values_list("verdict", "grade", "quantity_e4")) == [
        ("accepted", "A", e4(2))
    ]
    assert list(
        SecondOpinion.objects.values_list("first_verdict", "first_grade", "verdict", "grade", "found_reason")
    ) == [("accepted", "A", "rejected", "D", "used")]


def test_refused_goods_may_be_accepted_after_all_and_their_new_grade_counts(people):
    rma = build.inspected(build.on_the_dock(2), 2, grade="D", accepted=False, actor=people.li)
    build_inspection.second_opinion(rma, 2, grade="C", actor=people.admin)
    build.disposed(rma, 2, to="restock_discounted", value_cents=100)
    assert PoolBalance.objects.get(pool="grade:C").quantity_e4 == e4(2)


def test_it_may_agree(people):
    rma = build.inspected(build.on_the_dock(), grade="B", actor=people.li)
    build_inspection.second_opinion(rma, grade="B", actor=people.admin)
    assert SecondOpinion.objects.count() == 1
    build.disposed(rma)


def test_it_comes_from_somebody_else(people):
    rma = build.inspected(build.on_the_dock(), actor=people.li)
    with refused("another_inspector_required", document=rma, sku="A", actor="li"):
        build_inspection.second_opinion(rma, accepted=False, actor=people.li)
    with refused("permission_denied"):
        build_inspection.second_opinion(rma, accepted=False, actor=people.wu)


def test_it_says_which_first_verdict_it_is_about(shop):
    rma = build.on_the_dock(2)
    build.inspected(rma, 1, grade="A")
    build.inspected(rma, 1, grade="D", accepted=False)
    with refused("quantity_exceeds_inspected", inspected_e4=e4(1)):
        build_inspection.second_opinion(rma, 2, first_accepted=False)
    build_inspection.second_opinion(rma, 1, first_accepted=False, grade="B")
    piece = ReturnPiece.objects.get()
    assert (piece.accepted_e4, piece.rejected_e4) == (e4(2), 0)


@pytest.mark.parametrize(("quantity", "code"), [(2, "quantity_exceeds_inspected"), (0, "quantity_required")])
def test_refuses_what_has_no_verdict_or_is_placed(shop, quantity, code):
    rma = build.inspected(build.on_the_dock(2), 1)
    with refused(code):
        build_inspection.second_opinion(rma, quantity)
    build.disposed(rma)
    with refused("quantity_exceeds_inspected", inspected_e4=0):
        build_inspection.second_opinion(rma)


def test_what_was_paid_for_is_not_turned_down(shop):
    build.policy(refund_when="inspected")
    rma = build.inspected(build.on_the_dock(), grade="A")
    build.settled(rma)
    with refused("money_already_sent", document=rma):
        build_inspection.second_opinion(rma, accepted=False)
    build_inspection.second_opinion(rma, grade="B")


def test_the_first_verdict_is_not_taken_back_from_under_the_second(shop):
    rma = build.inspected(build.on_the_dock())
    build_inspection.second_opinion(rma, grade="C")
    with refused("transition_not_allowed"):
        undone(rma)


def undone(rma: str) -> None:
    from backstock.core.permissions import SYSTEM
    from backstock.returns.commands.undo import UndoStep, undo_step

    undo_step(UndoStep(document=rma, what="inspect"), actor=SYSTEM)
