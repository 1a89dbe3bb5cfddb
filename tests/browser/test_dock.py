"""Receiving by scan on a phone: thirty units of ten returns in one page that is never loaded again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import scrolls_sideways, serious

pytestmark = pytest.mark.any_database


@pytest.fixture
def dock(company_db: str):
    """Ten approved returns of three units each, and somebody at the dock."""
    from backstock.core.models import User
    from tests import build, build_dock
    from tests.cast import HE, SUN, cast

    build.found()
    cast()
    build.customer(SUN, name="孙先生")
    build.customer(HE, name="何女士")
    build.supplier("JIN")
    build.product("CUP", 100, name="青花瓷茶杯", spec="200 ml")
    build.product("POT", 200, name="紫砂壶")
    build.bought("CUP", 40)
    build.bought("POT", 20)
    numbers = [build_dock.waiting(3, "CUP" if n % 3 else "POT") for n in range(10)]
    build_dock.announced(numbers[0], number="SF1234567890")
    return User.objects.get(username="zhou"), numbers


def scan(page, code: str, said: str) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("[data-dock-answer]")).to_contain_text(said)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_thirty_units_of_ten_returns_are_scanned_and_booked_in_one_page(visit, dock, language: str) -> None:
    from backstock.returns.models import DockScan, ReturnPiece

    user, numbers = dock
    page = visit("/returns/receive/", user=user, language=language, phone=True)
    page.evaluate("window.never_loaded_again = true")
    expect(page.locator("[data-dock-code]")).to_be_focused()
    for n, number in enumerate(numbers):
        scan(page, "SF1234567890" if n == 0 else number, number)
        for count in (1, 2, 3):
            scan(page, "CUP" if n % 3 else "POT", f"{count} pcs")
        if n == 0:
            assert serious(page) == []
            assert not scrolls_sideways(page)
    assert page.locator("[data-dock-group]").count() == 10
    assert serious(page) == []
    assert not scrolls_sideways(page)
    button = page.locator("[data-dock-post] button")
    expect(button).to_contain_text("30")
    button.click()

    expect(page.locator("[data-dock-answer]")).to_contain_text("10")
    expect(page.locator("[data-dock-group]")).to_have_count(0)
    assert page.evaluate("window.never_loaded_again")
    assert sum(ReturnPiece.objects.values_list("received_e4", flat=True)) == 30 * 10**4
    assert not DockScan.objects.exists()


def test_scans_faster_than_the_server_all_count_and_a_reload_loses_nothing(visit, dock) -> None:
    user, numbers = dock
    page = visit("/returns/receive/", user=user, language="en", phone=True)
    for code in (numbers[1], "CUP", "CUP", numbers[3], "POT"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    expect(page.locator("[data-dock-post] button")).to_contain_text("Book in 3 units of 2 returns")
    page.reload()
    expect(page.locator("[data-dock-post] button")).to_contain_text("Book in 3 units of 2 returns")
    expect(page.locator(f"#dock-{numbers[3]}")).to_have_attribute("open", "")


def test_goods_that_several_returns_wait_for_ask_which_one(visit, dock) -> None:
    user, numbers = dock
    page = visit("/returns/receive/", user=user, language="en", phone=True)
    scan(page, "CUP", "Which one?")
    assert serious(page) == []
    page.get_by_role("button", name=numbers[1]).click()
    expect(page.locator(f"#dock-{numbers[1]}")).to_contain_text("2 pcs still expected")
    scan(page, "NOBODY", "Nothing open is known by NOBODY")


def test_a_label_leads_to_its_goods_in_the_step_they_wait_for(visit, dock) -> None:
    from backstock.core.models import User
    from tests import build

    _user, numbers = dock
    build.product("BOX", 50, tracking="serial")
    build.bought("BOX", 2, 10, serials=("N1", "N2"))
    sale = build.sold("BOX", 2, serials=("N1", "N2"))
    rma = build.approved(build.requested(sale, 2, "BOX", serials=("N1", "N2")), 2, "BOX")
    build.received(numbers[0], 1, "POT")
    build.received(rma, 2, "BOX", serials=("N1", "N2"))

    page = visit("/returns/scan/?code=L000003", user=User.objects.get(username="li"), language="en", phone=True)
    expect(page).to_have_url(f"{page.url.split('/returns')[0]}/returns/{rma}/inspect/?sku=BOX&code=N2")
    expect(page.locator(".step-line.found")).to_contain_text("N2")
    page.locator("#find-goods").fill("N1")
    page.keyboard.press("Enter")
    expect(page.locator(".step-line.found")).to_contain_text("N1")
    assert serious(page) == []
    assert not scrolls_sideways(page)
    page.locator("#find-goods").fill("L000001")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Inspect")
    expect(page.locator("main")).to_contain_text("POT")
    page.goto(f"/returns/labels/?of={rma}")
    expect(page.locator(".label")).to_have_count(2)
    assert serious(page) == []
