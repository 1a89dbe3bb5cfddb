"""Inspecting on the phone: photos go up one by one, what was found stands on the return, every page is readable by all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import build_evidence
from tests.browser.accessibility import scrolls_sideways, serious

pytestmark = pytest.mark.any_database


@pytest.fixture
def rma(company_db: str) -> str:
    from tests import build, build_inspection
    from tests.cast import cast

    build.company()
    cast()
    build_inspection.rules(checks=build_inspection.CHECKS, sample_from=2)
    number = build.received(build.approved(build.requested(build.sold(quantity=2), 2, reason="too big")), 2)
    build_evidence.attached(number, build_evidence.picture(colour="blue"), step="request", line=1)
    return number


def user(name: str):
    from backstock.core.models import User

    return User.objects.get(username=name)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_inspection_with_photos_on_the_phone(visit, rma, tmp_path, language) -> None:
    (tmp_path / "scratch.jpg").write_bytes(build_evidence.picture("HEIF", size=(640, 480)))
    (tmp_path / "poem.jpg").write_text("no picture")
    page = visit(f"/returns/{rma}/inspect/", language=language, phone=True, user=user("li"), expected="422")
    chooser = page.locator("[data-photos-input][multiple]")
    chooser.set_input_files([tmp_path / "scratch.jpg", tmp_path / "poem.jpg"])
    expect(page.locator("input[name=photos]")).to_have_count(1)
    expect(page.locator(".photos img")).to_be_visible()
    expect(page.locator("[data-photo-failed]")).to_contain_text("poem.jpg")
    assert serious(page) == []
    assert not scrolls_sideways(page)

    page.locator(".photo:has([data-photo-failed]) [data-photo-remove]").click()
    page.locator("[name='lines-0-grade_1'][value='B']").check()
    page.locator("[name='lines-0-check0x'][value='no']").check()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(rf"/returns/{rma}/$"))
    expect(page.locator(".photo-pair img")).to_have_count(2)
    assert serious(page) == []
    assert not scrolls_sideways(page)

    page.locator("[data-enlarge]").first.click()
    expect(page.locator("dialog.photo-large")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.photo-large")).to_be_hidden()


def test_the_pages_around_it_are_readable_by_all(visit, rma) -> None:
    from tests import build

    build.inspected(rma, 2, grade="A", found_reason="washed")
    for path in ("/inspection/", f"/returns/{rma}/opinion/", f"/evidence/add/{rma}/", f"/evidence/erase/{rma}/"):
        page = visit(path, phone=True, dark=True, user=user("admin"))
        assert serious(page) == [], path
        assert not scrolls_sideways(page), path
