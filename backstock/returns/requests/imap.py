"""Messages of customers out of a mailbox on a mail server: each is marked there when it has become a draft, not before."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from backstock.returns.requests.mailbox import MOST_BYTES, Mail, mail_of

SECONDS = 30
# Our own mark, so that a colleague who reads the mailbox takes no message away; servers without own marks have \Seen.
MARK = "Backstock"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class MailServerError(Exception):
    """The mail server cannot be reached, or says no; never names the password."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mailbox is, and who opens it."""

    host: str
    user: str
    password: str
    port: int = 993
    folder: str = "INBOX"
    tls: bool = True


@contextmanager
def opened(account: Account) -> Iterator[Mailbox]:
    """Log in and choose the folder; raise MailServerError."""
    if not account.tls and account.host not in LOOPBACK:
        raise MailServerError("a password goes to another machine over TLS only")
    try:
        client: imaplib.IMAP4 = (
            imaplib.IMAP4_SSL(account.host, account.port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
            if account.tls
            else imaplib.IMAP4(account.host, account.port, timeout=SECONDS)
        )
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailServerError(f"{account.host}:{account.port} does not answer: {type(error).__name__}") from None
    try:
        _log_in(client, account)
        _ok(client.select(f'"{account.folder}"'), "folder")
        yield Mailbox(client)
        client.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailServerError(f"{account.host} broke off: {type(error).__name__}") from None
    finally:
        # Open still when it broke off, or when who reads did.
        if client.socket().fileno() != -1:
            client.shutdown()


def _log_in(client: imaplib.IMAP4, account: Account) -> None:
    try:
        client.login(account.user, account.password)
    except imaplib.IMAP4.error:
        # What the server says may repeat what was sent.
        raise MailServerError(f"{account.host} refuses the log-in of {account.user}") from None


class Mailbox:
    """An open folder: what is new in it, and the marks of what has been dealt with."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self.client = client
        flags = b" ".join(each for each in client.response("PERMANENTFLAGS")[1] or [] if isinstance(each, bytes))
        self.mark, self.new = (MARK, f"UNKEYWORD {MARK}") if rb"\*" in flags else (r"(\Seen)", "UNSEEN")

    def messages(self) -> Iterator[tuple[str, Mail | None]]:
        """Return the new messages with their numbers; None for one that is too large or has no words."""
        found = _ok(self.client.uid("SEARCH", self.new), "search")
        for uid in (each.decode() for each in b" ".join(part for part in found if part).split()):
            yield uid, self._read(uid)

    def _read(self, uid: str) -> Mail | None:
        said = b" ".join(part for part in _ok(self.client.uid("FETCH", uid, "(RFC822.SIZE)"), "fetch") if part)
        size = re.search(rb"RFC822\.SIZE (\d+)", said)
        if size is None or int(size[1]) > MOST_BYTES:
            return None
        # Looked at without marking it as read: that is for the colleague who reads it.
        parts = _ok(self.client.uid("FETCH", uid, "(BODY.PEEK[])"), "fetch")
        content = next((part[1] for part in parts if isinstance(part, tuple)), None)
        return mail_of(content) if isinstance(content, bytes) else None

    def done(self, uid: str) -> None:
        """Mark a message as dealt with."""
        _ok(self.client.uid("STORE", uid, "+FLAGS.SILENT", self.mark), "mark")


def _ok(answer: tuple[str, list[Any]], what: str) -> list[Any]:
    if answer[0] != "OK":
        raise MailServerError(f"the mail server refuses: {what}")
    return answer[1]
