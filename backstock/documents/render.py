"""Renders papers: data goes to the template as a JSON file, so whatever people typed stays text."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst
from django.utils import translation
from django.utils.functional import Promise
from PIL import Image

from backstock.core import files
from backstock.core.errors import InvalidInput
from backstock.documents.errors import PaperNotReady
from backstock.documents.models import Letterhead
from backstock.documents.papers.kinds import KINDS
from backstock.documents.papers.sheet import Format, Kind, plain
from backstock.documents.papers.source import read

TEMPLATES = Path(__file__).parent / "typst"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# More papers than this are printed in parts.
MOST_PAPERS = 200
type Output = Literal["pdf", "png"]


@cache
def fonts() -> typst.Fonts:
    """Load the type once per process: ours only, so that a paper looks the same on every machine."""
    folder = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def kind_of(key: str) -> Kind:
    """Return a kind of paper; raise InvalidInput."""
    if key not in KINDS:
        raise InvalidInput(field="kind", problem=", ".join(KINDS))
    return KINDS[key]


def papers(
    numbers: Sequence[str],
    kind: str,
    language: str,
    *,
    paper_format: Format = "a4",
    site: str = "",
    output: Output = "pdf",
) -> bytes:
    """Render one kind of paper of returns, one after the other; of several, those that have none yet are left out.

    Raise UnknownDocument, InvalidInput, and PaperNotReady when there is nothing to print at all.
    """
    chosen = kind_of(kind)
    if language not in LANGUAGES:
        raise InvalidInput(field="language", problem="zh | en")
    if not 0 < len(numbers) <= MOST_PAPERS:
        raise InvalidInput(field="documents", problem=f"1 to {MOST_PAPERS}")
    if paper_format not in chosen.formats:
        raise InvalidInput(field="format", problem=" | ".join(chosen.formats))
    with translation.override(LANGUAGES[language]):
        sources = read(numbers, language, site)
        ready = [source for source in sources if chosen.is_ready(source)]
        if not ready:
            raise PaperNotReady(document=", ".join(numbers)[:200], paper=str(chosen.title))
        told = [plain(chosen.build(source), source, paper_format) for source in ready]
        data = {"language": language, "title": str(chosen.title), "papers": told, "words": _words()}
    return compiled(kind, data, ready[0].letterhead, output)


def ready_kinds(number: str, language: str) -> list[Kind]:
    """Return the papers of a return for which there is something to say."""
    [source] = read([number], language)
    return [kind for kind in KINDS.values() if kind.is_ready(source)]


def compiled(kind: str, data: dict[str, Any], head: Letterhead, output: Output) -> bytes:
    """Set the data with the template of its kind."""
    project: Any = {
        "main": (TEMPLATES / f"{kind}.typ").read_bytes(),
        "style.typ": (TEMPLATES / "style.typ").read_bytes(),
    }
    if logo := logo_svg(head):
        project["logo.svg"] = logo
    project["data.json"] = json.dumps({**data, "logo": bool(logo)}, ensure_ascii=False, default=_text).encode()
    made: Any = typst.compile(project, font_paths=fonts(), format=output, ppi=110.0 if output == "png" else None)
    return bytes(made[0]) if isinstance(made, list) else bytes(made)


def logo_svg(head: Letterhead) -> bytes:
    """Return the logo as the typesetter takes it, which is as text; one that is gone is left out."""
    if not files.is_kept(head.logo_hash):
        return b""
    drawn = io.BytesIO()
    with Image.open(io.BytesIO(b"".join(files.read(head.logo_hash)))) as opened:
        opened.save(drawn, "PNG")
        size = f'width="{opened.width}" height="{opened.height}"'
    picture = base64.b64encode(drawn.getvalue()).decode()
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/png;base64,{picture}"/></svg>'.encode()


def _words() -> dict[str, str]:
    """Return the words of the frame itself."""
    return {
        "printed": translation.gettext("Printed"), "page": translation.gettext("Page"),
        "empty": translation.gettext("No lines"),
    }  # fmt: skip


def _text(value: object) -> str:
    """Turn a lazy translation into text; anything else is a mistake of ours."""
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(type(value).__name__)
