"""Inspecting by large buttons and a checklist; what was found beside what the customer says; the rules as a page."""

from __future__ import annotations

import html

import pytest

from tests import build, build_inspection
from tests.build import e4
from tests.desk.test_returns_pages import browser, nothing_written, send

CHECKS = build_inspection.CHECKS[:3]


@pytest.fixture
def rma(people) -> str:
    build_inspection.rules(checks=CHECKS, grades={"A": {"zh-hans": "原封", "en": "factory sealed"}})
    return build.received(build.approved(build.requested(build.sold(quantity=2), 2, reason="too big")), 2)


def test_the_checklist_is_asked_and_its_answers_stand_beside_the_customers_reason(rma) -> None:
    li = browser("li")
    page = li.get(f"/returns/{rma}/inspect/").text
    for said in ("Sealed?", "Net weight (95–105 g)", "smoke", "A · factory sealed", "too big"):
        assert said in page
    answer = send(
        li, f"/returns/{rma}/inspect/",
        **{
            "lines-0-grade_1": "D", "lines-0-check0x": "no", "lines-0-check1x": "94.5", "lines-0-check2x": "none",
            "lines-0-found_reason": "washed", "lines-0-note": "smells of soap",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    seen = html.unescape(li.get(f"/returns/{rma}/").text)
    for said in ("too big", "washed", "differs", "94.5 g", "smells of soap"):
        assert said in seen
    assert seen.count('aria-label="not good"') == 2

    from backstock.returns.models import InspectionFinding

    assert InspectionFinding.objects.get().failed == ["sealed", "weight"]


def test_an_answer_that_does_not_fit_keeps_the_form(rma) -> None:
    li = browser("li")
    answer = send(
        li, f"/returns/{rma}/inspect/", **{"lines-0-grade_1": "A", "lines-0-check1x": "heavy", "lines-0-note": "kept"}
    )
    assert answer.status_code == 422
    assert "heavy" in answer.text
    assert "kept" in answer.text


def test_a_batch_shows_its_sample_and_the_sample_decides(people) -> None:
    build_inspection.rules(sample_from=5, aql="6.5")
    build.bought(quantity=200)
    rma = build.on_the_dock(100, number=build.sold(quantity=100))
    li = browser("li")
    assert "Of 100 units look at 20 (AQL 6.5): up to 3 defective" in li.get(f"/returns/{rma}/inspect/").text
    typed = {"lines-0-grade_1": "C", "lines-0-sample_units": "20", "lines-0-sample_defects": "4"}
    assert send(li, f"/returns/{rma}/inspect/", **typed).status_code == 302
    assert "whole batch refused" in li.get(f"/returns/{rma}/").text

    from backstock.returns.models import ReturnPiece

    assert ReturnPiece.objects.get().rejected_e4 == e4(100)


def test_another_inspector_looks_again(rma, people) -> None:
    build.inspected(rma, 2, grade="A", actor=people.li)
    li, admin, page = browser("li"), browser("admin"), f"/returns/{rma}/opinion/"
    assert page in li.get(f"/returns/{rma}/").text
    typed = {"lines-0-quantity_1": "1", "lines-0-grade_1": "C", "lines-0-accepted_1": "no"}
    refused = send(li, page, **typed)
    assert (refused.status_code, "another inspector" in refused.text) == (422, True)
    assert send(admin, page, **typed).status_code == 302
    seen = html.unescape(admin.get(f"/returns/{rma}/").text)
    assert "accepted, A · as new" in seen
    assert "refused, C · worn" in seen
    assert browser("wu").get(page).status_code == 403
    build.disposed(rma, 1)
    build.disposed(rma, 1, to="send_back")
    assert admin.get(page).status_code == 422


@pytest.mark.parametrize(
    ("grade", "to"), [("A", "restock"), ("B", "restock_discounted"), ("C", "scrap"), ("D", "scrap")]
)
def test_the_grade_suggests_where_goods_go_and_a_category_may_suggest_otherwise(people, grade, to) -> None:
    build_inspection.rules(per_category={"food": {"suggestions": {"C": "scrap"}}})
    build.product("F", category="food")
    build.bought("F", 2)
    rma = build.inspected(build.on_the_dock(1, "F"), 1, "F", grade=grade)
    page = browser("li").get(f"/returns/{rma}/dispose/").text
    assert f'<option value="{to}" selected>' in page


def test_a_manager_changes_the_rules_and_they_hold_at_once(people) -> None:
    wang = browser("wang")
    start = {
        "checks-0-zh": "包装完好？", "checks-0-en": "Sealed?", "checks-0-kind": "yes_no", "checks-0-good": "yes",
        "checks-1-zh": "气味", "checks-1-kind": "choice", "checks-1-choices": "无，!烟味", "zh_A": "全新未拆", "to_B": "restock",
    }  # fmt: skip
    assert send(wang, "/inspection/", **start).status_code == 302
    weigh = {
        "checks-2-en": "Weight",
        "checks-2-kind": "measure",
        "checks-2-low": "-1.5",
        "checks-2-unit": "g",
        "sample_from": "50",
    }
    assert send(wang, "/inspection/?category=food", **weigh).status_code == 302

    from backstock.returns.quality.inspecting import rules_today
    from backstock.returns.quality.inspection import rules_for

    terms = rules_today()[1]
    everywhere, food = rules_for(terms, "x"), rules_for(terms, "food")
    assert [(check.kind, [*check.choices], [*check.bad_choices]) for check in everywhere.checks] == [
        ("yes_no", [], []), ("choice", ["无", "烟味"], ["烟味"]),
    ]  # fmt: skip
    assert (everywhere.suggestions["B"], everywhere.sample_from) == ("restock", None)
    assert (len(food.checks), food.checks[2].low_e4, food.sample_from) == (3, -15_000, 50)
    assert terms["grades"]["A"] == {"zh-hans": "全新未拆"}
    assert "2024/1781" in wang.get("/inspection/").text


def test_rules_that_do_not_fit_are_refused_and_only_managers_make_them(people) -> None:
    wang = browser("wang")
    one = {"checks-0-zh": "气味", "checks-0-kind": "choice", "checks-0-choices": "无"}
    sent_page = wang.get("/inspection/").text
    assert "checks-0-zh" in sent_page
    answer = send(wang, "/inspection/", **one)
    assert (answer.status_code, "气味" in answer.text) == (422, True)
    li = browser("li")
    with nothing_written():
        assert li.get("/inspection/").status_code == 403


def test_the_pages_cost_the_same_however_much_was_found(rma) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from backstock.core.permissions import SYSTEM
    from backstock.returns.commands.inspect import inspect_return

    li, counts = browser("li"), []
    for yes in (True, False):
        line = {"sku": "A", "quantity_e4": e4(1), "found_reason": "x", "answers": [{"code": "sealed", "yes": yes}]}
        inspect_return(inspect_return.parse({"document": rma, "lines": [line]}), actor=SYSTEM)
        build_inspection.second_opinion(rma, grade="B", first_accepted=True)
        with CaptureQueriesContext(connection) as asked:
            assert li.get(f"/returns/{rma}/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
