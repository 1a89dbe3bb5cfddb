"""Messages of customers out of a mailbox: a file, a folder of files, or a Maildir; read with the standard library."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

MOST_BYTES = 40 * 1024 * 1024
_TAG = re.compile(r"<(?:script|style).*?</(?:script|style)>|<[^>]+>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message: its own key, its words, and the names of its attachments."""

    key: str
    text: str
    files: tuple[str, ...]


def mails_in(path: Path) -> Iterator[Mail]:
    """Read every message of a file or folder, in the order of their names; what is no message is passed over."""
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    for each in files:
        if each.stat().st_size <= MOST_BYTES and (found := mail_of(each.read_bytes())) is not None:
            yield found


def mail_of(content: bytes) -> Mail | None:
    """Read one message; None for something that has no words."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        return None
    subject = str(message.get("Subject", "")).strip()
    body = "\n".join(part for part in (subject, _words(message)) if part).replace("\0", "")[:20_000]
    named = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    known = str(message.get("Message-ID", "")).strip() or hashlib.sha256(content).hexdigest()
    key = hashlib.sha256(known.encode()).hexdigest()[:40]
    return Mail(f"mail:{key}", body, tuple(str(name)[:200] for name in named)[:50]) if body.strip() else None


def _words(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeDecodeError):
        return ""
    return _TAG.sub(" ", text).strip() if part.get_content_subtype() == "html" else text.strip()
