"""Publishing a flow: versions follow each other, and a running return keeps its own."""

from backstock.core import clock
from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.flows.commands.publish import publish_flow
from backstock.flows.models import FlowVersion
from backstock.notifications.models import NoteRole
from backstock.notifications.telling import tell_new, told_by_flows
from backstock.returns.models import Return, ReturnLine
from tests import build, build_flows
from tests.ledgers import refused


def test_a_version_is_followed_and_never_changed(shop):
    build_flows.flow(papers=["note"])
    build_flows.flow(papers=["file"])

    assert [version.terms["papers"] for version in FlowVersion.objects.order_by("pk")] == [["note"], ["file"]]


def test_a_running_return_keeps_the_flow_it_started_with(shop):
    build_flows.flow(papers=["note"])
    first = build.requested(build.sold())
    build_flows.flow(papers=["file"])
    second = build.requested(build.sold())

    kept = {row.number: row.flow.get("papers") for row in Return.objects.all()}
    assert kept == {first: ["note"], second: ["file"]}


def test_a_version_holds_from_its_day(shop):
    build_flows.flow(valid_from="2026-02-01", papers=["note"])
    build.requested(build.sold())

    row = Return.objects.get()
    assert (row.flow_code, row.flow_version_id, row.flow.get("papers")) == ("return_refund", 0, None)


def test_what_the_policy_says_wins_over_the_flow_and_the_flow_over_nothing(shop):
    build_flows.flow(refund_when="received", inspection="none")
    build.received(build.approved(build.requested(build.sold())))
    build.policy(refund_when="disposed")
    rma = build.received(build.approved(build.requested(build.sold())))

    build.settled("R000001")
    with refused("nothing_to_refund"):
        build.settled(rma)


def test_a_level_that_nobody_could_give_is_refused(shop):
    wanted = publish_flow.parse(
        {"code": "x", "terms": {"levels": build_flows.levels((0, "warehouse"))}, "on": "2026-01-05"}
    )
    with refused("role_may_not", role="warehouse"):
        publish_flow(wanted, actor=SYSTEM)


def test_a_flow_tells_more_roles_than_the_company(shop):
    build_flows.flow(told={"received": ["buyer"]})
    rma = build.received(build.approved(build.requested(build.sold())))
    told = told_by_flows([rma, build.sold()])
    assert told == {rma: {"received": ["buyer"]}}

    CommandLog.objects.update(recorded_at=clock.now())
    tell_new()
    roles = NoteRole.objects.filter(note__topic="received").values_list("role", flat=True)
    assert set(roles) == {"service", "inspector", "buyer"}


def test_a_flow_may_want_the_checklist_answered(shop):
    build_flows.flow(checklist="required")
    build.requested(build.sold())

    assert ReturnLine.objects.get().terms["checklist"] == "required"
