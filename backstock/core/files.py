"""Files by the hash of what is in them, outside the database and inside its home: the same content is kept once."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings

_HASH_DIGITS = 64


def is_hash(name: str) -> bool:
    """Tell whether a text is the name of a content."""
    return len(name) == _HASH_DIGITS and all(char in "0123456789abcdef" for char in name)


def path_of(content_hash: str, variant: str = "") -> Path:
    """Return where a content is kept; a variant (a smaller picture) lies beside it."""
    if not is_hash(content_hash):
        raise ValueError(content_hash)
    return Path(settings.MEDIA_ROOT) / content_hash[:2] / f"{content_hash}{variant}"


def is_kept(content_hash: str) -> bool:
    """Tell whether a content is here."""
    return is_hash(content_hash) and path_of(content_hash).is_file()


def keep(content: bytes) -> str:
    """Keep a content and return its hash."""
    content_hash = hashlib.sha256(content).hexdigest()
    _write(path_of(content_hash), content)
    return content_hash


def keep_variant(content_hash: str, variant: str, content: bytes) -> None:
    """Keep what was made out of a content beside it."""
    _write(path_of(content_hash, variant), content)


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all: nobody ever reads half a file."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}.half")
    half.write_bytes(content)
    os.replace(half, path)
