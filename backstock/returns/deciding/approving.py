"""Levels of approval: who has approved, who may now, and whether it was the last one that the amount needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from backstock.core import rows
from backstock.core.commands import Batch, Input, Item
from backstock.core.models import UserRole
from backstock.core.permissions import Actor
from backstock.flows.engine import level_for, levels_needed
from backstock.returns.deciding.errors import FourEyesRequired, LevelRequired
from backstock.returns.deciding.flowing import worth_base_cents
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import Return, ReturnApproval

CHANGED = -1


@dataclass(frozen=True, slots=True)
class Given:
    """One level that somebody gave."""

    level: int
    user_id: int
    on: date


def approvals_of(rma_ids: Iterable[int]) -> dict[int, list[Given]]:
    """Return the approvals of returns that count: those since the request was last changed."""
    found: dict[int, list[Given]] = {}
    kept = ReturnApproval.objects.filter(rma_id__in=list(rma_ids)).order_by("pk")
    for rma_id, level, user_id, on in kept.values_list("rma_id", "level", "user_id", "business_on"):
        found.setdefault(rma_id, []).append(Given(level, user_id, on))
        if level == CHANGED:
            found[rma_id] = []
    return found


@dataclass(slots=True)
class Council:
    """What an approval in levels looks at; empty where no flow asks for levels."""

    actor: Actor
    roles: set[str] = field(default_factory=set)
    worth: dict[int, int] = field(default_factory=dict)
    given: dict[int, list[Given]] = field(default_factory=dict)
    fresh: dict[int, tuple[int, int]] = field(default_factory=dict)

    def needed(self, row: Return) -> list[str]:
        """Return the roles of the levels that a return needs."""
        return levels_needed(row.flow, self.worth.get(row.pk, 0))

    def give[T: Input](self, batch: Batch[T], item: Item[T], row: Return) -> tuple[int, bool]:
        """Give the level that this person gives, and tell whether it was the last one; raise who must do it instead."""
        needed = self.needed(row)
        if not needed:
            return 0, True
        given = self.given.setdefault(row.pk, [])
        done = {each.level for each in given}
        level = self.level(row, needed, done)
        if level is None:
            role = next((role for n, role in enumerate(needed) if n not in done), needed[-1])
            raise LevelRequired(document=row.number, role=role, amount_cents=self.worth[row.pk], digits=batch.digits)
        user_id = self.actor.user_id or 0
        if user_id and any(each.user_id == user_id for each in given):
            raise FourEyesRequired(
                document=row.number, actor=self.actor.name, done="approve", step="approve", digits=batch.digits
            )
        given.append(Given(level, user_id, item.on))
        batch.journal.append(lambda: given.__delitem__(-1))
        self.fresh[item.index] = (row.pk, level)
        return level, len(done) + 1 >= len(needed)

    def level(self, row: Return, needed: list[str], done: set[int]) -> int | None:
        """Return the level that this person gives next, None where it is not theirs."""
        every = [level["role"] for level in sorted(row.flow["levels"], key=lambda level: level["from_cents"])]
        # Whoever may do everything may give any level, one of them.
        roles = every if "*" in self.actor.permissions else self.roles
        return level_for(needed, every, done, roles)

    def write[T: Input](self, batch: Batch[T]) -> None:
        """Keep the approvals that were given."""
        fields = ("rma_id", "log_id", "level", "user_id", "business_on", "recorded_at")
        given = [(item, *self.fresh[item.index]) for item in batch.open if item.index in self.fresh]
        rows.insert(
            ReturnApproval,
            fields,
            [(pk, i.log_id, level, self.actor.user_id or 0, i.on, batch.recorded_at) for i, pk, level in given],
        )


def council_of[T: Input](batch: Batch[T], returns: Iterable[LoadedReturn]) -> Council:
    """Read what approvals of returns need; nothing where no flow asks for levels."""
    asking = [rma for rma in returns if rma.row.flow.get("levels")]
    return _council(batch.actor, asking) if asking else Council(batch.actor)


def _council(actor: Actor, asking: list[LoadedReturn]) -> Council:
    roles = set(UserRole.objects.filter(user_id=actor.user_id or 0).values_list("role", flat=True))
    return Council(actor, roles, worth_base_cents(asking), approvals_of(rma.row.pk for rma in asking))


def may_approve(actor: Actor, rma: LoadedReturn) -> bool:
    """Tell whether this person may give one of the levels that are still missing; so may anybody where none is asked for."""
    if not rma.row.flow.get("levels"):
        return True
    council = _council(actor, [rma])
    needed, given = council.needed(rma.row), council.given.get(rma.row.pk, [])
    if not needed:
        return True
    own = actor.user_id or 0
    free = not own or all(each.user_id != own for each in given)
    return free and council.level(rma.row, needed, {each.level for each in given}) is not None


def ask_again[T: Input](batch: Batch[T], changed: Iterable[tuple[Item[T], LoadedReturn]]) -> None:
    """Let the approvals of returns that were changed count no longer."""
    asking = [(item, rma) for item, rma in changed if rma.row.flow.get("levels")]
    rows.insert(
        ReturnApproval,
        ("rma_id", "log_id", "level", "user_id", "business_on", "recorded_at"),
        [(rma.row.pk, item.log_id, CHANGED, 0, item.on, batch.recorded_at) for item, rma in asking],
    )
