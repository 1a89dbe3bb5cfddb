"""Everything leaves again: each kind as csv in the import's own format, every table, and the evidence files with their hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final

from django.apps import apps
from django.db import models

from backstock.core.files import is_kept, read
from backstock.core.models import Company
from backstock.evidence.keeping import AREA
from backstock.evidence.models import Evidence
from backstock.exchange_formats.kinds import KINDS
from backstock.exchange_formats.kinds.kind import Kind

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
# Log-ins are no business data, and their secrets leave nowhere.
NEVER: Final = frozenset({"core.user", "core.securitylog", "exchange_formats.importrun"})
PERSONAL_TABLES: Final = frozenset({"partners", "evidence"})
README = """归仓 Backstock: everything this company's books hold. UTF-8 with byte order mark, commas; amounts in normal notation in
the master data, in the smallest unit (…_cents, …_e4, …_e6) in the tables.

master/    主数据与期初，导入格式 each kind of import file, in its own format and in the order in which it comes in
tables/    全部单据与两本账 every document with its lines, both ledgers, the command log (no personal data in it)
evidence/  凭证文件 the files of the evidence, named by the SHA-256 of their content
manifest.json  every file here with its SHA-256, rows, and whether it holds personal data (姓名、电话、地址)
"""


def csv_of(kind: Kind, digits: int) -> Iterator[str]:
    """Yield the lines of a kind as its import reads them."""
    yield "\ufeff" + _line(column.zh for column in kind.own)
    for values in kind.existing():
        yield _line(_cell(column.form.shown(values.get(column.key), digits)) for column in kind.own)


def _cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; a number keeps its sign."""
    if text.startswith(DANGEROUS) and not text.removeprefix("-").replace(".", "", 1).isdigit():
        return f"'{text}"
    return text


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(list(cells))
    return out.getvalue()


def tables() -> list[type[models.Model]]:
    """List the tables of the product in the order of its layers."""
    own = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("backstock.")
        for model in config.get_models()
    ]
    return [model for model in own if model._meta.label_lower not in NEVER]


def rows_of(model: type[models.Model]) -> Iterator[str]:
    """Yield the lines of a table."""
    fields = [field.attname for field in model._meta.concrete_fields]
    yield "\ufeff" + _line(fields)
    for values in model._default_manager.order_by("pk").values_list(*fields).iterator(chunk_size=2000):
        yield _line(_cell(_plain(value)) for value in values)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def evidence_files() -> Iterator[tuple[str, bool]]:
    """Yield every content that evidence names, and whether it is here."""
    hashes = Evidence.objects.exclude(content_hash="").filter(erased_at=None).order_by("content_hash")
    for content_hash in hashes.values_list("content_hash", flat=True).distinct():
        yield content_hash, is_kept(content_hash, AREA)


def archive(target: IO[bytes], tell: Any = lambda name: None) -> Mapping[str, Any]:
    """Write everything into one zip and return its manifest."""
    digits = Company.objects.values_list("currency_digits", flat=True).get()
    files: dict[str, Any] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("README.txt", README)
        for number, kind in enumerate(KINDS.values(), 1):
            name = f"master/{number:02d}-{kind.key}.csv"
            files[name] = {**_write(out, name, csv_of(kind, digits)), "personal": kind.is_personal}
            tell(name)
        for model in tables():
            name = f"tables/{model._meta.app_label}.{model._meta.model_name}.csv"
            files[name] = {**_write(out, name, rows_of(model)), "personal": model._meta.app_label in PERSONAL_TABLES}
            tell(name)
        missing: Sequence[str] = [_evidence(out, files, *each) for each in evidence_files()]
        manifest = {"files": files, "missing_evidence": [each for each in missing if each]}
        out.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def _write(out: zipfile.ZipFile, name: str, lines: Iterable[str]) -> dict[str, Any]:
    digest, rows = hashlib.sha256(), -1
    with out.open(name, "w", force_zip64=True) as file:
        for line in lines:
            content = line.encode()
            digest.update(content)
            file.write(content)
            rows += 1
    return {"sha256": digest.hexdigest(), "rows": rows}


def _evidence(out: zipfile.ZipFile, files: dict[str, Any], content_hash: str, here: bool) -> str:
    if not here:
        return content_hash
    with out.open(f"evidence/{content_hash}", "w", force_zip64=True) as target:
        for chunk in read(content_hash, area=AREA):
            target.write(chunk)
    files[f"evidence/{content_hash}"] = {"sha256": content_hash, "personal": True}
    return ""
