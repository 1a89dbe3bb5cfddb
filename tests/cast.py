"""The people of the tests: wu sells, li inspects, zhao pays, qian approves … chen may do nothing; sun is the customer."""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.models import User
from backstock.core.people import AddUser, add_user
from backstock.core.permissions import SYSTEM, Actor, actor_for

# Codes of partners, see `build.customer` and `build.supplier`.
SUN, HE, JIN = "SUN", "HE", "JIN"  # a customer, another customer, the supplier
PASSWORD = "correct horse battery staple"

ROLES = {
    "wu": ("service",),
    "li": ("inspector",),
    "zhao": ("finance",),
    "qian": ("approver",),
    "zhou": ("warehouse",),
    "feng": ("buyer",),
    "wang": ("manager",),
    "admin": ("admin",),
    "chen": (),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody as an actor."""

    wu: Actor
    li: Actor
    zhao: Actor
    qian: Actor
    zhou: Actor
    feng: Actor
    wang: Actor
    admin: Actor
    chen: Actor


def cast(password: str = "") -> Cast:
    """Add everybody to this company (with `password`: so that they can log in) and return them as actors."""
    people = [AddUser(username=name, roles=roles, password=password) for name, roles in ROLES.items()]
    add_user.batch(people, actor=SYSTEM)
    users = {user.username: user for user in User.objects.filter(username__in=ROLES)}
    return Cast(**{name: actor_for(users[name]) for name in ROLES})
