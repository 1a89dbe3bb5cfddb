"""Step 4: what we found; no goods move."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.inspect import inspect_return
from backstock.returns.models import ReturnEvent, ReturnPiece
from tests import build
from tests.build import e4
from tests.ledgers import refused, written


def test_records_a_verdict_and_moves_nothing(shop):
    rma = build.on_the_dock(2)
    with written() as ledgers:
        build.inspected(rma, 1, grade="B")
        build.inspected(rma, 1, accepted=False)

    piece = ReturnPiece.objects.get()
    assert (piece.accepted_e4, piece.rejected_e4) == (e4(1), e4(1))
    assert (ledgers.goods, ledgers.money) == ([], [])
    assert set(ReturnEvent.objects.filter(kind="inspect").values_list("verdict", "grade")) == {
        ("accepted", "B"),
        ("rejected", ""),
    }


@pytest.mark.parametrize(
    ("line", "code", "facts"),
    [
        ({"quantity": 3}, "quantity_exceeds_received", {"sku": "A", "asked_e4": e4(3), "received_e4": e4(2)}),
        ({"quantity": 0}, "quantity_required", {"sku": "A"}),
        ({"quantity": "0.5"}, "invalid_quantity", {"sku": "A"}),
        ({"sku": "B"}, "item_not_in_sale", {"sku": "B"}),
        ({"sku": "NO"}, "unknown_product", {"sku": "NO"}),
    ],
)
def test_refuses(shop, line, code, facts):
    build.product("B")
    rma = build.on_the_dock(2)
    with refused(code, **facts):
        build.inspected(rma, **line)


def test_refuses_what_has_not_come_and_what_was_inspected_before(shop):
    rma = build.approved(build.requested(build.sold()))
    with refused("quantity_exceeds_received", received_e4=0):
        build.inspected(rma)
    build.inspected(build.received(rma))
    with refused("quantity_exceeds_received", received_e4=0):
        build.inspected(rma)


def test_refuses_an_unknown_return_and_a_verdict_on_nothing(shop):
    rma = build.on_the_dock()
    with refused("unknown_document", document="R5555"):
        build.inspected("R5555")
    with refused("quantity_required", document=rma):
        inspect_return(inspect_return.parse({"document": rma, "lines": []}), actor=SYSTEM)


def test_the_same_item_twice_counts_twice(shop):
    rma = build.on_the_dock(2)
    lines = [{"sku": "A", "quantity_e4": e4(n)} for n in (1, 2)]
    with refused("quantity_exceeds_received", asked_e4=e4(2), received_e4=e4(1)):
        inspect_return(inspect_return.parse({"document": rma, "lines": lines}), actor=SYSTEM)


def test_one_by_one_only_the_verdict_on_too_much_is_refused(shop):
    rma = build.on_the_dock(2)
    outcomes = inspect_return.batch([build.inspection(rma, n) for n in (1, 2, 1)], actor=SYSTEM, mode="each")

    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [
        None,
        "quantity_exceeds_received",
        None,
    ]
    assert ReturnPiece.objects.get().accepted_e4 == e4(2)


def test_grades_are_a_to_d(shop):
    rma = build.on_the_dock()
    with refused("invalid_input", field="lines.0.grade"):
        inspect_return(
            inspect_return.parse({"document": rma, "lines": [{"sku": "A", "quantity_e4": 1, "grade": "E"}]}),
            actor=SYSTEM,
        )
