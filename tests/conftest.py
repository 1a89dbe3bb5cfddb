"""Chooses the database before Django reads its settings, and gives each test that asks a company of its own.

`pytest` runs on SQLite; `BACKSTOCK_TEST_DB=postgres pytest` on a throw-away PostgreSQL (see `tests/postgres.py`).
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch
from zlib import crc32

import django
import hypothesis
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.testcases import LiveServerThread
from django.test.utils import setup_test_environment, teardown_test_environment
from playwright.sync_api import Browser, sync_playwright

from tests.invariants import broken_invariants
from tests.postgres import running_postgres

SHARED_SERVER = "BACKSTOCK_TEST_POSTGRES_URL"  # From the controlling process to its xdist workers.
OPENED = pytest.StashKey[ExitStack]()

hypothesis.settings.register_profile("backstock", deadline=None, print_blob=True)
hypothesis.settings.load_profile("backstock")


def pytest_configure(config: pytest.Config) -> None:
    opened = config.stash[OPENED] = ExitStack()
    home = tempfile.mkdtemp(prefix="backstock-test-home-")
    opened.callback(shutil.rmtree, home, ignore_errors=True)
    (Path(home) / "static").mkdir()  # WhiteNoise warns when it is missing
    # Nobody's real company: what a test touches without asking for `company_db` would land in this folder.
    os.environ["BACKSTOCK_HOME"] = home
    os.environ["DATABASE_URL"] = f"sqlite:///{home}/unused.sqlite3"
    os.environ["BACKSTOCK_HASHER"] = "django.contrib.auth.hashers.MD5PasswordHasher"
    os.environ["DJANGO_SETTINGS_MODULE"] = "backstock.config.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in the tests' own thread.
    kind = os.environ.setdefault("BACKSTOCK_TEST_DB", "sqlite")
    if kind not in ("sqlite", "postgres"):
        raise pytest.UsageError(f"BACKSTOCK_TEST_DB must be sqlite or postgres, got {kind}")
    if kind == "postgres":
        if not hasattr(config, "workerinput"):
            os.environ[SHARED_SERVER] = opened.enter_context(running_postgres())
        os.environ["DATABASE_URL"] = os.environ[SHARED_SERVER]
    django.setup()
    setup_test_environment()
    # What is loaded now stays; looking through it again and again took a tenth of the time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure(config: pytest.Config) -> None:
    if OPENED in config.stash:
        teardown_test_environment()
        config.stash[OPENED].close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ask what says nothing about the database on SQLite only, where it is quick, and what compares both on PostgreSQL."""
    elsewhere = {"postgres": "any_database", "sqlite": "both_databases"}[os.environ["BACKSTOCK_TEST_DB"]]
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(elsewhere)])
    items[:] = [item for item in items if not item.get_closest_marker(elsewhere)]


def pytest_report_header() -> str:
    return f"database: {os.environ['BACKSTOCK_TEST_DB']}"


@pytest.fixture(scope="session")
def scratch():
    """Makes fresh companies at will (`with scratch.database(): …`), one per example of a property test."""
    from backstock.core.scratch import Scratch

    with Scratch(os.environ["DATABASE_URL"]) as made:
        yield made


@pytest.fixture(scope="session")
def stages(scratch):
    """What tests begin with (`tests/stages.py`)."""
    from tests.stages import Stages

    made = Stages(scratch)
    yield made
    made.close()


@pytest.fixture
def company_db(scratch, stages, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated database as Django's default, with real transactions; what must always hold is checked after."""
    broken = request.node.get_closest_marker("breaks_ledgers")
    with stages.company(set(request.fixturenames), untouched=broken is not None) as url:
        yield url
        if not broken and _checked(request.node.nodeid):
            assert broken_invariants() == []


def _checked(test: str) -> bool:
    """Check after every test on SQLite, where it takes a tenth; on PostgreSQL after a fourth of those that ran there too."""
    return os.environ["BACKSTOCK_TEST_DB"] == "sqlite" or "/concurrency/" in test or crc32(test.encode()) % 4 == 0


@pytest.fixture
def shop(company_db: str) -> str:
    """A small company: ten pieces of A bought at 60, sold at 100; customers SUN and HE, supplier JIN."""
    return company_db


@pytest.fixture
def people(shop: str, stages):
    """The cast (`tests/cast.py`), employed in that shop."""
    return stages.cast


@pytest.fixture(autouse=True)
def no_database_unless_asked(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that opens a database by accident fails with the way to ask for one."""
    if "scratch" in request.fixturenames:  # `company_db` rests on it
        yield
        return
    message = "this test opened a database: ask for the fixture `company_db` (or `scratch`)"
    with patch.object(BaseDatabaseWrapper, "connect", side_effect=AssertionError(message)):
        yield


@pytest.fixture
def client(company_db: str) -> Client:
    """A browser without a screen."""
    return Client()


class CountedHandler(StaticFilesHandler):
    """Serves pages and files, and knows how many requests are being answered."""

    busy = 0
    quiet = threading.Condition()

    def __call__(self, environ, start_response):
        with self.quiet:
            CountedHandler.busy += 1
        try:
            return super().__call__(environ, start_response)
        finally:
            with self.quiet:
                CountedHandler.busy -= 1
                self.quiet.notify_all()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """One web server per worker, at one address, so that browsers keep its scripts and styles; it serves the company of the moment."""
    thread = LiveServerThread("127.0.0.1", CountedHandler)
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def site(server: str, company_db: str) -> Iterator[str]:
    """The address of a running web server on this test's company, for a real browser."""
    yield server
    with CountedHandler.quiet:
        CountedHandler.quiet.wait_for(lambda: CountedHandler.busy == 0, timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser per worker: Playwright allows its event loop only once in a thread."""
    with sync_playwright() as playwright:
        # The system's browser; without one, whatever `playwright install chromium` has put in place.
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()
