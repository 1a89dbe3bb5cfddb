"""Parcels: announced for returns, here with their weight, many to many; what is opened was here."""

from __future__ import annotations

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.announce_parcel import LogParcel, log_parcel
from backstock.returns.dock.parcels import parcels_of, returns_in
from backstock.returns.models import Parcel, ParcelReturn
from tests import build, build_dock
from tests.build import DAY
from tests.ledgers import refused


def test_one_parcel_of_two_returns_and_two_parcels_of_one_return(shop):
    first, second = build_dock.waiting(1), build_dock.waiting(1)
    both = build_dock.announced(first, second, number="SF1", carrier="SF", stated_grams=900)
    build_dock.announced(first, number="SF2")

    assert both == "PK000001"
    assert returns_in([1, 2]) == {1: [1, 2], 2: [1]}
    assert [parcel.tracking_number for parcel in parcels_of(1)] == ["SF1", "SF2"]


def test_a_tracking_number_announced_again_gets_the_other_return_added(shop):
    first, second = build_dock.waiting(1), build_dock.waiting(1)
    assert build_dock.announced(first) == build_dock.announced(second) == build_dock.announced(second)
    assert (Parcel.objects.count(), ParcelReturn.objects.count()) == (1, 2)


def test_a_parcel_arrives_once_and_keeps_what_the_scale_says(shop):
    rma = build_dock.waiting(1)
    build_dock.announced(rma, number="SF1", stated_grams=1000)
    assert build_dock.arrived("SF1", weight_grams=400) == "PK000001"
    parcel = Parcel.objects.get()
    assert (parcel.stated_grams, parcel.weight_grams, parcel.state) == (1000, 400, "arrived")
    for again in ("SF1", "PK000001"):
        with refused("parcel_here", parcel="PK000001", arrived_on="2026-01-05"):
            build_dock.arrived(again)
    with refused("parcel_here"):
        build_dock.announced(rma, number="SF1")


def test_a_parcel_that_nobody_announced_is_written_down_and_opened_to_returns(shop):
    rma = build_dock.waiting(1)
    build_dock.arrived("YT77", documents=(rma,), carrier="YTO")
    build.received(rma, parcel="YT77")
    parcel = Parcel.objects.get()
    assert (parcel.state, parcel.carrier, returns_in([1])) == ("opened", "YTO", {1: [1]})


def test_two_parcels_in_one_batch_of_which_one_is_here_already(shop):
    build_dock.arrived("SF1")
    wanted = [LogParcel(parcel=code, on=DAY) for code in ("SF1", "SF2", "SF2", "SF3")]
    outcomes = log_parcel.batch(wanted, actor=SYSTEM, mode="each")
    codes = [getattr(each, "error", None) and each.error.code for each in outcomes]
    assert codes == ["parcel_here", None, "parcel_here", None]
    assert Parcel.objects.count() == 3


@pytest.mark.parametrize("make", [build_dock.announced, lambda rma: build_dock.arrived("SF1", documents=(rma,))])
def test_refuses_returns_that_expect_nothing(shop, make):
    rma = build_dock.waiting(1)
    with refused("unknown_document", document="R999999"):
        make("R999999")
    build.received(rma)
    build.disposed(build.inspected(rma))
    from backstock.returns.commands.cancel import CloseReturn, close_return

    close_return(CloseReturn(document=rma, on=DAY), actor=SYSTEM)
    with refused("transition_not_allowed", document=rma, current="closed"):
        make(rma)


def test_refuses_a_parcel_for_nobody_and_an_unknown_warehouse(shop):
    with refused("invalid_input", field="documents"):
        build_dock.announced()
    with refused("unknown_warehouse"):
        build_dock.arrived("SF1", warehouse="MOON")


def test_receiving_out_of_an_unknown_parcel_is_refused(shop):
    rma = build_dock.waiting(1)
    with refused("unknown_document", document="SF9"):
        build.received(rma, parcel="SF9")
