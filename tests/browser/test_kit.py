"""The component kit in a real browser: htmx, Alpine and ECharts together under the strict content policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import serious

pytestmark = pytest.mark.any_database

# Language, phone, dark: each two of them in every combination.
LOOKS = [("zh-CN", False, False), ("zh-CN", True, True), ("en", False, True), ("en", True, False)]


def ink(page: Page) -> int:
    """Count the pixels that the chart has painted."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector("#kit-chart canvas");
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          let painted = 0;
          for (let at = 3; at < data.length; at += 4) if (data[at]) painted += 1;
          return painted;
        }"""
    )


@pytest.mark.parametrize(("language", "phone", "dark"), LOOKS)
def test_kit_is_whole_and_accessible(visit, clerk, language: str, phone: bool, dark: bool) -> None:
    page = visit("/kit/", user=clerk, language=language, phone=phone, dark=dark)
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-Hans")
    expect(page.locator("h1")).to_have_text("Components" if language == "en" else "组件")
    expect(page.locator("#kit-chart canvas")).to_be_visible()
    assert ink(page) > 2000
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    assert serious(page) == []


@pytest.mark.parametrize(("language", "phone", "dark"), LOOKS)
def test_login_page_is_accessible(visit, language: str, phone: bool, dark: bool) -> None:
    page = visit("/login/", language=language, phone=phone, dark=dark)
    expect(page.locator("h1")).to_have_text("Log in to Backstock" if language == "en" else "登录归仓")
    assert serious(page) == []


def test_search_filter_sort_and_pages_swap_the_list_only(visit, clerk) -> None:
    page = visit("/kit/?page=2", user=clerk, language="en")
    page.evaluate("window.stayed = true")
    page.get_by_role("searchbox").press_sequentially("harbour")
    expect(page.locator("#samples-results")).to_contain_text("1–10 of 13")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_label("State").first.select_option("received")
    expect(page.locator("#samples-results")).to_contain_text("1–4 of 4")
    page.get_by_role("columnheader", name="Amount").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Amount")).to_have_attribute("aria-sort", "ascending")
    assert "q=harbour" in page.url
    assert "state=received" in page.url
    assert "sort=amount" in page.url
    page.get_by_role("searchbox").fill("no such customer")
    expect(page.locator("#samples-results")).to_contain_text("Nothing matches")
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(page.locator("h1")).to_have_text("Components")


def test_picking_rows_wakes_the_bulk_actions(visit, clerk) -> None:
    page = visit("/kit/", user=clerk, language="en")
    approve = page.get_by_role("button", name="Approve")
    expect(approve).to_be_disabled()
    page.get_by_label("Select R-1001").check()
    expect(approve).to_be_enabled()
    page.get_by_label("All on this page").check()
    expect(page.locator("[data-picked-bar]")).to_contain_text("10 selected")
    approve.click()
    expect(page.locator("#notices")).to_contain_text("approve: R-1000, R-1001")


def test_dark_mode_stays_chosen(visit, clerk) -> None:
    page = visit("/kit/", user=clerk, language="en")
    before = ink(page)
    page.get_by_role("button", name="Dark mode").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert ink(page) == pytest.approx(before, rel=0.5)


def test_language_is_switched_by_the_user(visit, clerk) -> None:
    page = visit("/kit/", user=clerk, language="zh-CN")
    page.get_by_role("button", name="语言").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Components")


def test_progress_survives_a_reload(visit, clerk) -> None:
    page = visit("/kit/", user=clerk, language="en")
    page.get_by_role("button", name="Start").click()
    task = page.locator("#kit-task")
    expect(task).to_contain_text("Running")
    page.reload()
    expect(task).to_contain_text("Running")
    expect(task).to_contain_text("Done", timeout=15_000)


def test_form_keeps_what_was_typed(visit, clerk) -> None:
    page = visit("/kit/", user=clerk, language="en", expected="status of 422")
    page.evaluate("document.querySelector('form.form-plain').noValidate = true")
    page.get_by_label("Order number").fill("SO-7")
    page.locator("form.form-plain").get_by_role("button", name="Save").click()
    assert page.get_by_label("Order number").input_value() == "SO-7"
    expect(page.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")


def test_phone_menu_opens_and_shows_what_its_reader_may_see(visit, company_db) -> None:
    from backstock.core.models import User
    from tests import build
    from tests.cast import cast

    build.found()
    cast()
    nobody = visit("/kit/", user=User.objects.get(username="chen"), language="en")
    expect(nobody.locator("#navigation .nav-item")).to_have_count(0)
    page = visit("/kit/", user=User.objects.get(username="wu"), language="en", phone=True)
    returns = page.locator("#navigation").get_by_text("Returns").first
    expect(returns).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(returns).to_be_visible()


def test_list_works_without_scripts(visit, clerk) -> None:
    page = visit("/kit/", user=clerk, language="en", scripts=False)
    page.get_by_role("searchbox").fill("harbour")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#samples-results")).to_contain_text("of 13")
    page.get_by_role("columnheader", name="Amount").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Amount")).to_have_attribute("aria-sort", "ascending")


def test_session_that_is_over_leads_to_the_login_page_and_back(visit, clerk) -> None:
    page = visit("/kit/", user=clerk, language="en")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("link", name="2", exact=True).click()
    page.get_by_label("User name").fill("chen")
    page.get_by_label("Password").fill("right-password-1")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("h1")).to_have_text("Components")
