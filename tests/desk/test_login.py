"""Guessing passwords is slowed down; a page's failure speaks the reader's language."""

from __future__ import annotations

from datetime import timedelta

import pytest


@pytest.fixture
def clerk(company_db: str):
    from backstock.core.models import User
    from backstock.core.people import AddUser, add_user
    from backstock.core.permissions import SYSTEM
    from tests import build

    build.found()
    add_user(AddUser(username="chen", password="right-password-1", roles=("service",)), actor=SYSTEM)
    return User.objects.get(username="chen")


def log_in(client, password: str, **more):
    return client.post("/login/", {"username": "chen", "password": password}, headers={"Accept-Language": "en"}, **more)


def test_right_password_opens_the_start_page(client, clerk) -> None:
    assert log_in(client, "right-password-1").headers["Location"] == "/"
    assert client.get("/returns/").status_code == 200
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/returns/").headers["Location"] == "/login/?next=/returns/"


def test_eleventh_attempt_is_refused_even_with_the_right_password(client, clerk) -> None:
    from backstock.core.models import SecurityLog

    for _ in range(10):
        assert log_in(client, "wrong").status_code == 200
    refused = log_in(client, "right-password-1")
    assert refused.status_code == 429
    assert "too_many_attempts" in refused.text
    assert SecurityLog.objects.filter(what="login", code="login_failed").count() == 10
    elsewhere = log_in(client, "right-password-1", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_failures_are_forgotten_after_a_quarter_of_an_hour(client, clerk) -> None:
    from backstock.core.models import SecurityLog

    for _ in range(10):
        log_in(client, "wrong")
    for row in SecurityLog.objects.all():
        row.recorded_at -= timedelta(minutes=16)
        row.save()
    assert log_in(client, "right-password-1").status_code == 302


def test_log_keeps_no_address_and_no_mistyped_password(client, clerk) -> None:
    from backstock.core.models import SecurityLog

    client.post("/login/", {"username": "my secret password", "password": "x"})
    name = SecurityLog.objects.get().actor_name
    assert "secret" not in name
    assert "127.0.0.1" not in name


def test_unknown_page_says_what_to_do(client, clerk) -> None:
    page = client.get("/nowhere/", headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 404
    assert "没有这个页面" in page.text
