"""Finds the address of a static file, in a form that may be cached for ever."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

VENDOR = Path(__file__).resolve().parent / "static" / "vendor"


class AssetsMissing(Exception):
    """The build hook has not run: the package was put together without it."""


@cache
def vendor() -> dict[str, str]:
    try:
        manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise AssetsMissing("No browser assets. Run: uv sync --reinstall-package backstock") from error
    return dict(manifest["assets"])


@cache
def asset_url(name: str) -> str:
    """Return the address of a vendor file ("htmx.js") or of one of ours ("desk/app.js"); both carry their hash."""
    if (file := vendor().get(name)) is not None:
        return static(f"vendor/{file}")
    path = finders.find(name)
    if path is None:
        raise AssetsMissing(f"No static file {name}.")
    return f"{static(name)}?v={hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]}"
