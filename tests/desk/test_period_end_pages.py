"""Period ends in the browser: numbers for credit notes, the accrual of the cut-off, expected returns."""

from datetime import date

import pytest

from backstock.books.models import Accrual, Estimate, NoteNumber
from backstock.core.permissions import SYSTEM
from backstock.money.commands.choose_chart import ChooseChart, choose_chart
from tests import build
from tests.build import DAY
from tests.desk.test_returns_pages import browser, fields, statements


@pytest.fixture
def trading(company_db):
    from tests.cast import cast

    build.company(quantity=50)
    cast()


def test_finance_gives_numbers_and_finds_a_note_by_its_number(trading):
    build.settled(build.back_on_the_shelf())
    build.back_on_the_shelf(number=build.sold(paid="none"))
    zhao, wu = browser("zhao"), browser("wu")
    assert (wu.get("/books/notes/").status_code, wu.get("/books/notes/number/").status_code) == (403, 403)
    page = zhao.get("/books/notes/number/")
    assert zhao.post("/books/notes/number/", fields(page.text) | {"through": "soon"}).status_code == 422
    done = zhao.post("/books/notes/number/", fields(page.text) | {"through": f"{DAY}"})
    assert (done.status_code, NoteNumber.objects.get().text) == (302, "2026-000001")
    again = zhao.post("/books/notes/number/", fields(zhao.get("/books/notes/number/").text) | {"through": f"{DAY}"})
    assert again.status_code == 409 or again.status_code == 422
    assert "C000001" in zhao.get("/books/notes/?q=2026-000001").text
    assert "C000001" not in zhao.get("/books/notes/?q=2026-000002").text
    assert "C000001" not in zhao.get("/books/notes/?numbered=no").text
    assert statements(zhao, "/books/notes/") <= 13


def test_the_cut_off_is_ticked_and_accrued_on_the_page_that_closes_a_period(trading):
    late = build.back_on_the_shelf(number=build.sold(paid="none"))
    zhao, path = browser("zhao"), "/money/close/"
    page = zhao.get(path)
    assert "Credit note to come, net" in page.text
    form = fields(page.text)
    assert zhao.post(f"{path}accrue/", form | {"documents": []}).status_code == 302
    assert Accrual.objects.count() == 0
    assert zhao.post(f"{path}accrue/", form | {"documents": [late]}).status_code == 302
    assert Accrual.objects.get().reversed_log_id
    assert "Credit note to come, net" not in zhao.get(path).text


def test_expected_returns_are_shown_with_their_rates_and_posted_with_a_reason_for_another_rate(trading):
    build.settled(build.back_on_the_shelf(number=build.sold(quantity=10)), on=DAY)
    build.sold(quantity=4, on=date(2026, 4, 10))
    zhao, path = browser("zhao"), "/books/estimate/?through=2026-04-30&mature_months=3"
    page = zhao.get(path)
    for each in ("2026-04", "10 %", "¥400.00", "¥40.00", "¥24.00", "knows neither"):
        assert each in page.text, each
    assert zhao.post(path, fields(page.text)).status_code in (409, 422)
    choose_chart(ChooseChart(chart="international", on=DAY), actor=SYSTEM)
    wrong = zhao.post(path, fields(zhao.get(path).text) | {"rate_0": "20"})
    assert wrong.status_code == 422
    assert "Say why." in wrong.text
    assert zhao.post(path, fields(wrong.text) | {"rate_0": "20", "reason_0": "a bad lot"}).status_code == 302
    assert Estimate.objects.get().liability_cents == 8_000
    assert "refund liability ¥80.00" in zhao.get("/books/estimate/").text
    assert statements(zhao, path) <= 20
