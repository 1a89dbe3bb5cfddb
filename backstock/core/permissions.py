"""Who may run which command: the roles the product ships with, kept as data in RoleGrant afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from backstock.core.models import RoleGrant, User

ROLES: Final = ("service", "approver", "warehouse", "inspector", "buyer", "finance", "manager", "admin")

VIEW = {
    "returns.view", "sales.view", "purchases.view", "stock.view", "catalog.view", "partners.view",
}  # fmt: skip
SERVICE = {
    "returns.announce_parcel",
    "evidence.attach",
    "returns.request", "returns.edit", "returns.cancel", "returns.close",
    "returns.split", "returns.merge", "returns.change_type",
    "notifications.resend", "notifications.prefer", "notifications.rate",
    "refunds.name_payment",
    "returns.answer_recall", "returns.draft", "returns.settle_draft",
    "sales.sell", "sales.quote", "sales.confirm", "sales.withdraw_quote", "sales.close_order", "partners.register", "partners.revise",
}  # fmt: skip
APPROVER = {
    "returns.hold_goods",
    "returns.approve",
    "returns.reject",
    "returns.waive_paper",
    "returns.prolong",
    "returns.change_type",
    "returns.note_purchase",
    "policies.save_draft",
    "policies.submit_draft",
    "policies.discard_draft",
}
WAREHOUSE = {
    "returns.announce_parcel", "returns.log_parcel", "returns.scan", "returns.drop_scans",
    "evidence.attach",
    "returns.take_in", "returns.match_unclaimed", "returns.place_unclaimed", "returns.undo_unclaimed",
    "returns.send_finding_back",
    "returns.receive", "returns.dispose", "returns.ship_replacement", "returns.send_straight",
    "sales.pick", "sales.tick", "sales.end_pick", "sales.ship", "sales.sign", "purchases.receive_order",
    "stock.transfer", "stock.arrive", "stock.adjust", "stock.count", "stock.count_goods", "stock.assemble",
    "stock.arrange_shelves",
}  # fmt: skip
INSPECTOR = {"evidence.attach", "returns.inspect", "returns.dispose", "returns.finish_repair"}
BUYER = {
    "purchases.order", "purchases.revise_order", "purchases.close_order", "purchases.receive", "purchases.receive_order",
    "purchases.send_back", "returns.vendor_credit", "returns.map_reasons", "returns.send_straight", "partners.register", "partners.revise",
    "catalog.define", "catalog.revise", "catalog.archive", "catalog.arrange", "catalog.set_prices", "stock.set_minimum",
    "exchange.import",
}  # fmt: skip
FINANCE = {
    "refunds.settle", "refunds.reconcile", "refunds.resolve_difference", "refunds.confirm", "refunds.name_payment", "returns.charge_replacement", "sales.invoice", "sales.pay", "sales.pay_back", "purchases.invoice", "money.close_period",
    "owing.receive", "owing.pay", "owing.allocate", "owing.write_off", "owing.open", "money.open_account",
    "money.move", "money.book", "money.take_back", "money.assign_tenders", "owing.release", "owing.take_back", "owing.refund", "owing.set_off",
    "exchange.import", "books.post_vouchers", "books.post_credit_notes", "books.accrue", "books.reverse_accrual", "books.estimate_returns", "books.record_blue", "books.ask_red", "books.confirm_red", "books.issue_red", "books.withdraw_red",
    "money.choose_chart", "money.revise_account",
}  # fmt: skip
REPORTS = {"ledgers.view", "owing.view", "books.view"}
MANAGER = {
    "evidence.erase", "returns.publish_inspection", "flows.publish", "returns.value_unclaimed", "returns.set_dock_rules", "carriers.define",
    "returns.agree_quota", "returns.end_quota", "returns.open_recall", "returns.answer_recall", "returns.close_recall", "stock.block", "stock.lift_block",
    "policies.publish", "policies.publish_law", "catalog.set_prices", "stock.post_count", "stock.count_goods", "owing.approve_write_off", "partners.merge",
    "partners.archive", "stock.open_warehouse", "sales.exceed_credit", "exchange.import", "exchange.export",
    "documents.set_letterhead", "notifications.set_audience", "notifications.write_letter", "notifications.resend",
    "notifications.prefer",
}  # fmt: skip

# `view` is a person's right to look; ledgers and reports belong to those who answer for them.
DEFAULT_GRANTS: Final[dict[str, frozenset[str]]] = {
    "service": frozenset(SERVICE | VIEW),
    "approver": frozenset(APPROVER | VIEW),
    "warehouse": frozenset(WAREHOUSE | VIEW),
    "inspector": frozenset(INSPECTOR | VIEW),
    "buyer": frozenset(BUYER | VIEW),
    "finance": frozenset(FINANCE | VIEW | REPORTS),
    "manager": frozenset(APPROVER | MANAGER | VIEW | REPORTS),
    "admin": frozenset({"*"}),
}
# Undoing a step is allowed to whoever may do it; the command asks for one of these by what is undone.
UNDO_NEEDS: Final = {
    "receive": "returns.receive",
    "inspect": "returns.inspect",
    "dispose": "returns.dispose",
    "settle": "refunds.settle",
    "ship_replacement": "returns.ship_replacement",
    "finish_repair": "returns.finish_repair",
    "vendor_credit": "returns.vendor_credit",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks, with everything they may do."""

    user_id: int | None
    name: str
    permissions: frozenset[str] = field(default_factory=frozenset)

    def may(self, permission: str) -> bool:
        """Tell whether this actor holds a permission."""
        return "*" in self.permissions or permission in self.permissions


# Set-up, jobs and imports that the owner of the machine starts from the console.
SYSTEM: Final = Actor(None, "system", frozenset({"*"}))


def actor_for(user: User) -> Actor:
    """Load a user's permissions once; pass the actor on from there."""
    grants = RoleGrant.objects.filter(role__in=user.roles.values("role")).values_list("permission", flat=True)
    return Actor(user.pk, user.username, frozenset(grants) if user.is_active else frozenset())
