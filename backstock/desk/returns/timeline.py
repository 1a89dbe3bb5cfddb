"""What was done to a return, in words: who, when, what, how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Product
from backstock.catalog.queries import products_by_id
from backstock.desk import words
from backstock.desk.figures import day_text, money_text, quantity_text
from backstock.desk.parts import Happening, Text, Tone
from backstock.returns.after.exchanges import products_that_left
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import ReturnEvent
from backstock.returns.queries import Step

# A hyphen at which no line ends.
NO_BREAK = "\u2011"
TITLES: Mapping[str, tuple[Text, str, Tone]] = {
    "returns.request": (gettext_lazy("Return requested"), "message", "neutral"),
    "returns.edit": (gettext_lazy("Request corrected"), "edit", "neutral"),
    "returns.approve": (gettext_lazy("Approved"), "check", "good"),
    "returns.waive_paper": (gettext_lazy("Paper waived"), "file-text", "warning"),
    "returns.reject": (gettext_lazy("Turned down"), "circle-x", "bad"),
    "returns.receive": (gettext_lazy("Goods received into quarantine"), "package-import", "info"),
    "returns.match_unclaimed": (gettext_lazy("Goods without an owner were its own"), "link", "info"),
    "returns.send_finding_back": (gettext_lazy("What was too much went straight back"), "truck", "neutral"),
    "returns.inspect": (gettext_lazy("Goods inspected"), "clipboard-check", "info"),
    "returns.dispose": (gettext_lazy("Goods placed"), "packages", "info"),
    "refunds.settle": (gettext_lazy("Credited and refunded"), "cash", "good"),
    "refunds.report": (gettext_lazy("The gateway answered"), "cash", "info"),
    "refunds.confirm": (gettext_lazy("Refund looked after"), "cash", "info"),
    "returns.vendor_credit": (gettext_lazy("Credited by the supplier"), "receipt-refund", "good"),
    "returns.give_second_opinion": (gettext_lazy("Second opinion"), "clipboard-check", "info"),
    "evidence.attach": (gettext_lazy("Photos or papers added"), "camera", "neutral"),
    "evidence.erase": (gettext_lazy("Evidence erased"), "trash", "neutral"),
    "returns.ship_replacement": (gettext_lazy("Other goods have left"), "truck-delivery", "good"),
    "returns.hold_goods": (gettext_lazy("Goods wished for held or released"), "lock", "neutral"),
    "returns.undo_replacement": (gettext_lazy("Shipment of other goods taken back"), "arrow-back-up", "warning"),
    "returns.charge_replacement": (gettext_lazy("Goods sent ahead billed or credited"), "receipt", "warning"),
    "returns.finish_repair": (gettext_lazy("Repair finished"), "tool", "info"),
    "returns.undo": (gettext_lazy("Step taken back"), "arrow-back-up", "warning"),
    "refunds.undo_settlement": (gettext_lazy("Refund taken back"), "arrow-back-up", "warning"),
    "returns.cancel": (gettext_lazy("Withdrawn"), "x", "neutral"),
    "returns.close": (gettext_lazy("Closed"), "circle-check", "good"),
    "returns.split": (gettext_lazy("Split"), "copy", "neutral"),
    "returns.merge": (gettext_lazy("Merged"), "link", "neutral"),
    "returns.change_type": (gettext_lazy("Type changed"), "refresh", "neutral"),
    "returns.prolong": (gettext_lazy("More time given"), "calendar", "neutral"),
    "returns.warn_clock": (gettext_lazy("Told of a deadline of the law"), "bell", "warning"),
    "returns.lapse": (gettext_lazy("Authorisation lapsed"), "clock", "warning"),
}
OUTCOMES: Mapping[str, Text] = {
    "approve": gettext_lazy("the policy approved it at once"),
    "review": gettext_lazy("a person has to decide"),
    "reject": gettext_lazy("the policy turned it down"),
}


class Timeline:
    """The log of one return, told with its goods by name."""

    def __init__(self, rma: LoadedReturn, events: Sequence[ReturnEvent]) -> None:
        self.rma = rma
        self.by_log: dict[int, list[ReturnEvent]] = defaultdict(list)
        for event in events:
            self.by_log[event.log_id].append(event)
        self.products: dict[int, Product] = {piece.product_id: piece.product for piece in rma.pieces}
        self.products |= {line.row.product_id: line.row.product for line in rma.lines}
        strangers = {event.found_product_id for event in events} - {0} - self.products.keys()
        self.products |= products_by_id(strangers)
        # What left in place of goods, by code.
        left = any(line.row.replaced_e4 for line in rma.lines)
        self.named = {product.sku: product for product in products_that_left(rma.row.pk)} if left else {}
        self.pieces = {piece.pk: piece.product_id for piece in rma.pieces}

    def happenings(self, steps: Iterable[Step]) -> list[Happening]:
        """Tell the steps, the newest first."""
        return [self._happening(step) for step in reversed(list(steps))]

    def _happening(self, step: Step) -> Happening:
        title, icon, tone = TITLES.get(step.name, (step.name, "activity", "neutral"))
        said = _DETAILS.get(step.name)
        return Happening(
            at=step.recorded_at, title=title, icon=icon, tone=tone, who=step.actor or _("the system"),
            detail=words.listed([said(self, step) if said else self.goods(step), backdated(step)]),
        )  # fmt: skip

    def goods(self, step: Step) -> str:
        """Tell what happened to which pieces; pieces that fared alike are told together."""
        sums: dict[tuple[int, str], int] = defaultdict(int)
        for event in self.by_log[step.log_id]:
            sums[event.found_product_id or self.pieces.get(event.piece_id, 0), verdict_words(event)] += (
                event.quantity_e4
            )
        return words.listed(
            f"{amount_words(self.products.get(pk), '', e4)} {said}".rstrip() for (pk, said), e4 in sums.items()
        )

    def asked(self, step: Step) -> str:
        """Tell the lines that stood in the input of the step."""
        known = {product.sku: product for product in self.products.values()} | self.named
        return words.listed(
            amount_words(known.get(str(line["sku"])), str(line["sku"]), int(line["quantity_e4"]))
            for line in step.payload.get("lines", ())
        )

    def requested(self, step: Step) -> str:
        outcome = str(_event(step).get("outcome", ""))
        return words.listed([self.asked(step), words.word(OUTCOMES, outcome)])

    def approved(self, step: Step) -> str:
        if _event(step).get("event") == "ReturnAgreed":
            return _("others must approve too")
        return self.asked(step) or _("everything asked back")

    def settled(self, step: Step) -> str:
        total = _event(step).get("total_cents")
        row = self.rma.row
        return money_text(int(total), row.currency, row.currency_digits) if total is not None else ""

    def charged(self, step: Step) -> str:
        cents = int(_event(step).get("billed_cents", 0))
        return money_text(cents, self.rma.row.currency, self.rma.row.currency_digits)

    def undone(self, step: Step) -> str:
        return words.listed([words.word(words.STEPS, str(step.payload.get("what", ""))), self.goods(step)])


def amount_words(product: Product | None, sku: str, quantity_e4: int) -> str:
    """Write how many of what: Green tea × 2 pcs."""
    name, unit = (product.name or product.sku, product.unit) if product else (sku, "")
    return f"{name} × {quantity_text(quantity_e4, unit)}"


def backdated(step: Step) -> str:
    """Name the business day where it is not the day of recording."""
    if step.business_on == timezone.localdate(step.recorded_at):
        return ""
    return _("dated %(day)s") % {"day": day_text(step.business_on).replace("-", NO_BREAK)}


def _event(step: Step) -> dict[str, Any]:
    return step.events[0] if step.events else {}


def _reason(told: Timeline, step: Step) -> str:
    return str(step.payload.get("reason", ""))


def _paid(told: Timeline, step: Step) -> str:
    said = str(step.payload.get("status", ""))
    return f"{step.payload.get('refund', '')}: {words.word(words.REFUND_STATUSES, said)}"


def _changed(told: Timeline, step: Step) -> str:
    before, after = (words.word(words.TYPES, str(_event(step).get(when, ""))) for when in ("before", "after"))
    return words.listed([f"{before} → {after}", _reason(told, step)])


def _warned(told: Timeline, step: Step) -> str:
    said = _event(step)
    return f"{said.get('article', '')}: {str(said.get('due_on', '')).replace('-', NO_BREAK)}"


def _prolonged(told: Timeline, step: Step) -> str:
    days = [str(_event(step).get(when, "")).replace("-", NO_BREAK) for when in ("before", "after")]
    return words.listed([" → ".join(days), _reason(told, step)])


def verdict_words(event: ReturnEvent) -> str:
    """Say how pieces were found, judged or placed."""
    if event.kind == "receive":
        return "" if event.verdict == "received" else f"({words.word(words.FOUND, event.verdict)})"
    if event.kind == "inspect":
        grade = _("grade %(grade)s") % {"grade": event.grade} if event.grade else ""
        return f"({', '.join(filter(None, [words.word(words.VERDICTS, event.verdict), grade]))})"
    if event.kind == "vendor_credit":
        return ""
    return f"→ {words.word(words.DISPOSITIONS, event.verdict)}"


_DETAILS: Mapping[str, Callable[[Timeline, Step], str]] = {
    "returns.request": Timeline.requested,
    "returns.edit": Timeline.asked,
    "returns.approve": Timeline.approved,
    "refunds.settle": Timeline.settled,
    "returns.ship_replacement": Timeline.asked,
    "returns.undo_replacement": lambda told, step: "",
    "returns.charge_replacement": Timeline.charged,
    "returns.undo": Timeline.undone,
    "refunds.undo_settlement": lambda told, step: "",
    "refunds.report": _paid,
    "refunds.confirm": _paid,
    "returns.give_second_opinion": Timeline.asked,
    "evidence.attach": lambda told, step: words.word(words.EVIDENCE_STEPS, str(step.payload.get("step", ""))),
    "evidence.erase": lambda told, step: "",
    "returns.reject": _reason,
    "returns.cancel": _reason,
    "returns.close": _reason,
    "returns.split": lambda told, step: f"{step.payload.get('document', '')} → {_event(step).get('new', '')}",
    "returns.merge": lambda told, step: f"{_event(step).get('source', '')} → {step.payload.get('document', '')}",
    "returns.change_type": _changed,
    "returns.prolong": _prolonged,
    "returns.warn_clock": _warned,
    "returns.lapse": lambda told, step: "",
}
