"""What becomes of a request by its pages: corrected, split, merged, of another type, given more time."""

from __future__ import annotations

import re

from tests.desk.test_returns_pages import browser, fields, nothing_written, send, statements, trade  # noqa: F401


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


def test_one_return_over_two_orders_by_scanning(trade) -> None:  # noqa: F811
    from backstock.returns.queries import loaded_return

    trade.product("S", tracking="serial", name="Kettle")
    trade.bought("S", 2, serials=("S1", "S2"))
    plain, kettle = trade.sold(quantity=3), trade.sold("S", 2, serials=("S1", "S2"), reference="JD-77")
    wu = browser("wu")
    start = wu.get(f"/returns/new/?q={plain}")
    assert start.headers["Location"] == f"/returns/new/{plain}/?scan={plain}"
    path = f"/returns/new/{plain}/"
    page = wu.get(path)
    sent = fields(page.text)
    for scanned in ("A", "A", "S2"):
        page = wu.post(path, sent | {"more": scanned})
        assert page.status_code == 200, page.text
        sent = fields(page.text)
    assert sent["lines-0-quantity"] == "2"
    assert kettle in page.text
    assert "checked" in page.text
    nothing = wu.post(path, sent | {"lines-1-serials": "S2", "more": "nobody knows"})
    assert nothing.status_code == 422
    assert "nothing left to return that fits" in nothing.text
    done = wu.post(path, sent | {"lines-1-serials": "S2", "more": ""})
    assert done.status_code == 302
    rma = loaded_return(done.headers["Location"].split("/")[2])
    assert [(line.row.product.sku, line.in_line_units("requested_e4")) for line in rma.lines] == [
        ("A", 20_000),
        ("S", 10_000),
    ]


def test_a_scanned_serial_number_leads_to_its_sale_and_is_ticked(trade) -> None:  # noqa: F811
    trade.product("S", tracking="serial", name="Kettle")
    trade.bought("S", 2, serials=("S1", "S2"))
    sale = trade.sold("S", 2, serials=("S1", "S2"))
    page = browser("wu").get("/returns/new/?q=S2", follow=True)
    assert page.redirect_chain[0][0] == f"/returns/new/{sale}/?scan=S2"
    assert page.text.count("checked") == 1


def test_the_list_says_what_may_still_come_back(trade) -> None:  # noqa: F811
    first, _second = trade.sold(quantity=3), trade.sold(quantity=1)
    trade.requested(first, 3)
    page = browser("wu").get("/returns/new/?q=SUN").text
    assert "May still come back: A × 1" in page
    assert "Nothing of it may come back" in page


def test_a_repeated_request_is_warned_of_before_it_is_made(trade) -> None:  # noqa: F811
    sale = trade.sold(quantity=3)
    rma = trade.requested(sale)
    page = browser("wu").get(f"/returns/new/{sale}/").text
    assert "Is this one the same?" in page
    assert f"/returns/{rma}/" in page
    assert "Is this one the same?" not in browser("wu").get(f"/returns/new/{trade.sold()}/").text


def test_goods_of_another_order_are_added_to_a_request(trade) -> None:  # noqa: F811
    trade.product("B")
    trade.bought("B", 5, 10)
    rma = trade.requested(trade.sold(quantity=3))
    trade.sold("B", 2)
    wu, path = browser("wu"), f"/returns/{rma}/add/"
    assert path in wu.get(f"/returns/{rma}/edit/").text
    sent = fields(wu.get(path).text)
    sent = fields(wu.post(path, sent | {"more": "B"}).text)
    done = wu.post(path, sent | {"more": ""})
    assert done.status_code == 302
    assert "B" in wu.get(f"/returns/{rma}/edit/").text


def test_goods_without_a_sale_are_taken_at_a_stated_price(trade) -> None:  # noqa: F811
    wu, path = browser("wu"), "/returns/new/without/"
    assert path in wu.get("/returns/new/").text
    sent = fields(wu.get(path).text) | {"customer": "SUN", "lines-0-sku": "A", "lines-0-quantity": "2"}
    with nothing_written():
        refused = wu.post(path, sent)
    assert refused.status_code == 422
    assert "names no sale" in refused.text
    assert wu.post(path, sent | {"lines-0-price": "50", "lines-0-cost": "20"}).status_code == 302


def test_a_recall_by_its_pages(trade) -> None:  # noqa: F811
    from backstock.returns.recall.recalling import work_off

    trade.product("S", tracking="serial", name="Kettle")
    trade.bought("S", 3, serials=("N1", "N2", "N3"))
    trade.sold("S", 2, serials=("N1", "N2"))
    wang = browser("wang")
    with nothing_written():
        assert send(wang, "/returns/recalls/new/", title="burns", sku="S", codes="N9").status_code == 422
    done = send(wang, "/returns/recalls/new/", title="burns", sku="S", codes="N1\nN2 N3")
    path = done.headers["Location"]
    page = wang.get(path).text
    assert "0 %" in page
    assert "S N1, S N2" in page
    admin = browser("admin")
    assert admin.post(f"{path}do/", {"do": "ask"}).status_code == 302
    for _reload in range(2):
        page = admin.get(path).text
        assert ("Asking all buyers" in page, "Ask all buyers for their goods" in page) == (True, False)
    assert "HX-Refresh" not in admin.get(f"{path}progress/").headers
    assert admin.post(f"{path}do/", {"do": "ask"}).status_code == 422
    assert work_off()
    assert admin.get(f"{path}progress/").headers["HX-Refresh"] == "true"
    assert "1 request was made." in admin.get(path).text
    assert "/returns/R000001/" in admin.get(path).text
    early = wang.post(f"{path}do/", {"do": "close", "key": "k1"})
    assert early.status_code == 422
    assert "neither back nor answered for" in early.text
    wang.post(f"{path}do/", {"do": "refused", "customer": "SUN"})
    assert "100 %" in wang.get(path).text
    assert wang.post(f"{path}do/", {"do": "close", "key": "k2"}).status_code == 302
    assert "burns" in wang.get("/returns/recalls/").text
    assert browser("wu").get("/returns/recalls/new/").status_code == 403


def test_the_list_and_the_page_of_recalls_cost_the_same_however_many_there_are(trade) -> None:  # noqa: F811
    from tests.build_recalls import called_back

    trade.product("M", tracking="lot")
    trade.bought("M", 20, lot="L1")
    wang, paths = browser("wang"), ("/returns/recalls/", "/returns/recalls/RC000001/")
    trade.sold("M", 1, lot="L1")
    called_back("M", ("L1",), block=False)
    few = [statements(wang, path) for path in paths]
    for customer in ("SUN", "HE"):
        trade.sold("M", 1, lot="L1", customer=customer)
        called_back("M", ("L1",), block=False)
    assert [statements(wang, path) for path in paths] <= few <= [12, 20]


def test_the_life_of_a_serial_number_is_found_by_scanning_it(trade) -> None:  # noqa: F811
    from tests.build_recalls import called_back

    trade.product("S", tracking="serial", name="Kettle")
    number = trade.bought("S", 1, serials=("N1",))
    sale = trade.sold("S", 1, serials=("N1",))
    called_back("S", ("N1",))
    zhou = browser("zhou")
    page = zhou.get("/returns/story/?code=N1").text
    for said in ("Bought", "Sold", number, sale, "Blocked", "faulty", "Customer&#x27;s hands"):
        assert said in page, said
    assert "No such lot or serial number" in zhou.get("/returns/story/?code=N9").text
    assert 'href="/returns/story/"' in zhou.get("/returns/").text


def test_a_lot_is_blocked_and_let_go_on_the_page_of_its_life(trade) -> None:  # noqa: F811
    trade.product("L", tracking="lot")
    trade.bought("L", 2, 10, lot="L1")
    wang, path = browser("wang"), "/returns/story/?code=L1"
    sent = {"sku": "L", "code": "L1", "reason": "smells", "key": "k1", "do": "block"}
    assert wang.post("/returns/story/", {**sent, "reason": ""}).status_code == 422
    assert browser("zhou").post("/returns/story/", sent).status_code == 403

    assert wang.post("/returns/story/", sent).url == path
    page = wang.get(path).text
    assert ("smells" in page, "Lift the block" in page) == (True, True)
    wang.post("/returns/story/", {**sent, "reason": "it was the shelf", "key": "k2", "do": "lift"})
    assert "Why it must stay here" in wang.get(path).text
    assert wang.post("/returns/story/", {**sent, "key": "k3", "do": "lift"}).status_code == 422


def test_a_pasted_message_becomes_a_draft_and_then_a_request(trade) -> None:  # noqa: F811
    from backstock.core.models import CommandLog
    from backstock.returns.models import RequestDraft
    from backstock.returns.queries import loaded_return

    trade.customer("K9", name="何建国", phone="13900139002")
    trade.product("CUP", name="青瓷杯")
    trade.bought("CUP", 9, 10)
    sale = trade.sold("CUP", 5, customer="K9", reference="JD-77")
    wu = browser("wu")
    words = "我是何建国，13900139002，订单JD-77，青瓷杯碎了两个，要退货"
    path = send(wu, "/returns/messages/", text=words).headers["Location"]
    page = wu.get(path).text
    for said in ("JD-77", "Damaged on arrival", "碎", "两个", f"/returns/new/{sale}/?draft=RD000001"):
        assert said in page, said
    form = wu.get(f"/returns/new/{sale}/?draft=RD000001")
    sent = fields(form.text)
    assert (sent["lines-0-quantity"], sent["lines-0-reason"], sent["draft"]) == ("2", "Damaged on arrival", "RD000001")
    rma = wu.post(f"/returns/new/{sale}/", sent | {"note": words}).headers["Location"].split("/")[2]
    assert loaded_return(rma).lines[0].in_line_units("requested_e4") == 20_000
    draft = RequestDraft.objects.get()
    assert (draft.text, draft.became) == ("", rma)
    assert "何建国" not in str(list(CommandLog.objects.values_list("payload", "events")))


def test_a_message_is_found_by_phone_and_put_aside(trade) -> None:  # noqa: F811
    trade.customer("K9", name="何建国", phone="13900139002")
    sale = trade.sold(customer="K9")
    wu = browser("wu")
    path = send(wu, "/returns/messages/", text="想退货，电话13900139002").headers["Location"]
    assert sale in wu.get(path).text
    assert wu.post(f"{path}aside/").status_code == 302
    assert "the words were erased" in wu.get(path).text
    assert browser("zhou").get("/returns/messages/").status_code == 403


def test_a_quota_is_agreed_shown_and_ended(trade) -> None:  # noqa: F811
    from backstock.partners.models import Partner

    sale, wang = trade.sold(quantity=5), browser("wang")
    assert send(wang, "/returns/quotas/", customer="SUN", percent="20", period="year").status_code == 302
    assert "20 %" in wang.get("/returns/quotas/").text
    trade.requested(sale, 2)
    assert "Quota in a year:" in browser("wu").get(f"/returns/new/{sale}/").text
    page = browser("wu").get(f"/partners/{Partner.objects.get(code='SUN').pk}/").text
    for said in ("What may be sent back", "In a year", "200 %", "/returns/quotas/1/"):
        assert said in page, said
    page = browser("wu").get(re.findall(r"/returns/quotas/1/\d+/", page)[0]).text
    assert ("R000001" in page, "200.00" in page) == (True, True)
    assert browser("wu").get("/returns/quotas/9/1/").status_code == 404
    assert send(wang, "/returns/quotas/", customer="SUN").status_code == 422
    assert wang.post("/returns/quotas/", {"end": "1"}).status_code == 302
    assert "None is agreed" in wang.get("/returns/quotas/").text
    assert browser("wu").get("/returns/quotas/").status_code == 403


def test_the_till_finds_a_sale_like_a_new_return_does_but_takes_nothing_without_one(trade) -> None:  # noqa: F811
    first, second = trade.sold(), trade.sold()
    admin = browser("admin")
    page = admin.get("/returns/counter/?q=SUN").text
    for said in ("Return at the till", f"/returns/counter/{first}/", f"/returns/counter/{second}/"):
        assert said in page, said
    assert ("/returns/new/without/" in page, "May still come back" in page) == (False, False)
    assert "No such sale" in admin.get("/returns/counter/?q=nobody").text
    assert "No such sale" not in admin.get("/returns/counter/").text
