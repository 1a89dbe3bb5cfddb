"""Beside the process: how much a customer may send back; above it a person looks at the request."""

from __future__ import annotations

from backstock.core.permissions import SYSTEM
from backstock.partners.models import Partner
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.quota import AgreeQuota, EndQuota, agree_quota, end_quota
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.queries import loaded_return
from backstock.returns.recall.quotas import uses_of
from tests import build
from tests.build import DAY, cents
from tests.build_recalls import asked_all, called_back
from tests.build_requests import asked, line
from tests.cast import HE, SUN
from tests.ledgers import refused


def agreed(**wanted) -> int:
    return int(agree_quota(AgreeQuota(on=DAY, **wanted), actor=SYSTEM).answer["quota"])


def test_a_request_above_the_quota_goes_to_a_person(shop):
    build.policy(approval="auto")
    agreed(customer=SUN, percent_e6=200_000)
    sale, of_he = build.sold(quantity=5), build.sold(quantity=2, customer=HE)
    first, second = asked(line("A", 1), sale=sale), asked(line("A", 1), sale=sale)
    assert [each.answer["outcome"] for each in (first, second, asked(line("A", 1), sale=of_he))] == [
        "approve",
        "review",
        "approve",
    ]
    use = uses_of(Partner.objects.get(code=SUN), DAY)[0]
    assert (use.allowed_cents, use.used_cents, use.left_cents) == (cents(100), cents(200), cents(-100))


def test_an_amount_by_category_and_level_until_it_is_ended(shop):
    build.policy(approval="auto")
    build.product("T", category="tea")
    build.bought("T", 9, 10)
    quota = agreed(customer=SUN, category="tea", period="month", amount_cents=cents(100))
    tea, other = build.sold("T", 5), build.sold(quantity=3)
    assert asked(line("A", 3), sale=other).answer["outcome"] == "approve"
    assert asked(line("T", 2), sale=tea).answer["outcome"] == "review"
    end_quota(EndQuota(quota=quota, on=DAY), actor=SYSTEM)
    assert asked(line("T", 2), sale=tea).answer["outcome"] == "approve"
    with refused("unknown_document", document=str(quota)):
        end_quota(EndQuota(quota=quota, on=DAY), actor=SYSTEM)


def test_other_currencies_count_at_the_rate_of_their_sale(shop):
    build.policy(approval="auto")
    agreed(customer=SUN, percent_e6=500_000)
    sale = build.sold(quantity=4, currency="USD", rate_e9=7 * 10**9)
    first, second = asked(line("A", 2), sale=sale), asked(line("A", 1), sale=sale)
    assert (first.answer["outcome"], second.answer["outcome"]) == ("approve", "review")
    use = uses_of(Partner.objects.get(code=SUN), DAY)[0]
    assert (use.allowed_cents, use.used_cents, use.percent) == (cents(1400), cents(2100), 150)


def test_goods_without_a_sale_count_and_what_never_came_does_not(shop):
    build.policy(approval="auto")
    agreed(customer=SUN, amount_cents=cents(150))
    first = asked(line("A", 1, unit_price_e6=100_000_000, unit_cost_e6=1), customer=SUN)
    second = asked(line("A", 1, unit_price_e6=100_000_000, unit_cost_e6=1), customer=SUN)
    found = [loaded_return(each.document).lines[0].row.findings for each in (first, second)]
    assert ["quota_exceeded" in str(each) for each in found] == [False, True]
    assert uses_of(Partner.objects.get(code=SUN), DAY)[0].used_cents == cents(200)
    build.received(build.approved(asked(line("A", 3), sale=build.sold(quantity=3)).document), 1)
    close_return(CloseReturn(document="R000003", reason="the rest is lost", on=DAY), actor=SYSTEM)
    assert uses_of(Partner.objects.get(code=SUN), DAY)[0].used_cents == cents(300)


def test_what_we_call_back_ourselves_uses_nothing_up(shop):
    build.policy(approval="auto")
    agreed(customer=SUN, amount_cents=0)
    build.product("M", tracking="lot")
    build.bought("M", 5, 10, lot="L1")
    build.sold("M", 2, lot="L1")
    rma = asked_all(called_back("M", ("L1",)))[0]
    assert loaded_return(rma).row.status == "approved"
    assert uses_of(Partner.objects.get(code=SUN), DAY)[0].used_cents == 0


def test_a_quota_of_a_level_is_each_customers_own(shop):
    build.policy(approval="auto")
    Partner.objects.filter(code__in=(SUN, HE)).update(level="gold")
    agreed(level="gold", amount_cents=cents(100))
    wishes = [
        RequestReturn(sale=build.sold(customer=each), lines=(RequestLine(sku="A", quantity_e4=10_000),), on=DAY)
        for each in (SUN, HE)
    ]
    assert [each.answer["outcome"] for each in request_return.batch(wishes, actor=SYSTEM)] == ["approve", "approve"]


def test_refuses_what_is_for_nobody_or_of_two_kinds(shop):
    for wanted in ({"amount_cents": 1}, {"customer": SUN, "level": "gold", "amount_cents": 1}, {"customer": SUN}):
        with refused("invalid_input"):
            agreed(**wanted)
    with refused("unknown_partner"):
        agreed(customer="NOBODY", amount_cents=1)
