"""Every task of a week is walked in a browser, and docs/parity.md states how long the way was, here and elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.parity.walking import Walk, Walker

PAGE = Path(__file__).resolve().parents[2] / "docs" / "parity.md"
TASKS = range(1, 41)


def stated() -> dict[int, tuple[int, int]]:
    """Read number → (their interactions, ours) from the document."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    return {int(row[0]): (int(row[3]), int(row[5])) for row in rows if re.fullmatch(r"\d+", row[0])}


def test_every_task_is_stated_once_and_none_takes_longer_by_more_than_one() -> None:
    from tests.parity.walks import WALKS

    assert [walk.number for walk in WALKS] == list(stated()) == list(TASKS)
    assert {number: both for number, both in stated().items() if both[1] > both[0] + 1} == {}
    assert {walk.number: walk.interactions for walk in WALKS} == {
        number: ours for number, (_, ours) in stated().items()
    }


@pytest.fixture(scope="module")
def walker(scratch, chromium: Browser, server: str) -> Iterator[Walker]:
    """Somebody who walks through one company that all walks share."""
    from backstock.exchange_formats import runs
    from tests.invariants import broken_invariants
    from tests.parity.shop import furnish

    with scratch.database():
        names = furnish()
        context = chromium.new_context(
            base_url=server, locale="zh-CN", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        yield Walker(lambda who: _logged_in(context, server, who), runs.work_off, names)
        context.close()
        assert broken_invariants() == []


def _logged_in(context: BrowserContext, site: str, who: str) -> Page:
    from django.conf import settings

    from backstock.core.models import User

    client = Client()
    client.force_login(User.objects.get(username=who))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    for earlier in context.pages:
        earlier.close()
    context.clear_cookies()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    page = context.new_page()
    page.goto("/")
    return page


def _walks() -> list[Walk]:
    from tests.parity.walks import WALKS

    return list(WALKS)


@pytest.mark.parametrize("number", TASKS)
def test_a_clerk_does_it_in_as_many_interactions_as_stated(walker: Walker, number: int) -> None:
    walk = next(each for each in _walks() if each.number == number)
    assert walker.walk(walk) == stated()[number][1]
    assert walk.made is None or walk.made()
