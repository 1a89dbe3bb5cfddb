"""Messages of customers out of a mailbox: a file, a folder of files, or a Maildir; read with the standard library."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

from backstock.core.errors import DomainError
from backstock.core.files import is_hash
from backstock.evidence.keeping import keep

MOST_BYTES = 40 * 1024 * 1024
MOST_FILES = 30
_TAG = re.compile(r"<(?:script|style).*?</(?:script|style)>|<[^>]+>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message: its own key, its words, and its attachments with their names."""

    key: str
    text: str
    files: tuple[str, ...]
    contents: tuple[bytes, ...] = ()

    def kept(self) -> tuple[str, ...]:
        """Keep the attachments that are evidence; give their hashes, and the names of those that are none."""
        return tuple(_kept(name, content) for name, content in zip(self.files, self.contents, strict=True))


def _kept(name: str, content: bytes) -> str:
    try:
        return keep(BytesIO(content), name).content_hash
    except DomainError:
        # A sender must not name the content of somebody else's file.
        return "?" if is_hash(name) else name


def mails_in(path: Path) -> Iterator[Mail]:
    """Read every message of a file or folder, in the order of their names; what is no message is passed over."""
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    for each in files:
        if each.stat().st_size <= MOST_BYTES and (found := mail_of(each.read_bytes())) is not None:
            yield found


def mail_of(content: bytes) -> Mail | None:
    """Read one message; None for something that has no words. One that breaks the rules of mail comes as it is."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        return None
    try:
        subject = str(message.get("Subject", "")).strip()
        body = "\n".join(part for part in (subject, _words(message)) if part)
        parts = [
            (part.get_filename() or part.get_content_type(), _content(part)) for part in message.iter_attachments()
        ]
        known = str(message.get("Message-ID", "")).strip()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        body, parts, known = content.decode(errors="replace"), [], ""
    parts = parts[:MOST_FILES]
    body, files = body.replace("\0", "")[:20_000], tuple(str(name).replace("\0", "")[:200] or "?" for name, _ in parts)
    # With its words: who sends another message under the same id must not keep the whole mailbox waiting.
    key = hashlib.sha256("\0".join((known, body, *files)).encode(errors="replace")).hexdigest()[:40]
    return Mail(f"mail:{key}", body, files, tuple(part for _, part in parts)) if body.strip() else None


def _content(part: EmailMessage) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _words(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeDecodeError):
        return ""
    return _TAG.sub(" ", text).strip() if part.get_content_subtype() == "html" else text.strip()
