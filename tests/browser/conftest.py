"""A real Chromium, and visitors whose every console message and policy violation counts as a failure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

type Visit = Callable[..., Page]
type Kind = tuple[str, bool, bool, bool]

WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""


class Visitors:
    """Browser contexts that are used again, because a new one loads every script and style anew."""

    def __init__(self, chromium: Browser, site: str) -> None:
        self._chromium, self._site = chromium, site
        self._free: dict[Kind, list[BrowserContext]] = defaultdict(list)
        self._used: dict[tuple[Kind, object], BrowserContext] = {}

    def context(self, kind: Kind, who: object) -> BrowserContext:
        """Give somebody's browser: the same one for the same person within a test, an empty one otherwise."""
        if (kind, who) not in self._used:
            free = self._free[kind]
            self._used[kind, who] = free.pop() if free else self._new(kind)
        return self._used[kind, who]

    def leave(self) -> None:
        """Close all pages and forget who was here."""
        for (kind, _), context in self._used.items():
            for page in context.pages:
                page.close()
            context.clear_cookies()
            self._free[kind].append(context)
        self._used.clear()

    def _new(self, kind: Kind) -> BrowserContext:
        language, phone, dark, scripts = kind
        context = self._chromium.new_context(
            base_url=self._site,
            locale=language,
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
            is_mobile=phone,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        if scripts:
            context.add_init_script(WATCH)
        return context


@pytest.fixture(scope="session")
def visitors(chromium: Browser, server: str) -> Visitors:
    return Visitors(chromium, server)


@pytest.fixture
def visit(visitors: Visitors, site: str) -> Iterator[Visit]:
    """Opens pages of the site: `visit("/kit/", language="en", phone=True, dark=True, user=user)`."""
    complaints: list[str] = []

    def complain(text: str, expected: str | None) -> None:
        if expected is None or expected not in text:
            complaints.append(text)

    def open_page(
        path: str, *, language="zh-CN", phone=False, dark=False, user=None, scripts=True, expected: str | None = None
    ) -> Page:
        context = visitors.context((language, phone, dark, scripts), user and user.pk)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        page = context.new_page()
        page.on("console", lambda said: complain(said.text, expected) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    visitors.leave()
    assert complaints == []


@pytest.fixture
def clerk(company_db: str):
    from backstock.core.models import User

    user = User(username="chen", display_name="陈丽")
    user.set_password("right-password-1")
    user.save()
    return user
