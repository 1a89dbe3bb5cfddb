"""Returns in their full depth, with any mistakes, keep both ledgers right: ten thousand random steps, all checks after each.

The trades are the same at every run; `BACKSTOCK_EXPLORE=10` tries ten times as many, new ones each time.
"""

import os
from collections import Counter
from random import Random, SystemRandom

import pytest

from tests.invariants import broken_invariants
from tests.properties.depth import ACTIONS, Depth

EXPLORE = int(os.environ.get("BACKSTOCK_EXPLORE", "0"))
STEPS = 25
# 10,200 steps on SQLite, where they are quick; the same code posts on PostgreSQL.
TRADES = 34 if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 3
# What only this shop does: every one of them took effect at least once.
OURS = {
    "returns.ship_replacement", "returns.finish_repair", "returns.undo_replacement", "returns.split", "returns.merge",
    "returns.change_type", "returns.announce_parcel", "returns.log_parcel", "returns.scan",
}  # fmt: skip


def story_of(scratch, cost_method, shop, steps, seen):
    """Do the steps; give what broke and the story up to there, or nothing."""
    with scratch.database():
        made = Depth(cost_method, Random(shop), seen)
        for action, seed in steps:
            try:
                made.act(action, seed)
                broken = broken_invariants()
            except Exception as error:
                broken = [repr(error)]
            if broken:
                return [*made.story, *broken]
    return []


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_any_return_in_depth_keeps_both_ledgers_right(scratch, cost_method, part):
    seen = Counter()
    for n in range(TRADES * max(1, EXPLORE)):
        shop = SystemRandom().randrange(2**32) if EXPLORE else part * 1000 + n
        rng = Random(f"{cost_method} {shop}")
        steps = [(rng.choice(ACTIONS), rng.randrange(2**32)) for _ in range(STEPS)]
        if broken := story_of(scratch, cost_method, shop, steps, seen):
            pytest.fail(f"shop {shop}:\n" + "\n".join(broken), pytrace=False)
    if TRADES > 10:
        assert {name for name in OURS if not seen[name, "done"]} == set()
