"""The bell, the notes, the outbox and their settings as pages."""

from __future__ import annotations

import pytest

from tests.desk.test_returns_pages import browser, fields, nothing_written, send, statements


@pytest.fixture
def trade(company_db: str):
    from tests import build
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    return build


def told(trade, count: int = 1) -> list[str]:
    from backstock.notifications.telling import tell_new

    numbers = [trade.requested(trade.sold(quantity=1)) for _ in range(count)]
    tell_new()
    return numbers


def test_the_bell_counts_what_is_unread_and_answers_304_when_nothing_changed(trade) -> None:
    told(trade, 3)
    client = browser("qian")
    assert 'data-bell="/notes/count/"' in client.get("/returns/").text
    first = client.get("/notes/count/")
    assert first.json() == {"count": 3, "text": "3", "label": "Notes, 3 unread"}
    again = client.get("/notes/count/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    client.post("/notes/read/", {"action": "all"})
    assert client.get("/notes/count/", headers={"If-None-Match": first.headers["ETag"]}).json()["count"] == 0
    assert browser("zhou").get("/notes/count/").json()["count"] == 0
    assert browser("chen").get("/notes/count/").status_code == 403


def test_the_bell_is_cheap(trade) -> None:
    client = browser("qian")
    told(trade)
    few = statements(client, "/notes/count/")
    told(trade, 20)
    assert statements(client, "/notes/count/") == few <= 5


def test_a_note_says_what_happened_and_what_is_next_and_leads_there(trade) -> None:
    from backstock.notifications.models import Note

    [rma] = told(trade)
    client = browser("qian")
    page = client.get("/notes/").text
    assert "A return was requested and waits for a decision" in page
    assert ">Approve<" in page
    note = Note.objects.get()
    assert client.get(f"/notes/{note.pk}/").headers["Location"] == f"/returns/{rma}/"
    assert client.get("/notes/count/").json()["count"] == 0
    assert f"/notes/{note.pk}/" not in client.get("/notes/?new=1").text
    assert browser("zhou").get(f"/notes/{note.pk}/").status_code == 404


def test_picked_notes_are_marked_as_read(trade) -> None:
    from backstock.notifications.models import Note

    told(trade, 2)
    client = browser("qian")
    client.post("/notes/read/", {"action": "read", "row": [Note.objects.first().pk, "x", "99999"]})
    assert client.get("/notes/count/").json()["count"] == 1


def test_pages_cost_the_same_however_much_they_show(trade) -> None:
    from tests.build_telling import letters, reachable

    client, customer = browser("admin"), reachable()
    rma = trade.requested(trade.sold(quantity=1, customer=customer))
    letters(rma)
    budgets = {"/notes/": 14, "/notes/?new=1": 14, "/letters/": 9, "/settings/telling/": 6, "/settings/letters/": 6}
    few = {path: statements(client, path) for path in budgets}
    for _ in range(8):
        letters(trade.approved(trade.requested(trade.sold(quantity=1, customer=customer))))
    many = {path: statements(client, path) for path in budgets}
    assert many == few
    assert {path: count for path, count in many.items() if count > budgets[path]} == {}


def test_who_is_told_is_set_by_boxes(trade) -> None:
    from backstock.notifications.models import Audience

    client = browser("wang")
    page = client.get("/settings/telling/").text
    boxes = [box for box in page.split('value="')[1:] if ":" in box[:40] and "checked" in box.split(">")[0]]
    ticked = [box.split('"')[0] for box in boxes]
    assert "requested:approver" in ticked
    sent = {"key": fields(page)["key"], "tell": [*ticked, "requested:finance"]}
    assert client.post("/settings/telling/", sent).status_code == 302
    assert [(row.topic, row.roles) for row in Audience.objects.all()] == [("requested", ["approver", "finance"])]
    assert browser("wu").get("/settings/telling/").status_code == 403


def test_the_outbox_is_listed_shown_and_sent_again(trade) -> None:
    from backstock.notifications.models import Letter
    from tests.build_telling import failed_letter

    pk = failed_letter()
    client = browser("wu")
    page = client.get("/letters/").text
    assert "No mail server is set up yet" in page
    assert "Request received" in page
    shown = client.get(f"/letters/{pk}/").text
    assert "已收到您的退货申请" in shown
    assert "@example.com" in shown
    assert client.post("/letters/again/", {"row": [pk], "key": "k", "action": "again"}).status_code == 302
    assert Letter.objects.get(pk=pk).state == "waiting"
    client.post("/letters/again/", {"row": [pk], "key": "other", "action": "again"})
    assert "is still waiting" in client.get("/letters/").text
    assert client.get("/letters/999/").status_code == 404
    assert browser("zhou").get("/letters/").status_code == 403


def test_a_text_is_previewed_and_written_and_a_wrong_one_keeps_the_input(trade) -> None:
    client, path = browser("wang"), "/settings/letters/approved/en/"
    page = client.get(path).text
    assert "Dear Ms Chen" in page
    sent = {"key": fields(page)["key"], "subject": "Yes to {number}", "body": "Hello {customer}", "do": "preview"}
    with nothing_written():
        preview = client.post(path, sent)
        wrong = client.post(path, sent | {"body": "Hello {friend}", "do": "save"})
    assert "Yes to R000123" in preview.text
    assert wrong.status_code == 422
    assert "Hello {friend}" in wrong.text
    assert "friend in braces is nothing that a letter knows" in wrong.text
    assert client.post(path, sent | {"do": "save"}).status_code == 302
    assert "Yes to {number}" in client.get("/settings/letters/").text
    assert client.get("/settings/letters/approved/fr/").status_code == 404


def test_a_return_shows_its_letters_and_keeps_the_customers_language(trade) -> None:
    from tests.build_telling import letters, reachable

    customer = reachable()
    rma = trade.approved(trade.requested(trade.sold(customer=customer)))
    letters(rma)
    client = browser("wu")
    page = client.get(f"/returns/{rma}/").text
    assert "Letters to the customer" in page
    assert "Request approved" in page
    client.post(f"/letters/language/{rma}/", {"language": "en"})
    page = client.get(f"/returns/{rma}/").text
    assert '<option value="en" selected>' in page
    assert browser("zhou").post(f"/letters/language/{rma}/", {"language": "en"}).status_code == 403
    assert client.post(f"/letters/language/{rma}/", {"language": "xx"}).status_code == 422


def test_the_section_adds_few_statements(trade) -> None:
    rma = trade.back_on_the_shelf()
    trade.settled(rma)
    assert statements(browser("admin"), f"/returns/{rma}/") <= 28


def test_a_refused_form_writes_nothing(trade) -> None:
    client = browser("wang")
    with nothing_written():
        answer = send(client, "/settings/letters/approved/zh/", subject="", body="x", do="save")
    assert answer.status_code == 422
