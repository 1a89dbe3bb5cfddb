"""Papers are offered where they are wanted: on the return, in the list, on the console; the letterhead has its form."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.desk.test_returns_pages import browser, fields, nothing_written, send, statements


@pytest.fixture
def trade(company_db: str):
    from tests import build
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    return build


def test_a_return_offers_the_papers_that_it_has_by_now(trade):
    rma = trade.requested(trade.sold())
    page = browser("wu").get(f"/returns/{rma}/").text
    assert f"/returns/{rma}/papers/request/?language=zh" in page
    assert f"/returns/{rma}/papers/receipt/" not in page
    trade.received(trade.approved(rma))
    page = browser("zhou").get(f"/returns/{rma}/").text
    assert f"/returns/{rma}/papers/receipt/?language=en&amp;format=narrow" in page
    assert f"/returns/{rma}/papers/refund/" not in page
    trade.settled(trade.disposed(trade.inspected(rma)))
    assert f"/returns/{rma}/papers/refund/?language=zh" in browser("zhou").get(f"/returns/{rma}/").text


def test_a_paper_opens_as_pdf_for_who_may_see_returns(trade):
    rma = trade.on_the_dock()
    answer = browser("wu").get(f"/returns/{rma}/papers/receipt/?language=zh")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert "inline" in answer.headers["Content-Disposition"]
    assert browser("chen").get(f"/returns/{rma}/papers/receipt/").status_code == 403
    assert browser("wu").get(f"/returns/{rma}/papers/poem/").status_code == 404
    refusal = browser("wu").get(f"/returns/{rma}/papers/refund/")
    assert refusal.status_code == 422
    assert "has no Refund note yet" in refusal.text
    assert browser("wu").get(f"/returns/{rma}/papers/receipt/?language=xx").status_code == 422


def test_picked_returns_are_printed_in_one_file(trade):
    first, second = trade.requested(trade.sold()), trade.requested(trade.sold())
    client = browser("wu")
    assert 'value="print"' in client.get("/returns/").text
    to = client.post("/returns/bulk/", {"action": "print", "row": [first, second]}).headers["Location"]
    choice = client.get(to)
    assert "2 returns in one file" in choice.text
    made = client.get(f"{to}&kind=request&language=en")
    assert made.headers["Content-Type"] == "application/pdf"
    assert client.get("/returns/papers/").status_code == 422


def test_the_letterhead_is_set_by_its_form_and_its_logo_shown(trade, tmp_path, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    client = browser("wang")
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(drawn, "PNG")
    drawn.name = "logo.png"
    drawn.seek(0)
    sent = fields(client.get("/settings/letterhead/").text) | {"name_zh": "归仓", "logo": drawn}
    assert client.post("/settings/letterhead/", sent).status_code == 302
    page = client.get("/settings/letterhead/").text
    assert 'value="归仓"' in page
    assert "/settings/letterhead/logo/" in page
    assert client.get("/settings/letterhead/logo/").headers["Content-Type"] == "image/webp"
    again = fields(page) | {"without_logo": "on"}
    assert client.post("/settings/letterhead/", again).status_code == 302
    assert client.get("/settings/letterhead/logo/").status_code == 404
    assert browser("wu").get("/settings/letterhead/").status_code == 403


def test_a_refused_letterhead_keeps_what_was_typed(trade):
    client = browser("admin")
    with nothing_written():
        answer = send(client, "/settings/letterhead/", name_zh="n" * 201, phone="0571")
    assert answer.status_code == 422
    assert 'value="0571"' in answer.text


def test_the_section_costs_no_statement(trade):
    rma = trade.back_on_the_shelf()
    client = browser("admin")
    before = statements(client, f"/returns/{rma}/")
    for _ in range(3):
        trade.back_on_the_shelf()
    assert statements(client, f"/returns/{rma}/") == before
