"""Cases of the company, its policy and its flows."""

from __future__ import annotations

from tests import build_policies
from tests.commands.cases.case import Case, Raw, fresh


def _user() -> Raw:
    return {"username": fresh("user"), "display_name": "周", "roles": ["service"]}


CASES: dict[str, Case] = {
    "company.add_user": Case(_user, lambda raw: {**raw, "username": "wu"}, "duplicate_code"),
    "policies.publish": Case(
        lambda: build_policies.alone() or {"terms": {"window_days": 7, "reasons": {"unwanted": []}}, "valid_from": "2030-01-01"},
        lambda raw: {**raw, "terms": {"window_days": -1}},
        "invalid_input",
    ),
    "policies.save_draft": Case(
        lambda: {"terms": {"window_days": 7, "table": build_policies.TABLE}, "name": "spring"},
        lambda raw: {**raw, "based_on": 999_999},
        "invalid_input",
    ),
    "policies.submit_draft": Case(
        lambda: {"draft": build_policies.draft(), "revision": 1, "valid_from": "2030-01-01"},
        lambda raw: {**raw, "revision": 7},
        "draft_changed",
    ),
    "policies.approve_draft": Case(
        lambda: {"draft": build_policies.submitted(valid_from="2030-01-01"), "revision": 1},
        lambda raw: {**raw, "draft": build_policies.draft()},
        "transition_not_allowed",
    ),
    "policies.discard_draft": Case(
        lambda: {"draft": build_policies.draft(), "revision": 1}, lambda raw: {**raw, "draft": "PD999999"}, "unknown_document"
    ),
    "policies.publish_law": Case(
        lambda: {
            "terms": {
                "law": "CN", "markets": [{"channel": "tmall", "law": "CN"}, {"country": "DE", "law": "EU", "posted": False}],
                "facts": {"CN.three_guarantees_repair": {"days": 10, "months": 0, "categories": ["phones"], "is_on": False}},
                "quality_reasons": ["broken"], "holidays": {"US": ["2030-01-01"]},
            },
            "valid_from": "2030-01-01",
        },
        lambda raw: {**raw, "terms": {"facts": {"CN.withdrawal": {"days": 3}}}},
        "legal_fact_checked",
    ),
    "carriers.define": Case(
        lambda: {"code": "best", "words": {"en": "Best"}, "tracking_url": "https://best.example/?n={number}"},
        lambda raw: {**raw, "tracking_url": "javascript:alert({number})"},
        "invalid_input",
    ),
    "flows.publish": Case(
        lambda: {
            "code": fresh("flow_"),
            "valid_from": "2030-01-01",
            "terms": {
                "words": {"en": "Dear goods"},
                "when": {"types": ["exchange"], "from_cents": 100},
                "levels": [{"from_cents": 0, "role": "approver"}],
                "evidence": {"receive": {"files": 2, "note": True}},
                "checklist": "required",
                "inspection": "none",
                "refund_when": "received",
                "deadlines": {"inspect": {"days": 1}, "settle": {"hours": 4}},
                "papers": ["note"],
                "told": {"GoodsReceived": ["inspector"]},
                "four_eyes": [{"steps": ["approve", "settle"]}],
            },
        },
        lambda raw: {**raw, "terms": {"levels": [{"from_cents": 0, "role": "finance"}]}},
        "role_may_not",
    ),
}  # fmt: skip
