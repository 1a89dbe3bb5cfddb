"""Beside the process: an authorisation lapses when goods did not come in time."""

from datetime import timedelta

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.lapse import LapseReturn, lapse_due, lapse_return
from backstock.returns.models import ReturnPiece
from backstock.returns.queries import returnable
from tests import build
from tests.build import DAY, e4
from tests.ledgers import refused, written


@pytest.fixture
def strict(shop):
    """Whoever is authorised has three days."""
    build.policy(return_deadline_days=3)


def lapsed(rma, days=4):
    return lapse_return(LapseReturn(document=rma, on=DAY + timedelta(days=days)), actor=SYSTEM).document


def test_what_did_not_come_may_be_asked_for_again_and_what_came_stays(strict):
    sale = build.sold(quantity=3)
    rma = build.received(build.approved(build.requested(sale, 3)), 1)
    with written() as ledgers:
        lapsed(rma)

    piece = ReturnPiece.objects.get()
    assert (piece.authorized_e4, piece.received_e4, returnable(sale, "A")) == (e4(1), e4(1), e4(2))
    assert (ledgers.goods, ledgers.money) == ([], [])
    build.settled(build.disposed(build.inspected(rma)))


def test_refuses_on_the_last_day_without_a_deadline_and_what_is_not_approved(strict):
    asked, rma = build.requested(build.sold()), build.approved(build.requested(build.sold()))
    with refused("transition_not_allowed", document=rma, wanted="lapsed"):
        lapsed(rma, days=3)
    with refused("transition_not_allowed", document=asked, current="requested"):
        lapsed(asked)
    with refused("unknown_document", document="R999"):
        lapsed("R999")

    build.policy()
    endless = build.approved(build.requested(build.sold()))
    with refused("transition_not_allowed", document=endless, current="approved"):
        lapsed(endless, days=3_000)


def test_the_daily_job_lapses_each_that_waits_for_goods_once(strict):
    waiting, here = build.approved(build.requested(build.sold())), build.on_the_dock()
    only_money = build.approved(build.requested(build.sold(), type="refund_only"))

    assert [lapse_due(DAY + timedelta(days=days)) for days in (3, 4, 5)] == [0, 1, 0]

    authorized = {f"R{piece.line.rma_id:06d}": piece.authorized_e4 for piece in ReturnPiece.objects.all()}
    assert authorized == {waiting: 0, here: e4(1), only_money: e4(1)}
