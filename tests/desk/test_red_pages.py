"""The work list of red invoices, and the page of one from the blue invoice to the red number."""

from backstock.refunds.models import CreditNote
from backstock.sales.models import Invoice
from tests import build
from tests.desk.test_reports import browser


def test_a_red_invoice_is_followed_up_on_its_page(people):
    build.settled(build.back_on_the_shelf(number=build.sold(quantity=2)))
    note, bill = CreditNote.objects.get().number, Invoice.objects.get().number
    zhao, path = browser("zhao"), f"/books/red/{CreditNote.objects.get().number}/"
    assert browser("wu").get("/books/red/").status_code == 403
    assert note in zhao.get("/books/red/?state=open").text
    assert "Record it" in zhao.get(path).text

    sent = {"do": "record", "invoice": bill, "number": "25000000000000000001", "issued_on": "2026-01-05", "used": "yes"}
    assert browser("wang").post(f"{path}do/", {**sent, "key": "a"}).status_code == 403
    kept = zhao.post(f"{path}do/", {**sent, "number": "no number!", "key": "b"})
    assert (kept.status_code, "no number!" in kept.text) == (422, True)
    assert zhao.post(f"{path}do/", {**sent, "key": "c"}).url == path
    zhao.post(f"{path}do/", {"do": "ask", "document": note, "blue": sent["number"], "key": "d"})
    assert "Waits for the other side" in zhao.get(path).text
    zhao.post(f"{path}do/", {"do": "confirm", "document": "HZ000001", "key": "e"})
    zhao.post(
        f"{path}do/",
        {
            "do": "issue",
            "document": "HZ000001",
            "number": "26000000000000000001",
            "issued_on": "2026-01-06",
            "key": "f",
        },
    )
    assert "26000000000000000001" in zhao.get(path).text
    assert note not in zhao.get("/books/red/?state=open").text
    assert note in zhao.get("/books/red/?state=done").text
    assert zhao.get("/books/red/C999999/").status_code == 404
