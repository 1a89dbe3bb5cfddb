"""A real Chromium, and visitors whose every console message and policy violation counts as a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

type Visit = Callable[..., Page]

WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Visit]:
    """Opens pages of the site: `visit("/kit/", language="en", phone=True, dark=True, user=user)`."""
    complaints: list[str] = []
    contexts = []

    def complain(text: str, expected: str | None) -> None:
        if expected is None or expected not in text:
            complaints.append(text)

    def open_page(
        path: str, *, language="zh-CN", phone=False, dark=False, user=None, scripts=True, expected: str | None = None
    ) -> Page:
        context = chromium.new_context(
            base_url=site,
            locale=language,
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
            is_mobile=phone,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if scripts:
            context.add_init_script(WATCH)
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
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def clerk(company_db: str):
    from backstock.core.models import User

    user = User(username="chen", display_name="陈丽")
    user.set_password("right-password-1")
    user.save()
    return user
