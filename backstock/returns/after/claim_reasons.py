"""Why goods went back to a supplier, in that supplier's own words: what we found counts before what the customer said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backstock.returns.models import InspectionFinding, ReturnPiece, SecondOpinion, SupplierReason

ANYBODY = 0


@dataclass(frozen=True, slots=True)
class Called:
    """What suppliers call our reasons: (supplier, reason) → their word."""

    words: Mapping[tuple[int, str], str]

    def by(self, supplier_id: int, reason: str) -> str:
        """Return a supplier's word, else what every supplier understands; empty where nobody said."""
        return self.words.get((supplier_id, reason)) or self.words.get((ANYBODY, reason), "")


def called_by(supplier_ids: Iterable[int]) -> Called:
    """Read what suppliers call our reasons, with what holds for all."""
    found = SupplierReason.objects.filter(supplier_id__in={ANYBODY, *supplier_ids})
    return Called(
        {(who, reason): theirs for who, reason, theirs in found.values_list("supplier_id", "reason", "theirs")}
    )


def suppliers_with_words() -> set[int]:
    """Return the suppliers who have words of their own."""
    return set(SupplierReason.objects.exclude(supplier_id=ANYBODY).values_list("supplier_id", flat=True))


def reasons_of(piece_ids: Iterable[int]) -> dict[int, str]:
    """Return why pieces came back: as we found, a second opinion last, else as the customer said."""
    wanted = list(piece_ids)
    found = dict(ReturnPiece.objects.filter(pk__in=wanted).values_list("pk", "line__reason"))
    ours = InspectionFinding.objects.filter(piece_id__in=wanted).exclude(found_reason="")
    found |= dict(ours.order_by("pk").values_list("piece_id", "found_reason"))
    opinions = SecondOpinion.objects.filter(piece_id__in=wanted).exclude(found_reason="")
    return found | dict(opinions.order_by("pk").values_list("piece_id", "found_reason"))
