"""Any trade comes out as the reference model says: stock, value, cost, gross profit, and what is refused.

The trades are the same at every run; `BACKSTOCK_EXPLORE=50 pytest tests/properties/test_reference.py` tries 50 times as
many, new ones each time, and tells the shortest story that it finds for a disagreement.
"""

import os
from collections import Counter
from random import Random, SystemRandom

import pytest

from tests.properties.duel import ACTIONS, Duel

EXPLORE = int(os.environ.get("BACKSTOCK_EXPLORE", "0"))
TRADES = 10 if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 5
STEPS = 60
MISSED_AT_MOST = 4 if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 8  # fewer trades reach fewer


def run(scratch, cost_method, shop, steps, seen):
    """Do the steps; give on what the two disagree and the story up to there, or nothing."""
    with scratch.database():
        duel = Duel(cost_method, Random(shop), seen)
        for action, seed in steps:
            try:
                wrong = duel.act(action, seed)
            except Exception as error:
                wrong = [repr(error)]
            if wrong:
                return [*duel.story, *wrong]
    return []


def shortest(scratch, cost_method, shop, steps):
    """Leave out every step without which they still disagree, and tell that story."""
    for step in list(steps):
        fewer = [each for each in steps if each is not step]
        if run(scratch, cost_method, shop, fewer, Counter()):
            steps = fewer
    return run(scratch, cost_method, shop, steps, Counter())


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_any_trade_comes_out_as_the_reference_says(scratch, cost_method):
    seen = Counter()
    for n in range(TRADES * max(1, EXPLORE)):
        shop = SystemRandom().randrange(2**32) if EXPLORE else n
        rng = Random(f"{cost_method} {shop}")
        steps = [(rng.choice(ACTIONS), rng.randrange(2**32)) for _ in range(STEPS)]
        if run(scratch, cost_method, shop, steps, seen):
            pytest.fail(f"shop {shop}:\n" + "\n".join(shortest(scratch, cost_method, shop, steps)), pytrace=False)
    # A duel that never gets anywhere proves nothing: nearly every command took effect.
    missed = {name for name, _ in seen} - {name for name, how in seen if how == "done"}
    assert len(missed) <= MISSED_AT_MOST, missed
