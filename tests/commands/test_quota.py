"""Beside the process: how much a customer may send back; above it a person looks at the request."""

from __future__ import annotations

from backstock.core.permissions import SYSTEM
from backstock.partners.models import Partner
from backstock.returns.commands.quota import AgreeQuota, EndQuota, agree_quota, end_quota
from backstock.returns.recall.quotas import uses_of
from tests import build
from tests.build import DAY, cents
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


def test_refuses_what_is_for_nobody_or_of_two_kinds(shop):
    for wanted in ({"amount_cents": 1}, {"customer": SUN, "level": "gold", "amount_cents": 1}, {"customer": SUN}):
        with refused("invalid_input"):
            agreed(**wanted)
    with refused("unknown_partner"):
        agreed(customer="NOBODY", amount_cents=1)
