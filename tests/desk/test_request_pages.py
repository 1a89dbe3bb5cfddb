"""What becomes of a request by its pages: corrected, split, merged, of another type, given more time."""

from __future__ import annotations

from tests.desk.test_returns_pages import browser, fields, nothing_written, send, trade  # noqa: F401


def test_a_request_is_split_and_merged_again(trade) -> None:  # noqa: F811
    rma = trade.requested(trade.sold(quantity=5), 3)
    wu = browser("wu")
    assert f"/returns/{rma}/split/" in wu.get(f"/returns/{rma}/").text
    assert send(wu, f"/returns/{rma}/split/", **{"lines-0-quantity": "1"}).status_code == 302
    page = wu.get("/returns/R000002/").text
    assert "Was split off from" in page
    assert "R000001 → R000002" in page
    assert "Some of it went on in" in wu.get(f"/returns/{rma}/").text
    assert send(wu, f"/returns/{rma}/merge/", source="R000002").status_code == 302
    assert "Goes on in" in wu.get("/returns/R000002/").text


def test_a_split_of_nothing_or_too_much_keeps_the_input(trade) -> None:  # noqa: F811
    rma = trade.requested(trade.sold(quantity=5), 3)
    wu = browser("wu")
    with nothing_written():
        for typed, said in (("", "Say how many"), ("9", "Name at most 3"), ("3", "Leave at least one piece")):
            answer = send(wu, f"/returns/{rma}/split/", **{"lines-0-quantity": typed})
            assert answer.status_code == 422
            assert said in answer.text
            assert f'value="{typed}"' in answer.text or not typed


def test_the_type_is_changed_with_history(trade) -> None:  # noqa: F811
    rma = trade.requested(trade.sold())
    wu = browser("wu")
    assert (
        send(wu, f"/returns/{rma}/change_type/", type="refund_only", reason="not worth the freight").status_code == 302
    )
    page = wu.get(f"/returns/{rma}/").text
    assert "Return and refund → Refund only, nothing comes back" in page
    assert "not worth the freight" in page
    trade.approved(rma)
    assert f"/returns/{rma}/change_type/" not in wu.get(f"/returns/{rma}/").text
    assert f"/returns/{rma}/change_type/" in browser("qian").get(f"/returns/{rma}/").text


def test_a_line_is_corrected_with_another_reason_and_taken_out(trade) -> None:  # noqa: F811
    from tests.build_requests import corrected, line

    trade.product("B")
    trade.bought("B", 5, 10)
    rma = trade.requested(trade.sold(quantity=3), 2, reason="too big")
    corrected(rma, add=[line("B", 1, sale=trade.sold("B"))])
    wu, path = browser("wu"), f"/returns/{rma}/edit/"
    assert send(wu, path, **{"lines-0-reason": "too small", "lines-1-quantity": ""}).status_code == 302
    page = wu.get(f"/returns/{rma}/").text
    assert "too small" in page
    assert "B ×" not in wu.get(path).text
    assert send(wu, path).status_code == 422


def test_who_may_approve_gives_more_time_before_it_lapses(trade) -> None:  # noqa: F811
    from datetime import timedelta

    from backstock.core import clock

    today = clock.today("Asia/Shanghai")
    trade.policy(return_deadline_days=2)
    rma = trade.approved(trade.requested(trade.sold(), on=today), on=today)
    assert "The authorisation lapses after 2 days." in browser("wu").get(f"/returns/{rma}/").text
    page = browser("qian").get(f"/returns/{rma}/").text
    assert "Give more time" in page
    until = (today + timedelta(days=30)).isoformat()
    assert send(browser("qian"), f"/returns/{rma}/prolong/", until=until).status_code == 302
    page = browser("qian").get(f"/returns/{rma}/").text
    assert "The authorisation lapses after" not in page
    assert until in page
    assert send(browser("qian"), f"/returns/{rma}/prolong/", until="2026-01-01").status_code == 422
