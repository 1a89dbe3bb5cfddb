"""What was scanned as the page shows it: per return and line, what was sold, claimed and arrived side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Product
from backstock.catalog.queries import lot_codes
from backstock.core.amounts import E4, decimal_text
from backstock.desk import words
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Refusal, Text, Tone
from backstock.returns.dock.scanning import FILLS, Board, Group, customers_of
from backstock.returns.loading import LoadedLine
from backstock.returns.models import DockScan
from backstock.returns.queries import sale_lines_of
from backstock.sales.models import SaleLine

# What a scan says about its goods; the first three can be chosen before scanning.
LABELS: Mapping[str, tuple[Text, Tone]] = {
    "received": (gettext_lazy("In good order"), "good"),
    "damaged": (gettext_lazy("Damaged"), "warning"),
    "wrong_item": (gettext_lazy("Something else"), "bad"),
    "missing": (gettext_lazy("Missing"), "bad"),
    "short": (gettext_lazy("Not in the parcel"), "warning"),
    "over": (gettext_lazy("Too many"), "warning"),
    "empty": (gettext_lazy("Parcel was empty"), "bad"),
}
MODES = ("received", "damaged", "wrong_item")
HERE = ("received", "damaged", "over")


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One row of the three columns."""

    label: Text
    sold: str
    claimed: str
    arrived: str
    differs: bool = False


@dataclass(frozen=True, kw_only=True)
class Count:
    """One running count, with what its buttons send."""

    label: Text
    tone: Tone
    quantity: str
    code: str
    fields: Mapping[str, str]
    # Units that one press takes off or adds; a serial number is only taken off.
    step: str
    can_add: bool


@dataclass(frozen=True, kw_only=True)
class LineView:
    """One line of a return at the dock."""

    product: Product
    rows: Sequence[Compared]
    counts: Sequence[Count]
    left: str
    # What is left, as a number for its buttons; empty for nothing.
    left_number: str
    by_serial: bool
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """One return at the dock."""

    number: str
    customer: str
    sales: str
    parcel: str
    weighed: str
    current: bool
    done: str
    tone: Tone
    lines: Sequence[LineView]
    # What lay in the parcel and belongs to no line.
    strangers: Sequence[tuple[Product, Count]]
    nothing_scanned: bool
    refusal: Refusal | None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing a scan may mean: what the button says, and what it sends."""

    label: str
    detail: str
    fields: Mapping[str, str] = field(default_factory=dict)
    href: str = ""


@dataclass(kw_only=True)
class Answer:
    """What the page says to a scan, for eyes, ears and fingers."""

    tone: Tone = "good"
    said: str = ""
    choices: Sequence[Choice] = ()
    refusal: Refusal | None = None
    # Per return what its receipt was refused for.
    refusals: dict[str, Refusal] = field(default_factory=dict)
    booked: list[str] = field(default_factory=list)


def board_views(board: Board, answer: Answer) -> list[GroupView]:
    """Show the returns in hand, the one touched last first."""
    sold = sale_lines_of(group.rma for group in board.groups)
    lots = [lot for pairs in board.sold_lots.values() for lot, _ in pairs]
    lots += [piece.lot_id for group in board.groups for piece in group.rma.pieces]
    lots += [scan.lot_id for group in board.groups for scan in group.scans]
    shown = Showing(board, sold, lot_codes(lots), customers_of(group.rma.row.pk for group in board.groups))
    ordered = sorted(board.groups, key=lambda group: -group.last)
    return [shown.group(group, answer.refusals.get(group.rma.row.number)) for group in ordered]


@dataclass(frozen=True)
class Showing:
    """What every group of the board is shown with."""

    board: Board
    sold: Mapping[int, SaleLine]
    codes: Mapping[int, str]
    customers: Mapping[int, str]

    def group(self, group: Group, refusal: Refusal | None) -> GroupView:
        """Show one return."""
        rma = group.rma
        left = {line.row.product_id: group.left_e4(line.row.product_id) for line in rma.lines}
        odd = [scan for scan in group.counted if scan.found not in FILLS or scan.found in ("missing", "empty")]
        tone: Tone = "warning" if odd else "good" if not any(left.values()) else "info"
        current = self.board.current
        return GroupView(
            number=rma.row.number,
            customer=self.customers.get(rma.row.pk, ""),
            sales=", ".join(dict.fromkeys(f"S{line.row.sale_id:06d}" for line in rma.lines if line.row.sale_id)),
            parcel=group.parcel.tracking_number or group.parcel.number if group.parcel else "",
            weighed=weight_words(group),
            current=current is not None and current.rma.row.pk == rma.row.pk,
            done=self._done(group, left),
            tone=tone if group.counted else "neutral",
            lines=[self.line(group, line, left[line.row.product_id]) for line in rma.lines],
            strangers=[(self.board.products[scan.product_id], self.count(rma.row.number, scan)) for scan in self._strangers(group)],
            nothing_scanned=not group.counted,
            refusal=refusal,
        )  # fmt: skip

    def _strangers(self, group: Group) -> list[DockScan]:
        own = {line.row.product_id for line in group.rma.lines}
        return [scan for scan in group.counted if scan.found == "wrong_item" or scan.product_id not in own]

    def _done(self, group: Group, left: Mapping[int, int]) -> str:
        scanned = sum(scan.quantity_e4 for scan in group.counted if scan.found in HERE)
        waiting = sum(max(0, each) for each in left.values())
        said = [_("%(quantity)s scanned") % {"quantity": decimal_text(scanned, 4)}]
        if waiting:
            said.append(_("%(quantity)s still expected") % {"quantity": decimal_text(waiting, 4)})
        return words.listed(said)

    def line(self, group: Group, line: LoadedLine, left_e4: int) -> LineView:
        """Show one line: its three columns, its counts and what is left of it."""
        product, scans = line.row.product, group.of_line(line)
        serial = product.tracking == "serial"
        odd = any(scan.found != "received" for scan in scans)
        return LineView(
            product=product,
            rows=self._rows(line, scans),
            counts=[self.count(group.rma.row.number, scan) for scan in scans],
            left=quantity_text(left_e4, product.unit) if left_e4 > 0 else "",
            left_number=decimal_text(left_e4, 4) if left_e4 > 0 else "",
            by_serial=serial,
            tone="warning" if odd else "good" if left_e4 <= 0 else "neutral",
        )

    def _rows(self, line: LoadedLine, scans: Sequence[DockScan]) -> list[Compared]:
        product, here = line.row.product, [scan for scan in scans if scan.found in HERE]
        sale_line = self.sold.get(line.row.sale_line_id)
        claimed = line.counted(lambda piece: piece.authorized_e4)
        before, now = line.in_line_units("received_e4"), sum(scan.quantity_e4 for scan in here)
        arrived = before + now
        rows = [self._same(_("Product"), product.name or product.sku, sale_line, bool(arrived))]
        if product.spec:
            rows.append(self._same(_("Spec"), product.spec, sale_line, bool(arrived)))
        rows.append(self._same(_("Unit"), product.unit, sale_line, bool(arrived)))
        sold = quantity_text(sale_line.quantity_e4, "") if sale_line else "–"
        rows.append(
            Compared(
                label=_("Quantity"), sold=sold, claimed=quantity_text(claimed, ""), arrived=quantity_text(arrived, ""),
                differs=bool(here or scans) and arrived != claimed,
            )
        )  # fmt: skip
        if product.tracking != "none":
            rows.append(self._lots(line, here))
        return rows

    def _same(self, label: str, text: str, sale_line: SaleLine | None, arrived: bool) -> Compared:
        return Compared(label=label, sold=text if sale_line else "–", claimed=text, arrived=text if arrived else "–")

    def _lots(self, line: LoadedLine, here: Sequence[DockScan]) -> Compared:
        serial = line.row.product.tracking == "serial"
        sold = self._codes(lot for lot, _ in self.board.sold_lots.get(line.row.sale_line_id, ()))
        claimed = self._codes(piece.lot_id for piece in line.pieces)
        arrived = self._codes([scan.lot_id for scan in here] + [p.lot_id for p in line.pieces if p.received_e4])
        return Compared(
            label=_("Serial number") if serial else _("Lot"),
            sold=", ".join(sold) or "–", claimed=", ".join(claimed) or "–", arrived=", ".join(arrived) or "–",
            differs=bool(arrived) and bool(set(arrived) - set(claimed)),
        )  # fmt: skip

    def _codes(self, lot_ids: Iterable[int]) -> list[str]:
        return list(dict.fromkeys(self.codes[lot] for lot in lot_ids if lot in self.codes))

    def count(self, number: str, scan: DockScan) -> Count:
        """Show one running count."""
        product = self.board.products[scan.product_id]
        label, tone = LABELS[scan.found]
        code = self.codes.get(scan.lot_id, "")
        which = "serial" if product.tracking == "serial" else "lot"
        return Count(
            label=label, tone=tone, quantity=quantity_text(scan.quantity_e4, product.unit), code=code,
            fields={"document": number, "sku": product.sku, "found": scan.found, **({which: code} if code else {})},
            step=decimal_text(min(E4, scan.quantity_e4), 4), can_add=not (code and which == "serial"),
        )  # fmt: skip


def weight_words(group: Group) -> str:
    """Say what the parcel weighs and what was stated, where both are known and far apart."""
    parcel = group.parcel
    if parcel is None or not parcel.weight_grams:
        return ""
    if parcel.stated_grams and abs(parcel.weight_grams - parcel.stated_grams) * 10 > parcel.stated_grams:
        return _("weighs %(grams)s g, %(stated)s g stated") % {
            "grams": parcel.weight_grams,
            "stated": parcel.stated_grams,
        }
    return _("weighs %(grams)s g") % {"grams": parcel.weight_grams}


def context_of(board: Board, answer: Answer) -> dict[str, Any]:
    """Return what the board's template shows."""
    filled = [group for group in board.groups if group.counted]
    return {
        "groups": board_views(board, answer),
        "answer": answer,
        "units": decimal_text(board.units_e4, 4),
        "returns_ready": len(filled),
    }
