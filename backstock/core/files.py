"""Files by the hash of what is in them, outside the database and inside its backup: the same content is kept once.

They lie in the company's home, or in an S3-compatible store (`BACKSTOCK_FILES=s3://bucket/prefix`). An `area` keeps
apart what is erased by other rules: pictures of products lie at the root, evidence in its own.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

_HASH_DIGITS = 64
CHUNK = 1024 * 1024


class Store(Protocol):
    """Where files lie, by name."""

    def size(self, name: str) -> int | None:
        """Return how long a file is, None when it is not here."""

    def put(self, name: str, source: BinaryIO) -> None:
        """Keep a file whole or not at all: nobody ever reads half of one."""

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """Yield a part of a file."""

    def remove(self, name: str) -> None:
        """Remove a file; one that is not here is no fault."""

    def names(self, begin: str) -> Iterator[tuple[str, datetime]]:
        """Yield the files whose names begin so, each with when it was put here."""


class Folder:
    """Files in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        return self.root / name

    def size(self, name: str) -> int | None:
        path = self.path(name)
        return path.stat().st_size if path.is_file() else None

    def put(self, name: str, source: BinaryIO) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_name(f"{path.name}.{secrets.token_hex(4)}.half")
        try:
            with half.open("wb") as target:
                shutil.copyfileobj(source, target, CHUNK)
                target.flush()
                os.fsync(target.fileno())
            os.replace(half, path)
        finally:
            half.unlink(missing_ok=True)

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        with self.path(name).open("rb") as file:
            file.seek(start)
            while length > 0 and (chunk := file.read(min(CHUNK, length))):
                length -= len(chunk)
                yield chunk

    def remove(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def names(self, begin: str) -> Iterator[tuple[str, datetime]]:
        for path in sorted((self.root / begin).rglob("*")):
            if path.is_file():
                yield str(path.relative_to(self.root)), datetime.fromtimestamp(path.stat().st_mtime, UTC)


@cache
def _store(where: str, home: str) -> Store:
    if not where:
        return Folder(Path(home))
    # Loaded where it is asked for only: boto3 is an extra.
    store: Store = importlib.import_module("backstock.core.s3").Bucket(where)
    return store


def store() -> Store:
    """Return the store of this company."""
    return _store(settings.FILES, str(settings.MEDIA_ROOT))


def is_hash(name: str) -> bool:
    """Tell whether a text is the name of a content."""
    return len(name) == _HASH_DIGITS and all(char in "0123456789abcdef" for char in name)


def name_of(content_hash: str, variant: str = "", area: str = "") -> str:
    """Return the name of a content in its store; a variant (a smaller picture) lies beside it."""
    if not is_hash(content_hash):
        raise ValueError(content_hash)
    return f"{area}/{content_hash[:2]}/{content_hash}{variant}".removeprefix("/")


def size_of(content_hash: str, variant: str = "", area: str = "") -> int | None:
    """Return how long a content is, None when it is not here."""
    return store().size(name_of(content_hash, variant, area)) if is_hash(content_hash) else None


def is_kept(content_hash: str, area: str = "") -> bool:
    """Tell whether a content is here."""
    return size_of(content_hash, area=area) is not None


def keep(content: bytes, area: str = "") -> str:
    """Keep a content and return its hash."""
    return keep_file(io.BytesIO(content), area)


def keep_file(source: BinaryIO, area: str = "") -> str:
    """Keep a file of any length without reading it into memory, and return its hash."""
    return keep_new(source, area)[0]


def keep_new(source: BinaryIO, area: str = "") -> tuple[str, bool]:
    """Keep a file, and return its hash and whether it was not here before."""
    source.seek(0)
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
    content_hash = digest.hexdigest()
    is_new = not is_kept(content_hash, area)
    if is_new:
        source.seek(0)
        store().put(name_of(content_hash, area=area), source)
    return content_hash, is_new


def keep_variant(content_hash: str, variant: str, content: bytes, area: str = "") -> None:
    """Keep what was made out of a content beside it."""
    name = name_of(content_hash, variant, area)
    if store().size(name) is None:
        store().put(name, io.BytesIO(content))


def remove_variant(content_hash: str, variant: str, area: str = "") -> None:
    """Remove what lies beside a content under this ending."""
    store().remove(name_of(content_hash, variant, area))


def read(
    content_hash: str, variant: str = "", area: str = "", start: int = 0, length: int | None = None
) -> Iterator[bytes]:
    """Yield a content, or a part of it."""
    name = name_of(content_hash, variant, area)
    whole = store().size(name) or 0
    return store().read(name, start, whole - start if length is None else min(length, whole - start))


def remove(content_hash: str, *variants: str, area: str = "") -> None:
    """Remove a content with what was made out of it."""
    for variant in ("", *variants):
        store().remove(name_of(content_hash, variant, area))


def contents(area: str) -> Iterator[tuple[str, datetime]]:
    """Yield what lies in an area: each content with the last time that it, or what was made out of it, was put here.

    What a killed process left half written is named by the content it was to be.
    """
    current, last = "", datetime.min.replace(tzinfo=UTC)
    for name, put_at in store().names(f"{area}/"):
        content_hash = name.rpartition("/")[2][:_HASH_DIGITS]
        if content_hash != current:
            if is_hash(current):
                yield current, last
            current, last = content_hash, put_at
        last = max(last, put_at)
    if is_hash(current):
        yield current, last


def remove_all(content_hash: str, area: str) -> None:
    """Remove a content with everything that lies beside it under its name."""
    for name, _ in list(store().names(f"{area}/{content_hash[:2]}/")):
        if name.rpartition("/")[2].startswith(content_hash):
            store().remove(name)


def is_whole(content_hash: str, area: str = "") -> bool:
    """Tell whether a content is here and still hashes to its name."""
    digest = hashlib.sha256()
    for chunk in read(content_hash, area=area):
        digest.update(chunk)
    return digest.hexdigest() == content_hash
