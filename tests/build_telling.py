"""Reach states of telling: notes and letters of what was done, and a mail server that remembers everything."""

from __future__ import annotations

import email.policy
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from itertools import count
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

from backstock.core import clock
from backstock.core.mail_url import mailer
from backstock.core.permissions import SYSTEM
from backstock.notifications.commands.rate import RateReturn, rate_return
from backstock.notifications.models import Letter
from backstock.notifications.telling import tell_new
from backstock.partners.models import Partner
from backstock.returns.commands.cancel import CloseReturn, close_return
from tests import build
from tests.cast import SUN

_numbers = count(1)


def reachable(**more: Any) -> str:
    """Register a customer with an e-mail address; gives the code."""
    n = next(_numbers)
    return build.customer(f"MAIL{n}", **{"email": f"sun{n}@example.com", "name": "孙悟空", **more})


def letters(number: str) -> list[Letter]:
    """Tell what is new, and return the letters about a return in order."""
    tell_new()
    return list(Letter.objects.filter(document=number).order_by("pk"))


def failed_letter() -> int:
    """A letter that was given up; always to the same customer, so that ledgers of two runs can be compared."""
    if not Partner.objects.filter(code="POST").exists():
        build.customer("POST", email="post@example.com")
    number = build.requested(build.sold(quantity=1, customer="POST"))
    [letter] = letters(number)
    Letter.objects.filter(pk=letter.pk).update(state="failed", attempts=7)
    return letter.pk


def closed(customer: str = SUN) -> str:
    """A return that is at its end."""
    number = build.approved(build.requested(build.sold(quantity=1, customer=customer)))
    return close_return(CloseReturn(document=number, on=build.DAY), actor=SYSTEM).document


def rated(number: str, stars: int = 5, comment: str = "", **more: Any) -> str:
    """Rate a return."""
    wanted = RateReturn(document=number, stars=stars, comment=comment, on=build.DAY, **more)
    return rate_return(wanted, actor=SYSTEM).document


class Postman:
    """A strict mail server: refuses what no server should take, and keeps what it took."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.lock = threading.Lock()
        # Answers before and after taking a message; the second one comes too late to refuse it.
        self.refuse: Callable[[EmailMessage], str] = lambda message: ""
        self.taken: Callable[[EmailMessage], None] = lambda message: None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        once = ("From", "To", "Subject", "Date", "Message-ID")
        if any(len(message.get_all(name, [])) != 1 for name in once):
            return "554 5.6.0 a header is missing or stands twice"
        if not re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", message["Message-ID"]):
            return "554 5.6.0 bad Message-ID"
        if said := self.refuse(message):
            return said
        with self.lock:
            self.received.append(message)
        self.taken(message)
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.received]


def plain(message: EmailMessage) -> str:
    """Read the plain text of a message that is also there as HTML."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


class Office(Controller):
    """Listens on a port of the system's choice."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post_office() -> Iterator[tuple[Postman, str]]:
    """Run a mail server and let this process send through it; gives it with its address."""
    postman = Postman()
    controller = Office(postman, hostname="127.0.0.1", port=0)
    controller.start()
    url = f"smtp://127.0.0.1:{controller.port}"
    before = settings.MAILERS
    settings.MAILERS = mailer(url)
    try:
        yield postman, url
    finally:
        settings.MAILERS = before
        controller.stop()


def later(**more: Any) -> Any:
    """Freeze the clock some time from now."""
    return clock.frozen(clock.now() + timedelta(**more))
