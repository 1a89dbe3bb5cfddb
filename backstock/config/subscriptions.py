"""Everything that happens by itself: which handlers run when something happened. The one place that wires upwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from backstock.core.events import Handler

# Nothing listens yet: policy decides within `request`, and jobs (`backstock work`) read committed rows.
SUBSCRIPTIONS: Final[Mapping[str, Sequence[Handler]]] = {}
