"""Read what proves or explains a document."""

from __future__ import annotations

from backstock.evidence.models import Evidence


def evidence_of(document: str) -> list[Evidence]:
    """Return the evidence of a document that was not erased, in the order in which it came."""
    return list(Evidence.objects.filter(document=document, erased_at=None).order_by("pk"))
