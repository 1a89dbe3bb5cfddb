"""Every step tells whom it concerns, once, whatever dies in between."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from backstock.core import clock
from backstock.core.models import CommandLog, User
from backstock.core.permissions import SYSTEM
from backstock.notifications.commands.set_audience import SetAudience, set_audience
from backstock.notifications.models import Letter, Note, Told
from backstock.notifications.reading import mark_all_read, mark_read, notes_of, unread, unread_count
from backstock.notifications.telling import tell_new
from backstock.notifications.topics import TOPICS
from tests import build
from tests.build_telling import letters, reachable


def topics(username: str) -> list[str]:
    user = User.objects.get(username=username)
    return list(notes_of(user).order_by("pk").values_list("topic", flat=True))


def test_each_step_tells_the_roles_that_it_concerns(people):
    rma = build.requested(build.sold(), actor=people.wu)
    build.approved(rma, actor=people.qian)
    build.received(rma, actor=people.zhou)
    build.inspected(rma, actor=people.li)
    build.disposed(rma, actor=people.zhou)
    build.settled(rma, actor=people.zhao)
    assert tell_new() == 6
    assert topics("qian") == ["requested"]
    assert topics("zhou") == ["approved", "inspected"]
    assert topics("li") == ["received"]
    assert topics("zhao") == ["disposed"]
    assert topics("wu") == ["approved", "received", "settled"]
    assert topics("chen") == []
    assert topics("admin") == ["requested", "approved", "received", "inspected", "disposed", "settled"]


def test_nobody_is_told_what_they_did_themselves(people):
    build.approved(build.requested(build.sold(), actor=people.admin), actor=people.admin)
    tell_new()
    assert topics("admin") == []
    assert topics("zhou") == ["approved"]


def test_telling_twice_tells_once(people):
    build.approved(build.requested(build.sold()))
    assert tell_new() == 2
    assert tell_new() == 0
    Told.objects.update(through_log_id=0)
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        tell_new()
    assert Note.objects.count() == 2


def test_a_process_that_dies_while_telling_loses_nothing_and_doubles_nothing(people):
    build.approved(build.requested(build.sold(customer=reachable())))
    with suppress(KeyboardInterrupt), transaction.atomic():
        tell_new()
        raise KeyboardInterrupt
    assert (Note.objects.count(), Letter.objects.count()) == (0, 0)
    assert tell_new() == 2
    assert (Note.objects.count(), Letter.objects.count()) == (2, 2)


def test_two_workers_tell_each_thing_once(people):
    for _ in range(5):
        build.requested(build.sold(quantity=1))
    failures: list[BaseException] = []

    def work() -> None:
        from django.db import connection

        try:
            tell_new()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Note.objects.count() == 5


def test_history_tells_nobody_and_writes_to_nobody(people):
    customer = reachable()
    with clock.frozen(datetime(2026, 1, 5, tzinfo=UTC)):
        build.requested(build.sold(customer=customer))
    assert tell_new() == 0
    with clock.frozen(clock.now() - timedelta(days=5)):
        build.requested(build.sold(customer=customer))
    assert tell_new() == 1
    assert (Note.objects.count(), Letter.objects.count()) == (1, 0)
    newest = CommandLog.objects.order_by("-pk").values_list("pk", flat=True).first()
    assert Told.objects.get().through_log_id == newest


def test_who_is_told_is_the_companys_own_data(people):
    set_audience(SetAudience(topic="requested", roles=("finance", "buyer")), actor=SYSTEM)
    build.requested(build.sold())
    tell_new()
    assert (topics("qian"), topics("zhao"), topics("feng")) == ([], ["requested"], ["requested"])
    set_audience(SetAudience(topic="requested"), actor=SYSTEM)
    build.requested(build.sold())
    tell_new()
    assert topics("zhao") == ["requested"]


def test_a_flow_tells_more_roles_beside_the_companys_own(people):
    from tests.build_flows import flow

    flow(told={"requested": ["finance"]})
    build.approved(build.requested(build.sold()))
    tell_new()
    assert (topics("qian"), topics("zhao"), topics("zhou")) == (["requested"], ["requested"], ["approved"])


def test_reading_is_remembered_for_each_person(people):
    for _ in range(3):
        build.requested(build.sold(quantity=1))
    tell_new()
    qian, admin = User.objects.get(username="qian"), User.objects.get(username="admin")
    first = notes_of(qian).order_by("pk")[0].pk
    mark_read(qian, [first, first, 999_999])
    assert (unread_count(qian), unread_count(admin)) == (2, 3)
    mark_all_read(qian)
    assert (unread_count(qian), unread_count(admin)) == (0, 3)
    build.requested(build.sold(quantity=1))
    tell_new()
    assert unread(qian).count() == 1


def test_a_note_of_another_role_cannot_be_marked(people):
    build.requested(build.sold())
    tell_new()
    zhou, note = User.objects.get(username="zhou"), Note.objects.get()
    mark_read(zhou, [note.pk])
    assert note.marks.count() == 0


def test_every_role_that_a_topic_names_exists():
    from backstock.core.permissions import ROLES

    assert {role for topic in TOPICS.values() for role in topic.roles} <= set(ROLES)


def test_letters_are_written_down_for_who_can_be_reached(people):
    rma = build.settled(build.back_on_the_shelf(number=build.sold(customer=reachable())))
    assert [letter.kind for letter in letters(rma)] == ["request_received", "approved", "goods_received", "refund_paid"]
    other = build.requested(build.sold())
    assert letters(other) == []
