"""Pages of the warehouse: entered by form, honest about refusals, open to their roles, cheap however long the list is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.test_returns_pages import browser, fields, nothing_written, send


@pytest.fixture
def house(company_db: str):
    from tests import build, build_stock
    from tests.cast import cast

    build.company(quantity=20, warehouses=("MAIN", "EAST"))
    build.product("S", tracking="serial")
    build.bought("S", 2, 5, serials=("S1", "S2"))
    cast()
    return build_stock


def test_a_transfer_in_two_steps_by_its_forms(house) -> None:
    zhou = browser("zhou")
    line = {"lines-0-sku": "A", "lines-0-quantity": "5"}
    made = send(zhou, "/stock/transfers/new/", source="MAIN", target="EAST", in_two_steps="on", **line)
    assert made.headers["Location"] == "/stock/transfers/T000001/"
    assert "Confirm arrival" in zhou.get("/stock/transfers/T000001/").text
    part = send(zhou, "/stock/transfers/T000001/arrive/", **{"lines-0-quantity": "3"})
    assert part.status_code == 302
    lost = send(zhou, "/stock/transfers/T000001/arrive/", **{"lines-0-found": "lost"})
    assert lost.status_code == 302
    page = zhou.get("/stock/transfers/T000001/").text
    assert "Finished" in page
    assert "Confirm arrival" not in page


def test_serials_are_typed_with_spaces_between(house) -> None:
    line = {"lines-0-sku": "S", "lines-0-quantity": "2", "lines-0-serials": "S1 S2"}
    assert send(browser("zhou"), "/stock/transfers/new/", source="MAIN", target="EAST", **line).status_code == 302


def test_refusals_keep_what_was_typed(house) -> None:
    zhou = browser("zhou")
    line = {"lines-0-sku": "A", "lines-0-quantity": "50"}
    with nothing_written():
        answer = send(zhou, "/stock/transfers/new/", source="MAIN", target="EAST", note="by van", **line)
        assert answer.status_code == 422
        assert "50 wanted, 20 there" in answer.text
        assert "by van" in answer.text
        answer = send(zhou, "/stock/adjustments/new/", way="less", **line)
        assert (answer.status_code, "50 wanted, 20 there" in answer.text) == (422, True)
        assert send(zhou, "/stock/counts/new/", scope="category", category="none").status_code == 422


def test_an_adjustment_in_both_directions(house) -> None:
    zhou = browser("zhou")
    line = {"lines-0-sku": "A", "lines-0-quantity": "2"}
    less = send(zhou, "/stock/adjustments/new/", way="less", reason="broken", **line)
    assert less.headers["Location"] == "/stock/adjustments/A000001/"
    assert send(zhou, "/stock/adjustments/new/", way="more", reason="found", **line).status_code == 302
    assert "-2 pcs" in zhou.get("/stock/adjustments/A000001/").text
    assert "¥120.00" not in zhou.get("/stock/adjustments/A000001/").text
    assert "-¥120.00" in browser("zhao").get("/stock/adjustments/A000001/").text


def test_a_count_by_scan_without_a_new_page(house) -> None:
    zhou, wang = browser("zhou"), browser("wang")
    assert send(zhou, "/stock/counts/new/", scope="whole").headers["Location"] == "/stock/counts/C000001/scan/"
    path = "/stock/counts/C000001/scan/"
    sent = fields(zhou.get(path).text)
    scanned = zhou.post(path, sent | {"code": "A", "quantity": "18"}, headers={"HX-Request": "true"})
    assert "A: 18 pcs counted" in scanned.text
    assert "<html" not in scanned.text
    sent = fields(scanned.text)
    again = zhou.post(path, sent | {"code": "S1"}, headers={"HX-Request": "true"})
    assert "S: 1 pcs counted" in again.text
    wrong = zhou.post(path, fields(again.text) | {"code": "S1"}, headers={"HX-Request": "true"})
    assert "counted already" in wrong.text
    unknown = zhou.post(path, fields(again.text) | {"code": "nothing"}, headers={"HX-Request": "true"})
    assert "There is no product nothing" in unknown.text
    page = wang.get("/stock/counts/C000001/").text
    assert "2 of 3 lines counted" in page
    assert "-¥120.00" in page
    assert zhou.get("/stock/counts/C000001/post/").status_code == 403
    assert send(wang, "/stock/counts/C000001/post/", uncounted="leave").status_code == 302
    assert "Posted" in wang.get("/stock/counts/C000001/").text


def test_a_count_is_cancelled(house) -> None:
    number = house.counting()
    assert send(browser("zhou"), f"/stock/counts/{number}/cancel/").status_code == 302


def test_what_lies_where(house) -> None:
    house.transferred(("A", 4))
    house.dispatched(("A", 1))
    page = browser("zhao").get("/stock/").text
    for figure in ("15", "4", "¥1,140.00"):
        assert figure in page
    east = browser("zhao").get("/stock/?warehouse=EAST&there=yes").text
    assert "¥240.00" in east
    assert "¥" not in browser("zhou").get("/stock/").text


def test_pages_are_closed_to_who_may_not(house) -> None:
    for path in ("/stock/", "/stock/transfers/", "/stock/adjustments/", "/stock/counts/"):
        assert browser("chen").get(path).status_code == 403
        assert browser("wu").get(path).status_code == 200
    for path in ("/stock/transfers/new/", "/stock/adjustments/new/", "/stock/counts/new/"):
        assert browser("wu").get(path).status_code == 403
    for path in ("/stock/transfers/T9/", "/stock/adjustments/A9/", "/stock/counts/C9/"):
        assert browser("zhou").get(path).status_code == 404


def statements(path: str) -> int:
    client = browser("zhao")
    with CaptureQueriesContext(connection) as counted:
        assert client.get(path).status_code == 200
    return len(counted)


def test_lists_do_not_grow_with_their_rows(house) -> None:
    from backstock.core.permissions import SYSTEM
    from backstock.warehouse.commands.post_count import cancel_count
    from tests import build

    def grow() -> None:
        house.transferred(("A", 1))
        house.adjusted(("A", -1))
        number = house.counting(scope="products", skus=["A"])
        house.counted(number, ("A", 1))
        cancel_count(cancel_count.parse({"document": number}), actor=SYSTEM)

    paths = ("/stock/", "/stock/transfers/", "/stock/adjustments/", "/stock/counts/")
    grow()
    before = [statements(path) for path in paths]
    for n in range(3):
        build.product(f"X{n}")
        grow()
    assert [statements(path) for path in paths] == before
    assert max(before) <= 15


def test_an_assembly_by_its_form(house) -> None:
    from tests import build

    build.product("BOX")
    zhou = browser("zhou")
    made = send(
        zhou, "/stock/assemblies/new/", sku="BOX", quantity="2", **{"lines-0-sku": "A", "lines-0-quantity": "4"}
    )
    assert made.headers["Location"] == "/stock/assemblies/B000001/"
    assert "¥240.00" in browser("zhao").get("/stock/assemblies/B000001/").text
    assert send(zhou, "/stock/assemblies/new/", sku="BOX", quantity="1", way="apart").status_code == 302
    assert send(zhou, "/stock/assemblies/new/", sku="NO", quantity="1").status_code == 422


def test_lots_that_expire_are_seen_with_where_they_lie(house) -> None:
    from backstock.catalog.models import Lot
    from tests import build

    build.product("L", tracking="lot")
    for lot in ("OLD", "LATE", "GONE"):
        build.bought("L", 2, 10, lot=lot)
    Lot.objects.filter(code="OLD").update(expires_on="2026-01-01")
    Lot.objects.filter(code__in=["LATE", "GONE"]).update(expires_on="2126-01-01")
    house.adjusted({"sku": "L", "quantity": -2, "lot": "GONE"})
    page = browser("zhou").get("/stock/expiry/").text
    assert page.index("OLD") < page.index("LATE")
    assert "GONE" not in page
    assert "LATE" not in browser("zhou").get("/stock/expiry/?within=30").text


def test_what_is_below_its_minimum_is_proposed_for_buying(house) -> None:
    feng = browser("feng")
    assert send(feng, "/stock/minimum/set/", sku="A", minimum="25", target="40").status_code == 302
    page = feng.get("/stock/minimum/?short=yes").text
    assert "20 pcs" in page
    assert "New purchase order" in page
    assert send(feng, "/stock/minimum/set/", sku="A", minimum="5").status_code == 302
    assert "Nothing matches" in feng.get("/stock/minimum/?short=yes").text
    assert send(feng, "/stock/minimum/set/", sku="A", minimum="5", target="2").status_code == 422


def test_warehouses_and_their_shelves(house) -> None:
    wang, zhou = browser("wang"), browser("zhou")
    assert send(wang, "/stock/warehouses/new/", code="WEST", shelves="1-1 1-2").status_code == 302
    assert send(wang, "/stock/warehouses/new/", code="WEST").status_code == 422
    arranged = send(zhou, "/stock/warehouses/shelves/", warehouse="WEST", add="2-1", sku="A", shelf="2-1")
    assert arranged.status_code == 302
    assert send(wang, "/stock/warehouses/archive/", warehouse="MAIN").status_code == 422
    assert send(wang, "/stock/warehouses/archive/", warehouse="WEST").status_code == 302
    assert "Archived" in zhou.get("/stock/warehouses/").text


def test_the_lists_of_what_needs_an_eye_do_not_grow_with_their_rows(house) -> None:
    from backstock.catalog.models import Lot
    from tests import build

    build.product("L", tracking="lot")
    paths = ("/stock/expiry/", "/stock/minimum/", "/stock/warehouses/", "/stock/assemblies/")

    def grow(n: int) -> None:
        build.product(f"X{n}")
        build.bought("L", 2, 10, lot=f"L{n}")
        Lot.objects.filter(code=f"L{n}").update(expires_on="2026-06-01")
        house.minimum(f"X{n}", 5)
        house.second(code=f"W{n}")
        house.assembled(f"X{n}", 1, ("A", 1))

    grow(0)
    before = [statements(path) for path in paths]
    for n in range(1, 4):
        grow(n)
    assert [statements(path) for path in paths] == before
    assert max(before) <= 15
