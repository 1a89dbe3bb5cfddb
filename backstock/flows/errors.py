"""Refusals about flows.

DomainError
└── RoleMayNot   role_may_not
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class RoleMayNot(DomainError):
    """A flow wants a role to do what the role may not do."""

    role: str
    permission: str
    code = "role_may_not"
    en = "The role {role} may not do this ({permission}), so nobody could pass that level. Choose another role."
    zh = "角色 {role} 没有此权限（{permission}），该级审批将无人可办。请选择其他角色。"
