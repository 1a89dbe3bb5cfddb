"""Complaints about what people see of a return: its papers, labels, photos and messages."""

from __future__ import annotations

from tests import build


def test_a_customer_can_get_the_label_of_an_approved_return_and_it_leads_back_to_it(shop):
    """Rank 11: "customer downloads the label after approval"; the sheet carries number, address and a code."""
    from backstock.documents.papers.source import read
    from backstock.documents.render import papers

    rma = build.approved(build.requested(build.sold()))
    assert papers([rma], "request", "en", site="https://shop.example").startswith(b"%PDF")
    [source] = read([rma], "en", "https://shop.example")
    assert source.address == f"https://shop.example/returns/{rma}/"


def test_the_customer_is_told_of_every_step_and_staff_see_what_was_said(shop):
    """Rank 11: "no messages": request, decision, arrival and refund are each a letter, listed on the return."""
    from backstock.notifications.outbox import deliver_due
    from tests.build_telling import letters, post_office, reachable

    rma = build.settled(build.back_on_the_shelf(number=build.sold(customer=reachable())))
    written = letters(rma)
    with post_office() as (postman, _url):
        deliver_due()
    assert [letter.kind for letter in written] == ["request_received", "approved", "goods_received", "refund_paid"]
    assert len(postman.received) == 4


def test_each_department_is_told_when_it_is_its_turn(people):
    """Rank 11 and 9: nobody has to ask around whether a return waits for them."""
    from backstock.core.models import User
    from backstock.notifications.reading import unread_count
    from backstock.notifications.telling import tell_new

    rma = build.requested(build.sold(), actor=people.wu)
    tell_new()
    who = {name: unread_count(User.objects.get(username=name)) for name in ("qian", "zhou", "zhao")}
    assert who == {"qian": 1, "zhou": 0, "zhao": 0}
    build.approved(rma, actor=people.qian)
    tell_new()
    assert unread_count(User.objects.get(username="zhou")) == 1


def test_why_goods_come_back_is_counted_not_guessed(shop):
    """Ranks 1 and 9: reasons without a report are useless; each has its count, value and rate of what was sold."""
    from datetime import date

    from backstock.insight.returns import Scope, returned

    build.requested(build.sold(quantity=4), 1, reason="broken")
    found = returned(Scope(first=date(2026, 1, 1), last=date(2026, 1, 31)), "reason")["broken"]
    assert (found.returns, found.value_cents, found.quantity_rate_e4) == (1, 10_000, 2_500)


def test_what_the_customer_thought_is_asked_and_kept_with_the_return(shop):
    """Rank 11: no customer view: the customer says what they thought, and it stands on the return and in the figures."""
    from datetime import date

    from backstock.notifications.ratings import average
    from tests.build_telling import closed, rated

    rated(closed(), 2, "took five weeks", by_customer=True)
    assert average(date(2026, 1, 1), date(2026, 1, 31)).stars_e2 == 200
