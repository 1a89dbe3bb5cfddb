"""Pages of parcels and of goods without an owner: who sees them, what their forms do, what they cost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.test_dock_pages import browser
from tests.desk.test_returns_pages import fields


@pytest.fixture
def trade(company_db: str):
    from tests import build
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    return build


def statements(client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
    return len(found)


def send(client, path: str, **typed: str):
    page = client.get(path)
    assert page.status_code == 200, page.text
    return client.post(path, fields(page.text) | typed)


def test_each_page_is_open_to_its_roles_only(trade) -> None:
    from tests import build_dock
    from tests.cast import ROLES

    number, rma = build_dock.taken_in(), build_dock.waiting(1)
    everybody = set(ROLES) - {"chen"}
    pages = {
        "/returns/parcels/": everybody,
        "/returns/parcels/announce/": {"wu", "zhou", "admin"},
        "/returns/carriers/": everybody,
        "/returns/carriers/new/": {"wang", "admin"},
        "/returns/parcels/arrived/": {"zhou", "admin"},
        "/returns/unclaimed/": everybody,
        "/returns/unclaimed/new/": {"zhou", "admin"},
        f"/returns/unclaimed/{number}/": everybody,
        f"/returns/unclaimed/{number}/place/": {"zhou", "wang", "admin"},
        f"/returns/unclaimed/{number}/match/{rma}/": {"zhou", "admin"},
        "/returns/dock-rules/": {"wang", "admin"},
    }
    for path, allowed in pages.items():
        assert {name for name in ROLES if browser(name).get(path).status_code == 200} == allowed, path


def test_a_parcel_is_announced_logged_and_found(trade) -> None:
    from tests import build_dock

    rma = build_dock.waiting(1)
    sent = send(browser("wu"), f"/returns/parcels/announce/?return={rma}", tracking_number="SF1", grams="900")
    assert sent.headers["Location"] == "/returns/parcels/PK000001/"
    assert send(browser("zhou"), "/returns/parcels/arrived/", tracking_number="SF1", grams="400").status_code == 302
    page = browser("zhou").get("/returns/parcels/?q=SF1").text
    assert "Here, not opened" in page
    assert "400 g / 900 g" in page
    again = send(browser("zhou"), "/returns/parcels/arrived/", tracking_number="SF1")
    assert (again.status_code, "parcel_here" in again.text) == (422, True)
    assert "SF1" in browser("wu").get(f"/returns/{rma}/").text


def test_goods_without_an_owner_from_the_dock_to_their_return(trade) -> None:
    from tests import build_dock

    rma, zhou = build_dock.waiting(2), browser("zhou")
    came = send(
        zhou, "/returns/unclaimed/new/?tracking=SF9", sender_phone="138****1234", **{"lines-0-sku": "A", "lines-0-quantity": "2"}
    )  # fmt: skip
    path = came.headers["Location"]
    assert path == "/returns/unclaimed/UN000001/"
    page = zhou.get(path).text
    assert "SF9" in page
    assert re.search(rf"{rma}.*exactly as many", page, re.DOTALL)
    assert send(zhou, f"{path}match/{rma}/").headers["Location"] == path
    page = zhou.get(path).text
    assert "Settled" in page
    assert "Matched" in page
    assert "Goods without an owner were its own" in zhou.get(f"/returns/{rma}/").text


def test_placing_waits_for_the_days_and_keeps_what_was_typed(trade) -> None:
    from tests import build_dock

    number = build_dock.taken_in(on=date.today())
    path = f"/returns/unclaimed/{number}/place/"
    answer = send(browser("wang"), path, **{"lines-0-to": "restock", "lines-0-cost": "12.50"})
    assert (answer.status_code, "still_waiting" in answer.text, "12.5" in answer.text) == (422, True, True)
    assert send(browser("zhou"), path, **{"lines-0-to": "send_back"}).status_code == 302
    assert browser("zhou").post(f"/returns/unclaimed/{number}/undo/").status_code == 302
    assert "Waits for its owner" in browser("zhou").get(f"/returns/unclaimed/{number}/").text


def test_what_is_personal_is_erased_with_its_photos(trade) -> None:
    from backstock.evidence.models import Evidence
    from tests import build_dock, build_evidence

    number = build_dock.taken_in(sender_name="刘芳")
    build_evidence.attached(number, step="receive")
    assert browser("wang").post(f"/returns/unclaimed/{number}/erase/").status_code == 403
    assert browser("admin").post(f"/returns/unclaimed/{number}/erase/").status_code == 302
    page = browser("admin").get(f"/returns/unclaimed/{number}/").text
    assert "刘芳" not in page
    assert "was erased" in page
    assert Evidence.objects.get().erased_at is not None


def test_a_finding_says_what_can_be_done_and_then_what_was(trade) -> None:
    from tests import build_dock

    rma, zhou = build_dock.waiting(1), browser("zhou")
    trade.received(rma, found="over")
    trade.received(rma, found="wrong_item")
    page = zhou.get(f"/returns/{rma}/").text
    assert page.count("Keep it until its owner is found") == 2
    assert send(zhou, "/returns/unclaimed/new/?finding=1").status_code == 302
    assert zhou.post(f"/returns/{rma}/finding/2/back/", {"key": "k"}).status_code == 302
    page = zhou.get(f"/returns/{rma}/").text
    assert "went straight back" in page
    assert "UN000001" in page
    assert "Keep it until its owner is found" not in page


def test_rules_are_kept_and_shown(trade) -> None:
    wang = browser("wang")
    assert send(wang, "/returns/dock-rules/", unclaimed_days="45", limit_approver="500").status_code == 302
    page = wang.get("/returns/dock-rules/").text
    assert 'value="45"' in page
    assert 'value="500.00"' in page


def test_pages_do_not_grow_with_their_rows(trade) -> None:
    from tests import build_dock

    client, seen = browser("zhou"), []
    for number in (2, 8):
        for n in range(number):
            rma = build_dock.waiting(1)
            build_dock.announced(rma, number=f"SF{number}{n}")
            build_dock.taken_in()
        paths = ("/returns/parcels/", "/returns/unclaimed/", "/returns/unclaimed/UN000001/")
        seen.append([statements(client, path) for path in paths])
    assert seen[0] == seen[1]
    assert max(seen[0]) <= 28
