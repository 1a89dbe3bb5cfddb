"""What else stands on the page of a return: each part of the product adds its own section here, in this order.

A maker imports `Section` from `section.py`, which knows none of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from backstock.core.permissions import Actor
from backstock.desk.dock import section as dock
from backstock.desk.evidence import section as evidence
from backstock.desk.inspection import section as inspection
from backstock.desk.notifications.letters import letters_section
from backstock.desk.notifications.rating import rating_section
from backstock.desk.papers.printing import papers_section
from backstock.desk.returns import deadlines, flow_section, replacing, sending
from backstock.desk.returns.explained import explained_section
from backstock.desk.returns.origins import lapsing, origins
from backstock.desk.returns.section import Make, Section
from backstock.returns.loading import LoadedReturn

# `BESIDE` stands in the narrow column.
MAIN: Sequence[Make] = (lapsing, replacing.make, sending.make, dock.make, inspection.make, evidence.make)
BESIDE: Sequence[Make] = (
    explained_section, deadlines.make, flow_section.make, papers_section, letters_section, rating_section, origins,
)  # fmt: skip


def sections(makers: Sequence[Make], rma: LoadedReturn, actor: Actor) -> list[Section]:
    """Make the sections that have something to show."""
    return [section for make in makers if (section := make(rma, actor)) is not None]
