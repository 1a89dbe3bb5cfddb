"""What versions and drafts are called, and which is meant by a code in an address: v12 or PD000001."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from backstock.core.errors import UnknownDocument
from backstock.policies.queries import draft_of, policies_by_id


def version_name(pk: int) -> str:
    """Return what a version is called."""
    return _("Version %(number)s") % {"number": pk} if pk else _("As shipped")


def terms_of_code(code: str) -> tuple[str, Mapping[str, Any]]:
    """Return the name and terms of a version or draft; raise Http404."""
    try:
        if code.startswith("v") and code[1:].isascii() and code[1:].isdigit() and len(code) < 19:
            pk = int(code[1:])
            return version_name(pk), policies_by_id([pk])[pk].terms
        draft = draft_of(code[:40])
    except (KeyError, UnknownDocument):
        raise Http404 from None
    return draft.name or draft.number, draft.terms
