"""Pages of flows, of what waits, of papers and of the till: who may open them, what they say, and what they cost."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from backstock.core.models import CommandLog
from backstock.desk.flows.forms import FlowForm, initial_of
from backstock.flows.models import FlowVersion
from backstock.returns.models import Return
from tests import build, build_flows
from tests.cast import cast
from tests.desk.test_returns_pages import browser, fields, statements


@pytest.fixture
def trade(company_db: str):
    build.company(quantity=200)
    return cast()


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_flows_are_for_managers(trade):
    for path in ("/flows/", "/flows/return_refund/", "/flows/return_refund/change/", "/flows/new/"):
        assert {name: browser(name).get(path).status_code for name in ("wang", "admin", "wu", "zhao")} == {
            "wang": 200, "admin": 200, "wu": 403, "zhao": 403,
        }  # fmt: skip
    assert browser("wang").get("/flows/nothing/").status_code == 404


def test_a_flow_is_read_in_sentences(trade):
    build_flows.flow(
        levels=build_flows.levels((0, "approver"), (500, "manager")), papers=["note"],
        four_eyes=[{"steps": ["approve", "settle"], "above_cents": 10_000}], deadlines={"inspect": {"days": 2}},
        evidence={"receive": {"files": 2}}, told={"received": ["buyer"]},
    )  # fmt: skip
    said = text_of(browser("wang").get("/flows/return_refund/"))

    assert "Approver approves." in said
    assert "From ¥500.00 on, Manager must approve as well." in said
    assert "Approve and Refund are done by different people above ¥100.00." in said
    assert "Inspect: within 2 days." in said
    assert "Receive: 2 photos or papers." in said
    assert "There must be: a note." in said
    assert "also Buyer" in said


def test_what_changes_is_shown_before_it_is_published(trade):
    boss = browser("wang")
    form = fields(boss.get("/flows/return_refund/change/").content.decode())
    form |= {"types": "return_refund", "level_1_role": "approver", "name_en": "Return and refund", "do": "preview"}

    said = text_of(boss.post("/flows/return_refund/change/", form))
    assert "Approval: Approver approves." in said
    assert not FlowVersion.objects.exists()

    answer = boss.post("/flows/return_refund/change/", form | {"do": "publish"})
    assert answer.status_code == 302
    assert FlowVersion.objects.get().terms["levels"] == [{"from_cents": 0, "role": "approver"}]


def test_nothing_is_lost_between_a_flow_and_its_form(trade):
    build_flows.flow(
        levels=build_flows.levels((0, "approver"), (500, "manager")), papers=["note"], words={"en": "Mine"},
        four_eyes=[{"steps": ["approve", "settle"], "above_cents": 10_000}], deadlines={"settle": {"hours": 2}},
        evidence={"receive": {"files": 2, "note": True}}, told={"received": ["buyer"]}, refund_when="received",
        checklist="required", inspection="none", when={"types": ["exchange"], "from_cents": 1_000},
    )  # fmt: skip
    kept = FlowVersion.objects.get().terms
    start = FlowForm(initial=initial_of(kept))
    data = {name: value for name in start.fields if (value := start[name].value()) not in (None, False)}
    data = {n: start.fields[n].prepare_value(v) if isinstance(v, int) else v for n, v in data.items()}
    form = FlowForm(data)

    assert form.is_valid(), form.errors
    assert form.terms() == kept


def test_a_half_of_a_rule_is_refused_and_the_form_keeps_what_was_typed(trade):
    boss = browser("wang")
    form = fields(boss.get("/flows/new/").content.decode())
    answer = boss.post("/flows/new/", form | {"code": "dear", "level_1_from": "500", "pair_1_first": "approve"})

    assert answer.status_code == 422
    assert "Say who approves from this amount on." in text_of(answer)
    assert 'value="500"' in answer.content.decode()


def test_a_role_that_could_not_approve_is_refused_in_words(trade):
    boss = browser("wang")
    form = fields(boss.get("/flows/new/").content.decode())
    answer = boss.post("/flows/new/", form | {"code": "dear", "level_1_role": "finance", "do": "publish"})

    assert answer.status_code == 422
    assert "The role Finance may not do this" in text_of(answer)


def test_what_waits_stands_with_what_is_late_first(trade):
    build_flows.flow(deadlines={"approve": {"hours": 1}})
    first, second = build.requested(build.sold()), build.requested(build.sold())
    Return.objects.filter(pk=int(first[1:])).update(due_at="2026-01-01T00:00:00Z")
    approver = browser("qian")

    answer = approver.get("/returns/queue/")
    assert re.findall(r">(R\d{6})<", answer.content.decode()) == [first, second]
    assert "late by" in text_of(answer)
    assert approver.get("/returns/queue/late/").json()["count"] == 1
    assert re.findall(r">(R\d{6})<", approver.get("/returns/?late=late").content.decode()) == [first]
    assert "Nothing waits for you" in text_of(browser("li").get("/returns/queue/"))


def test_what_waits_in_a_step_is_sorted_by_the_clock_of_that_step(trade):
    build_flows.flow(deadlines={"receive": {"hours": 1}, "inspect": {"days": 365}})
    rma = build.received(build.approved(build.requested(build.sold(quantity=2), 2)), 1)
    Return.objects.filter(pk=int(rma[1:])).update(due_at="2026-01-01T00:00:00Z")
    inspector = browser("li")

    for address in ("/returns/queue/?step=inspect", "/returns/queue/?step=inspect&sort=until"):
        said = text_of(inspector.get(address))
        assert (rma in said, "late by" in said) == (True, False)


@pytest.mark.parametrize("path", ["/returns/queue/", "/flows/", "/flows/return_refund/", "/returns/queue/late/"])
def test_pages_do_not_cost_more_with_more_rows(trade, path):
    def grow() -> None:
        build_flows.flow()
        build.requested(build.sold())

    grow()
    boss = browser("admin")
    few = statements(boss, path)
    for _ in range(3):
        grow()
    assert statements(boss, path) <= few <= 22


def test_a_missing_paper_is_waived_on_a_page(trade):
    rma = build_flows.incomplete()
    build.approved(rma)
    approver = browser("qian")
    assert "missing" in text_of(approver.get(f"/returns/{rma}/"))
    answer = browser("wu").post(
        f"/returns/{rma}/close/", fields(browser("wu").get(f"/returns/{rma}/close/").content.decode())
    )
    assert (answer.status_code, "these are missing: a note" in text_of(answer)) == (422, True)

    form = fields(approver.get(f"/returns/{rma}/waive/").content.decode())
    assert approver.post(f"/returns/{rma}/waive/", form | {"reason": "lost"}).status_code == 302
    assert "waived" in text_of(approver.get(f"/returns/{rma}/"))


def test_levels_stand_on_the_page_of_the_return(trade):
    build_flows.flow(levels=build_flows.levels((0, "approver"), (50, "manager")))
    rma = build.approved(build.requested(build.sold()), actor=trade.qian)
    said = text_of(browser("wu").get(f"/returns/{rma}/"))

    assert "Approval by Approver qian" in said
    assert "Approval by Manager still needed" in said


def test_goods_are_taken_back_and_refunded_at_the_till_in_two_clicks(trade):
    number = build.sold(quantity=2)
    clerk: Client = browser("admin")
    assert clerk.get(f"/returns/counter/?q={number}").headers["Location"] == f"/returns/counter/{number}/"
    form = fields(clerk.get(f"/returns/counter/{number}/").content.decode())
    answer = clerk.post(f"/returns/counter/{number}/", form | {"lines-0-back": "on", "lines-0-quantity": "1"})

    assert answer.status_code == 302
    row = Return.objects.get()
    assert (row.status, row.flow_code, row.channel) == ("closed", "counter", "counter")
    said = text_of(clerk.get(answer.headers["Location"]))
    assert "¥100.00 refunded" in said


def test_a_flow_without_a_code_gets_a_number(trade):
    boss = browser("wang")
    for name in ("One", "Two"):
        form = fields(boss.get("/flows/new/").content.decode())
        assert boss.post("/flows/new/", form | {"name_en": name, "code": "", "do": "publish"}).status_code == 302
    assert list(FlowVersion.objects.order_by("pk").values_list("code", flat=True)) == ["flow_1", "flow_2"]


@pytest.mark.parametrize("way", ["amount", "button"])
def test_the_till_says_what_is_paid_and_where_to_before_anything_happens(trade, way):
    number = build.sold(quantity=2, paid={"cash": 150, "wechat": 50})
    clerk: Client = browser("admin")
    path = f"/returns/counter/{number}/"
    form = fields(clerk.get(path).content.decode()) | {"lines-0-quantity": "1"}

    def said(**more: str) -> str:
        answer = (
            clerk.post(f"{path}amount/", form | more)
            if way == "amount"
            else clerk.post(path, form | more | {"do": "show"})
        )
        assert answer.status_code == 200
        return text_of(answer)

    assert "Tick what comes back" in said(**{"lines-0-back": ""})
    told = said(**{"lines-0-back": "on"})
    assert "The customer gets ¥100.00" in told
    assert "¥75.00" in told
    assert "¥25.00" in told
    assert "3" in said(**{"lines-0-back": "on", "lines-0-quantity": "3"})
    assert not Return.objects.exists()
    assert not CommandLog.objects.filter(name__startswith="returns.").exists()


def test_who_may_not_pay_leaves_nothing_behind_at_the_till(trade):
    number = build.sold(quantity=2)
    clerk = browser("wu")
    page = clerk.get(f"/returns/counter/{number}/")
    assert "You may not do all of this alone." in text_of(page)
    form = fields(page.content.decode())
    answer = clerk.post(f"/returns/counter/{number}/", form | {"lines-0-back": "on", "lines-0-quantity": "1"})

    assert answer.status_code == 403
    assert not Return.objects.exists()


def test_nothing_ticked_is_said_and_nothing_happens(trade):
    number = build.sold()
    clerk = browser("admin")
    form = fields(clerk.get(f"/returns/counter/{number}/").content.decode())

    assert clerk.post(f"/returns/counter/{number}/", form).status_code == 422
    assert not Return.objects.exists()


def test_who_gave_a_level_is_not_offered_the_next_one(trade):
    build_flows.flow(levels=build_flows.levels((0, "approver"), (50, "manager")))
    rma = build.requested(build.sold(quantity=1), 1)
    path = f"/returns/{rma}/"
    step = f"{path}approve/"
    assert step in browser("qian").get(path).text
    build.approved(rma, actor=trade.qian)
    assert step not in browser("qian").get(path).text
    assert step in browser("wang").get(path).text
