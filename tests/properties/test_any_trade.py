"""Any trade, with any mistakes in it, keeps both ledgers right: random commands, and every check after every one of them.

Ten thousand commands on SQLite, where they are quick. The trades are the same at every run; `BACKSTOCK_EXPLORE=50` tries 50 times as many, new ones each time.
"""

import os
from collections import Counter
from random import Random, SystemRandom

import pytest

from tests.invariants import broken_invariants
from tests.properties.wide import ACTIONS, Wide

EXPLORE = int(os.environ.get("BACKSTOCK_EXPLORE", "0"))
STEPS = 25
# Of each cost method, in parts, so that two processors share them.
PARTS = range(4) if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else range(1)
TRADES = 24 if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 2
COMMANDS = 10_000 // 3 // len(PARTS) if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 50
# Of some hundred and ten pairs of command and outcome; fewer trades reach fewer.
MISSED_AT_MOST = 20 if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 45


def run(scratch, cost_method, shop, steps, seen):
    """Do the steps; give what broke and the story up to there, or nothing."""
    with scratch.database():
        made = Wide(cost_method, Random(shop), seen, broken_invariants)
        for action, seed in steps:
            try:
                made.act(action, seed)
            except Exception as error:
                return [*made.story, repr(error)]
    return []


def shortest(scratch, cost_method, shop, steps):
    """Leave out every step without which it still breaks, and tell that story."""
    for step in list(steps):
        fewer = [each for each in steps if each is not step]
        if run(scratch, cost_method, shop, fewer, Counter()):
            steps = fewer
    return run(scratch, cost_method, shop, steps, Counter())


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_any_trade_keeps_both_ledgers_right(scratch, cost_method, part):
    seen = Counter()
    for n in range(TRADES * max(1, EXPLORE)):
        shop = SystemRandom().randrange(2**32) if EXPLORE else part * 1_000 + n
        rng = Random(f"{cost_method} {shop}")
        steps = [(rng.choice(ACTIONS), rng.randrange(2**32)) for _ in range(STEPS)]
        if run(scratch, cost_method, shop, steps, seen):
            pytest.fail(f"shop {shop}:\n" + "\n".join(shortest(scratch, cost_method, shop, steps)), pytrace=False)
    assert seen.total() > COMMANDS
    # A driver that never gets anywhere proves nothing: nearly every command both took effect and was refused.
    missed = {(name, how) for name, _ in seen for how in ("done", "refused")} - set(seen)
    assert len(missed) <= MISSED_AT_MOST, missed
