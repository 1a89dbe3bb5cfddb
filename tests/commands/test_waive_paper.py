"""The dossier: closing waits for the papers that the flow asks for, or for somebody to waive them."""

from backstock.core.models import CommandLog
from backstock.returns.models import Return, WaivedPaper
from backstock.returns.queries import loaded_return
from tests import build, build_flows
from tests.ledgers import refused

ALL = ["receipt", "inspection", "disposition", "credit_note", "note"]


def test_closing_is_refused_until_every_paper_is_there(shop):
    build_flows.flow(papers=ALL)
    rma = build.approved(build.requested(build.sold(), note="broken"))

    with refused("papers_missing", papers="receipt"):
        build_flows.closed(rma)
    build.received(rma)
    with refused("papers_missing", papers="inspection, disposition"):
        build_flows.closed(rma)
    build.inspected(rma)
    with refused("papers_missing", papers="disposition"):
        build_flows.closed(rma)
    build.disposed(rma)
    with refused("papers_missing", papers="credit_note"):
        build_flows.closed(rma)
    build.settled(rma)
    build_flows.closed(rma)

    assert Return.objects.get().status == "closed"


def test_a_paper_is_waived_with_a_reason_that_stays_out_of_the_log(people):
    rma = build_flows.incomplete()
    build.approved(rma)
    with refused("papers_missing", papers="note"):
        build_flows.closed(rma)

    build_flows.waived(rma, "note", people.qian, reason="Mr Sun threw it away")
    build_flows.closed(rma)

    kept = WaivedPaper.objects.get()
    assert (kept.paper, kept.reason, kept.user_id) == ("note", "Mr Sun threw it away", people.qian.user_id)
    assert "Sun" not in str(list(CommandLog.objects.values_list("payload", "answer", "events")))


def test_what_is_not_missing_cannot_be_waived(shop):
    rma = build_flows.incomplete()
    with refused("paper_not_asked", paper="receipt"):
        build_flows.waived(rma, "receipt")
    build_flows.waived(rma, "note")
    with refused("paper_not_asked", paper="note"):
        build_flows.waived(rma, "note")


def test_a_return_that_ended_needs_nothing_waived(shop):
    rma = build_flows.incomplete()
    build.approved(rma)
    build_flows.waived(rma, "note")
    build_flows.closed(rma)

    with refused("transition_not_allowed"):
        build_flows.waived(rma, "note")


def test_the_flows_of_the_product_ask_for_no_paper(shop):
    rma = build_flows.closed(build.approved(build.requested(build.sold())))
    assert loaded_return(rma).row.status == "closed"
