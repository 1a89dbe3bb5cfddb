"""What the law of a market gives, whatever a policy says; each case names its article."""

from datetime import date
from typing import Any

import pytest

from backstock.policies.engine import Decision, Finding, Outcome, Terms
from backstock.policies.law import (
    PACKS,
    Asked,
    LawBook,
    Market,
    Since,
    below_law,
    dues,
    gives_less,
    less_than_law,
    never_less,
    pack_of,
    right_of,
    rule_of,
    with_right,
)
from backstock.policies.law.model import months_after, working_days_after
from backstock.policies.table.model import Row

pytestmark = pytest.mark.any_database
SIGNED = date(2026, 9, 4)
ASKED, ARRIVED = date(2026, 9, 6), date(2026, 9, 15)
AGREED = Terms(refund_shipping="never", restocking_fee_e6=100_000, refund_to="store_credit", usage_per_day_e6=10)
REJECTED = Decision(Outcome.reject, (Finding("reject_when", Outcome.reject, {"sku": "A"}),))


def right(law, on=ASKED, terms=None, **asked):
    known = {"type": "return_refund", "channel": "online", "delivered_on": SIGNED, **asked}
    return right_of(LawBook(law, terms or {}), Asked(**known), on)


@pytest.mark.parametrize(
    ("law", "asked", "on", "rule", "until"),
    [
        pytest.param("CN", {}, ASKED, "withdrawal", "2026-09-11", id="cn_crl_25_seven_days_from_the_day_after_signing"),
        pytest.param("EU", {}, ASKED, "withdrawal", "2026-09-18", id="eu_crd_9_fourteen_days"),
        pytest.param("UK", {}, ASKED, "withdrawal", "2026-09-18", id="uk_ccr_30_fourteen_days"),
        pytest.param("EU", {"uninformed": True}, date(2027, 9, 1), "withdrawal", "2027-09-18", id="eu_crd_10_a_year_more"),
        pytest.param("CN", {"uninformed": True}, ASKED, "withdrawal", "2026-09-11", id="cn_knows_no_longer_right"),
        pytest.param("CN", {"is_quality": True, "channel": "shop"}, ASKED, "quality", "2026-09-11", id="cn_crl_24_quality_in_shops_too"),
        pytest.param(
            "CN", {"is_quality": True, "channel": "shop", "type": "exchange", "category": "phones"}, date(2026, 9, 18),
            "three_guarantees_exchange", "2026-09-19", id="cn_sanbao_fifteen_days_exchange",
        ),
        pytest.param(
            "CN", {"is_quality": True, "channel": "shop", "type": "repair", "category": "phones"}, date(2027, 9, 1),
            "three_guarantees_repair", "2027-09-04", id="cn_sanbao_one_year_repair",
        ),
        pytest.param("EU", {"is_quality": True, "channel": "shop", "type": "repair"}, ASKED, "conformity", "2028-09-04", id="eu_2019_771_two_years"),
        pytest.param("UK", {"is_quality": True, "channel": "shop"}, ASKED, "reject", "2026-10-04", id="uk_cra_2015_thirty_days_to_reject"),
        pytest.param(
            "none", {"channel": "us"}, ASKED, "unposted", "2026-09-11",
            id="fl_501_142_seven_days_where_terms_are_not_posted",
        ),
        pytest.param("CN", {"exceptions": frozenset({"near_expiry"}), "is_quality": True}, ASKED, "quality", "2026-09-11", id="cn_order_90_7_no_exception_from_quality"),
    ],
)  # fmt: skip
def test_a_right_runs_through_a_day(law, asked, on, rule, until):
    found = right(law, on, {"markets": [{"channel": "us", "law": "US-FL", "posted": False}]}, **asked)
    assert (found.rule.code, found.until.isoformat()) == (rule, until)


@pytest.mark.parametrize(
    ("law", "asked"),
    [
        ("none", {}),
        ("CN", {"channel": "shop"}),
        ("CN", {"delivered_on": None}),
        ("CN", {"type": "allowance"}),
        ("CN", {"type": "repair"}),
        ("CN", {"type": "refund_only"}),
        pytest.param("CN", {"exceptions": frozenset({"activated"})}, id="cn_order_90_7_confirmed_at_this_purchase"),
        pytest.param("CN", {"category": "cakes"}, id="cn_crl_25_perishable_by_its_nature"),
        pytest.param("US-FL", {}, id="fl_501_142_not_where_terms_are_posted"),
    ],
)
def test_nobody_else_has_that_right(law, asked):
    assert right(law, terms={"facts": {"CN.perishable": {"categories": ["cakes"]}}}, **asked) is None


def test_cn_order_90_20_what_the_buyer_did_not_confirm_is_no_exception():
    assert right("CN", terms={"facts": {"CN.activated": {"categories": ["phones"]}}}, category="phones") is not None


def test_a_person_looks_at_what_the_policy_alone_would_turn_down():
    decision = never_less(REJECTED, right("CN"))
    assert decision.outcome is Outcome.review
    assert [finding.code for finding in decision.findings] == ["reject_when", "legal_right"]
    yes = Decision(Outcome.approve, ())
    assert never_less(yes, right("CN")) is yes


def test_faulty_goods_in_time_have_what_a_withdrawal_gives_as_well():
    terms = with_right(AGREED, right("UK", is_quality=True))
    assert (terms.legal_right, terms.legal_also, terms.restocking_fee_e6) == ("reject", ("withdrawal",), 0)
    assert {due.what for due in dues(terms, Since(requested_on=ASKED, arrived_on=ARRIVED))} == {"refund", "send_back"}
    later = with_right(AGREED, right("UK", is_quality=True, on=date(2026, 9, 30)))
    assert (later.legal_also, dues(later, Since(requested_on=ASKED, arrived_on=ARRIVED))) == ((), [])


def test_eu_crd_14_an_authorisation_does_not_lapse_before_the_law_lets_the_customer_send_back():
    assert with_right(Terms(return_deadline_days=7), right("EU")).return_deadline_days == 14
    assert with_right(Terms(return_deadline_days=30), right("EU")).return_deadline_days == 30
    assert with_right(Terms(return_deadline_days=7), right("CN")).return_deadline_days == 7


@pytest.mark.parametrize(
    ("law", "quality", "shipping", "fee_e6", "to", "freight"),
    [
        pytest.param("EU", False, "full_return", 0, "original", None, id="eu_crd_13_everything_by_the_same_means"),
        pytest.param("UK", False, "never", 0, "store_credit", None, id="uk_ccr_nothing_is_kept"),
        pytest.param("CN", False, "never", 100_000, "original", None, id="cn_order_90_14_same_means"),
        pytest.param("CN", True, "never", 0, "original", "company", id="cn_crl_24_freight_and_costs_are_the_sellers"),
    ],
)
def test_terms_are_never_less_than_the_law(law, quality, shipping, fee_e6, to, freight):
    found = right(law, is_quality=quality)
    terms = with_right(AGREED, found)
    assert (terms.refund_shipping, terms.restocking_fee_e6, terms.refund_to, terms.legal_freight) == (
        shipping, fee_e6, to, freight,
    )  # fmt: skip
    assert (terms.law, terms.legal_until) == (law, found.until.isoformat())
    assert Terms.load(terms.kept()) == terms


@pytest.mark.parametrize(
    ("law", "arrived", "proof", "expected"),
    [
        (None, ARRIVED, None, {}),
        pytest.param("CN", None, None, {"decide": "2026-09-21"}, id="cn_penalty_rules_8_10_fifteen_days_to_decide"),
        pytest.param(
            "CN", ARRIVED, None, {"decide": "2026-09-21", "refund": "2026-09-22", "sanction": "2026-09-30"},
            id="cn_crl_25_seven_days_for_the_money_then_fifteen_until_a_fine",
        ),
        pytest.param("EU", None, None, {"refund": "2026-09-20 waits", "send_back": "2026-09-20"}, id="eu_crd_13_14_money_may_wait"),
        pytest.param("EU", None, ASKED, {"refund": "2026-09-20", "send_back": "2026-09-20"}, id="eu_crd_13_not_after_a_proof"),
        pytest.param("EU", date(2026, 9, 29), None, {"refund": "2026-09-29", "send_back": "2026-09-20"}, id="eu_crd_13_at_once_when_goods_come_late"),
        pytest.param("UK", ARRIVED, None, {"refund": "2026-09-29", "send_back": "2026-09-20"}, id="uk_ccr_34_from_the_goods"),
        pytest.param("UK", ARRIVED, ASKED, {"refund": "2026-09-20", "send_back": "2026-09-20"}, id="uk_ccr_34_or_from_the_proof"),
    ],
)  # fmt: skip
def test_a_clock_counts_from_what_sets_it_going_and_names_its_article(law, arrived, proof, expected):
    found = dues(Terms(law=law), Since(requested_on=ASKED, arrived_on=arrived, proof_on=proof))
    assert {due.what: f"{due.on}{' waits' if due.waits else ''}" for due in found} == expected
    assert all(due.source for due in found)


def test_what_a_company_corrected_counts_for_what_is_asked_afterwards_and_goes_along_with_the_line():
    facts = {
        "CN.same_means": {"is_on": False},
        "CN.three_guarantees_repair": {"months": 6, "article": "三包 Art. 9", "since": "2026-01-01"},
    }
    found = right("CN", terms={"facts": facts}, is_quality=True, type="repair", category="phones", channel="shop")
    assert (found.until, found.article) == (date(2027, 3, 4), "三包 Art. 9")
    terms = Terms.load(with_right(Terms(), found).kept())
    assert rule_of(terms).article == "三包 Art. 9"
    assert rule_of(terms, "same_means").is_on is False
    assert with_right(AGREED, right("CN", terms={"facts": facts})).refund_to == "store_credit"


def test_a_market_of_a_channel_or_a_country_has_its_own_law():
    book = LawBook(
        "CN", {"markets": [{"channel": "tmall", "law": "CN", "distance": True}, {"country": "DE", "law": "EU"}]}
    )
    assert [book.market(*place).law for place in (("shop",), ("tmall",), ("tmall", "DE"), ("online", "FR"))] == [
        "CN",
        "CN",
        "EU",
        "CN",
    ]
    assert (book.market("shop").distance, book.market("tmall").distance) == (False, True)


def test_months_end_with_the_month_and_working_days_leave_out_days_off():
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    friday = date(2026, 9, 4)
    assert working_days_after(friday, 3, frozenset({date(2026, 9, 7)})) == date(2026, 9, 10)
    holidays = pack_of("US", {"holidays": ["2026-09-07"]})
    assert holidays.last_day(holidays.rule("unshipped"), friday) == date(2026, 9, 16)


ONLINE = Market(law="CN", channel="online", distance=True)
DE = Market(law="EU", channel="online", distance=True)


@pytest.mark.parametrize(
    ("market", "when", "then", "broken"),
    [
        pytest.param(ONLINE, {}, {"window_days": 3}, ("withdrawal", "window_days"), id="cn_crl_25_three_days"),
        pytest.param(ONLINE, {}, {"window_days": 7}, None, id="cn_crl_25_seven_days"),
        pytest.param(DE, {}, {"window_days": 13}, ("withdrawal", "window_days"), id="eu_crd_9"),
        pytest.param(ONLINE, {}, {"decision": "reject"}, ("withdrawal", "decision"), id="cn_crl_25_never"),
        pytest.param(ONLINE, {"opened": {"yes": True}}, {"decision": "reject"}, ("opened", "decision"), id="cn_supreme_court_3_opened"),
        pytest.param(ONLINE, {"days_since_delivery": {"min": 8}}, {"decision": "reject"}, None, id="cn_crl_25_afterwards"),
        pytest.param(ONLINE, {"days_since_delivery": {"min": 7}}, {"decision": "reject"}, ("withdrawal", "decision"), id="cn_crl_25_the_last_day"),
        pytest.param(ONLINE, {"channel": {"is": ["shop"]}}, {"decision": "reject"}, None, id="cn_crl_25_not_in_shops"),
        pytest.param(ONLINE, {"channel": {"not": ["online"]}}, {"decision": "reject"}, None, id="cn_crl_25_not_elsewhere"),
        pytest.param(ONLINE, {"type": {"is": ["repair"]}}, {"decision": "reject"}, None, id="cn_crl_25_no_repair"),
        pytest.param(ONLINE, {"final_sale": {"yes": True}}, {"decision": "reject"}, None, id="cn_order_90_20_confirmed"),
        pytest.param(DE, {}, {"return_deadline_days": 7}, ("send_back", "return_deadline_days"), id="eu_crd_14_seven_days_to_send"),
        pytest.param(DE, {}, {"restocking_fee_e6": 1}, ("full_price", "restocking_fee_e6"), id="eu_crd_13_fee"),
        pytest.param(DE, {}, {"refund_percent_e6": 900_000}, ("full_price", "refund_percent_e6"), id="eu_crd_13_percent"),
        pytest.param(DE, {}, {"refund_shipping": "never"}, ("first_shipping", "refund_shipping"), id="eu_crd_13_shipping"),
        pytest.param(DE, {}, {"refund_to": "store_credit"}, ("same_means", "refund_to"), id="eu_crd_13_means"),
        pytest.param(ONLINE, {}, {"remedies": ["exchange"]}, ("withdrawal", "remedies"), id="cn_crl_25_exchange_only"),
        pytest.param(ONLINE, {}, {"freight": "customer"}, None, id="cn_crl_25_buyer_pays_the_way_back"),
        pytest.param(ONLINE, {"reason": {"is": ["defective"]}}, {"freight": "customer"}, ("seller_freight", "freight"), id="cn_crl_24_freight"),
        pytest.param(ONLINE, {"reason": {"is": ["defective"]}}, {"decision": "reject"}, ("quality", "decision"), id="cn_crl_24_reject"),
        pytest.param(Market(law="none"), {}, {"decision": "reject"}, None, id="no_law"),
    ],
)  # fmt: skip
def test_a_row_that_gives_less_names_what_it_breaks(market, when, then, broken):
    found = gives_less({"when": when, "then": then}, market)
    assert (found and (found.rule.code, found.field)) == broken


def test_every_place_of_a_policy_that_gives_less_is_found():
    policy = {
        "window_days": 30, "per_category": {"shoes": {"window_days": 2}}, "reject_when": [{"sku": "A"}],
        "table": {"hit": "first", "rows": [{"id": "late", "when": {}, "then": {"decision": "reject"}}]},
    }  # fmt: skip
    assert {(breach.where, breach.law) for breach in below_law(policy, LawBook("CN"))} == {
        ("per_category.shoes", "CN"), ("reject_when.1", "CN"), ("table.late", "CN"),
    }  # fmt: skip
    assert below_law(policy, LawBook()) == []


REJECT: dict[str, Any] = {"decision": "reject"}


@pytest.mark.parametrize(
    ("rows", "broken"),
    [
        pytest.param([({"channel": {"is": ["online"]}, "days_since_delivery": {"max": 7}}, {"decision": "approve"}), ({}, REJECT)], [], id="cn_crl_25_kept_by_a_row_before"),
        pytest.param([({"days_since_delivery": {"max": 6}}, {"decision": "approve"}), ({}, REJECT)], ["table.1"], id="cn_crl_25_the_seventh_day_is_missing"),
        pytest.param([({"channel": {"not": ["shop"]}}, REJECT)], ["table.0"], id="cn_crl_25_any_channel_but_the_shop"),
        pytest.param([({"opened": {"yes": True}}, REJECT), ({}, {"decision": "approve"})], ["table.0"], id="cn_penalty_rules_8_10_opened"),
        pytest.param([({"opened": {"yes": False}}, {"decision": "approve"}), ({"channel": {"is": ["shop"]}}, REJECT)], [], id="shops_only"),
    ],
)  # fmt: skip
def test_a_row_breaks_the_law_only_in_cases_where_it_counts(rows, broken):
    table = {
        "hit": "first",
        "rows": [{"id": str(n), "when": when, "then": then} for n, (when, then) in enumerate(rows)],
    }
    assert [breach.where for breach in below_law({"table": table}, LawBook("CN"))] == broken


def test_the_check_of_tables_is_told_the_article():
    row = Row("a", {}, REJECT, {})
    said = less_than_law(LawBook("CN"))
    assert said({"channel": "online", "days_since_delivery": 3, "opened": True}, row).startswith("侵害消费者权益")
    assert said({"channel": "online", "days_since_delivery": 8}, row) is None


def test_every_rule_says_where_it_stands_in_both_languages():
    for pack in PACKS.values():
        codes = [rule.code for rule in pack.rules]
        assert len(codes) == len(set(codes)), pack.code
        for rule in pack.rules:
            assert all([rule.article, rule.source, rule.en, rule.zh])
            assert rule.is_verified == ("own knowledge" not in rule.source) or not rule.is_on, (
                f"{pack.code}.{rule.code}"
            )
