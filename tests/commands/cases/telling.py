"""Cases of papers, messages and evidence."""

from __future__ import annotations

from tests import build, build_evidence, build_telling
from tests.commands.cases.case import Case, Raw, fresh, on_no_document, requested


def _evidence() -> Raw:
    files = [{"content_hash": build_evidence.kept().content_hash, "name": "sun.jpg"}]
    return {
        "document": requested(), "step": "receive", "whose": "customer", "line": 1, "lot": "", "files": files, "note": "sun says",
    }  # fmt: skip


def _erasure() -> Raw:
    return {"document": build_evidence.attached(requested()), "evidence": [], "reason": "sun wants it"}


CASES: dict[str, Case] = {
    "evidence.attach": Case(_evidence, on_no_document, "unknown_document"),
    "evidence.erase": Case(_erasure, on_no_document, "unknown_document"),
    "documents.set_letterhead": Case(
        lambda: {
            "name_zh": "归仓",
            "name_en": "Backstock",
            "address_zh": "杭州",
            "address_en": "Hangzhou",
            "returns_to_zh": "仓",
            "returns_to_en": "dock",
            "phone": "1",
            "email": "a@b",
            "tax_number": "91",
            "footer_zh": "谢",
            "footer_en": "bye",
            "logo_hash": "",
        },
        lambda raw: {**raw, "logo_hash": "0" * 64},
        "unknown_picture",
    ),
    "notifications.set_audience": Case(
        lambda: {"topic": "received", "roles": ["finance", "buyer"]},
        lambda raw: {**raw, "topic": "weather"},
        "invalid_input",
    ),
    "notifications.write_letter": Case(
        lambda: {"kind": "approved", "language": "en", "subject": "{number}", "body": "Dear {customer}"},
        lambda raw: {**raw, "body": "Dear {friend}"},
        "unknown_placeholder",
    ),
    "notifications.resend": Case(
        lambda: {"letter": build_telling.failed_letter()}, lambda raw: {"letter": 999_999}, "unknown_letter"
    ),
    "notifications.rate": Case(
        lambda: {"document": build_telling.closed(), "stars": 4, "comment": "sun says thanks", "by_customer": False},
        lambda raw: {**raw, "document": build.requested(build.sold(quantity=1))},
        "transition_not_allowed",
    ),
    "notifications.prefer": Case(
        lambda: {"customer": build.customer(fresh("L")), "language": "en", "wants_mail": False},
        lambda raw: {**raw, "customer": "nobody"},
        "unknown_partner",
    ),
}  # fmt: skip
