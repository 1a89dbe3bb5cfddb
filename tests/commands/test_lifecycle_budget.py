"""A whole return of one line is six commands and at most sixty statements."""

from __future__ import annotations

from backstock.cli.bench.lifecycle import counting
from tests import build

BUDGET = 60


def test_six_commands_take_at_most_sixty_statements(shop: str) -> None:
    sale = build.sold(quantity=1)

    with counting() as counted:
        rma = build.requested(sale)
        build.approved(rma)
        build.received(rma)
        build.inspected(rma)
        build.disposed(rma)
        build.settled(rma)

    assert counted.statements <= BUDGET, counted.texts
    # The floor writes 37 rows for the same story: ours may carry a few more, never many.
    assert 37 <= counted.rows <= 50
