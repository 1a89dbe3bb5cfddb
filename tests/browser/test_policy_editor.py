"""Somebody who was never here changes two rows of the policy, sees what that would have done, and publishes it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import scrolls_sideways, serious

pytestmark = pytest.mark.any_database
MOST = 12


@pytest.fixture
def year(company_db: str) -> None:
    """A company with the policy of the demo, and a return of an opened radio that somebody did not want."""
    from backstock.demo.goods import POLICY
    from tests import build
    from tests.cast import cast

    build.company()
    cast()
    build.product("RADIO", 200, category="electronics", name="Radio")
    build.bought("RADIO", 50)
    build.policy(**POLICY)
    for _ in range(3):
        build.requested(build.sold("RADIO", 1), 1, "RADIO", reason="unwanted", opened=True)


class Newcomer:
    """Presses and types, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page, self.done = page, 0

    def press(self, button: str) -> None:
        self.done += 1
        self.page.get_by_role("button", name=button, exact=True).click()

    def type(self, field: str, text: str) -> None:
        self.done += 1
        self.page.get_by_label(field, exact=True).fill(text)


@pytest.mark.parametrize(
    ("language", "phone", "words"),
    [
        ("zh-CN", False, ("退货天数", "30 天", "手续费", "试算", "发布", "第 {} 行，{}: {}", "3 行")),
        ("en", True, ("Days to return", "30 days", "Fee", "Try it", "Publish", "Row {}, {}: {}", "3 of them")),
    ],
)
def test_a_newcomer_changes_electronics_to_15_days_and_10_percent_for_an_opened_box_tries_it_and_publishes(
    visit, year, language, phone, words
) -> None:
    from backstock.core.models import User
    from backstock.policies.models import PolicyVersion

    days, thirty, fee, try_it, publish, cell, three = words
    page = visit("/policies/edit/", language=language, phone=phone, user=User.objects.get(username="wang"))
    new = Newcomer(page)
    new.press(cell.format(1, days, thirty))
    new.type(days, "15")
    new.type(fee, "10")
    new.press(cell.format(2, days, thirty))
    expect(page.locator(".policy-is-open[data-policy-row=electronics]")).to_have_count(1)
    new.type(days, "15")
    new.press(try_it)
    tried = page.locator("section[aria-labelledby=trial-title]")
    expect(tried).to_contain_text(three)
    expect(tried).to_contain_text("+¥30.00")
    assert "/policies/edit/" in page.url
    assert serious(page) == []
    assert not scrolls_sideways(page)
    new.press(publish)
    expect(page).to_have_url(re.compile(r"/policies/\d+/$"))
    assert new.done <= MOST
    rows = PolicyVersion.objects.order_by("-pk")[0].terms["table"]["rows"]
    assert [row["then"] for row in rows[:2]] == [{"window_days": 15, "restocking_fee_e6": 100_000}, {"window_days": 15}]
