"""Policies that are being written: drafts, submitted ones, and who may publish."""

from __future__ import annotations

from typing import Any

from backstock.core.permissions import SYSTEM, Actor
from backstock.policies.commands.approve_draft import ApproveDraft, approve_draft
from backstock.policies.commands.save_draft import save_draft
from backstock.policies.commands.submit_draft import submit_draft
from tests import build
from tests.build import DAY

ROWS = [
    {"id": "opened", "when": {"category": {"is": ["phones"]}, "opened": {"yes": True}}, "then": {"window_days": 30, "restocking_fee_e6": 50_000}},
    {"id": "phones", "when": {"category": {"is": ["phones"]}}, "then": {"window_days": 30}},
    {"id": "late", "when": {"days_since_delivery": {"min": 60}}, "then": {"decision": "reject"}, "note": {"zh-hans": "太晚", "en": "too late"}},
]  # fmt: skip
TABLE = {"hit": "first", "rows": ROWS}


def alone(**terms: Any) -> None:
    """Publish a policy under which one person may write and publish."""
    build.policy(publishing="alone", **terms)


def draft(actor: Actor = SYSTEM, number: str = "", revision: int = 0, **terms: Any) -> str:
    """Save a draft."""
    raw = {"terms": terms, "draft": number, "revision": revision, "name": "spring", "on": DAY.isoformat()}
    return save_draft(save_draft.parse(raw), actor=actor).document


def submitted(actor: Actor = SYSTEM, valid_from: str | None = None, **terms: Any) -> str:
    """Save a draft and submit it."""
    number = draft(actor, **terms)
    raw = {"draft": number, "revision": 1, "valid_from": valid_from, "on": DAY.isoformat()}
    submit_draft(submit_draft.parse(raw), actor=actor)
    return number


def approved(number: str, actor: Actor = SYSTEM, revision: int = 1, **more: Any) -> str:
    """Publish a submitted draft."""
    return approve_draft(ApproveDraft(draft=number, revision=revision, **{"on": DAY, **more}), actor=actor).document
