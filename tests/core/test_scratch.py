"""Temporary companies: fresh, separate, seen by every thread, and gone afterwards."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction

from backstock.core import database_url
from backstock.core.scratch import Scratch

POSTGRES = os.environ["BACKSTOCK_TEST_DB"] == "postgres"


def remember(key: str) -> None:
    with transaction.atomic(durable=True):
        Session.objects.create(session_key=key, expire_date=datetime(2030, 1, 1, tzinfo=UTC))


def remembered() -> list[str]:
    return list(Session.objects.values_list("session_key", flat=True))


def exists(url: str) -> bool:
    if not POSTGRES:
        return Path(url.removeprefix("sqlite:///")).exists()
    name = database_url.database(url)["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def test_the_chosen_database_kind_is_the_one_in_use(company_db):
    assert connection.vendor == ("postgresql" if POSTGRES else "sqlite")


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_from_an_empty_company_and_may_commit(company_db, turn):
    assert remembered() == []
    remember(f"turn-{turn}")
    assert remembered() == [f"turn-{turn}"]


def test_companies_are_separate_and_dropped_when_their_block_ends(scratch):
    with scratch.database() as first:
        remember("first")
        with scratch.database() as second:
            assert remembered() == []
        assert remembered() == ["first"]
        assert (exists(first), exists(second)) == (True, False)
    assert not exists(first)


def test_another_thread_sees_the_same_company_even_if_it_was_connected_before(scratch):
    seen: list[list[str]] = []
    ready, go = threading.Event(), threading.Event()

    def work():
        seen.append(remembered())
        connections.close_all()
        ready.set()
        go.wait(10)
        seen.append(remembered())
        connections.close_all()

    with scratch.database():
        remember("first")
        worker = threading.Thread(target=work)
        worker.start()
        assert ready.wait(10)
        with scratch.database():
            remember("second")
            go.set()
            worker.join(10)
    assert seen == [["first"], ["second"]]


def test_a_connection_left_open_in_another_thread_does_not_keep_the_company_alive(scratch):
    def linger():
        remembered()
        connected.set()
        go.wait(10)
        connections.close_all()

    connected, go = threading.Event(), threading.Event()
    with scratch.database() as url:
        worker = threading.Thread(target=linger)
        worker.start()
        assert connected.wait(10)
    assert not exists(url)
    go.set()
    worker.join(10)


def test_an_error_inside_restores_the_former_database_and_leaves_nothing_behind(scratch):
    made: list[str] = []

    def fail_in_another_company():
        with Scratch(os.environ["DATABASE_URL"]) as other, other.database() as url:
            made.append(url)
            remember("theirs")
            raise ZeroDivisionError

    with scratch.database():
        remember("mine")
        with pytest.raises(ZeroDivisionError):
            fail_in_another_company()
        assert remembered() == ["mine"]
    assert not exists(made[0])


def test_a_template_that_cannot_be_migrated_leaves_nothing_behind(scratch, monkeypatch):
    made: list[str] = []

    def fail(*_, **__):
        made.append(database_of_the_default_connection())
        raise ZeroDivisionError

    monkeypatch.setattr("backstock.core.scratch.call_command", fail)
    with pytest.raises(ZeroDivisionError):
        Scratch(os.environ["DATABASE_URL"]).__enter__()
    assert not exists(made[0])


def database_of_the_default_connection() -> str:
    name = connections.settings["default"]["NAME"]
    return f"postgresql:///{name}" if POSTGRES else f"sqlite:///{name}"


def test_the_named_database_is_never_used_itself(scratch):
    named = database_url.database(os.environ["DATABASE_URL"])["NAME"]
    with scratch.database() as url:
        used = database_url.database(url)["NAME"]
        assert used != named
        assert connection.settings_dict["NAME"] == used
    if POSTGRES:
        assert used.startswith(f"{named}_scratch_")
    else:
        assert not Path(named).exists()


def test_without_a_url_companies_are_files_whatever_the_installation_uses(scratch):
    with Scratch(None) as files, files.database() as url:
        assert url.startswith("sqlite:///")
        assert connection.vendor == "sqlite"
        remember("here")
        assert remembered() == ["here"]


def test_a_company_is_refused_inside_an_open_transaction(scratch):
    refusal = pytest.raises(RuntimeError, match="a transaction is open")
    with scratch.database(), transaction.atomic(), refusal, scratch.database():
        raise AssertionError("it was entered")


def test_a_scratch_outside_its_block_is_refused():
    with pytest.raises(RuntimeError, match="use Scratch in a `with` statement"), Scratch(None).database():
        raise AssertionError("it was entered")


def test_a_test_that_does_not_ask_for_a_database_gets_none():
    with pytest.raises(AssertionError, match="ask for the fixture `company_db`"):
        remembered()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////a/b.sqlite3",
        "postgresql://u:p%40@db.example:5433/b%20s?sslmode=require",
        "postgres:///b?host=%2Ftmp",
    ],
)
def test_the_settings_read_a_url_as_temporary_companies_do(url):
    from backstock.config import settings

    assert settings.database(url) == database_url.database(url)


def test_a_url_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="must start with"):
        database_url.database("mysql://host/name")
