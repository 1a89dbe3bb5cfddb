"""Match what a customer asks for to what was sold, and check it in the order of the scenario language. No writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backstock.catalog.errors import SerialRequired
from backstock.catalog.models import Product
from backstock.catalog.queries import Catalogue, Item, unique
from backstock.core.amounts import E4
from backstock.core.errors import DuplicateLine
from backstock.flows.engine import Flow
from backstock.policies import law as laws
from backstock.policies.engine import (
    Decision,
    Facts,
    Terms,
    decide,
    leaves,
    terms_for,
    window_closes_on,
)
from backstock.policies.queries import Policy
from backstock.returns.errors import (
    EvidenceRequired,
    LotNotInSale,
    NotReturnable,
    NotShipped,
    QuantityExceedsReturnable,
    ReasonNotLeaf,
    ReasonRequired,
    RemedyNotOffered,
    ReturnBeforeDelivery,
    ReturnWindowExpired,
    SerialAlreadyReturned,
    SerialNotInSale,
)
from backstock.sales.errors import ItemNotInSale
from backstock.sales.models import Sale, SaleLine, SalePiece


@dataclass(slots=True)
class SoldLine:
    """A line of a sale with its pieces, as a request sees it."""

    row: SaleLine
    pieces: list[SalePiece] = field(default_factory=list)
    # What the buyer confirmed at the purchase, and whether nobody told of the right to withdraw (`noted`).
    exceptions: frozenset[str] = frozenset()
    uninformed: bool = False


@dataclass(slots=True)
class Sold:
    """A sale with its lines, as a request sees it."""

    row: Sale
    lines: list[SoldLine] = field(default_factory=list)
    # What rows of the policy's table ask about the customer, as of each day of the batch.
    history: dict[date, Mapping[str, Any]] = field(default_factory=dict)

    def lines_with(self, product_id: int, position: int | None) -> list[SoldLine]:
        """Find the lines of a product, or of a kit that holds it; own lines first."""
        lines = [line for line in self.lines if position is None or line.row.position == position]
        own = [line for line in lines if line.row.product_id == product_id]
        return own or [line for line in lines if any(piece.product_id == product_id for piece in line.pieces)]


@dataclass(slots=True)
class Asked:
    """One line as asked: the product, how many base units, and which lots or serials."""

    item: Item
    quantity_e4: int
    reason: str
    lot: str | None
    serials: tuple[str, ...]
    opened: bool | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for some units of a line, with its money by the price list."""

    item: Item
    wished_e4: int
    for_e4: int
    unit_price_e6: int
    net_cents: int
    tax_cents: int


@dataclass(slots=True)
class Matched:
    """A part of what was asked that fits one sale line: its pieces with their quantities, and what was decided."""

    sold: Sold
    line: SoldLine
    product: Product
    quantity_e4: int
    pieces: list[tuple[SalePiece, int]]
    reason: str
    terms: Terms
    decision: Decision
    wish: Wish | None = None


@dataclass(slots=True)
class BlindLine:
    """A line that no sale is known for."""

    item: Item
    quantity_e4: int
    lots: list[tuple[int, int]]
    reason: str
    unit_price_e6: int
    unit_cost_e6: int | None
    terms: Terms
    decision: Decision


def returnable_e4(line: SoldLine, item: Item, counter: str = "returnable_e4") -> int:
    """Return how many of a product a sale line may still give back, in the product's own units."""
    sums: dict[int, int] = {}
    for piece in line.pieces:
        sums[piece.product_id] = sums.get(piece.product_id, 0) + getattr(piece, counter)
    return item.whole(min((sums.get(p, 0) * E4 // per for p, per, _ in item.pieces_of(0)), default=0))


def candidate_lines(sold: Sold, item: Item, position: int | None) -> list[SoldLine]:
    """Return the sale lines that hold a product; raise ItemNotInSale."""
    lines = sold.lines_with(item.id, position)
    if not lines:
        raise ItemNotInSale(sku=item.sku, document=sold.row.number)
    return lines


def refuse_twice(keys: Sequence[tuple[int, int | None, str, str]]) -> None:
    """Refuse the same sale line, or the same product of a sale, twice in one return: (sale, line, sku, lot)."""
    seen: set[tuple[int, int | None, str, str]] = set()
    for key in keys:
        if key in seen:
            raise DuplicateLine(sku=key[2])
        seen.add(key)


def check_dates(lines: Sequence[SoldLine], item: Item, on: date) -> None:
    """Refuse a day before the goods were delivered."""
    delivered = [line.row.delivered_first_on for line in lines if line.row.delivered_first_on]
    if delivered and on < min(delivered):
        raise ReturnBeforeDelivery(sku=item.sku, on=on.isoformat(), delivered_on=min(delivered).isoformat())


def check_shipped(sold: Sold, lines: Sequence[SoldLine], item: Item) -> None:
    """Refuse what never left."""
    if not any(returnable_e4(line, item, "shipped_e4") for line in lines):
        raise NotShipped(sku=item.sku, document=sold.row.number)


def check_returnable(lines: Sequence[SoldLine], item: Item) -> None:
    """Refuse products that are excluded from returns."""
    if not item.product.returnable or not all(line.row.product.returnable for line in lines):
        raise NotReturnable(sku=item.sku)


def check_reason(policy: Policy, item: Item, reason: str) -> None:
    """Refuse a missing reason, and one that is not a leaf of the policy's tree."""
    tree = policy.terms.get("reasons")
    if not tree:
        return
    choices = list(leaves(tree))
    if not reason:
        raise ReasonRequired(sku=item.sku, choices=", ".join(choices))
    if reason not in choices:
        raise ReasonNotLeaf(sku=item.sku, reason=reason, choices=", ".join(choices))


def check_evidence(policy: Policy, item: Item, reason: str, evidence: Sequence[str]) -> None:
    """Refuse a claim without the evidence that the policy wants for its reason."""
    if reason in policy.terms.get("evidence_for", ()) and not evidence:
        raise EvidenceRequired(sku=item.sku, reason=reason)


def named_lots(catalogue: Catalogue, sold: Sold, lines: Sequence[SoldLine], asked: Asked) -> list[int]:
    """Return the lots asked for, checked against the sale; raise SerialRequired, SerialNotInSale, LotNotInSale …"""
    item, tracking = asked.item, asked.item.product.tracking
    if tracking == "none":
        return [0]
    if tracking == "lot" and asked.lot is None:
        return []
    if tracking == "serial" and len(unique(item.sku, asked.serials)) * E4 != asked.quantity_e4:
        raise SerialRequired(sku=item.sku, needed_e4=asked.quantity_e4, given=len(asked.serials))
    there = {piece.lot_id: piece for line in lines for piece in line.pieces if piece.product_id == item.id}
    found = []
    for code in asked.serials if tracking == "serial" else (asked.lot or "",):
        piece = there.get(catalogue.lots.get((item.id, code), -1))
        if piece is None or not piece.shipped_e4:
            number = sold.row.number
            raise (
                SerialNotInSale(sku=item.sku, serial=code, document=number)
                if tracking == "serial"
                else LotNotInSale(sku=item.sku, lot=code, document=number)
            )
        if tracking == "serial" and piece.returnable_e4 < E4:
            raise SerialAlreadyReturned(sku=item.sku, serial=code)
        found.append(piece.lot_id)
    return found


def match_pieces(
    lines: Sequence[SoldLine], asked: Asked, lots: Sequence[int]
) -> list[tuple[SoldLine, int, list[tuple[SalePiece, int]]]]:
    """Spread what is asked over the lines that can give it, in their order; raise QuantityExceedsReturnable."""
    matched, left_e4 = [], asked.quantity_e4
    for line in lines:
        usable = [p for p in line.pieces if p.lot_id in lots or not lots or asked.item.components]
        offered = SoldLine(line.row, usable)
        part_e4 = min(left_e4, returnable_e4(offered, asked.item))
        if part_e4 > 0:
            matched.append((line, part_e4, _pick(offered, asked.item, part_e4)))
            left_e4 -= part_e4
    if left_e4:
        raise QuantityExceedsReturnable(
            sku=asked.item.sku, asked_e4=asked.quantity_e4, returnable_e4=asked.quantity_e4 - left_e4
        )
    return matched


def _pick(line: SoldLine, item: Item, quantity_e4: int) -> list[tuple[SalePiece, int]]:
    picked = []
    for product_id, _, need_e4 in item.pieces_of(quantity_e4):
        for piece in line.pieces:
            part_e4 = min(need_e4, piece.returnable_e4) if piece.product_id == product_id else 0
            if part_e4 > 0:
                picked.append((piece, part_e4))
                need_e4 -= part_e4
    return picked


def check_offered(terms: Terms, known: Facts) -> None:
    """Refuse what the row of the policy's table does not offer, or wants evidence for."""
    if terms.remedies and known.type not in terms.remedies:
        raise RemedyNotOffered(sku=known.sku, wanted=known.type, offered=", ".join(terms.remedies))
    if terms.evidence_required and not known.more.get("evidence"):
        raise EvidenceRequired(sku=known.sku, reason=known.reason)


def decide_line(
    policy: Policy,
    sold: Sold,
    line: SoldLine,
    item: Item,
    facts: Mapping[str, Any],
    on: date,
    law: laws.LawBook,
    flow: Flow,
) -> tuple[Terms, Decision]:
    """Apply policy and law to a line; raise ReturnWindowExpired when the days of both are over."""
    known = Facts(
        customer=sold.row.customer.code,
        sku=item.sku,
        category=item.product.category or line.row.product.category,
        **facts,
    )
    terms = terms_for(policy.terms, known, flow.defaults())
    decision = decide(policy.terms, terms, known)
    last_day = window_closes_on(terms, sold.row.ordered_on, line.row.delivered_last_on)
    asked = laws.Asked(
        type=known.type, channel=sold.row.channel, category=known.category,
        is_quality=law.is_quality(known.reason, policy.terms.get("reasons")), delivered_on=line.row.delivered_last_on,
        exceptions=line.exceptions, uninformed=line.uninformed,
    )  # fmt: skip
    right = laws.right_of(law, asked, on)
    if right is not None and on <= right.until:
        terms = laws.with_right(terms, right)
        check_offered(terms, known)
        return terms, laws.never_less(decision, right)
    check_offered(terms, known)
    if last_day is not None and on > last_day:
        last_day = max(last_day, right.until) if right else last_day
        raise ReturnWindowExpired(
            sku=item.sku, on=on.isoformat(), last_day=last_day.isoformat(), window_days=terms.window_days or 0
        )
    return terms, decision
