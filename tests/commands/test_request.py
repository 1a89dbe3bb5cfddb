"""Step 1: a customer asks, and the policy answers."""

from datetime import date, timedelta

import pytest

from backstock.core.permissions import SYSTEM
from backstock.evidence.models import Evidence
from backstock.returns.commands.request import request_return
from backstock.returns.models import Return, ReturnLine, ReturnPiece
from backstock.returns.queries import returnable
from backstock.sales.models import SalePiece
from tests import build
from tests.build import DAY, e4
from tests.cast import HE, SUN
from tests.ledgers import refused, written


def ask(sale=None, lines=(("A", 1),), **more):
    """A request with lines given as (sku, quantity) or as whole lines."""
    rows = [line if isinstance(line, dict) else {"sku": line[0], "quantity_e4": e4(line[1])} for line in lines]
    raw = {"lines": rows, "on": DAY.isoformat(), **more} | ({"sale": sale} if sale else {})
    return request_return(request_return.parse(raw), actor=SYSTEM)


def test_holds_the_goods_open_and_moves_nothing(shop):
    sale = build.sold(quantity=3)
    with written() as ledgers:
        done = ask(sale, [("A", 2)], reference="WX-1", note="box is torn", evidence=["a.jpg"])

    assert done.answer == {"document": done.document, "outcome": "review", "status": "requested"}
    assert (returnable(sale, "A"), SalePiece.objects.get().open_e4) == (e4(1), e4(2))
    assert (ledgers.goods, ledgers.money) == ([], [])
    assert set(Evidence.objects.values_list("document", "kind", "name", "text")) == {
        (done.document, "file", "a.jpg", ""), (done.document, "note", "", "box is torn"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "outcome", "status"),
    [
        ({}, "review", "requested"),
        ({"approval": "auto"}, "approve", "approved"),
        ({"approval": "auto", "review_when": [{"channel": "online"}]}, "review", "requested"),
        ({"reject_when": [{"customer": SUN}]}, "reject", "rejected"),
    ],
)
def test_the_policy_decides_and_why_is_kept(shop, terms, outcome, status):
    build.policy(**terms)
    sale = build.sold(channel="online")

    done = ask(sale)

    assert (done.answer["outcome"], Return.objects.get().status) == (outcome, status)
    assert ReturnLine.objects.get().findings
    assert returnable(sale, "A") == e4(2 if outcome == "reject" else 1)


def test_an_approved_request_is_authorised_with_its_deadline(shop):
    build.policy(approval="auto", return_deadline_days=5)
    ask(build.sold())

    assert ReturnPiece.objects.get().authorized_e4 == e4(1)
    assert Return.objects.get().lapses_on == DAY + timedelta(days=5)


def test_one_rejected_line_does_not_hold_its_goods_and_a_person_sees_the_rest(shop):
    build.product("B")
    build.bought("B")
    build.policy(reject_when=[{"sku": "B"}])
    sale = build.sell(
        build.sell.parse(
            {"customer": SUN, "on": "2026-01-05", "lines": [{"sku": s, "quantity_e4": e4(1)} for s in "AB"]}
        ),
        actor=SYSTEM,
    ).document

    assert ask(sale, [("A", 1), ("B", 1)]).answer["outcome"] == "review"
    assert (returnable(sale, "A"), returnable(sale, "B")) == (0, e4(1))


def test_several_sales_may_come_back_in_one_return(shop):
    sales = [build.sold(quantity=1), build.sold(quantity=2)]
    ask(lines=[{"sku": "A", "quantity_e4": e4(1), "sale": sale} for sale in sales])
    assert [returnable(sale, "A") for sale in sales] == [0, e4(1)]


def test_a_kit_comes_back_as_a_kit_or_as_a_part(shop):
    build.product("B")
    build.bought("B")
    build.product("K", 300, kit={"A": 2, "B": 1})
    sale = build.sold("K", 2)
    ask(sale, [("A", 1)])

    assert (returnable(sale, "K"), returnable(sale, "A"), returnable(sale, "B")) == (e4(1), e4(3), e4(2))


@pytest.mark.parametrize(
    ("wish", "code", "facts"),
    [
        ({"sale": "S99"}, "unknown_document", {"document": "S99"}),
        ({"sale": "x" * 100}, "unknown_document", {"document": "x" * 60}),
        ({"customer": HE}, "wrong_customer", {"customer": HE}),
        ({"lines": []}, "quantity_required", {}),
        ({"lines": [("NO", 1)]}, "unknown_product", {"sku": "NO"}),
        ({"lines": [("B", 1)]}, "item_not_in_sale", {"sku": "B"}),
        ({"lines": [("A", 1), ("A", 1)]}, "duplicate_line", {"sku": "A"}),
        ({"lines": [("A", 0)]}, "quantity_required", {"sku": "A"}),
        ({"lines": [("A", "0.5")]}, "invalid_quantity", {"sku": "A", "quantity": "0.5"}),
        ({"lines": [("A", -1)]}, "invalid_quantity", {"sku": "A", "quantity": "-1"}),
        ({"lines": [("A", 3)]}, "quantity_exceeds_returnable", {"sku": "A", "asked_e4": e4(3), "returnable_e4": e4(2)}),
        ({"lines": [{"sku": "A", "quantity_e4": 1, "line": 7}]}, "item_not_in_sale", {"sku": "A"}),
        ({"on": "2026-01-04"}, "return_before_delivery", {"on": "2026-01-04", "delivered_on": "2026-01-05"}),
    ],
)
def test_refuses(shop, wish, code, facts):
    build.product("B")
    sale = build.sold()
    with refused(code, **facts):
        ask(**{"sale": sale, **wish})


def test_refuses_what_has_not_left_and_what_is_sold_for_good(shop):
    build.product("F", returnable=False)
    build.bought("F")
    waiting, final = build.sold(shipped="none"), build.sold("F", 1)
    with refused("not_shipped", sku="A", document=waiting):
        ask(waiting)
    with refused("not_returnable", sku="F"):
        ask(final, [("F", 1)])


@pytest.mark.parametrize(
    ("days", "code"), [(0, None), (7, None), (8, "return_window_expired")]
)  # fmt: skip
def test_the_window_is_open_through_its_last_day(shop, days, code):
    build.policy(window_days=7)
    sale, on = build.sold(), (DAY + timedelta(days=days)).isoformat()
    if code is None:
        assert ask(sale, on=on).document
        return
    with refused(code, sku="A", on="2026-01-13", last_day="2026-01-12", window_days=7):
        ask(sale, on=on)


@pytest.mark.parametrize(
    ("reason", "evidence", "code"),
    [
        ("", [], "reason_required"),
        ("damaged", [], "reason_not_leaf"),
        ("nonsense", [], "reason_not_leaf"),
        ("in_transit", [], "evidence_required"),
        ("in_transit", ["photo.jpg"], None),
        ("unwanted", [], None),
    ],
)
def test_the_policy_may_want_a_reason_and_evidence_for_it(shop, reason, evidence, code):
    build.policy(reasons={"damaged": ["in_transit", "in_use"], "unwanted": []}, evidence_for=["in_transit"])
    sale, line = build.sold(), {"sku": "A", "quantity_e4": e4(1), "reason": reason}
    if code is None:
        assert ask(sale, [line], evidence=evidence).document
        return
    with refused(code, sku="A"):
        ask(sale, [line], evidence=evidence)


@pytest.mark.parametrize(
    ("serials", "code", "facts"),
    [
        ([], "serial_required", {"sku": "S", "needed_e4": e4(1), "given": 0}),
        (["N1", "N2"], "serial_required", {"given": 2}),
        (["N3"], "serial_not_in_sale", {"serial": "N3"}),
        (["N9"], "serial_not_in_sale", {"serial": "N9"}),
        (["N2"], "serial_already_returned", {"serial": "N2"}),
    ],
)
def test_a_serial_number_comes_back_only_if_it_left_and_only_once(shop, serials, code, facts):
    build.product("S", tracking="serial")
    build.bought("S", 3, 10, serials=("N1", "N2", "N3"))
    sale = build.sold("S", 2, serials=("N1", "N2"))
    build.requested(sale, 1, "S", serials=("N2",))
    with refused(code, **facts):
        ask(sale, [{"sku": "S", "quantity_e4": e4(1), "serials": serials}])


def test_a_lot_comes_back_only_if_it_left(shop):
    build.product("L", tracking="lot")
    for lot in ("L1", "L2"):
        build.bought("L", 2, 10, lot=lot)
    sale = build.sold("L", 1, lot="L1")
    with refused("lot_not_in_sale", sku="L", lot="L2", document=sale):
        ask(sale, [{"sku": "L", "quantity_e4": e4(1), "lot": "L2"}])


def test_one_return_does_not_mix_currencies(shop):
    yuan, euro = build.sold(), build.sold(currency="EUR", rate_e9=7_800_000_000)
    with refused("currency_mismatch", wanted="CNY", found="EUR"):
        ask(lines=[{"sku": "A", "quantity_e4": e4(1), "sale": sale} for sale in (yuan, euro)])


def test_a_return_without_a_sale_states_its_price(shop):
    line = {"sku": "A", "quantity_e4": e4(2), "unit_price_e6": 90_000_000}
    done = ask(lines=[line], customer=HE)

    assert Return.objects.get(pk=int(done.document[1:])).customer.code == HE
    with refused("invalid_input", field="unit_price"):
        ask(lines=[("A", 1)], customer=HE)
    with refused("invalid_input", field="customer"):
        ask(lines=[line])


def test_a_return_without_a_sale_needs_a_cost_from_somewhere(shop):
    build.product("NEW")
    line = {"sku": "NEW", "quantity_e4": e4(1), "unit_price_e6": 1}
    with refused("cost_required", sku="NEW"):
        ask(lines=[line], customer=HE)
    assert ask(lines=[{**line, "unit_cost_e6": 5_000_000}], customer=HE).document


def test_serial_numbers_nobody_knows_may_come_without_a_sale_but_each_once(shop):
    build.product("S", tracking="serial")
    line = {"sku": "S", "quantity_e4": e4(2), "unit_price_e6": 1, "unit_cost_e6": 1}
    ask(lines=[{**line, "serials": ["X1", "X2"]}], customer=HE)

    assert ReturnPiece.objects.get().requested_e4 == e4(2)
    with refused("serial_required", sku="S", given=1):
        ask(lines=[{**line, "serials": ["X1"]}], customer=HE)
    with refused("duplicate_line", sku="S"):
        ask(lines=[{**line, "serials": ["X1", "X1"]}], customer=HE)


def test_one_by_one_a_refused_request_leaves_its_goods_to_the_next(shop):
    sale = build.sold(quantity=3)
    outcomes = request_return.batch([build.request(sale, n) for n in (4, 2, 2, 1)], actor=SYSTEM, mode="each")

    assert [getattr(each, "error", None) and each.error.facts()["returnable_e4"] for each in outcomes] == [
        e4(3),
        None,
        e4(1),
        None,
    ]
    assert returnable(sale, "A") == 0


def test_the_terms_are_fixed_at_the_request(shop):
    build.policy(window_days=7)
    ask(build.sold())
    build.policy(window_days=1)

    assert ReturnLine.objects.get().terms == {"window_days": 7}
    assert Return.objects.get().requested_on == date(2026, 1, 5)


def test_parts_of_one_and_a_half_kits_are_one_kit_on_each_line(shop):
    build.product("B")
    build.bought("B")
    build.product("K", 300, kit={"A": 2, "B": 1})
    lines = [{"sku": "K", "quantity_e4": e4(2)}] * 2
    sale = build.sell(build.sell.parse({"customer": SUN, "on": "2026-01-05", "lines": lines}), actor=SYSTEM).document
    ask(sale, [{"sku": "A", "quantity_e4": e4(1), "line": 1}])

    ask(sale, [("K", 3)])

    kits = ReturnPiece.objects.filter(line__product__sku="K").order_by("pk")
    assert list(kits.values_list("requested_e4", flat=True)) == [e4(2), e4(1), e4(4), e4(2)]
