"""Close the books through a day."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from backstock.core import clock
from backstock.core.commands import lock_company
from backstock.core.models import Company
from backstock.core.permissions import SYSTEM
from backstock.money.commands.close_period import ClosePeriod, close_period
from tests import build
from tests.build import DAY
from tests.ledgers import refused


def closed(through=DAY):
    return close_period(ClosePeriod(through=through), actor=SYSTEM)


def test_nothing_is_posted_on_a_closed_day_and_everything_after_it(shop):
    assert closed().answer == {"closed_through": DAY.isoformat()}

    with refused("period_closed", on=DAY.isoformat(), closed_through=DAY.isoformat()):
        build.sold()
    assert build.sold(on=DAY + timedelta(days=1))


def test_it_goes_forward_only_whatever_day_it_is_done(shop):
    closed()
    for through in (DAY, DAY - timedelta(days=1)):
        with refused("period_closed", on=through.isoformat(), closed_through=DAY.isoformat()):
            closed(through)
    close_period(ClosePeriod(through=DAY + timedelta(days=31), on=DAY), actor=SYSTEM)
    assert Company.objects.get().closed_through == DAY + timedelta(days=31)


def test_today_can_be_closed_and_tomorrow_cannot(shop):
    today = clock.today("Asia/Shanghai")
    tomorrow = today + timedelta(days=1)
    with refused("period_not_over", through=tomorrow.isoformat(), today=today.isoformat()):
        closed(tomorrow)
    closed(today)
    with refused("period_closed"):
        build.sold(on=None)


def test_a_batch_closes_one_period_after_the_other(shop):
    months = [ClosePeriod(through=DAY + timedelta(days=n)) for n in (0, 31, 10)]
    outcomes = close_period.batch(months, actor=SYSTEM, mode="each")
    assert [type(each).__name__ for each in outcomes] == ["Done", "Done", "Refused"]
    assert Company.objects.get().closed_through == DAY + timedelta(days=31)


def test_closing_waits_for_a_running_command_and_a_command_for_the_closing(shop):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite runs one command at a time")
    done = threading.Event()

    def close():
        closed()
        done.set()
        connection.close()

    closer = threading.Thread(target=close)
    with transaction.atomic():
        lock_company()
        closer.start()
        assert not done.wait(0.3)
    closer.join(10)
    assert done.is_set()
