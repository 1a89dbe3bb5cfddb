"""`verify` finds planted damage in what people said about returns, at the dock and at the inspection."""

import pytest

from backstock.cli.verification import verify
from backstock.core.permissions import SYSTEM
from backstock.returns.commands.take_in import TakeIn, take_in
from backstock.returns.models import (
    DockScan,
    FindingAnswer,
    InspectionFinding,
    ReturnApproval,
    ReturnEvent,
    SecondOpinion,
    WaivedPaper,
)
from tests import build, build_dock, build_flows, build_inspection
from tests.build import DAY, e4


def trade(people):
    """A return approved in two levels and inspected twice, one with a paper waived, one with goods nobody asked for."""
    build.bought(quantity=20)
    build_flows.flow("big", when={"reason": "big"}, levels=build_flows.levels((0, "approver"), (50, "manager")))
    rma = build.requested(build.sold(), reason="big")
    for actor in (people.qian, people.wang):
        build.approved(rma, actor=actor)
    build.inspected(build.received(rma), found_reason="used", actor=people.li)
    build_inspection.second_opinion(rma, actor=people.admin, grade="C")
    build_flows.waived(build_flows.incomplete(), "note")
    found = build.received(build_dock.waiting(1), found="over")
    event = ReturnEvent.objects.get(rma_id=int(found[1:]), verdict="over")
    take_in(TakeIn(finding=event.pk, on=DAY), actor=SYSTEM)
    build_dock.scanned(build_dock.waiting(1))


DAMAGES = {
    "an approval is one of a level that the flow asks for": (ReturnApproval, {"level": 7}),
    "nobody gives two levels of approval": (ReturnApproval, {"user_id": 0}),
    "a waived paper is one of a return": (WaivedPaper, {"rma_id": 999}),
    "an answer is one to a finding": (FindingAnswer, {"event_id": 999_999}),
    "an answer is one to a finding, its goods are not there": (FindingAnswer, {"document": "UN000099"}),
    "a scan that waits counts goods of a return": (DockScan, {"quantity_e4": 0}),
    "an inspection found something on a piece of its return": (InspectionFinding, {"piece_id": 999}),
    "no more was found than came": (InspectionFinding, {"quantity_e4": e4(50)}),
    "a second opinion is about a piece of its return": (SecondOpinion, {"rma_id": 999}),
}


@pytest.mark.breaks_ledgers
def test_planted_damage_is_found_and_named(people):
    trade(people)
    assert verify().problems == []
    for what, (model, change) in DAMAGES.items():
        rows = model.objects.filter(product_id__gt=0) if model is DockScan else model.objects
        row = rows.order_by("-pk")[0]
        before = {name: getattr(row, name) for name in change}
        if "two levels" in what:
            change = {"user_id": ReturnApproval.objects.order_by("pk")[0].user_id}
        model.objects.filter(pk=row.pk).update(**change)
        found = {problem.check: problem.rows for problem in verify().problems}
        assert str(row.pk) in found.get(what.partition(",")[0], ""), (what, found)
        model.objects.filter(pk=row.pk).update(**before)
    assert verify().problems == []
