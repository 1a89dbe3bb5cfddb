"""The pages of money: open to those who answer for it, honest about refusals, and cheap however much is owed."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.desk.test_returns_pages import browser, nothing_written, send, statements

PAGES = [
    "/money/receivables/", "/money/payables/", "/money/open/receivable/", "/money/open/payable/", "/money/receipts/",
    "/money/payments/", "/money/partners/receivable/SUN/", "/money/partners/payable/JIN/", "/money/accounts/",
    "/money/accounts/1001/", "/money/documents/CR000001/", "/money/documents/OI000001/", "/money/documents/AT000001/",
    "/money/documents/EX000001/", "/money/documents/WO000001/", "/money/write-offs/",
]  # fmt: skip
FORMS = [
    "/money/receipts/new/", "/money/receipts/new/?partner=SUN", "/money/payments/new/?partner=JIN", "/money/accounts/new/",
    "/money/move/", "/money/book/", "/money/write-offs/new/OI000001/", "/money/close/", "/money/set-off/SUN/",
    "/money/opening/new/", "/money/tenders/",
]  # fmt: skip


@pytest.fixture
def trade(company_db: str):
    from tests import build, build_owing
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    build_owing.owed(300, reference="INV-7")
    build.sold(quantity=1, paid="none")
    build_owing.received(350)
    build_owing.received(1, settles="none")
    build_owing.booked("income", 20)
    build_owing.moved("bank", "cash", 5, fee=1)
    build_owing.asked_off("S000001")
    return build_owing


@pytest.mark.parametrize("path", PAGES)
def test_finance_and_the_manager_look_and_others_do_not(trade, path) -> None:
    seen = {name for name in ("zhao", "wang", "admin", "wu", "zhou") if browser(name).get(path).status_code == 200}
    assert seen == {"zhao", "wang", "admin"}


@pytest.mark.parametrize("path", FORMS)
def test_who_books_money_has_the_forms(trade, path) -> None:
    seen = {}
    if "OI" in path:
        trade.owed(5)
        path = path.replace("OI000001", "OI000002")
    for name in ("zhao", "wang"):
        seen[name] = browser(name).get(path).status_code
    assert seen == {"zhao": 200, "wang": 403}


def test_a_list_costs_the_same_however_long_it_is(trade) -> None:
    client = browser("zhao")
    paths = [path for path in PAGES if "documents" not in path]
    before = {path: statements(client, path) for path in paths}
    for n in range(12):
        trade.owed(5 + n)
        trade.received(1, settles="none")
    assert {path: statements(client, path) for path in paths} == before
    assert max(before.values()) <= 25


def test_money_is_received_for_what_is_named(trade) -> None:
    client = browser("zhao")
    path = "/money/receipts/new/?partner=SUN"
    answer = send(client, path, tender0="bank", amount0="30", settle_S000001="30")
    assert answer.headers["Location"] == "/money/documents/CR000003/"
    page = client.get(answer.headers["Location"]).text
    assert "S000001" in page
    assert "¥30.00" in page


def test_a_refused_receipt_keeps_its_input_and_writes_nothing(trade) -> None:
    client = browser("zhao")
    path = "/money/receipts/new/?partner=SUN"
    with nothing_written():
        answer = send(client, path, tender0="bank", amount0="90", settle_S000001="60")
    assert answer.status_code == 422
    assert 'value="90"' in answer.text
    assert "open by 50.00" in answer.text


def test_a_prepayment_settles_is_released_given_back_and_taken_back(trade) -> None:
    client, number = browser("zhao"), trade.received({"bank": 80}, settles="none")
    path = f"/money/documents/{number}/"
    assert client.post(path, {"action": "allocate", "key": "1"}).status_code == 302
    assert client.post(path, {"action": "release", "target": "S000001", "key": "2"}).status_code == 302
    assert client.post(path, {"action": "refund", "tender": "bank", "amount": "81", "key": "3"}).status_code == 422
    assert client.post(path, {"action": "take_back", "key": "4"}).status_code == 302
    assert "Taken back" in client.get(path).text
    assert client.post("/money/documents/EX000001/", {"action": "take_back", "key": "5"}).status_code == 302
    assert "Taken back" in client.get("/money/documents/EX000001/").text


def test_a_write_off_is_asked_by_one_and_decided_by_another(trade) -> None:
    debt = trade.owed(5)
    asked = send(browser("zhao"), f"/money/write-offs/new/{debt}/", reason="gone")
    path = asked.headers["Location"]
    assert browser("zhao").post(path, {"action": "approve", "key": "1"}).status_code == 403
    assert browser("wang").post(path, {"action": "approve", "key": "2"}).status_code == 302
    assert "Approved" in browser("wang").get(path).text


def test_accounts_are_opened_money_is_moved_and_booked(trade) -> None:
    client = browser("zhao")
    assert send(client, "/money/accounts/new/", name_zh="工行", code="ICBC", opening="100").status_code == 302
    moved = send(client, "/money/move/", source="bank.ICBC", target="cash", amount="40", fee="1")
    assert moved.headers["Location"] == "/money/documents/AT000002/"
    short = send(client, "/money/book/", kind="expense", account="cash", category="rent", amount="9999")
    assert short.status_code == 422
    assert "Pay from another account" in short.text
    assert "¥60.00" in client.get("/money/accounts/ICBC/?from=2020-01-01").text


def test_a_period_is_closed_after_a_look(trade) -> None:
    client = browser("zhao")
    assert "Deliveries without the supplier" in client.get("/money/close/").text
    assert send(client, "/money/close/", through="2026-01-31").status_code == 302
    assert "Closed through 2026-01-31" in client.get("/money/close/").text
    assert send(client, "/money/close/", through="2026-01-31").status_code == 422


def test_a_statement_leaves_as_a_sheet_and_as_a_letter_in_the_partners_language(trade) -> None:
    client, path = browser("zhao"), "/money/partners/receivable/SUN/?from=2026-01-01&to=2026-12-31"
    page = client.get(path).text
    assert "CR000001" in page
    assert "¥49.00" in page
    with closing(client.get(f"{path}&export=xlsx")) as sheet:
        assert sheet.status_code == 200
    assert "Opening balance" in b"".join(client.get(f"{path}&export=csv").streaming_content).decode()
    assert "对账单" in client.get(f"{path}&print=1&language=zh-hans").text
    assert "Statement of account" in client.get(f"{path}&print=1&language=en").text


def test_a_prepayment_settles_what_is_ticked_and_a_refusal_keeps_it(trade) -> None:
    client, debt = browser("zhao"), trade.owed(40)
    path = f"/money/documents/{trade.received({'bank': 100}, settles='none')}/"
    assert debt in client.get(path).text
    with nothing_written():
        answer = client.post(path, {"action": "allocate_named", "key": "1", f"amount_{debt}": "40.01"})
    assert answer.status_code == 422
    assert 'value="40.01"' in answer.text
    for wrong in ({}, {f"amount_{debt}": "much"}):
        assert client.post(path, {"action": "allocate_named", "key": "2", **wrong}).status_code == 422
    chosen = {"action": "allocate_named", "key": "3", "pick": ["S000001", debt], f"amount_{debt}": "15"}
    assert client.post(path, chosen).status_code == 302
    assert "¥35.00" in client.get(path).text  # 50 of the sale, 15 of the debt


def test_both_sides_of_a_partner_are_set_off(trade) -> None:
    from backstock.partners.models import Partner

    client = browser("zhao")
    assert "/money/set-off/" not in client.get("/money/partners/receivable/SUN/").text
    Partner.objects.filter(code="SUN").update(is_supplier=True)
    trade.owed(20, side="payable")
    assert "/money/set-off/SUN/" in client.get("/money/partners/receivable/SUN/").text
    assert "¥50.00" in client.get("/money/set-off/SUN/").text
    assert send(client, "/money/set-off/SUN/", amount="21").status_code == 422
    done = send(client, "/money/set-off/SUN/")
    assert "¥20.00" in client.get(done.headers["Location"]).text


def test_an_opening_item_is_entered(trade) -> None:
    client, path = browser("zhao"), "/money/opening/new/?side=payable"
    wanted = {"side": "payable", "partner": "JIN", "amount": "88", "reference": "OLD-1", "currency": "CNY"}
    done = send(client, path, **wanted, due_on="2026-03-01")
    assert "OLD-1" in client.get(done.headers["Location"]).text
    assert send(client, path, **wanted | {"amount": "x"}).status_code == 422
    foreign = send(client, path, **wanted | {"currency": "jpy", "amount": "500", "rate": "0.05"})
    assert "500" in client.get(foreign.headers["Location"]).text


def test_means_of_payment_are_given_another_account(trade) -> None:
    from backstock.core.models import Company

    client = browser("zhao")
    trade.account("ICBC")
    fields = {"cash": "cash", "bank": "bank.ICBC", "card": "bank", "alipay": "bank.ICBC", "wechat": "bank"}
    assert send(client, "/money/tenders/", **fields).headers["Location"] == "/money/accounts/"
    kept = Company.objects.get().tender_accounts
    assert kept["bank"] == kept["alipay"] == kept["ICBC"]
    assert "card" not in kept
