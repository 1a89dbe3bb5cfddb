"""Pages of parcels and carriers: what they say, who may change them, and what they cost."""

from __future__ import annotations

import re

import pytest

from backstock.carriers.queries import every_carrier
from backstock.returns.models import Parcel
from tests import build, build_dock, build_evidence
from tests.cast import cast
from tests.desk.test_returns_pages import browser, fields, statements


@pytest.fixture
def trade(company_db: str):
    build.company(quantity=200)
    return cast()


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_parcel_says_where_it_is_whose_it_is_and_which_others_come(trade):
    first, second = build_dock.waiting(1), build_dock.waiting(1)
    number = build_dock.announced(first, second, number="SF1", carrier="顺丰")
    build_dock.announced(first, number="SF2")
    build_dock.arrived(number, weight_grams=900)
    build_evidence.attached(number, step="receive")
    page = browser("zhou").get(f"/returns/parcels/{number}/")

    said = text_of(page)
    assert first in said
    assert second in said
    assert "Other parcels of this return: SF2" in said
    assert 'href="https://www.kuaidi100.com/chaxun?com=shunfeng&amp;nu=SF1"' in page.text
    assert "data-enlarge" in page.text
    assert browser("zhou").get("/returns/parcels/PK000099/").status_code == 404


def test_a_waybill_names_its_carrier_where_nobody_does(trade):
    rma = build_dock.waiting(1)
    clerk = browser("wu")
    path = "/returns/parcels/announce/"
    form = fields(clerk.get(path).content.decode()) | {"documents": rma}
    clerk.post(path, form | {"tracking_number": "YT123"})
    clerk.post(path, form | {"tracking_number": "YT124", "carrier": "my cousin", "key": "other"})
    assert list(Parcel.objects.order_by("pk").values_list("carrier", flat=True)) == ["YTO", "my cousin"]


def test_a_manager_adds_and_changes_carriers_and_others_read_them(trade):
    boss, path = browser("wang"), "/returns/carriers/new/"
    form = fields(boss.get(path).content.decode())
    typed = {"code": "best", "name_en": "Best", "tracking_url": "https://best.example/{number}", "prefixes": "bb b1"}
    assert boss.post(path, form | typed | {"tracking_url": "best.example"}).status_code == 422
    assert boss.post(path, form | typed).status_code == 302
    changed = fields(boss.get("/returns/carriers/best/").content.decode()) | {"name_zh": "百世"}
    assert boss.post("/returns/carriers/best/", changed).status_code == 302

    best = next(each for each in every_carrier() if each.code == "best")
    assert (best.words, best.prefixes) == ({"zh-hans": "百世", "en": "Best"}, ("BB", "B1"))
    assert {name: browser(name).get(path).status_code for name in ("wu", "zhou", "admin")} == {
        "wu": 403, "zhou": 403, "admin": 200,
    }  # fmt: skip
    assert "Best" in text_of(browser("wu").get("/returns/carriers/"))


def test_a_parcel_costs_the_same_however_much_is_in_it(trade):
    number = build_dock.announced(build_dock.waiting(1), number="SF0")
    client, paths = browser("admin"), (f"/returns/parcels/{number}/", "/returns/parcels/", "/returns/carriers/")
    few = {path: statements(client, path) for path in paths}
    for n in range(8):
        rma = build_dock.waiting(1)
        build_dock.announced(rma, number="SF0")
        build_dock.announced(rma, number=f"SF{n + 1}")
    assert {path: statements(client, path) for path in paths} == few
    assert max(few.values()) <= 14
