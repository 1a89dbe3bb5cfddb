"""What colleagues and customers are told about: topics with the roles they concern, and which of them are letters too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Tone = Literal["neutral", "info", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Topic:
    """Something worth telling: `roles` are told unless the company says otherwise; `letter` goes to the customer."""

    title: str | Promise
    roles: tuple[str, ...]
    letter: str = ""
    tone: Tone = "info"


TOPICS: Mapping[str, Topic] = {
    "requested": Topic(gettext_lazy("A return was requested and waits for a decision"), ("approver",), "request_received", "warning"),
    "approved_at_once": Topic(gettext_lazy("A return was approved by the policy; goods will come"), ("warehouse",), "approved", "good"),
    "rejected_at_once": Topic(gettext_lazy("A return was turned down by the policy"), ("service",), "rejected", "bad"),
    "edited": Topic(gettext_lazy("A request was corrected"), ("approver",), "", "neutral"),
    "approved": Topic(gettext_lazy("A return was approved; goods will come"), ("service", "warehouse"), "approved", "good"),
    "rejected": Topic(gettext_lazy("A return was turned down"), ("service",), "rejected", "bad"),
    "received": Topic(gettext_lazy("Returned goods arrived and wait for inspection"), ("service", "inspector"), "goods_received"),
    "inspected": Topic(gettext_lazy("Returned goods were inspected; decide where they go"), ("warehouse",)),
    "disposed": Topic(gettext_lazy("Returned goods were placed; the refund may follow"), ("finance",)),
    "settled": Topic(gettext_lazy("A return was credited and refunded"), ("service",), "refund_paid", "good"),
    "refund_granted": Topic(gettext_lazy("A refund was granted and waits to be paid"), ("finance",), "", "warning"),
    "refund_paid": Topic(gettext_lazy("A refund was paid"), ("service",), "refund_paid", "good"),
    "refund_failed": Topic(gettext_lazy("A refund failed and is still owed"), ("finance",), "", "bad"),
    "refund_unknown": Topic(gettext_lazy("Nobody knows whether a refund was paid; it is asked about"), ("finance",), "", "warning"),
    "replacement_shipped": Topic(gettext_lazy("Replacement goods were shipped"), ("service",), "replacement_shipped", "good"),
    "step_undone": Topic(gettext_lazy("A step of a return was taken back"), ("inspector", "warehouse"), "", "warning"),
    "settlement_undone": Topic(gettext_lazy("A refund was taken back"), ("finance", "service"), "", "warning"),
    "cancelled": Topic(gettext_lazy("A return was withdrawn"), ("approver", "warehouse"), "", "neutral"),
    "legal_near": Topic(gettext_lazy("A deadline of the law is near"), ("approver", "finance"), "", "warning"),
    "legal_late": Topic(gettext_lazy("A deadline of the law has passed"), ("approver", "finance", "manager"), "", "bad"),
    "lapsed": Topic(gettext_lazy("An authorisation lapsed: the goods did not come in time"), ("service",), "", "warning"),
    "vendor_credited": Topic(gettext_lazy("A supplier credited returned goods"), ("buyer", "finance"), "", "good"),
    "closed": Topic(gettext_lazy("A return was closed"), ("service",), "closed", "neutral"),
}  # fmt: skip
_BY_EVENT: Mapping[str, str] = {
    "ReturnEdited": "edited", "ReturnApproved": "approved", "ReturnRejected": "rejected", "GoodsReceived": "received",
    "GoodsInspected": "inspected", "GoodsDisposed": "disposed", "ReturnSettled": "settled", "StepUndone": "step_undone",
    "RefundPaid": "refund_paid", "RefundFailed": "refund_failed", "RefundUnknown": "refund_unknown",
    "SettlementUndone": "settlement_undone", "ReturnCancelled": "cancelled", "AuthorizationLapsed": "lapsed",
    "VendorCredited": "vendor_credited", "ReturnClosed": "closed", "ReplacementShipped": "replacement_shipped",
    "LegalClockNear": "legal_near", "LegalClockLate": "legal_late",
}  # fmt: skip
_BY_OUTCOME: Mapping[str, str] = {
    "review": "requested",
    "approve": "approved_at_once",
    "reject": "rejected_at_once",
}


def topic_of(event: Mapping[str, Any]) -> str:
    """Return the topic of an event of the log, empty when nobody needs to be told."""
    name = str(event.get("event", ""))
    if name == "ReturnRequested":
        return _BY_OUTCOME.get(str(event.get("outcome", "")), "")
    if name == "ReturnSettled" and event.get("unpaid"):
        # The customer is written to when the money leaves.
        return "refund_granted"
    return _BY_EVENT.get(name, "")
