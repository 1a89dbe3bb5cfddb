"""The bell and the charts in a real browser: under the policy for scripts and styles, seen, and quiet when hidden."""

from __future__ import annotations

import re

import pytest

from tests.browser.accessibility import scrolls_sideways, serious

pytestmark = pytest.mark.any_database


@pytest.fixture
def manager(company_db: str):
    from backstock.core.models import User
    from tests import build
    from tests.cast import cast

    build.company()
    cast()
    build.settled(build.back_on_the_shelf(number=build.sold(quantity=4)))
    return User.objects.get(username="qian")


def test_the_bell_shows_what_is_new_and_leads_to_it(manager, visit) -> None:
    from backstock.notifications.telling import tell_new
    from tests import build

    page = visit("/returns/", language="en", user=manager)
    page.wait_for_timeout(300)
    count = page.locator('[data-bell="/notes/count/"] [data-bell-count]')
    assert count.is_hidden()
    build.requested(build.sold(quantity=1))
    tell_new()
    page.reload()
    count.wait_for(state="visible")
    page.get_by_role("link", name=re.compile(r"Notes, \d+ unread")).click()
    page.get_by_role("link", name="A return was requested and waits for a decision").first.click()
    page.wait_for_url("**/returns/R*/")


@pytest.mark.parametrize("phone", [False, True])
def test_the_statistics_draw_their_charts_and_fit_the_screen(manager, visit, phone) -> None:
    page = visit("/reports/returns/?from=2026-01-01&to=2026-12-31", user=manager, phone=phone)
    page.locator("#value-chart canvas").first.wait_for()
    assert not scrolls_sideways(page)
    assert serious(page) == []


@pytest.mark.parametrize(
    "path", ["/notes/", "/settings/telling/", "/settings/letters/approved/zh/", "/letters/", "/settings/letterhead/"]
)
def test_pages_of_telling_are_accessible_and_fit_a_phone(manager, visit, path) -> None:
    from backstock.core.models import User
    from tests.build_telling import failed_letter

    failed_letter()
    page = visit(path, user=User.objects.get(username="wang"), phone=True)
    assert not scrolls_sideways(page)
    assert serious(page) == []


def test_a_customer_rates_on_the_phone(manager, visit) -> None:
    from backstock.notifications.ratings import token_of
    from tests.build_telling import closed

    page = visit(f"/rate/{token_of(closed())}/", language="en", phone=True)
    assert not scrolls_sideways(page)
    assert serious(page) == []
    page.get_by_label("★★★★☆").check()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Thank you!").wait_for()
