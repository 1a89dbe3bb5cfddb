"""The statistics of returns as a page: figures with their definition, charts, drill-down, export."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from tests.desk.test_returns_pages import browser, statements

DAYS = "from=2026-01-01&to=2026-12-31"


@pytest.fixture
def trade(company_db: str):
    from tests import build
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    return build


def test_figures_charts_and_what_they_mean(trade) -> None:
    trade.settled(trade.back_on_the_shelf(number=trade.sold(quantity=4)))
    trade.requested(trade.sold(quantity=1, on=date(2026, 2, 3)), on=date(2026, 2, 4), reason="late")
    page = browser("wu").get(f"/reports/returns/?{DAYS}").text
    assert "No reason given" in page
    assert "20.0%" in page
    assert "A rate compares them with what was sold in the same period" in page
    option = json.loads(re.search(r'<script id="rate-chart-option" type="application/json">(.*?)</script>', page)[1])
    assert option["series"][0]["data"] == [25.0, 100.0]
    assert browser("chen").get("/reports/returns/").status_code == 403


@pytest.mark.parametrize("by", ["reason", "category", "product", "customer", "supplier", "month"])
def test_every_figure_leads_to_its_lines(trade, by) -> None:
    trade.requested(trade.sold(quantity=2), 2, reason="late")
    trade.requested(trade.sold(quantity=1))
    client = browser("wang")
    page = client.get(f"/reports/returns/?by={by}&{DAYS}").text
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/reports/returns/lines/[^"]*)"', page)}
    assert links
    found = [re.findall(r'href="/returns/(R\d+)/"', client.get(link).text) for link in links]
    assert sorted(number for numbers in found for number in numbers) == ["R000001", "R000002"]


def test_lines_and_figures_leave_as_spreadsheets(trade) -> None:
    trade.requested(trade.sold(), reason="late")
    client = browser("wang")
    lines = b"".join(client.get(f"/reports/returns/lines/?{DAYS}&export=csv").streaming_content).decode().splitlines()
    assert lines[1].startswith("2026-01-05,R000001,To approve,SUN,A A,late,1,0,100.00")
    sheet = client.get(f"/reports/returns/?{DAYS}&export=xlsx")
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


def test_pages_cost_the_same_however_much_they_show(trade) -> None:
    client = browser("wang")
    trade.requested(trade.sold(quantity=1))
    paths = [f"/reports/returns/?by={by}&{DAYS}" for by in ("reason", "product", "supplier", "month")]
    paths.append(f"/reports/returns/lines/?{DAYS}")
    few = {path: statements(client, path) for path in paths}
    for n in range(8):
        trade.requested(trade.sold(quantity=1), reason=f"r{n}")
    assert {path: statements(client, path) for path in paths} == few
    assert max(few.values()) <= 14


def test_a_wrong_question_is_told_and_breaks_nothing(trade) -> None:
    page = browser("wang").get("/reports/returns/?from=yesterday&by=weather&warehouse=x")
    assert page.status_code == 200
    assert "Not understood" in page.text
    assert browser("wang").get("/reports/returns/lines/?of=product&key=' OR 1=1").status_code == 200


def test_the_page_opens_on_the_newest_month_in_which_something_came_back(trade) -> None:
    client = browser("wang")
    assert client.get("/reports/returns/").context["asked"].first.day == 1
    trade.requested(trade.sold(quantity=1, on=date(2026, 2, 3)), on=date(2026, 2, 14))
    assert client.get("/reports/returns/").context["asked"].span_text == "2026-02-01 – 2026-02-28"
    assert client.get(f"/reports/returns/?{DAYS}").context["asked"].last == date(2026, 12, 31)
