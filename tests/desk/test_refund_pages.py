"""Refunds on their way, and reconciliation: who sees them, what they do, and how many statements they take."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from backstock.money.accounts import Role
from backstock.refunds.models import Difference, Refund
from tests import build_refunds
from tests.build_refunds import gateway, granted, paid, refund
from tests.desk.test_returns_pages import browser, statements
from tests.ledgers import on_account


def test_a_refund_is_paid_by_hand_and_comes_back(people):
    granted()
    client, path = browser("zhao"), f"/money/refunds/{refund().number}/"
    assert "Granted, not paid yet" in client.get(path).text
    assert client.post(path, {"do": "paid", "reference": "B 1 !", "key": "1"}).status_code == 422
    assert client.post(path, {"do": "paid", "reference": "B-1", "key": "2"}).status_code == 302
    assert (refund().status, on_account(Role.bank)) == ("paid", "0.00")
    assert client.post(path, {"do": "failed", "key": "3"}).status_code == 302
    assert refund().status == "failed"
    assert client.get("/money/refunds/F999999/").status_code == 404
    assert browser("zhou").get(path).status_code == 403


def test_a_gateway_is_asked_again_from_the_page(people):
    client = browser("zhao")
    with gateway("fails"):
        granted()
        path = f"/money/refunds/{refund().number}/"
        assert paid() == "failed"
        assert client.post(path, {"do": "paid", "key": "1"}).status_code == 422
        assert "Ask the gateway again" in client.get(path).text
        assert client.post(path, {"do": "ask", "key": "2"}).status_code == 302
        assert paid() == "paid"


@pytest.mark.breaks_ledgers
def test_lists_are_searched_exported_and_take_no_more_statements_for_more_rows(people):
    client = browser("zhao")
    refunds = build_refunds.many(12)
    rows = build_refunds.statement_of(refunds)
    few = statements(client, "/money/refunds/")
    build_refunds.plant(rows, refunds)
    upload = {"tender": "alipay", "day": "2026-01-05", "key": "1"}
    bad = client.post("/money/reconciliation/", {**upload, "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422
    file = SimpleUploadedFile("a.csv", build_refunds.as_csv(rows))
    assert client.post("/money/reconciliation/", {**upload, "key": "2", "file": file}).status_code == 302
    page = client.get("/money/reconciliation/GS000001/").text
    assert "7 to look into" in page
    assert Difference.objects.count() == 7
    named = client.get(f"/money/reconciliation/GS000001/?q={refunds[2].number}").text
    assert refunds[2].number in named
    assert refunds[4].number not in named
    exported = b"".join(client.get("/money/reconciliation/GS000001/?export=csv").streaming_content)
    assert exported.count(b"\n") >= 8
    assert statements(client, "/money/reconciliation/GS000001/") <= 16
    for each in Difference.objects.all():
        assert statements(client, f"/money/differences/{each.number}/") <= 14
    build_refunds.stranger()
    # A name on another statement finds nothing here, whatever stands in the same row.
    assert "GD00000" not in client.get("/money/reconciliation/GS000001/?q=STRANGER").text
    large = SimpleUploadedFile("a.csv", b"x" * (10 * 1024 * 1024 + 1))
    kept = client.post("/money/reconciliation/", {**upload, "key": "3", "file": large})
    assert (kept.status_code, "larger than 10 MB" in kept.text) == (422, True)
    assert statements(client, "/money/reconciliation/") <= 16
    assert statements(client, "/money/refunds/") <= few
    answer = client.post("/money/differences/GD000001/", {"reason": "accepted", "note": "", "key": "9"})
    assert answer.status_code == 302
    assert browser("zhou").get("/money/reconciliation/").status_code == 403


def test_lists_of_nothing_teach(people):
    client = browser("zhao")
    assert "No refunds on their way" in client.get("/money/refunds/").text
    assert "Nothing reconciled yet" in client.get("/money/reconciliation/").text


def test_several_are_paid_at_once_and_a_file_for_the_bank_takes_what_no_gateway_pays(people):
    client = browser("zhao")
    with gateway():
        granted()
        granted(tender="bank")
        granted(tender="bank")
        numbers = [f"F{row.pk:06d}" for row in Refund.objects.order_by("pk")]
        answer = client.post("/money/refunds/paid/", {"action": "file", "row": numbers[:2], "key": "1"})
        rows = [
            [cell.value for cell in row] for row in load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        ]
        assert [row[:3] for row in rows[1:]] == [[numbers[1], rows[1][1], 100]]
        assert list(Refund.objects.order_by("pk").values_list("status", flat=True)) == ["granted", "sent", "granted"]
        told = client.post("/money/refunds/paid/", {"action": "paid", "row": numbers, "key": "2"}, follow=True).text
    assert "2 refunds are paid." in told
    assert "only its answer counts" in told
    assert list(Refund.objects.order_by("pk").values_list("status", flat=True)) == ["granted", "paid", "paid"]
    assert browser("wang").post("/money/refunds/paid/", {"row": numbers}).status_code == 403


def test_many_refunds_are_released_at_once_with_their_totals_and_a_file_for_the_bank(people):
    from backstock.core.permissions import SYSTEM
    from backstock.partners.commands.revise import RevisePartner, revise_partner
    from backstock.partners.models import Partner

    for price in (100, 250, 70):
        granted(price, "bank")
    code = Partner.objects.get(pk=refund().note.customer_id).code
    revise_partner(
        RevisePartner(code=code, bank_holder="=Sun", bank_name="ICBC", bank_account="6222 0001"), actor=SYSTEM
    )
    client, path = browser("zhao"), "/money/refunds/release/"
    page = client.get(path).text
    assert "¥420.00" in page
    assert "ICBC 6222 0001" in page
    assert "¥350.00" in client.post(path, {"row": ["F000001", "F000002"], "do": "show"}).text
    assert client.post(path, {"do": "sent", "key": "1"}).status_code == 302
    for _ in range(2):
        done = client.post(path, {"row": ["F000001", "F000002", "F000009"], "do": "sent", "key": "2"}).text
        assert "2 done, 1 refused" in done
    assert [*type(refund()).objects.order_by("pk").values_list("status", flat=True)] == ["sent", "sent", "granted"]
    file = b"".join(client.post("/money/refunds/payment-file/", {"row": ["F000001", "F000002"], "as": "csv"}))
    assert b",100.00,CNY,R000001,'=Sun,ICBC,6222 0001" in file
    assert client.post(path, {"row": ["F000001"], "do": "paid", "key": "3"}).status_code == 200
    assert (type(refund()).objects.get(pk=1).status, on_account(Role.refunds_payable)) == ("paid", "-320.00")
    assert browser("zhou").get(path).status_code == 403
