"""What codes are called on papers: the words of the pages, which a test compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

type Text = str | Promise

STATUSES: Mapping[str, Text] = {
    "requested": gettext_lazy("To approve"), "approved": gettext_lazy("Goods expected"),
    "part_received": gettext_lazy("Partly arrived"), "received": gettext_lazy("Arrived"),
    "rejected": gettext_lazy("Turned down"), "cancelled": gettext_lazy("Withdrawn"), "closed": gettext_lazy("Closed"),
}  # fmt: skip
TYPES: Mapping[str, Text] = {
    "return_refund": gettext_lazy("Return and refund"),
    "refund_only": gettext_lazy("Refund only, nothing comes back"),
    "rejected_delivery": gettext_lazy("Delivery refused or stopped"),
    "exchange": gettext_lazy("Exchange"),
    "replacement": gettext_lazy("Replacement"),
    "repair": gettext_lazy("Repair"),
    "allowance": gettext_lazy("Price allowance, goods are kept"),
}
FOUND: Mapping[str, Text] = {
    "received": gettext_lazy("in good order"), "damaged": gettext_lazy("damaged"), "missing": gettext_lazy("missing"),
    "wrong_item": gettext_lazy("something else in the parcel"),
    "over": gettext_lazy("more than agreed"), "short": gettext_lazy("not in the parcel"),
    "empty": gettext_lazy("the parcel was empty"),
}  # fmt: skip
VERDICTS: Mapping[str, Text] = {"accepted": gettext_lazy("accepted"), "rejected": pgettext_lazy("verdict", "refused")}
DISPOSITIONS: Mapping[str, Text] = {
    "restock": gettext_lazy("Restock as new"), "restock_discounted": gettext_lazy("Restock at a discount"),
    "repair": gettext_lazy("To repair"), "return_to_vendor": gettext_lazy("Back to the supplier"),
    "scrap": gettext_lazy("Scrap"), "donate": gettext_lazy("Donate"), "send_back": gettext_lazy("Send back to the customer"),
}  # fmt: skip
TENDERS: Mapping[str, Text] = {
    "cash": gettext_lazy("Cash"), "bank": gettext_lazy("Bank transfer"), "card": gettext_lazy("Card"),
    "alipay": gettext_lazy("Alipay"), "wechat": gettext_lazy("WeChat Pay"), "store_credit": gettext_lazy("Store credit"),
    "discount": gettext_lazy("Discount"), "write_off": gettext_lazy("Written off"),
    "set_off": gettext_lazy("Set off against the other side"), "return_credit": gettext_lazy("Credit for a return"),
    "receivable": gettext_lazy("Set off against what the customer still owes"),
}  # fmt: skip
REFUND_STATUSES: Mapping[str, Text] = {
    "granted": gettext_lazy("Granted, not paid yet"), "sent": gettext_lazy("On its way"), "paid": gettext_lazy("Paid"),
    "failed": gettext_lazy("Failed"), "unknown": gettext_lazy("Not known whether it was paid"),
}  # fmt: skip


def word(words: Mapping[str, Text], code: str) -> str:
    """Return what a code is called; an unknown one is shown as it is."""
    return str(words.get(code, code))


def listed(parts: Iterable[str]) -> str:
    """Join what stands side by side."""
    return " · ".join(part for part in parts if part)
