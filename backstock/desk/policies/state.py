"""What an editor of a policy carries from one request to the next: nothing is stored before somebody saves."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from backstock.core.errors import InvalidInput
from backstock.policies.commands.publish import plain
from backstock.policies.commands.save_draft import save_draft
from backstock.policies.models import PolicyDraft

MOST_BYTES: Final = 2_000_000


def checked(terms: Any) -> dict[str, Any]:
    """Read terms that came from outside; raise InvalidInput for what no policy can hold."""
    return plain(save_draft.parse({"terms": terms}).terms)


def _terms_in(text: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise InvalidInput(field="terms", problem="larger than 2 MB")
    try:
        return checked(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        raise InvalidInput(field="terms", problem="not readable; open the editor again") from None


@dataclass(slots=True)
class State:
    """The terms as they are now, which part is open, and of which draft they are."""

    terms: dict[str, Any]
    based_on: int = 0
    draft: str = ""
    revision: int = 0
    name: str = ""
    valid_from: str = ""
    # row|r1, base, per_category|food; empty: nothing is open.
    opened: str = ""
    # The terms before the last change, so that it can be taken back.
    before: dict[str, Any] | None = None
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    # The field that the cursor goes to.
    focus: str = ""

    @classmethod
    def of_draft(cls, draft: PolicyDraft) -> State:
        """Begin with a draft."""
        day = draft.valid_from.isoformat() if draft.valid_from else ""
        return cls(draft.terms, draft.based_on_id, draft.number, draft.revision, draft.name, day)

    @classmethod
    def sent(cls, data: QueryDict) -> State:
        """Read what a form carried; raise InvalidInput for what it never was."""
        before = data.get("before", "")
        return cls(
            _terms_in(data.get("terms", "")),
            based_on=_number(data.get("based_on", "")),
            draft=data.get("draft", "")[:40],
            revision=_number(data.get("revision", "")),
            name=data.get("name", "").strip()[:100],
            valid_from=data.get("valid_from", "")[:10],
            opened=data.get("opened", "")[:200],
            before=_terms_in(before) if before else None,
            key=data.get("key", "")[:80] or uuid.uuid4().hex,
        )

    def change(self, terms: Mapping[str, Any]) -> None:
        """Take changed terms, and remember how they were."""
        if terms != self.terms:
            self.before, self.terms = self.terms, dict(terms)

    @property
    def terms_json(self) -> str:
        """Return what the form carries on."""
        return json.dumps(self.terms, ensure_ascii=False, separators=(",", ":"))

    @property
    def before_json(self) -> str:
        """Return what the form carries on of the terms before."""
        return "" if self.before is None else json.dumps(self.before, ensure_ascii=False, separators=(",", ":"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
