"""Deliver the outbox: outside any transaction, each letter taken for a while, in order, with retries and one Message-ID.

A worker that dies between sending and marking leaves its letter taken; when that time is over it is sent once more, with
the same Message-ID, by which mailboxes know it as the same letter.
"""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef, Q

from backstock.core import clock
from backstock.core.mail_url import CUSTOMERS
from backstock.notifications.models import Letter
from backstock.notifications.writing import Written, written

TAKEN: Final = timedelta(minutes=5)
# How long to wait after each failed attempt; then it is given up.
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
EXPIRES: Final = timedelta(days=7)


def is_set_up() -> bool:
    """Tell whether there is a mail server."""
    return CUSTOMERS in mailers


def deliver_due(most: int = 100) -> int:
    """Send what is due, oldest first; return how many letters left."""
    if not is_set_up():
        return 0
    _expire()
    sent, connection = 0, mailers[CUSTOMERS]
    try:
        for _ in range(most):
            letter = _take()
            if letter is None:
                break
            sent += _deliver(letter, connection)
    finally:
        connection.close()
    return sent


def _expire() -> None:
    """Give up what is too late to be of use, such as what was written before there was a mail server."""
    Letter.objects.filter(state="waiting", written_at__lt=clock.now() - EXPIRES).update(state="expired")


def _take() -> Letter | None:
    """Take the oldest letter that is due; a later letter of a return waits for the earlier ones."""
    while True:
        now = clock.now()
        earlier = Letter.objects.filter(document=OuterRef("document"), state="waiting", pk__lt=OuterRef("pk"))
        free = Q(taken_until=None) | Q(taken_until__lt=now)
        due = Letter.objects.filter(free, ~Exists(earlier), state="waiting", due_at__lte=now)
        letter = due.order_by("pk").first()
        if letter is None:
            return None
        # Who is faster has it.
        until = now + TAKEN
        if Letter.objects.filter(free, pk=letter.pk, state="waiting").update(
            taken_until=until, attempts=letter.attempts + 1
        ):
            letter.attempts += 1
            return letter


def _deliver(letter: Letter, connection: BaseEmailBackend) -> int:
    """Send one letter and mark it."""
    said = written(letter)
    if not said.to:
        _mark(letter, state="unwanted", problem="")
        return 0
    try:
        connection.send_messages([message_of(letter, said)])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        connection.close()
        _failed(letter, error)
        return 0
    _mark(letter, state="sent", sent_at=clock.now(), problem="")
    return 1


def message_of(letter: Letter, said: Written) -> EmailMultiAlternatives:
    """Return the message as plain text and HTML; its id stays the same at every attempt."""
    domain = settings.MAIL_FROM.rpartition("@")[2].strip("<> ") or "localhost"
    headers = {
        "Message-ID": f"<{letter.message_key}@{domain}>", "Auto-Submitted": "auto-generated",
        "Content-Language": {"zh": "zh-CN"}.get(said.language, said.language),
    }  # fmt: skip
    message = EmailMultiAlternatives(said.subject, said.body, settings.MAIL_FROM, [said.to], headers=headers)
    message.attach_alternative(said.page, "text/html")
    return message


def _failed(letter: Letter, error: Exception) -> None:
    """Wait before the next attempt, or give up: at once when the server wants this letter never."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()), (None,))[0]
    never = isinstance(code, int) and 500 <= code < 600 and not isinstance(error, smtplib.SMTPAuthenticationError)
    problem = f"{type(error).__name__} {code or ''}".strip()
    if never or isinstance(error, ValueError) or letter.attempts > len(WAITS):
        _mark(letter, state="failed", problem=problem)
    else:
        _mark(letter, due_at=clock.now() + WAITS[letter.attempts - 1], problem=problem)


def _mark(letter: Letter, **values: object) -> None:
    Letter.objects.filter(pk=letter.pk).update(taken_until=None, **values)
