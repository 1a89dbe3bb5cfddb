"""Say which roles are told of a topic."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.core.people import Role
from backstock.notifications.models import Audience
from backstock.notifications.topics import TOPICS


@typed(frozen=True, kw_only=True, config=STRICT)
class SetAudience(Input):
    """A topic and everybody who is told of it; nobody is possible."""

    topic: Annotated[str, Field(max_length=40)]
    roles: tuple[Role, ...] = ()


@command("notifications.set_audience", SetAudience)
def set_audience(batch: Batch[SetAudience]) -> None:
    """Replace the audiences of topics; the last item of a topic stands."""
    wanted: dict[str, list[str]] = {}
    for item in batch.open:
        with batch.attempt(item):
            if item.input.topic not in TOPICS:
                raise InvalidInput(field="topic", problem=", ".join(TOPICS))
            wanted[item.input.topic] = sorted(set(item.input.roles))
            item.document, item.answer = item.input.topic, {"topic": item.input.topic}
            item.emit("AudienceSet")
    batch.log()
    Audience.objects.bulk_create(
        [Audience(topic=topic, roles=roles) for topic, roles in wanted.items()],
        update_conflicts=True, unique_fields=["topic"], update_fields=["roles"],
    )  # fmt: skip
