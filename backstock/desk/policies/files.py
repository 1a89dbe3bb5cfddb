"""The table of a policy leaves as a spreadsheet, JDM or DMN, and comes back from them."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import FileResponse, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backstock.core.errors import InvalidInput
from backstock.core.permissions import Actor
from backstock.desk import exports
from backstock.desk.access import company, page
from backstock.desk.policies.cells import fact_label
from backstock.desk.policies.naming import terms_of_code
from backstock.desk.policies.state import checked
from backstock.desk.policies.terms import TERMS
from backstock.exchange_formats.policies.dmn import from_dmn, to_dmn
from backstock.exchange_formats.policies.jdm import from_jdm, to_jdm
from backstock.exchange_formats.policies.sheet import from_file, to_rows
from backstock.policies.table.checking import check_form
from backstock.policies.table.model import FIELDS

LARGEST: Final = 2_000_000
MEDIA: Final = {"jdm": ("application/json", "json"), "dmn": ("application/xml", "dmn")}


def _labels() -> dict[str, str]:
    labels = {f"when.{fact}": fact_label(fact) for fact in FIELDS}
    labels |= {f"then.{name}": str(term.label) for name, term in TERMS.items()}
    return labels | {"id": _("Row"), "note.zh-hans": _("Note in Chinese"), "note.en": _("Note in English")}


@page("policies.save_draft", "policies.publish")
def policy_export(request: HttpRequest, actor: Actor, code: str, kind: str) -> HttpResponseBase:
    """Send the table of a version or draft as a file."""
    name, terms = terms_of_code(code)
    table = terms.get("table") or {"hit": "first", "rows": []}
    if kind == "xlsx":
        head, *rows = to_rows(table, _labels(), company().currency_digits)
        return FileResponse(exports.spreadsheet(head, rows), as_attachment=True, filename=f"policy-{code}.xlsx")
    if kind not in MEDIA:
        raise Http404
    media, ending = MEDIA[kind]
    text = to_jdm(table, name) if kind == "jdm" else to_dmn(table, name)
    answer = HttpResponse(text, content_type=f"{media}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="policy-{code}.{ending}"'
    return answer


def table_in(file: str, content: bytes) -> dict[str, Any]:
    """Read a table from a file, by its ending; raise what says why not."""
    if len(content) > LARGEST:
        raise InvalidInput(field=_("File"), problem=_("larger than 2 MB"))
    language = "zh-hans" if (get_language() or "zh-hans").lower().startswith("zh") else "en"
    ending = PurePath(file).suffix.lower()
    if ending == ".json":
        raw = from_jdm(file, content, language)
    elif ending in (".dmn", ".xml"):
        raw = from_dmn(file, content, language)
    else:
        raw = from_file(file, content, company().currency_digits)
    found: dict[str, Any] = checked({"table": raw}).get("table", {"hit": "first", "rows": []})
    check_form(found)
    return found
