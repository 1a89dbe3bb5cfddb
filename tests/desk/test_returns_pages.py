"""Every step of a return has a page: open to who may take it, honest about refusals, and cheap however long the list is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ENGLISH = {"Accept-Language": "en"}
STEPS = {
    "approve": {"qian", "wang", "admin"},
    "reject": {"qian", "wang", "admin"},
    "edit": {"wu", "admin"},
    "cancel": {"wu", "admin"},
    "close": {"wu", "admin"},
    "receive": {"zhou", "admin"},
    "inspect": {"li", "admin"},
    "dispose": {"li", "zhou", "admin"},
    "settle": {"zhao", "admin"},
}


@pytest.fixture
def trade(company_db: str):
    from tests import build
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    return build


def browser(name: str) -> Client:
    from backstock.core.models import User

    client = Client(headers=ENGLISH)
    client.force_login(User.objects.get(username=name))
    return client


def fields(page: str) -> dict[str, str]:
    """Read what a form would send when nothing is touched, from the page itself."""
    form = page[page.rindex('<form method="post"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        off = 'type="checkbox"' in tag or ('type="radio"' in tag and " checked" not in tag)
        if name and not off:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form, re.DOTALL):
        picked = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = picked[1] if picked else ""
    return found


def send(client: Client, path: str, **typed: str):
    page = client.get(path)
    assert page.status_code == 200, page.text
    return client.post(path, fields(page.text) | typed)


@contextmanager
def nothing_written() -> Iterator[None]:
    from backstock.cli.replay.runner import database_state

    before = database_state()
    yield
    assert database_state() == before


def test_a_whole_return_by_its_forms(trade) -> None:
    sale = trade.sold(quantity=3)
    asked = send(browser("wu"), f"/returns/new/{sale}/", **{"lines-0-quantity": "2", "lines-0-reason": "too big"})
    rma = asked.headers["Location"]
    assert rma == "/returns/R000001/"
    assert send(browser("qian"), f"{rma}approve/").status_code == 302
    assert send(browser("zhou"), f"{rma}receive/").status_code == 302
    assert send(browser("li"), f"{rma}inspect/", **{"lines-0-grade_1": "A"}).status_code == 302
    assert send(browser("zhou"), f"{rma}dispose/").status_code == 302
    assert send(browser("zhao"), f"{rma}settle/", do="settle").status_code == 302
    assert send(browser("wu"), f"{rma}close/").status_code == 302
    page = browser("zhao").get(rma).text
    assert "¥200.00" in page
    assert "Goods in quarantine" in page
    assert "Customer&#x27;s hands → Quarantine · MAIN" in page
    assert "this return is at its end" in page


def test_each_step_is_open_to_its_roles_only(trade) -> None:
    from tests.cast import ROLES

    rma = trade.requested(trade.sold())
    for name in ROLES:
        client = browser(name)
        page = client.get(f"/returns/{rma}/")
        assert page.status_code == (403 if name == "chen" else 200)
        for step, roles in STEPS.items():
            status = client.get(f"/returns/{rma}/{step}/").status_code
            assert (status == 403) == (name not in roles), (name, step)
            if page.status_code == 200:
                legal = step in ("approve", "reject", "edit", "cancel")
                assert (f"/returns/{rma}/{step}/" in page.text) == (legal and name in roles), (name, step)


def test_who_may_not_sends_in_vain(trade) -> None:
    rma = trade.requested(trade.sold())
    sent = fields(browser("qian").get(f"/returns/{rma}/approve/").text)
    li, wu, chen = browser("li"), browser("wu"), browser("chen")
    with nothing_written():
        assert li.post(f"/returns/{rma}/approve/", sent).status_code == 403
        assert wu.post("/returns/bulk/", {"action": "approve", "row": rma}).status_code == 403
        assert chen.get("/sales/").status_code == 403


def test_money_is_for_those_who_answer_for_it(trade) -> None:
    rma = trade.back_on_the_shelf()
    for name, sees in (("zhao", True), ("wang", True), ("wu", False), ("zhou", False)):
        page = browser(name).get(f"/returns/{rma}/").text
        assert "Goods ledger" in page
        assert ("Money ledger" in page) == sees
        assert ("¥60.00" in page) == sees


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("approve", {"lines-0-quantity": "3"}, "3 arrived, 2 still authorised"),
        ("approve", {"lines-0-quantity": "0"}, "Say how many"),
        ("approve", {"lines-0-quantity": "two"}, "Enter a number such as 2 or 1.5"),
        ("approve", {"lines-0-quantity": "0.5"}, "is not a possible quantity"),
        ("approve", {"lines-0-quantity": "-1"}, "Enter a number such as 2 or 1.5"),
        ("approve", {"lines-0-quantity": "9" * 40}, "Enter a number such as 2 or 1.5"),
        ("approve", {"lines-0-quantity": "1", "lines-0-sku": "X"}, "There is no product X"),
        ("approve", {"lines-0-quantity": "1", "lines-0-sku": ""}, "This field is required"),
        ("approve", {"lines-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
        ("approve", {"key": ""}, "This field is required"),
        ("reject", {}, "This field is required"),
        ("edit", {"lines-0-quantity": "7"}, "7 asked, 2 still returnable"),
    ],
)  # fmt: skip
def test_a_refused_step_keeps_the_input_and_writes_nothing(trade, step, typed, said) -> None:
    rma = trade.requested(trade.sold(), 2)
    client = browser("admin")
    with nothing_written():
        answer = send(client, f"/returns/{rma}/{step}/", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    for name, value in typed.items():
        if name == "lines-0-quantity":
            assert f'value="{value}"' in answer.text


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("receive", {"lines-0-received": "3"}, "3 arrived, 2 still authorised"),
        ("receive", {"lines-0-received": "1", "lines-0-damaged": "1", "lines-0-missing": "1"}, "1 arrived, 0 still"),
        ("receive", {"lines-0-received": ""}, "Say how many"),
        ("receive", {"warehouse": "MOON"}, "Select a valid choice"),
        ("receive", {"wrong_sku": "B"}, "How many of it?"),
        ("receive", {"wrong_sku": "B", "wrong_quantity": "1"}, "There is no product B"),
        ("settle", {"do": "settle"}, "has nothing to refund now"),
    ],
)
def test_a_refused_receipt_writes_nothing(trade, step, typed, said) -> None:
    rma = trade.approved(trade.requested(trade.sold(), 2))
    client = browser("admin")
    sent = fields(client.get(f"/returns/{rma}/{step}/").text)
    with nothing_written():
        answer = client.post(f"/returns/{rma}/{step}/", sent | typed)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_second_press_has_no_second_effect(trade) -> None:
    from backstock.core.models import CommandLog

    rma = trade.approved(trade.requested(trade.sold(), 2))
    client, path = browser("zhou"), f"/returns/{rma}/receive/"
    sent = fields(client.get(path).text) | {"lines-0-received": "1"}
    for _ in range(3):
        assert client.post(path, sent).status_code == 302
    assert CommandLog.objects.filter(name="returns.receive").count() == 1
    other = client.post(path, sent | {"lines-0-received": "2"})
    assert other.status_code == 422
    assert "was sent before" in other.text


def test_a_refund_is_shown_before_it_is_paid_and_paid_once(trade) -> None:
    from backstock.refunds.models import Refund

    rma = trade.back_on_the_shelf(2, number=trade.sold(quantity=3))
    client, path = browser("zhao"), f"/returns/{rma}/settle/"
    sent = fields(client.get(path).text)
    with nothing_written():
        shown = client.post(path, sent | {"fee": "15", "do": "settle"})
        assert "These are the new figures" in shown.text
        assert "¥185.00 = 200.00 goods − 15.00 fee agreed" in shown.text
        much = client.post(path, sent | {"amount": "999", "do": "show"})
        assert much.status_code == 422
        assert "left to refund" in much.text
        absurd = client.post(path, sent | {"amount": "9" * 17, "do": "show"})
        assert absurd.status_code == 422
    agreed = fields(shown.text) | {"do": "settle"}
    for _ in range(2):
        assert client.post(path, agreed).status_code == 302
    assert [refund.amount_cents for refund in Refund.objects.all()] == [18500]


def test_a_return_without_a_sale_asks_how_to_pay(trade) -> None:
    from backstock.core.permissions import SYSTEM
    from backstock.returns.commands.request import RequestLine, RequestReturn, request_return

    line = RequestLine(sku="A", quantity_e4=10000, unit_price_e6=50_000_000)
    rma = request_return(RequestReturn(customer="SUN", lines=(line,)), actor=SYSTEM).document
    for step in (trade.approved, trade.received, trade.inspected, trade.disposed):
        step(rma)
    client, path = browser("zhao"), f"/returns/{rma}/settle/"
    page = client.get(path)
    assert "has no sale: say how to pay" in page.text
    assert "None is known" in client.get(f"/returns/{rma}/").text
    shown = client.post(path, fields(page.text) | {"to": "cash", "do": "show"})
    assert "¥50.00" in shown.text
    assert client.post(path, fields(shown.text) | {"do": "settle"}).status_code == 302


def test_goods_are_split_by_verdict_and_place(trade) -> None:
    from backstock.returns.queries import line_progress, loaded_return

    rma = trade.on_the_dock(3, number=trade.sold(quantity=3))
    split = {
        "lines-0-quantity_1": "2", "lines-0-grade_1": "B",
        "lines-0-quantity_2": "1", "lines-0-grade_2": "D", "lines-0-accepted_2": "no",
    }  # fmt: skip
    assert send(browser("li"), f"/returns/{rma}/inspect/", **split).status_code == 302
    placed = {
        "lines-0-quantity_1": "1", "lines-0-to_1": "scrap", "lines-0-quantity_2": "1", "lines-0-to_2": "send_back",
        "lines-0-quantity_3": "1", "lines-0-to_3": "restock_discounted", "lines-0-value_3": "40",
    }  # fmt: skip
    assert send(browser("zhou"), f"/returns/{rma}/dispose/", **placed).status_code == 302
    counted = line_progress(loaded_return(rma).lines[0])
    assert (counted.accepted_e4, counted.rejected_e4, counted.disposed_e4) == (20000, 10000, 30000)
    assert "¥40.00" in browser("zhao").get(f"/returns/{rma}/").text


def test_serials_and_lots_need_no_typing(trade) -> None:
    trade.product("S", tracking="serial")
    trade.product("L", tracking="lot")
    trade.bought("S", 2, serials=("S1", "S2"))
    trade.bought("L", 5, lot="L7")
    sale = trade.sold("S", 2, serials=("S1", "S2"))
    asked = send(browser("wu"), f"/returns/new/{sale}/", **{"lines-0-serials": "S2", "lines-0-reason": "dead"})
    rma = asked.headers["Location"]
    for name, step, typed in (
        ("qian", "approve", {}), ("zhou", "receive", {}), ("li", "inspect", {"lines-0-grade_1": "A"}), ("zhou", "dispose", {}),
    ):  # fmt: skip
        assert send(browser(name), f"{rma}{step}/", **typed).status_code == 302
    assert "S2" in browser("wu").get(rma).text
    other = trade.sold("L", 2, lot="L7")
    asked = send(browser("wu"), f"/returns/new/{other}/", **{"lines-0-quantity": "1", "lines-0-reason": "dead"})
    assert asked.status_code == 302
    assert send(browser("qian"), f"{asked.headers['Location']}approve/").status_code == 302
    assert send(browser("zhou"), f"{asked.headers['Location']}receive/").status_code == 302


def test_the_last_step_is_taken_back(trade) -> None:
    rma = trade.on_the_dock(2)
    page = browser("zhou").get(f"/returns/{rma}/").text
    assert f"/returns/{rma}/undo/receive/" in page
    assert send(browser("zhou"), f"/returns/{rma}/undo/receive/").status_code == 302
    page = browser("zhou").get(f"/returns/{rma}/").text
    assert f"/returns/{rma}/undo/receive/" not in page
    assert "taken back" in page
    assert browser("zhou").get(f"/returns/{rma}/undo/receive/").status_code == 422
    assert browser("zhou").get(f"/returns/{rma}/undo/inspect/").status_code == 403
    assert browser("zhou").get(f"/returns/{rma}/undo/nonsense/").status_code == 404


def test_what_was_only_forgiven_is_taken_back(trade) -> None:
    rma = trade.back_on_the_shelf(number=trade.sold(paid="none"))
    trade.settled(rma)
    client = browser("zhao")
    assert f"/returns/{rma}/undo/settle/" in client.get(f"/returns/{rma}/").text
    assert send(client, f"/returns/{rma}/undo/settle/").status_code == 302
    page = client.get(f"/returns/{rma}/").text
    assert "Refund taken back" in page
    assert f"/returns/{rma}/settle/" in page


def test_a_refund_only_expects_no_goods(trade) -> None:
    sale = trade.sold()
    typed = {"type": "refund_only", "lines-0-quantity": "1", "lines-0-reason": "never came"}
    rma = send(browser("wu"), f"/returns/new/{sale}/", **typed).headers["Location"]
    assert send(browser("qian"), f"{rma}approve/").status_code == 302
    page = browser("admin").get(rma).text
    assert f"{rma}receive/" not in page
    assert send(browser("zhao"), f"{rma}settle/", do="settle").status_code == 302
    assert found("/returns/?todo=returns.receive") == set()


def test_many_are_approved_at_once_each_with_its_outcome(trade) -> None:
    from backstock.returns.queries import loaded_return

    first, second = trade.requested(trade.sold()), trade.requested(trade.sold())
    trade.approved(second)
    sent = {"action": "approve", "row": [first, second, "R999999", "nonsense"], "key": "k1"}
    for _ in range(2):
        page = browser("qian").post("/returns/bulk/", sent)
        assert page.status_code == 200
        assert "1 approved, 3 refused" in page.text
    assert loaded_return(first).row.status == "approved"


def test_a_policy_that_turns_down_says_why(trade) -> None:
    trade.policy(reject_when=[{"reason": "changed my mind"}], reasons={"customer": ["changed my mind"]})
    sale = trade.sold()
    page = browser("wu").get(f"/returns/new/{sale}/").text
    assert '<option value="changed my mind">' in page
    typed = {"lines-0-quantity": "1", "lines-0-reason": "changed my mind"}
    asked = send(browser("wu"), f"/returns/new/{sale}/", **typed)
    page = browser("wu").get(asked.headers["Location"]).text
    assert "The policy turns down: reason = changed my mind" in page
    client = browser("wu")
    with nothing_written():
        nothing = send(client, f"/returns/new/{sale}/")
    assert nothing.status_code == 422


def found(path: str) -> set[str]:
    page = browser("wu").get(path, follow=True).text
    return set(re.findall(r'href="/(?:returns|sales)/(?:new/)?([RS]\d+)/"', page))


def test_returns_and_sales_are_found_by_what_people_know(trade) -> None:
    trade.customer("K9", name="何建国", phone="13900139002")
    trade.product("S", tracking="serial", name="Kettle")
    trade.bought("S", 2, serials=("S1", "S2"))
    plain, kettle = trade.sold(), trade.sold("S", 1, serials=("S1",), customer="K9", reference="JD-77")
    first, second = trade.requested(plain), trade.requested(kettle, 1, "S", serials=("S1",), reference="RET-5")
    for text in ("何建国", "13900139002", "9002", "k9", "kettle", "S1", "JD-77", kettle, kettle.lower()):
        assert found(f"/sales/?q={text}") == {kettle}, text
        assert found(f"/returns/new/?q={text}") == {kettle}, text
        assert found(f"/returns/?q={text}") == {second}, text
    assert found("/returns/?q=RET-5") == {second}
    assert found(f"/returns/?q={first}") == {first}
    assert found("/returns/?q=nobody") == set()
    trade.approved(first)
    trade.received(first)
    assert found("/returns/?status=received") == {first}
    assert found("/returns/?todo=returns.inspect") == {first}
    assert found("/returns/?todo=returns.approve") == {second}
    assert found("/returns/?todo=refunds.settle") == set()
    trade.inspected(first)
    trade.disposed(first)
    assert found("/returns/?todo=refunds.settle") == {first}
    assert found("/returns/?type=exchange") == set()


@pytest.mark.parametrize(
    "path", ["/returns/R000009/", "/returns/nonsense/", "/sales/S000009/", "/returns/R000009/approve/"]
)
def test_an_unknown_document_is_not_found(trade, path) -> None:
    answer = browser("admin").get(path)
    assert answer.status_code == 404
    assert "There is no document" in answer.text


def statements(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_cost_the_same_however_much_they_show(trade) -> None:
    client = browser("admin")
    rmas = [trade.back_on_the_shelf()]
    trade.settled(rmas[0])
    budgets = {
        "/returns/": 12, "/returns/?q=SUN": 13, "/returns/?export=csv": 12, f"/returns/{rmas[0]}/": 27, "/sales/": 12,
        "/sales/?q=A": 16, "/sales/S000001/": 20, "/returns/new/": 15,
    }  # fmt: skip
    few = {path: statements(client, path) for path in budgets}
    for _ in range(12):
        trade.back_on_the_shelf()
    many = {path: statements(client, path) for path in budgets}
    assert {path: count for path, count in many.items() if count > budgets[path]} == {}
    assert many == few
    long = trade.requested(trade.sold(quantity=20), 20)
    trade.approved(long)
    for _ in range(10):
        trade.received(long)
    assert statements(client, f"/returns/{long}/") <= 26


def test_exports_hold_the_list(trade) -> None:
    trade.requested(trade.sold())
    answer = browser("wu").get("/returns/?export=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeffNumber,State,Next,Due,Customer")
    assert lines[1].startswith("R000001,To approve,Approve,")
    assert ",SUN,A × 1" in lines[1]


def test_what_the_law_protects_is_destroyed_with_a_ground_only(company_db) -> None:
    from backstock.returns.models import DisposalProof
    from tests import build
    from tests.cast import cast

    build.company(law="EU")
    cast()
    build.product("COAT", category="apparel")
    build.bought("COAT", 2)
    rma = build.received(build.approved(build.requested(build.sold("COAT"), 1, "COAT"), sku="COAT"), 1, "COAT")
    build.inspected(rma, 1, "COAT", grade="D")
    li, page, scrap = browser("li"), f"/returns/{rma}/dispose/", {"lines-0-to_1": "scrap"}
    answer = send(li, page, **scrap)
    assert (answer.status_code, "2024/1781" in answer.text) == (422, True)
    assert send(li, page, **scrap, ground="damage", witness="zhou").status_code == 302
    assert DisposalProof.objects.get().ground == "damage"
