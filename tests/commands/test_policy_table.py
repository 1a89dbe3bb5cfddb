"""A policy with a table: the row that counts decides about a line, sets its terms, and is named where it decided."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstock.core.permissions import SYSTEM
from backstock.policies.commands.publish import publish_policy
from backstock.policies.models import PolicyVersion
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.models import CreditNote
from backstock.returns.commands.change_type import ChangeType, change_type
from backstock.returns.commands.edit import EditLine, EditReturn, edit_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.queries import loaded_return, returnable
from tests import build, build_evidence
from tests.build import DAY, e4
from tests.cast import SUN
from tests.ledgers import refused

ELECTRONICS = {"category": {"is": ["electronics"]}}


def publish(*rows, hit="first", **terms):
    build.policy(**terms, table={"hit": hit, "rows": [{"id": f"r{n}"} | row for n, row in enumerate(rows, 1)]})


def ask(sale, sku="A", quantity=1, on=DAY, **line):
    header = {name: line.pop(name) for name in ("type", "evidence") if name in line}
    lines = (RequestLine(sku=sku, quantity_e4=e4(quantity), **line),)
    return request_return(RequestReturn(sale=sale, lines=lines, on=on, **header), actor=SYSTEM).document


def line_of(rma):
    return loaded_return(rma).lines[0]


@pytest.fixture
def gadget(shop):
    build.product("TV", 100, category="electronics")
    build.bought("TV", 10, 60)
    return build.sold("TV", 5)


def test_an_opened_box_costs_a_tenth_and_the_row_is_named(gadget):
    fee = {"decision": "approve", "restocking_fee_e6": 100_000, "refund_when": "received"}
    publish(
        {"when": ELECTRONICS | {"opened": {"yes": True}}, "then": fee},
        {"when": ELECTRONICS, "then": {"decision": "approve"}},
    )

    rma = ask(gadget, "TV", opened=True)
    assert (line_of(rma).row.decision, loaded_return(rma).row.status) == ("approve", "approved")
    [found] = line_of(rma).row.findings
    assert found == {
        "code": "table_row",
        "outcome": "approve",
        "facts": {"row": "r1", "category": "electronics", "opened": "True"},
    }
    build.settled(build.received(rma, sku="TV"))
    assert CreditNote.objects.get().fee_cents == 1_000

    assert line_of(ask(gadget, "TV", opened=False)).row.findings[0]["facts"]["row"] == "r2"
    assert line_of(ask(gadget, "TV")).terms.restocking_fee_e6 == 0


def test_a_share_of_the_price_is_given_back(gadget):
    publish(
        {"when": ELECTRONICS, "then": {"decision": "approve", "refund_percent_e6": 750_000, "refund_when": "approved"}}
    )
    build.settled(ask(gadget, "TV"))
    assert CreditNote.objects.get().fee_cents == 2_500


def test_days_amount_and_history_are_read_only_when_a_row_asks(gadget):
    late, many = (
        {"days_since_delivery": {"min": 8}},
        {"returns_90_days": {"min": 2}, "customer_level": {"not": ["VIP"]}},
    )
    publish(
        {"when": late, "then": {"decision": "reject"}}, {"when": many, "then": {"decision": "review"}}, approval="auto"
    )
    assert [line_of(ask(gadget, "TV")).row.decision for _ in range(3)] == ["approve", "approve", "review"]
    assert line_of(ask(gadget, "TV", on=DAY + timedelta(days=8))).row.decision == "reject"

    def statements():
        with CaptureQueriesContext(connection) as seen:
            ask(gadget, "TV", on=DAY + timedelta(days=8))
        return len(seen)

    asking = statements()
    publish({"when": late, "then": {"decision": "reject"}})
    assert asking == statements() + 1


def test_the_strictest_row_wins_where_the_table_says_so(gadget):
    rows = (
        {"when": ELECTRONICS, "then": {"decision": "approve"}},
        {"when": {"quantity_e4": {"min": 20_000}}, "then": {"decision": "review"}},
    )
    publish(*rows, hit="strictest")
    assert (line_of(ask(gadget, "TV")).row.decision, line_of(ask(gadget, "TV", 2)).row.decision) == (
        "approve",
        "review",
    )


def test_what_a_row_does_not_offer_or_wants_proof_for_is_refused(gadget):
    publish({"when": ELECTRONICS, "then": {"remedies": ["repair", "return_refund"], "evidence_required": True}})
    with refused("evidence_required", sku="TV"):
        ask(gadget, "TV")
    with refused("remedy_not_offered", sku="TV", wanted="exchange", offered="repair, return_refund"):
        ask(gadget, "TV", type="exchange", evidence=("photo",))
    rma = ask(gadget, "TV", evidence=("photo",))
    with refused("remedy_not_offered", wanted="refund_only"):
        change_type(ChangeType(document=rma, type="refund_only", on=DAY), actor=SYSTEM)


def test_a_blind_return_is_decided_by_the_table_too(shop):
    publish({"when": {"opened": {"yes": True}}, "then": {"decision": "reject"}}, approval="auto")
    line = RequestLine(sku="A", quantity_e4=e4(1), unit_price_e6=1, opened=True)
    rma = request_return(RequestReturn(customer=SUN, lines=(line,), on=DAY), actor=SYSTEM).document
    assert line_of(rma).row.decision == "reject"


def test_the_facts_of_the_request_still_count_when_the_reason_changes(gadget):
    publish({"when": {"opened": {"yes": True}, "reason": {"is": ["broken"]}}, "then": {"decision": "reject"}})
    rma = ask(gadget, "TV", opened=True, reason="unwanted")
    assert line_of(rma).terms.facts == {"opened": True, "evidence": False}
    edit = EditReturn(document=rma, lines=(EditLine(sku="TV", quantity_e4=e4(1), reason="broken"),), on=DAY)
    edit_return(edit, actor=SYSTEM)
    assert (line_of(rma).row.decision, line_of(rma).row.findings[0]["facts"]["row"]) == ("reject", "r1")


def test_a_corrected_line_is_judged_by_how_much_it_is_now_and_by_the_proof_that_came_since(gadget):
    small = {"amount_cents": {"max": 10_000}, "reason": {"is": ["unwanted"]}}
    publish(
        {"when": small, "then": {"decision": "approve"}},
        {"when": {"reason": {"is": ["broken"]}}, "then": {"decision": "review", "evidence_required": True}},
        {"then": {"decision": "review", "restocking_fee_e6": 100_000}},
        review_when=[{"channel": "shop"}],
    )
    rma = ask(gadget, "TV", reason="unwanted")

    def edited(quantity, reason=None):
        line = EditLine(sku="TV", quantity_e4=e4(quantity), reason=reason)
        edit_return(EditReturn(document=rma, lines=(line,), on=DAY), actor=SYSTEM)
        line = line_of(rma)
        return line.row.findings[-1]["facts"]["row"], line.terms.restocking_fee_e6, line.terms.facts["amount_cents"]

    assert edited(2) == ("r3", 100_000, 20_000)
    assert edited(1) == ("r1", 0, 10_000)
    with refused("evidence_required", sku="TV"):
        edited(1, "broken")
    build_evidence.attached(rma, build_evidence.picture())
    assert edited(1, "broken") == ("r2", 0, 10_000)


def test_another_type_takes_the_terms_of_its_own_row(gadget):
    wanted = {"fee": {"restocking_fee_e6": 200_000}, "proof": {"evidence_required": True}}
    publish(
        {"when": {"type": {"is": ["refund_only"]}}, "then": wanted["fee"] | wanted["proof"]},
        {"then": {"store_credit_days": 9}},
    )
    rma = ask(gadget, "TV")
    change = ChangeType(document=rma, type="refund_only", on=DAY)
    with refused("evidence_required", sku="TV"):
        change_type(change, actor=SYSTEM)
    build_evidence.attached(rma, build_evidence.picture())
    change_type(change, actor=SYSTEM)
    terms = line_of(rma).terms
    assert (terms.restocking_fee_e6, terms.store_credit_days, terms.facts) == (200_000, None, {"evidence": True})


def test_in_one_batch_each_request_is_judged_by_the_history_of_its_own_day(gadget):
    publish({"when": {"returns_90_days": {"min": 1}}, "then": {"decision": "review"}}, approval="auto")
    ask(gadget, "TV")
    batch = [
        RequestReturn(sale=gadget, lines=(RequestLine(sku="TV", quantity_e4=e4(1)),), on=DAY + timedelta(days=days))
        for days in (1, 200)
    ]
    done = request_return.batch(batch, actor=SYSTEM)
    assert [line_of(each.document).row.decision for each in done] == ["review", "approve"]


def test_a_correction_of_the_quantity_asks_the_table_again_and_cannot_slip_past_it(gadget):
    publish(
        {"when": {"quantity_e4": {"min": 20_000}, "evidence": {"yes": False}}, "then": {"decision": "reject"}},
        {"when": {"amount_cents": {"max": 10_000}}, "then": {"decision": "review"}},
    )
    rma = ask(gadget, "TV")
    edit_return(EditReturn(document=rma, lines=(EditLine(sku="TV", quantity_e4=e4(2)),), on=DAY), actor=SYSTEM)
    [found] = line_of(rma).row.findings
    assert (line_of(rma).row.decision, found["facts"]) == (
        "reject",
        {"row": "r1", "quantity_e4": "20000", "evidence": "False"},
    )
    assert line_of(rma).terms.facts == {"quantity_e4": 20_000, "amount_cents": 20_000, "evidence": False}
    assert returnable(gadget, "TV") == e4(5)


def test_the_way_back_is_not_taken_off_the_money_where_a_row_lets_us_bear_it(gadget):
    publish({"when": ELECTRONICS, "then": {"decision": "approve", "freight": "company", "refund_when": "approved"}})
    rma = ask(gadget, "TV")
    with refused("freight_is_ours", document=rma, sku="TV"):
        settle_return(SettleReturn(document=rma, return_shipping_cents=100, on=DAY), actor=SYSTEM)
    build.settled(rma)


def test_what_is_odd_in_a_table_is_answered_with_a_case_and_published_all_the_same(shop):
    rows = [{"id": "all", "then": {"decision": "approve"}}, {"id": "never", "when": ELECTRONICS}]
    wanted = publish_policy.parse({"terms": {"table": {"rows": rows}}, "on": "2026-01-05"})
    assert publish_policy(wanted, actor=SYSTEM).answer["odd"] == [
        {"kind": "unreachable", "rows": ["never", "all"], "case": {"category": "electronics"}}
    ]
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": "a"}, {"id": "a"}],
        [{"id": "a", "when": {"opened": {"is": ["x"]}}}],
        [{"id": "a", "when": {"tag": {"is": ["x"]}}}],
        [{"id": "a", "when": {"weather": {"is": ["x"]}}}],
        [{"id": "a", "then": {"decision": "perhaps"}}],
        [{"id": "a", "then": {"remedies": []}}],
    ],
)
def test_a_table_that_means_nothing_is_not_published(shop, rows):
    with refused("invalid_input"):
        publish_policy(publish_policy.parse({"terms": {"table": {"rows": rows}}, "on": "2026-01-05"}), actor=SYSTEM)
    assert not PolicyVersion.objects.exists()
