"""The dock's page: open to the warehouse, cheap however much was scanned, and one press books what can be booked."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

PATH = "/returns/receive/"


@pytest.fixture
def trade(company_db: str):
    from tests import build
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    return build


def browser(name: str) -> Client:
    from backstock.core.models import User

    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=name))
    return client


def scan(client: Client, code: str, **more: str) -> str:
    answer = client.post(PATH, {"do": "scan", "code": code} | more, headers={"X-Part": "board"})
    assert answer.status_code == 200
    return answer.text


def test_only_who_receives_sees_it(trade) -> None:
    from tests.cast import ROLES

    allowed = {name for name in ROLES if browser(name).get(PATH).status_code == 200}
    assert allowed == {"zhou", "admin"}


def test_a_board_of_ten_returns_takes_as_many_statements_as_one_of_two(trade) -> None:
    from tests import build_dock

    client, seen = browser("zhou"), []
    for number in (2, 8):
        for _ in range(number):
            scan(client, build_dock.waiting(2))
            scan(client, "A")
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(PATH).status_code == 200
        seen.append(len(found))
    assert seen[0] == seen[1] <= 20


def test_the_refused_return_stays_with_its_reason_and_the_others_are_booked(trade) -> None:
    from backstock.returns.models import DockScan, ReturnPiece
    from tests import build_dock

    client = browser("zhou")
    good, bad = build_dock.waiting(1), build_dock.waiting(1)
    for rma in (good, bad):
        scan(client, rma)
        scan(client, "A")
    trade.received(bad)
    page = client.post(PATH, {"do": "post"}, headers={"X-Part": "board"}).text
    assert "1 return booked in." in page
    assert "quantity_exceeds_authorized" in page
    assert [piece.received_e4 for piece in ReturnPiece.objects.order_by("pk")] == [10**4, 10**4]
    assert {scan.rma_id for scan in DockScan.objects.all()} == {2}
    # The second press finds nothing of the booked one.
    again = client.post(PATH, {"do": "post"}, headers={"X-Part": "board"}).text
    assert "quantity_exceeds_authorized" in again
    assert "booked in" not in again


def test_what_is_too_much_or_something_else_is_asked_and_kept_as_a_finding(trade) -> None:
    from backstock.returns.models import ReturnEvent
    from tests import build_dock

    trade.product("B")
    client, rma = browser("zhou"), build_dock.waiting(1)
    scan(client, rma)
    scan(client, "A")
    assert f"Too many in {rma}" in scan(client, "A")
    add = {"do": "add", "document": rma, "quantity": "1", "key": "k1"}
    client.post(PATH, add | {"sku": "A", "found": "over"})
    assert f"Something else in {rma}" in scan(client, "B")
    client.post(PATH, add | {"sku": "B", "found": "wrong_item", "key": "k2"})
    client.post(PATH, {"do": "post"})
    found = ReturnEvent.objects.order_by("pk").values_list("verdict", "quantity_e4", "piece_id")
    assert sorted(found) == [("over", 10**4, 0), ("received", 10**4, 1), ("wrong_item", 10**4, 0)]


def test_an_empty_parcel_is_one_press(trade) -> None:
    from backstock.returns.models import ReturnEvent
    from tests import build_dock

    client, rma = browser("zhou"), build_dock.waiting(2)
    build_dock.announced(rma, number="SF9", stated_grams=1000)
    assert f"{rma} in hand" in scan(client, "SF9")
    client.post(PATH, {"do": "empty", "document": rma, "key": "k"})
    client.post(PATH, {"do": "post"})
    assert sorted(ReturnEvent.objects.values_list("verdict", flat=True)) == ["empty", "missing"]


def test_more_units_than_expected_are_split(trade) -> None:
    from backstock.returns.models import DockScan
    from tests import build_dock

    client, rma = browser("zhou"), build_dock.waiting(2)
    scan(client, rma)
    scan(client, "A", quantity="3")
    assert dict(DockScan.objects.exclude(product_id=0).values_list("found", "quantity_e4")) == {
        "received": 20_000,
        "over": 10_000,
    }


def test_it_works_without_scripts_and_says_what_is_wrong(trade) -> None:
    client = browser("zhou")
    page = client.post(PATH, {"do": "scan", "code": "A", "quantity": "much"})
    assert page.status_code == 422
    assert "invalid_input" in page.text
    assert "Nothing open is known by XYZ" in client.post(PATH, {"do": "scan", "code": "XYZ"}).text
