"""What the kernel's codes are called on pages; a code that is missing here is shown as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from backstock.core.amounts import decimal_text
from backstock.desk.parts import Text, Tone
from backstock.policies.queries import words_in
from backstock.stock.places import grade_of, kind_of, warehouse_of

STATUSES: Mapping[str, tuple[Text, Tone]] = {
    "requested": (gettext_lazy("To approve"), "warning"),
    "approved": (gettext_lazy("Goods expected"), "info"),
    "part_received": (gettext_lazy("Partly arrived"), "info"),
    "received": (gettext_lazy("Arrived"), "info"),
    "rejected": (gettext_lazy("Turned down"), "bad"),
    "cancelled": (gettext_lazy("Withdrawn"), "neutral"),
    "closed": (gettext_lazy("Closed"), "good"),
}
SALE_STATUSES: Mapping[str, tuple[Text, Tone]] = {
    "open": (gettext_lazy("Not shipped"), "neutral"),
    "part_shipped": (gettext_lazy("Partly shipped"), "info"),
    "shipped": (gettext_lazy("Shipped to the customer"), "good"),
    "part_returned": (gettext_lazy("Partly returned"), "warning"),
    "returned": (gettext_lazy("Returned"), "warning"),
    "cancelled": (gettext_lazy("Closed, nothing shipped"), "neutral"),
}
ORDER_STATUSES: Mapping[str, tuple[Text, Tone]] = {
    "open": (gettext_lazy("Nothing arrived yet"), "warning"),
    "part_received": (gettext_lazy("Partly arrived"), "info"),
    "received": (gettext_lazy("All arrived"), "good"),
    "closed": (pgettext_lazy("order", "Closed"), "neutral"),
}
RECEIPT_STATES: Mapping[str, tuple[Text, Tone]] = {
    "owed": (gettext_lazy("Still owed"), "warning"),
    "credit": (gettext_lazy("The supplier owes us"), "info"),
    "settled": (gettext_lazy("Settled"), "good"),
    "opening": (gettext_lazy("Opening stock"), "neutral"),
    "undone": (gettext_lazy("Taken back"), "neutral"),
}
TYPES: Mapping[str, Text] = {
    "return_refund": gettext_lazy("Return and refund"),
    "refund_only": gettext_lazy("Refund only, nothing comes back"),
    "rejected_delivery": gettext_lazy("Delivery refused or stopped"),
    "exchange": gettext_lazy("Exchange"),
    "replacement": gettext_lazy("Replacement"),
    "repair": gettext_lazy("Repair"),
    "allowance": gettext_lazy("Price allowance, goods are kept"),
}
DISPOSITIONS: Mapping[str, Text] = {
    "restock": gettext_lazy("Restock as new"),
    "restock_discounted": gettext_lazy("Restock at a discount"),
    "repair": gettext_lazy("To repair"),
    "return_to_vendor": gettext_lazy("Back to the supplier"),
    "scrap": gettext_lazy("Scrap"),
    "donate": gettext_lazy("Donate"),
    "send_back": gettext_lazy("Send back to the customer"),
}
GRADES: Mapping[str, Text] = {
    "A": gettext_lazy("A · as new"),
    "B": gettext_lazy("B · opened"),
    "C": gettext_lazy("C · worn"),
    "D": gettext_lazy("D · defective"),
}
FOUND: Mapping[str, Text] = {
    "received": gettext_lazy("in good order"),
    "damaged": gettext_lazy("damaged"),
    "missing": gettext_lazy("missing"),
    "wrong_item": gettext_lazy("something else in the parcel"),
    "over": gettext_lazy("more than agreed"),
    "short": gettext_lazy("not in the parcel"),
    "empty": gettext_lazy("the parcel was empty"),
}
VERDICTS: Mapping[str, Text] = {"accepted": gettext_lazy("accepted"), "rejected": pgettext_lazy("verdict", "refused")}
# When a photo or paper came.
EVIDENCE_STEPS: Mapping[str, Text] = {
    "request": gettext_lazy("at the request"),
    "receive": gettext_lazy("when it arrived"),
    "inspect": gettext_lazy("at the inspection"),
    "dispose": gettext_lazy("when it was placed"),
}
TENDERS: Mapping[str, Text] = {
    "cash": gettext_lazy("Cash"),
    "bank": gettext_lazy("Bank transfer"),
    "card": gettext_lazy("Card"),
    "alipay": gettext_lazy("Alipay"),
    "wechat": gettext_lazy("WeChat Pay"),
    "store_credit": gettext_lazy("Store credit"),
    "discount": gettext_lazy("Discount"),
    "write_off": gettext_lazy("Written off"),
    "set_off": gettext_lazy("Set off against the other side"),
    "return_credit": gettext_lazy("Credit for a return"),
    "receivable": gettext_lazy("Set off against what the customer still owes"),
}
PLACES: Mapping[str, Text] = {
    "customer": gettext_lazy("Customer's hands"),
    "supplier": gettext_lazy("Supplier"),
    "vendor": gettext_lazy("On the way to the supplier"),
    "scrap": gettext_lazy("Scrapped or given away"),
    "outside": gettext_lazy("Stock count"),
    "transit": gettext_lazy("In transit"),
    "sellable": gettext_lazy("Sellable"),
    "quarantine": gettext_lazy("Quarantine"),
    "repair": gettext_lazy("In repair"),
}
ROLES: Mapping[str, Text] = {
    "service": gettext_lazy("Service"),
    "approver": gettext_lazy("Approver"),
    "warehouse": gettext_lazy("Warehouse"),
    "inspector": gettext_lazy("Inspector"),
    "buyer": gettext_lazy("Buyer"),
    "finance": gettext_lazy("Finance"),
    "manager": gettext_lazy("Manager"),
    "admin": gettext_lazy("Administrator"),
}
CHANNELS: Mapping[str, Text] = {"shop": gettext_lazy("Shop"), "online": gettext_lazy("Online shop")}
# What a policy's conditions are about.
FACTS: Mapping[str, Text] = {
    "customer": gettext_lazy("customer"),
    "type": gettext_lazy("type"),
    "channel": gettext_lazy("channel"),
    "sku": gettext_lazy("product"),
    "category": gettext_lazy("category"),
    "reason": gettext_lazy("reason"),
    "article": gettext_lazy("article"),
    "row": gettext_lazy("row"),
    "customer_level": gettext_lazy("customer level"),
    "country": gettext_lazy("country"),
    "condition": gettext_lazy("condition"),
    "days_since_delivery": gettext_lazy("days since delivery"),
    "amount_cents": gettext_lazy("amount"),
    "quantity_e4": gettext_lazy("quantity"),
    "returns_90_days": gettext_lazy("customer's returns in 90 days"),
    "return_rate_e6": gettext_lazy("customer's return rate of a year"),
    "quota_used_e6": gettext_lazy("quota used"),
    "evidence": gettext_lazy("evidence given"),
    "final_sale": gettext_lazy("final sale"),
    "opened": gettext_lazy("opened"),
}
YES_OR_NO: Mapping[str, Text] = {"True": gettext_lazy("yes"), "False": gettext_lazy("no")}
# What the law sets a clock for.
FINDINGS: Mapping[str, Text] = {
    "quota_exceeded": gettext_lazy("More than the customer's quota"),
    "reject_when": gettext_lazy("The policy turns down"),
    "review_when": gettext_lazy("The policy wants a person to look at"),
    "table_row": gettext_lazy("A row of the policy's table decides"),
    "approval_auto": gettext_lazy("The policy approves this by itself"),
    "legal_right": gettext_lazy("The law gives a right to return, so a person looks at it"),
    "approval_manual": gettext_lazy("The policy leaves the decision to a person"),
    "blind_return": gettext_lazy("Without a sale a person decides"),
}
DECISIONS: Mapping[str, tuple[Text, Tone]] = {
    "approve": (gettext_lazy("Policy: approved"), "good"),
    "review": (gettext_lazy("Policy: a person decides"), "warning"),
    "reject": (gettext_lazy("Policy: turned down"), "bad"),
}
REFUND_WHEN: Mapping[str, Text] = {
    "approved": gettext_lazy("as soon as the return is approved"),
    "received": gettext_lazy("when the goods have arrived"),
    "inspected": gettext_lazy("when the goods were inspected and accepted"),
    "disposed": gettext_lazy("when it is decided where the goods go"),
}
REFUND_STATUSES: Mapping[str, tuple[Text, Tone]] = {
    "granted": (gettext_lazy("Granted, not paid yet"), "warning"),
    "sent": (gettext_lazy("On its way"), "info"),
    "paid": (gettext_lazy("Paid"), "good"),
    "failed": (gettext_lazy("Failed"), "bad"),
    "unknown": (gettext_lazy("Not known whether it was paid"), "warning"),
}
# Inside refusals, whose sentences say "R000001 is …; it cannot be … now".
CURRENT: Mapping[str, Text] = {
    "requested": gettext_lazy("waiting for approval"),
    "approved": pgettext_lazy("state", "approved"),
    "rejected": gettext_lazy("turned down"),
    "cancelled": gettext_lazy("withdrawn"),
    "closed": gettext_lazy("closed"),
    "received": gettext_lazy("partly here already"),
    "later steps": gettext_lazy("followed by later steps"),
    "complete": gettext_lazy("complete already"),
    "undone": gettext_lazy("taken back already"),
    "invoiced": gettext_lazy("billed by the supplier"),
    "sent back": gettext_lazy("partly sent back"),
    "paid": gettext_lazy("partly paid"),
    "edited": gettext_lazy("being changed already"),
    "asked for again": gettext_lazy("asked back again"),
    "billed": gettext_lazy("billed meanwhile"),
    **TYPES,
    "matched": gettext_lazy("matched to a return: take back its receipt instead"),
}
WANTED: Mapping[str, Text] = {
    "approved": gettext_lazy("approved"),
    "rejected": pgettext_lazy("step", "turned down"),
    "cancelled": pgettext_lazy("step", "withdrawn"),
    "closed": pgettext_lazy("step", "closed"),
    "edited": gettext_lazy("corrected"),
    "received": gettext_lazy("received"),
    "inspected": gettext_lazy("inspected"),
    "disposed": gettext_lazy("placed"),
    "settled": gettext_lazy("refunded"),
    "rated": gettext_lazy("rated"),
    "undo": gettext_lazy("taken back"),
    "invoiced": gettext_lazy("billed"),
    "sent back": gettext_lazy("sent back"),
    "undo receive": gettext_lazy("taken back (receipt)"),
    "undo inspect": gettext_lazy("taken back (inspection)"),
    "undo dispose": gettext_lazy("taken back (placing of goods)"),
    "undo settle": gettext_lazy("taken back (refund)"),
    "undo vendor_credit": gettext_lazy("taken back (supplier's credit)"),
    "replaced": gettext_lazy("replaced by other goods"),
    "charged": gettext_lazy("billed for goods that did not come"),
    "undo ship_replacement": gettext_lazy("taken back (shipment of other goods)"),
    "undo finish_repair": gettext_lazy("taken back (repair)"),
    "split": pgettext_lazy("step", "split"),
    "merged": pgettext_lazy("step", "merged"),
    "prolonged": gettext_lazy("prolonged"),
    **TYPES,
}
STEPS: Mapping[str, Text] = {
    "receive": gettext_lazy("the receipt"),
    "inspect": gettext_lazy("the inspection"),
    "dispose": gettext_lazy("the placing of goods"),
    "settle": gettext_lazy("the refund"),
    "vendor_credit": gettext_lazy("the supplier's credit"),
    "ship_replacement": gettext_lazy("the shipment of other goods"),
    "finish_repair": gettext_lazy("the repair"),
    "request": gettext_lazy("that the goods are kept"),
    "policy": gettext_lazy("the policy"),
}
SWAP_STATUSES: Mapping[str, tuple[Text, Tone]] = {
    "open": (gettext_lazy("nothing has left yet"), "warning"),
    "part_shipped": (gettext_lazy("partly shipped"), "info"),
    "shipped": (pgettext_lazy("other goods", "shipped"), "good"),
}


# Steps inside refusals of what a flow asks.
ASKED_STEPS: Mapping[str, Text] = {
    **STEPS, "request": gettext_lazy("the request"), "approve": gettext_lazy("the approval"),
}  # fmt: skip
PAPERS: Mapping[str, Text] = {
    "file": gettext_lazy("a photo or paper, of any step"),
    "file_request": gettext_lazy("the customer's photo or paper (request)"),
    "file_receive": gettext_lazy("a photo or paper of the arrival"),
    "file_inspect": gettext_lazy("a photo or paper of the inspection"),
    "file_dispose": gettext_lazy("a photo or paper of the placing of goods"),
    "note": gettext_lazy("a note"),
    "receipt": gettext_lazy("the receipt of the goods"),
    "inspection": gettext_lazy("the inspection of everything that came"),
    "disposition": gettext_lazy("a place for everything that came"),
    "credit_note": gettext_lazy("the credit note, where money is due"),
    "supplier_credit": gettext_lazy("the supplier's credit, where goods went back"),
}


def word(words: Mapping[str, Any], code: str) -> str:
    """Return what a code is called, without its tone."""
    found = words.get(code, code)
    return str(found[0] if isinstance(found, tuple) else found)


def tone(words: Mapping[str, tuple[Text, Tone]], code: str) -> Tone:
    return words[code][1] if code in words else "neutral"


def place_words(place: int, warehouses: Mapping[int, str]) -> str:
    """Name a place: its kind, the grade of graded goods, the warehouse."""
    parts = [word(PLACES, kind_of(place))]
    if grade := grade_of(place):
        parts.append(_("grade %(grade)s") % {"grade": grade})
    if warehouse := warehouse_of(place):
        parts.append(warehouses.get(warehouse, str(warehouse)))
    return " · ".join(parts)


def reason_words() -> dict[str, str]:
    """Return what the policy's reasons are called in the reader's language; costs a statement."""
    return {"recall": _("Recall"), **words_in(get_language() or "zh-hans")}


def finding_words(finding: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    """Say what a rule of the policy had to say, and what it matched."""
    said = word(FINDINGS, str(finding.get("code", "")))
    facts = finding.get("facts") or {}
    if not facts:
        return said
    matched = ", ".join(f"{word(FACTS, name)} = {_known(name, value, reasons)}" for name, value in facts.items())
    return f"{said}: {matched}"


def _known(name: str, value: str, reasons: Mapping[str, str]) -> str:
    if name.endswith("_e6") and value.isdigit():
        return f"{decimal_text(int(value), 4)} %"
    if name in ("amount_cents", "quantity_e4") and value.isdigit():
        return decimal_text(int(value), 2 if name == "amount_cents" else 4)
    # The words of a policy name its categories too.
    value = str(word(YES_OR_NO, value))
    return word({"type": TYPES, "reason": reasons, "category": reasons}.get(name, {}), value)


def listed(parts: Iterable[str]) -> str:
    """Join what stands side by side, the way both languages read it."""
    return " · ".join(part for part in parts if part)
