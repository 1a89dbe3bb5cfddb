"""Users and their roles."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, ClassVar, Literal

from django.contrib.auth.hashers import make_password
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateCode
from backstock.core.models import RoleGrant, User, UserRole

Role = Literal["service", "approver", "warehouse", "inspector", "buyer", "finance", "manager", "admin"]


@typed(frozen=True, kw_only=True, config=STRICT)
class AddUser(Input):
    """A person or service account; without a password nobody can log in as them."""

    PERSONAL: ClassVar = frozenset({"display_name"})
    SECRET: ClassVar = frozenset({"password"})

    username: Annotated[str, Field(min_length=1, max_length=60)]
    display_name: Annotated[str, Field(max_length=100)] = ""
    roles: tuple[Role, ...] = ()
    password: Annotated[str, Field(max_length=200)] = ""
    language: Annotated[str, Field(max_length=10)] = ""


def colleagues(user_id: int | None) -> list[tuple[str, str]]:
    """List the others who work here: (user name, name)."""
    others = User.objects.filter(is_active=True).exclude(pk=user_id or 0).order_by("username")
    return [(user.username, str(user)) for user in others]


def somebody_else_may(permission: str, user_ids: Collection[int]) -> bool:
    """Tell whether anybody but these may run a command; one statement."""
    roles = RoleGrant.objects.filter(permission__in=(permission, "*")).values("role")
    others = User.objects.filter(is_active=True, roles__role__in=roles).exclude(pk__in=user_ids)
    return others.exists()


@command("company.add_user", AddUser)
def add_user(batch: Batch[AddUser]) -> None:
    """Add users with their roles; a name that exists is refused."""
    taken = set(
        User.objects.filter(username__in=[i.input.username for i in batch.open]).values_list("username", flat=True)
    )
    for item in batch.open:
        with batch.attempt(item):
            if item.input.username in taken:
                raise DuplicateCode(field="username", value=item.input.username)
            taken.add(item.input.username)
            item.document, item.answer = item.input.username, {"username": item.input.username}
    batch.log()
    inputs = [item.input for item in batch.open]
    ids = rows.insert_coded(
        User,
        "username",
        ("username", "display_name", "language", "is_active", "password"),
        # An empty password becomes an unusable one.
        [(u.username, u.display_name, u.language, True, make_password(u.password or None)) for u in inputs],
    )
    role_rows = [(pk, role) for u, pk in zip(inputs, ids, strict=True) for role in dict.fromkeys(u.roles)]
    rows.insert(UserRole, ("user", "role"), role_rows)
