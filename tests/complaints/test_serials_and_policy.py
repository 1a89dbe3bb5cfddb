"""Groups 3.9 and 3.10 of the complaints: serial numbers lost or invented; no policy, no reason."""

from __future__ import annotations

from django.utils import translation

from backstock.catalog.models import Lot
from backstock.desk.returns.story import chapters
from tests import build
from tests.build import e4
from tests.build_recalls import called_back
from tests.build_requests import asked, corrected, line
from tests.ledgers import refused


def test_the_whole_life_of_a_serial_number_stands_on_one_page(shop):
    """Rank 8: what happened to this very piece, with every paper linked."""
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    rma = build.requested(build.sold("S", 1, serials=("N1",)), 1, "S", serials=("N1",))
    build.received(build.approved(rma), 1, "S", serials=("N1",))
    build.disposed(build.inspected(rma, 1, "S", serials=("N1",), grade="A"), 1, "S", serials=("N1",))
    build.sold("S", 1, serials=("N1",))
    with translation.override("en"):
        told = chapters(Lot.objects.select_related("product").get(code="N1"))
    assert [each.what for each in told if not each.what.startswith("Inspected")] == [
        "Sold", "Back on the shelf", "Returned", "Sold", "Bought",
    ]  # fmt: skip
    assert all(each.href for each in told)


def test_a_serial_number_that_is_called_back_is_not_sold_again(shop):
    """Rank 8: a piece that should not be out there does not leave by mistake."""
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("N1", "N2"))
    called_back("S", ("N1",))
    with refused("stock_blocked", sku="S"):
        build.sold("S", 1, serials=("N1",))
    build.sold("S", 1, serials=("N2",))


def test_a_wrong_reason_is_corrected_and_the_policy_asked_again(shop):
    """Rank 9: the reason decides, so it is checked when it is asked for and when it is corrected."""
    build.policy(reasons={"unwanted": [], "damaged": []}, per_reason={"damaged": {"approval": "auto"}})
    rma = asked(line("A", 1, reason="unwanted"), sale=build.sold(quantity=3)).document
    with refused("reason_not_leaf", sku="A"):
        corrected(rma, lines=[line("A", 1, reason="other")])
    corrected(rma, lines=[{"sku": "A", "quantity_e4": e4(1), "reason": "damaged"}])
