"""Markets and facts of the law, and what was noted at a purchase; states of tests about legal rights."""

from __future__ import annotations

from typing import Any

from backstock.core.permissions import SYSTEM
from backstock.policies.commands.publish_law import publish_law
from backstock.returns.commands.note_purchase import NotePurchase, note_purchase
from tests.build import DAY


def law(**terms: Any) -> None:
    """Say of the law from the beginning of time on: `law`, `markets`, `facts`, `quality_reasons`, `holidays`."""
    publish_law(publish_law.parse({"terms": terms, "valid_from": "0001-01-01", "on": DAY.isoformat()}), actor=SYSTEM)


def chinese(**terms: Any) -> None:
    """Put the company under the law of China."""
    law(law="CN", **terms)


def noted(sale: str, code: str, line: int | None = 1, **more: Any) -> None:
    """Note what the buyer confirmed, or was not told."""
    note_purchase(NotePurchase(sale=sale, line=line, code=code, on=DAY, **more), actor=SYSTEM)
