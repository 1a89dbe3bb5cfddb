"""Reads a DATABASE_URL: one place knows how Backstock opens each kind of database."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def is_postgres(url: str | None) -> bool:
    """Say whether this URL names a PostgreSQL database."""
    return bool(url) and urlsplit(url or "").scheme in ("postgres", "postgresql")


def database(url: str) -> dict[str, Any]:
    """Turn a DATABASE_URL (sqlite:///FILE or postgresql://…) into Django's dictionary."""
    if url.startswith("sqlite:///"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "OPTIONS": {
                # A command takes the write lock at its start, so that it never fails half-way for want of it.
                "transaction_mode": "IMMEDIATE",
                # Each holds some kilobytes; with the 128 of Python itself a command would be put together anew each time.
                "cached_statements": 1024,
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    parts = urlsplit(url)
    if not is_postgres(url):
        raise ValueError(f"DATABASE_URL must start with sqlite:/// or postgresql://, got {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
