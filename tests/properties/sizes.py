"""How long property tests look: short and the same at every run; `BACKSTOCK_EXPLORE=50` looks 50 times longer, anew."""

import os

from hypothesis import HealthCheck, settings

EXPLORE = int(os.environ.get("BACKSTOCK_EXPLORE", "0"))


def small(sqlite: int, postgres: int, steps: int) -> settings:
    """Bound a state machine by examples and steps."""
    examples = sqlite if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else postgres
    return settings(
        max_examples=examples * max(1, EXPLORE),
        stateful_step_count=steps,
        derandomize=not EXPLORE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
