"""Every report opens to those it is for, adds up, drills, leaves as a spreadsheet, and costs the same however long it is."""

from __future__ import annotations

import io
import re
from contextlib import closing
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ENGLISH = {"Accept-Language": "en"}
DAYS = "from=2026-01-01&to=2026-12-31"
STOCK = [
    "/reports/", f"/reports/movements/?{DAYS}", f"/reports/movements/?{DAYS}&detail=kinds&warehouse=1&kind=quarantine",
    f"/reports/card/?product=A&{DAYS}", "/reports/value/?on=2026-01-31", "/reports/value/?by=warehouse",
    "/reports/value/?by=category&on=2026-03-01",
]  # fmt: skip
BOOKS = [
    *(f"/reports/profit/?by={by}&{DAYS}" for by in ("product", "category", "customer", "salesperson", "month")),
    f"/reports/profit/documents/?product=1&{DAYS}", f"/reports/balance/?{DAYS}", f"/reports/ledger/?account=1&{DAYS}",
    f"/reports/vouchers/?{DAYS}", "/reports/vouchers/?from=2000-01-01&to=2999-12-31&document=S000001&account=15",
]  # fmt: skip


@pytest.fixture
def trade(company_db: str):
    from tests import build
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    build.settled(build.back_on_the_shelf(quantity=1))
    return build


def browser(name: str) -> Client:
    from backstock.core.models import User

    client = Client(headers=ENGLISH)
    client.force_login(User.objects.get(username=name))
    return client


def test_it_opens_to_those_it_is_for(trade) -> None:
    people = {name: browser(name) for name in ("zhao", "wang", "zhou", "chen")}
    for address in [*STOCK, *BOOKS]:
        seen = {name: client.get(address).status_code for name, client in people.items()}
        assert seen == {"zhao": 200, "wang": 200, "zhou": 403 if address in BOOKS else 200, "chen": 403}, address


def test_costs_are_for_those_who_answer_for_them(trade) -> None:
    for address in STOCK[1:]:
        assert "¥" not in browser("zhou").get(address).text, address
        assert "¥" in browser("zhao").get(address).text or "quarantine" in address


def test_what_moved_adds_up_on_the_page_and_leads_to_its_moves(trade) -> None:
    page = browser("zhao").get(f"/reports/movements/?{DAYS}").text
    assert "¥11,940.00" in page  # 200 bought at 60, two sold, one back: 199 pieces
    card = re.search(r'href="(/reports/card/[^"]*product=A[^"]*)"', page)
    assert card is not None
    text = browser("zhao").get(card[1].replace("&amp;", "&")).text
    assert text.count('href="/returns/R000001/"') == 2
    assert "199 pcs" in text


def test_gross_profit_is_net_of_returns(trade) -> None:
    page = browser("zhao").get(f"/reports/profit/?by=customer&{DAYS}").text
    assert all(figure in page for figure in ("¥200.00", "¥100.00", "¥60.00", "¥40.00", "40.0%"))
    assert "From the report to the accounts" in page


def test_the_trial_balance_is_balanced(trade) -> None:
    page = browser("zhao").get(f"/reports/balance/?{DAYS}").text
    assert "Debits equal credits</span>" in page
    assert "1405" in page


def test_it_leaves_as_a_spreadsheet_and_as_text(trade) -> None:
    client = browser("zhao")
    for address in [*STOCK[1:], *BOOKS]:
        more = "&" if "?" in address else "?"
        with closing(client.get(f"{address}{more}export=xlsx")) as answer:
            sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        text = b"".join(client.get(f"{address}{more}export=csv").streaming_content).decode()
        assert sheet.max_row == len(text.splitlines()), address


def test_a_long_report_costs_no_more_statements(trade) -> None:
    client = browser("zhao")

    def statements() -> dict[str, int]:
        found = {}
        for address in [*STOCK[1:], *BOOKS]:
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            found[address] = len(seen)
        return found

    statements()
    before = statements()
    for n in range(8):
        trade.product(f"B{n}")
        trade.bought(f"B{n}", 5)
        trade.sold(f"B{n}", 1)
        trade.sold(quantity=1)
    assert statements() == before
    assert max(before.values()) <= 20


def test_pages_follow_each_other_by_key(trade) -> None:
    for _ in range(60):
        trade.sold(quantity=1)
    client = browser("zhao")
    for address in (
        f"/reports/card/?product=A&{DAYS}",
        f"/reports/ledger/?account=1&{DAYS}",
        f"/reports/vouchers/?{DAYS}",
    ):
        first = client.get(address).text
        later = re.search(r'href="([^"]*)" rel="next"', first)
        assert later is not None, address
        second = client.get(later[1].replace("&amp;", "&")).text
        back = re.search(r'href="([^"]*)" rel="prev"', second)
        assert back is not None, address
        again = client.get(back[1].replace("&amp;", "&")).text
        documents = re.compile(r'<a href="[^"]*">([A-Z]\d{6})</a>')
        assert documents.findall(again) == documents.findall(first)
        assert documents.findall(second) != documents.findall(first)


def test_as_known_at_an_instant_an_answer_stays_for_ever(trade) -> None:
    client = browser("zhao")
    addresses = [*STOCK[1:], *BOOKS]
    lasting = {}
    for address in addresses:
        link = re.search(r'href="([^"]*known=[^"]*)">Link to this answer', client.get(address).text)
        assert link is not None, address
        lasting[address] = link[1].replace("&amp;", "&")
    body = re.compile(r"<tbody.*</tbody>", re.DOTALL)
    before = {address: body.findall(client.get(link).text) for address, link in lasting.items()}
    trade.bought(quantity=7, cost=99, on=date(2026, 1, 2))
    trade.settled(trade.back_on_the_shelf(quantity=1), on=date(2026, 1, 3))
    assert {address: body.findall(client.get(link).text) for address, link in lasting.items()} == before
    assert body.findall(client.get(addresses[0]).text) != before[addresses[0]]


@pytest.mark.parametrize(
    "query", ["from=yesterday&to=2026-99-01", "known=x", "after=1.2.3.4&until=z", "warehouse=99&kind=x&account=abc"]
)
def test_nonsense_in_the_address_is_told_not_a_crash(trade, query) -> None:
    client = browser("zhao")
    for page in ("movements", "card", "value", "profit", "balance", "ledger", "vouchers"):
        answer = client.get(f"/reports/{page}/?{query}")
        assert answer.status_code == 200, page
        assert ("Not understood" in answer.text) == ("yesterday" in query or "known=x" in query), page


def test_a_warehouse_holds_its_share_before_and_after(trade) -> None:
    """Closing by the opening's places and what was added is what the day's own balances say."""
    from backstock.core.spans import day_before
    from backstock.stock.figures import balances, together

    first, last = date(2026, 1, 5), date(2026, 6, 30)
    trade.sold(quantity=3, on=date(2026, 2, 2))
    opening, added = balances(day_before(first)), balances(last, since=first)
    closing = {product: together(opening.get(product, {}), places) for product, places in added.items()}
    assert closing == balances(last)


def test_vouchers_are_numbered_on_their_page_and_leave_for_a_bookkeeping_program(trade) -> None:
    zhao = browser("zhao")
    january = "/reports/vouchers/?from=2026-01-01&to=2026-01-31"
    assert "vouchers of 2026-01 have no number yet" in zhao.get(january).text
    assert browser("wang").post("/reports/vouchers/post/", {"month": "2026-01", "key": "k"}).status_code == 403
    assert zhao.post("/reports/vouchers/post/", {"month": "nonsense", "key": "k"}).status_code == 422

    assert zhao.post("/reports/vouchers/post/", {"month": "2026-01", "key": "k"}).url == january
    page = zhao.get(january).text
    assert ("记-1<" in page, "no number yet" in page) == (True, False)
    with closing(zhao.get(f"{january}&layout=kingdee&export=xlsx")) as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert sum(row[11] or 0 for row in rows) == sum(row[12] or 0 for row in rows) > 0
    assert [row[4] for row in rows] == sorted(row[4] for row in rows)
