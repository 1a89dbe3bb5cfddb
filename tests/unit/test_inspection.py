"""What a checklist makes of its answers."""

import pytest

from backstock.returns.quality.errors import AnswerMissing, AnswerWrong
from backstock.returns.quality.inspection import SUGGESTIONS, Check, Given, failed, rules_for

CHECKS = (
    Check("sealed", "yes_no"),
    Check("stained", "yes_no", good=False, required=False),
    Check("weight", "measure", unit="g", low_e4=950_000, high_e4=1_050_000),
    Check("smell", "choice", choices={"none": {}, "smoke": {}}, bad_choices=("smoke",), required=False),
    Check("front", "photo"),
)
GOOD = (Given("sealed", yes=True), Given("weight", measure_e4=1_000_000))


def test_good_answers_fail_nothing_and_bad_ones_are_findings_not_refusals():
    assert failed(CHECKS, GOOD, True, True) == []
    bad = (
        Given("sealed", yes=False),
        Given("weight", measure_e4=940_000),
        Given("stained", yes=True),
        Given("smell", choice="smoke"),
    )
    assert failed(CHECKS, bad, True, True) == ["sealed", "stained", "weight", "smell"]
    assert failed(CHECKS, (*GOOD, Given("stained", yes=False), Given("smell", choice="none")), True, True) == []


@pytest.mark.parametrize("limit", [950_000, 1_050_000])
def test_a_limit_itself_is_good(limit):
    assert failed(CHECKS, (Given("weight", measure_e4=limit),), False, False) == []


@pytest.mark.parametrize(
    ("answers", "photo", "question"),
    [(GOOD[:1], True, "weight"), (GOOD[1:], True, "sealed"), (GOOD, False, "front"), ((), True, "sealed")],
)
def test_what_is_required_is_asked_for_only_where_it_must_be_answered(answers, photo, question):
    with pytest.raises(AnswerMissing) as caught:
        failed(CHECKS, answers, True, photo)
    assert caught.value.question == question
    assert failed(CHECKS, answers, False, photo) == []


@pytest.mark.parametrize(
    "answer",
    [Given("nothing", yes=True), Given("sealed", choice="x"), Given("weight", yes=True), Given("smell", choice="rum")],
)
def test_an_answer_must_fit_its_question(answer):
    with pytest.raises(AnswerWrong):
        failed(CHECKS, (answer,), False, False)


def test_a_category_has_its_own_rules_or_those_of_all():
    terms = {
        "checks": [{"code": "sealed", "kind": "yes_no"}], "aql": "1.0", "suggestions": {"B": "restock"},
        "per_category": {"food": {"checks": [{"code": "date", "kind": "yes_no"}], "suggestions": {"C": "scrap"}, "sample_from": 50}},
    }  # fmt: skip
    assert [check.code for check in rules_for(terms, "toys").checks] == ["sealed"]
    food = rules_for(terms, "food", 7)
    assert ([check.code for check in food.checks], food.aql, food.sample_from, food.version_id) == (
        ["date"],
        "1.0",
        50,
        7,
    )
    assert food.suggestions == SUGGESTIONS | {"B": "restock", "C": "scrap"}
    assert rules_for({}, "x").suggestions == SUGGESTIONS
