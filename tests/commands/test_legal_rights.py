"""Online customers keep what the law gives them on every way in: a window, a hearing, their first shipping."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.returns.commands.approve import RejectReturn, reject_return
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.commands.warn_clock import warn_due
from backstock.returns.deciding.clocks import late
from backstock.returns.deciding.deadlines import deadlines, legal_dues
from backstock.returns.models import LegalClock, Return
from backstock.returns.queries import events_of, loaded_return
from tests import build, build_dock, build_flows, build_law
from tests.build import DAY
from tests.build_requests import changed
from tests.ledgers import refused


@pytest.fixture
def chinese(company_db):
    build.company(law="CN")


def reject(rma, on):
    reject_return(RejectReturn(document=rma, reason="too late", on=on), actor=SYSTEM)


def clocks(rma):
    found = loaded_return(rma)
    return {due.what: due.on for due in legal_dues(found, events_of(found.row.pk))}


def test_a_shorter_window_does_not_bind_an_online_customer(chinese):
    build.policy(window_days=3)
    online, counter = build.sold(channel="online"), build.sold(channel="shop")
    fifth, last = DAY + timedelta(days=5), DAY + timedelta(days=7)
    with refused("return_window_expired", window_days=3):
        build.requested(counter, on=fifth)

    rma = build.requested(online, on=last)
    with refused("legal_right_not_waivable", document=rma, sku="A", until=last.isoformat()):
        reject(rma, last + timedelta(days=9))

    with refused("return_window_expired", last_day=last.isoformat()):
        build.requested(online, on=last + timedelta(days=1))


def test_after_the_legal_days_only_the_policy_counts(chinese):
    build.policy(window_days=30)
    rma = build.requested(build.sold(channel="online"), on=DAY + timedelta(days=8))
    reject(rma, DAY + timedelta(days=8))
    assert (loaded_return(rma).row.status, clocks(rma)) == ("rejected", {})


def test_a_policy_cannot_turn_down_by_itself_what_the_law_lets_come_back(chinese):
    build.policy(reject_when=[{"sku": "A"}])
    online, counter = build.sold(channel="online"), build.sold(channel="shop")
    assert loaded_return(build.requested(online)).lines[0].row.decision == "review"
    assert loaded_return(build.requested(counter)).lines[0].row.decision == "reject"


def test_the_clock_of_the_money_starts_when_the_goods_are_here_and_stops_when_they_were_not(chinese):
    rma = build.requested(build.sold(channel="online"))
    assert clocks(rma) == {"decide": DAY + timedelta(days=15)}
    build.approved(rma)
    build.received(rma, on=DAY + timedelta(days=3))
    assert clocks(rma)["refund"] == DAY + timedelta(days=10)

    undo_step(UndoStep(document=rma, what="receive", on=date(2026, 1, 20)), actor=SYSTEM)

    assert "refund" not in clocks(rma)


def running(rma):
    found = loaded_return(rma)
    return [
        (each.step, each.until.astimezone(ZoneInfo("Asia/Shanghai")).date() - DAY, each.by, each.binds)
        for each in deadlines(found, events_of(found.row.pk), "Asia/Shanghai")
    ]


def test_law_and_flow_are_one_list_of_deadlines_of_which_the_first_binds_and_is_late(chinese):
    build.policy(return_deadline_days=20)
    spans = {"approve": {"days": 3}, "receive": {"days": 30}, "inspect": {"days": 1}, "settle": {"days": 9}}
    build_flows.flow("online", when={"types": ["return_refund"], "channel": "online"}, deadlines=spans)
    days = [timedelta(days=n) for n in range(40)]
    rma = build.requested(build.sold(channel="online"))
    assert running(rma) == [
        ("approve", days[3], "flow", True), ("approve", days[15], "law", False),
    ]  # fmt: skip

    build.approved(rma)
    assert running(rma) == [("receive", days[20], "policy", True), ("receive", days[30], "flow", False)]

    build.inspected(build.received(rma, on=DAY + days[2]), on=DAY + days[2])
    assert running(rma) == [("settle", days[9], "law", True), ("settle", days[17], "law", False)]
    build.disposed(rma, on=DAY + days[4])
    assert running(rma) == [("settle", days[9], "law", True), ("settle", days[17], "law", False)]
    assert [row.number for row in late(Return.objects.all(), datetime(2026, 1, 15, tzinfo=UTC))] == [rma]
    assert not late(Return.objects.all(), datetime(2026, 1, 14, 15, 59, tzinfo=UTC))

    build.settled(rma, on=DAY + days[4])
    assert running(rma) == []


def test_the_law_counts_also_where_the_flow_has_no_clock_and_from_the_request_where_it_says_so(company_db):
    build.company(law="EU")
    build_flows.flow("online", when={"types": ["return_refund"], "channel": "online"}, deadlines={})
    build.policy(refund_when="received")
    rma = build.received(build.approved(build.requested(build.sold(channel="online"))))
    assert running(rma) == [("settle", timedelta(days=14), "law", True)]
    assert [row.number for row in late(Return.objects.all(), datetime(2026, 1, 20, tzinfo=UTC))] == [rma]


def test_cn_crl_24_faulty_goods_come_back_to_a_shop_for_seven_days_and_the_way_back_is_the_sellers(chinese):
    build.policy(
        window_days=3, reasons={"bad": ["defective"], "unwanted": []}, restocking_fee_e6=100_000, refund_when="received"
    )
    counter = build.sold(quantity=2)
    fifth = DAY + timedelta(days=5)
    with refused("return_window_expired"):
        build.requested(counter, on=fifth, reason="unwanted")
    rma = build.requested(counter, on=fifth, reason="defective")
    with refused("legal_right_not_waivable", article="消费者权益保护法 Art. 24"):
        reject(rma, fifth)
    build.received(build.approved(rma, on=fifth), on=fifth)
    with refused("legal_freight_is_ours", article="消费者权益保护法 Art. 24"):
        settle_return(SettleReturn(document=rma, return_shipping_cents=500, on=fifth), actor=SYSTEM)
    done = settle_return(SettleReturn(document=rma, on=fifth), actor=SYSTEM)
    assert done.answer["total_cents"] == 10_000


def test_cn_order_90_20_only_what_the_buyer_confirmed_at_this_purchase_is_an_exception(chinese):
    build.policy(reject_when=[{"sku": "A"}])
    told, untold = build.sold(channel="online"), build.sold(channel="online")
    with refused("confirmed_too_late", document=told):
        build_law.noted(told, "near_expiry", confirmed_on=DAY + timedelta(days=1))
    build_law.noted(told, "near_expiry")
    assert [loaded_return(build.requested(sale)).lines[0].row.decision for sale in (told, untold)] == [
        "reject",
        "review",
    ]
    build_law.noted(told, "near_expiry", holds=False)
    assert loaded_return(build.requested(told)).lines[0].row.decision == "review"


def test_eu_crd_10_who_was_not_told_of_the_right_has_a_year_more(company_db):
    build.company(law="EU")
    build.policy(window_days=5)
    sale = build.sold(channel="online")
    later = DAY + timedelta(days=300)
    with refused("return_window_expired"):
        build.requested(sale, on=later)
    build_law.noted(sale, "uninformed", line=None)
    assert loaded_return(build.requested(sale, on=later)).lines[0].terms.legal_until == "2027-01-19"


def test_another_channel_is_a_market_with_its_own_law_and_a_return_keeps_what_held_when_it_was_asked(shop):
    build_law.law(markets=[{"channel": "tmall", "law": "CN"}, {"channel": "web", "law": "EU"}])
    build.policy(window_days=0)
    sixth = DAY + timedelta(days=6)
    for channel, law in (("tmall", "CN"), ("web", "EU")):
        assert loaded_return(build.requested(build.sold(channel=channel), on=sixth)).lines[0].terms.law == law
    counter = build.sold(channel="shop")
    with refused("return_window_expired"):
        build.requested(counter, on=sixth)


def test_the_clocks_of_the_law_are_kept_with_start_proof_and_article_and_colleagues_are_told_in_time(chinese):
    build.policy(refund_when="received")
    rma = build.received(build.approved(build.requested(build.sold(channel="online"))), on=DAY + timedelta(days=3))
    days = {n: DAY + timedelta(days=n) for n in (0, 3, 7, 8, 10, 11, 15, 18)}
    assert warn_due(days[7]) == 0
    kept = {
        clock.rule: (clock.starts, clock.since_on, clock.due_on, clock.done_on, clock.is_open)
        for clock in LegalClock.objects.all()
    }
    assert kept == {
        "withdrawal": ("delivery", days[0], days[7], days[0], False),
        "decide": ("request", days[0], days[15], days[0], False),
        "refund": ("arrival", days[3], days[10], None, True),
        "refund_sanction": ("arrival", days[3], days[18], None, True),
    }
    assert [warn_due(days[8]), warn_due(days[8]), warn_due(days[11]), warn_due(days[11])] == [1, 0, 1, 0]
    told = CommandLog.objects.filter(name="returns.warn_clock").order_by("pk").values_list("document", "events")
    assert [(document, events[0]["event"]) for document, events in told] == [
        (rma, "LegalClockNear"),
        (rma, "LegalClockLate"),
    ]

    close_return(CloseReturn(document=rma, on=days[11]), actor=SYSTEM)
    warn_due(days[11])
    assert LegalClock.objects.get(rule="refund").is_open

    build.settled(rma, on=days[11])
    warn_due(days[18])

    paid = LegalClock.objects.get(rule="refund")
    assert (paid.done_on, paid.is_open, paid.done_on > paid.due_on) == (days[11], False, True)
    assert not LegalClock.objects.filter(is_open=True).exists()


def test_a_table_that_gives_less_is_not_published_and_other_terms_that_do_are_told(chinese):
    row = {"id": "late", "when": {"channel": {"is": ["online"]}}, "then": {"decision": "reject"}}
    with refused("policy_below_law", where="table.late", article="消费者权益保护法 Art. 25"):
        build.policy(table={"hit": "first", "rows": [row]})
    # Where no law was in force when it was published, the right stands above the row later.
    build_law.law(law="none")
    build.policy(table={"hit": "first", "rows": [{"id": "swap", "then": {"remedies": ["exchange"]}}]})
    build_law.chinese()
    assert loaded_return(build.requested(build.sold(channel="online"))).lines[0].terms.law == "CN"
    later = row | {"when": row["when"] | {"days_since_delivery": {"min": 8}}}
    build.policy(table={"hit": "first", "rows": [later]})
    build.policy(window_days=3)
    told = CommandLog.objects.filter(name="policies.publish").order_by("-pk").values_list("answer", flat=True)[0]
    assert [(each["term"], each["article"]) for each in told["below_law"]] == [
        ("window_days", "消费者权益保护法 Art. 25")
    ]


def test_eu_crd_13_money_waits_for_a_proof_of_dispatch_and_is_alarmed_from_then_on(company_db):
    build.company(law="EU")
    rma = build.approved(build.requested(build.sold(channel="online")))
    late_day = DAY + timedelta(days=20)
    assert warn_due(late_day) == 0
    clock = LegalClock.objects.get(rule="refund")
    assert (clock.waits, clock.due_on, clock.evidence) == (True, DAY + timedelta(days=14), rma)

    build_dock.announced(rma, on=late_day)
    assert warn_due(late_day) == 1

    clock = LegalClock.objects.get(rule="refund")
    assert (clock.waits, clock.due_on, clock.told) == (False, late_day, 1)
    assert LegalClock.objects.get(rule="send_back").told == 0


def test_cn_crl_25_an_exchange_that_becomes_a_refund_has_the_right_it_would_have_had(chinese):
    build.policy(reject_when=[{"type": "return_refund"}])
    early, late_one = (
        build.requested(build.sold(channel="online"), on=DAY + timedelta(days=day), type="replacement")
        for day in (3, 8)
    )
    changed(early, "return_refund", on=DAY + timedelta(days=9))
    with refused("legal_right_not_waivable", article="消费者权益保护法 Art. 25"):
        reject(early, DAY + timedelta(days=9))
    with refused("type_change_not_possible"):
        changed(late_one, "return_refund")
