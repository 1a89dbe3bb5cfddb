"""An inspection keeps more than its verdict: answers, samples, the reason as we see it, photos and a note."""

import pytest

from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.evidence.models import Evidence
from backstock.returns.commands.inspect import inspect_return
from backstock.returns.models import InspectionFinding, InspectionRules, ReturnPiece
from tests import build, build_evidence, build_inspection
from tests.build import e4
from tests.ledgers import refused


def inspect(rma: str, quantity=1, **line):
    wanted = {"document": rma, "lines": [{"sku": "A", "quantity_e4": e4(quantity), **line}], "on": "2026-01-05"}
    return inspect_return(inspect_return.parse(wanted), actor=SYSTEM)


GOOD = [{"code": "sealed", "yes": True}, {"code": "weight", "measure_e4": e4(100)}]


def test_answers_are_kept_with_the_rules_that_asked_and_bad_ones_are_findings(shop):
    build_inspection.rules()
    rma = build.on_the_dock()
    inspect(rma, answers=[{"code": "sealed", "yes": False}, {"code": "smell", "choice": "smoke"}], found_reason="used")

    found = InspectionFinding.objects.get()
    assert (found.failed, found.found_reason, found.quantity_e4) == (["sealed", "smell"], "used", e4(1))
    assert found.answers == [{"code": "sealed", "yes": False}, {"code": "smell", "choice": "smoke"}]
    assert found.rules_id == InspectionRules.objects.get().pk


def test_a_later_version_asks_anew_and_the_old_answers_keep_theirs(shop):
    build_inspection.rules()
    rma = build.on_the_dock(2)
    inspect(rma, answers=GOOD)
    build_inspection.rules(checks=[{"code": "colour", "kind": "yes_no"}])
    with refused("answer_wrong", question="sealed"):
        inspect(rma, answers=GOOD)
    inspect(rma, answers=[{"code": "colour", "yes": True}])
    assert len(set(InspectionFinding.objects.values_list("rules_id", flat=True))) == 2


def test_where_the_checklist_is_required_nothing_is_judged_without_it(shop):
    build.policy(checklist="required")
    build_inspection.rules()
    rma = build.on_the_dock(2)
    with refused("answer_missing", question="sealed"):
        inspect(rma)
    with refused("answer_missing", question="front"):
        inspect(rma, answers=GOOD)
    inspect(rma, answers=GOOD, photos=[build_evidence.kept().content_hash])
    inspect(rma, answers=GOOD)  # its photo is there already


def test_photos_and_a_note_stand_with_the_line_and_the_note_in_no_log(shop):
    rma = build.on_the_dock()
    inspect(rma, photos=[build_evidence.kept().content_hash], note="belongs to 孙悟空")

    assert list(Evidence.objects.order_by("pk").values_list("kind", "step", "whose", "line", "text")) == [
        ("file", "inspect", "ours", 1, ""), ("note", "inspect", "ours", 1, "belongs to 孙悟空"),
    ]  # fmt: skip
    assert "孙悟空" not in str(list(CommandLog.objects.values_list("payload", "answer", "events")))
    other = build.on_the_dock()
    with refused("evidence_not_kept"):
        inspect(other, photos=["0" * 64])


def bulk(company_db, quantity=600):
    build.company(quantity=1000)
    build_inspection.rules(aql="2.5")
    return build.on_the_dock(quantity, number=build.sold(quantity=quantity))


@pytest.mark.parametrize(("defects", "accepted"), [(5, True), (6, False)])
def test_a_sample_decides_about_the_whole_batch(company_db, defects, accepted):
    rma = bulk(company_db)
    done = inspect(rma, 600, sample={"units": 80, "defects": defects}, grade="B")

    piece = ReturnPiece.objects.get()
    assert (piece.accepted_e4, piece.rejected_e4) == ((e4(600), 0) if accepted else (0, e4(600)))
    assert done.answer["samples"][0] == InspectionFinding.objects.get().sample
    shown = {name: done.answer["samples"][0][name] for name in ("size", "accept", "reject", "accepted")}
    assert shown == {"size": 80, "accept": 5, "reject": 6, "accepted": accepted}


@pytest.mark.parametrize(
    "sample", [{"units": 79, "defects": 0}, {"units": 601, "defects": 0}, {"units": 80, "defects": 81}]
)
def test_a_sample_that_is_none_decides_nothing(company_db, sample):
    rma = bulk(company_db)
    with refused("sample_too_small", lot=600, needed=80):
        inspect(rma, 600, sample=sample)


def test_a_person_may_still_refuse_what_the_sample_lets_pass(company_db):
    inspect(bulk(company_db), 600, sample={"units": 80, "defects": 0}, accepted=False)
    assert ReturnPiece.objects.get().rejected_e4 == e4(600)
