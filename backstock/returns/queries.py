"""Read returns: progress, what may still come back, and what somebody may do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backstock.catalog.queries import load_catalogue
from backstock.core.models import CommandLog
from backstock.core.permissions import Actor
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn, load_returns, return_of
from backstock.returns.models import Return, ReturnEvent, ReturnLine
from backstock.returns.requesting import SoldLine, returnable_e4
from backstock.sales.queries import loaded_sale


def loaded_return(number: str) -> LoadedReturn:
    """Return a return by number; raise UnknownDocument."""
    return return_of(load_returns([number], lock=False), number)


def returnable(sale_number: str, sku: str, position: int | None = None) -> int:
    """Return how many of a product of a sale may still be asked back, in base units."""
    sale, item = loaded_sale(sale_number), load_catalogue([sku]).item(sku)
    lines = [SoldLine(line.row, line.pieces) for line in sale.lines if position in (None, line.row.position)]
    own = [line for line in lines if line.row.product_id == item.id]
    holding = own or [line for line in lines if any(piece.product_id == item.id for piece in line.pieces)]
    return sum(returnable_e4(line, item) for line in holding)


def progress(rma: LoadedReturn) -> str:
    """Return the status of a return, goods' side: what was decided, and then how far goods have come."""
    if rma.row.status != Status.APPROVED:
        return rma.row.status
    received = sum(piece.received_e4 for piece in rma.pieces)
    if not received:
        return "approved"
    return "received" if received >= sum(piece.authorized_e4 for piece in rma.pieces) else "part_received"


COUNTERS = ("requested", "authorized", "received", "missing", "accepted", "rejected", "disposed")


@dataclass(frozen=True, slots=True)
class LineProgress:
    """The counters of one product of a return, in its own units and 1/10,000."""

    sku: str
    requested_e4: int
    authorized_e4: int
    received_e4: int
    missing_e4: int
    accepted_e4: int
    rejected_e4: int
    disposed_e4: int
    refunded_e4: int
    replaced_e4: int


def line_progress(line: LoadedLine) -> LineProgress:
    """Return the counters of a line."""
    counters = {f"{name}_e4": line.in_line_units(f"{name}_e4") for name in COUNTERS}
    return LineProgress(
        sku=line.row.product.sku, refunded_e4=line.row.refunded_e4, replaced_e4=line.row.replaced_e4, **counters
    )


def legal_actions(rma: LoadedReturn, actor: Actor | None = None) -> list[str]:
    """List the commands that would find something to do now: policy minus done; for an actor only what they may run."""
    pieces, status = rma.pieces, rma.row.status
    possible = {
        "returns.approve": status == Status.REQUESTED,
        "returns.reject": status == Status.REQUESTED,
        "returns.edit": status == Status.REQUESTED,
        "returns.receive": status == Status.APPROVED and any(piece.to_receive_e4 for piece in pieces),
        "returns.inspect": any(piece.to_inspect_e4 for piece in pieces),
        "returns.dispose": any(piece.to_dispose_e4 for piece in pieces),
        "refunds.settle": any(_may_settle(rma, line) for line in rma.lines),
        "returns.cancel": status in (Status.REQUESTED, Status.APPROVED) and not any(p.received_e4 for p in pieces),
        "returns.close": status == Status.APPROVED,
    }
    return [name for name, yes in possible.items() if yes and (actor is None or actor.may(name))]


def _may_settle(rma: LoadedReturn, line: LoadedLine) -> bool:
    if rma.row.status not in (Status.APPROVED, Status.CLOSED) or line.row.decision == "reject":
        return False
    when = "approved" if rma.row.type == "refund_only" else line.terms.refund_when
    return line.counted(lambda piece: piece.refundable_e4(when)) > line.row.refunded_e4


def sale_ids_of(number: str) -> list[int]:
    """Return the sales that a return names."""
    rma = loaded_return(number)
    return sorted({line.row.sale_id for line in rma.lines} - {0})


def returns_of_sale(sale_id: int) -> list[int]:
    """Return the ids of the returns that name a sale."""
    return list(
        ReturnLine.objects.filter(sale_id=sale_id).values_list("rma_id", flat=True).distinct().order_by("rma_id")
    )


def receipt_count(rma_ids: Iterable[int]) -> int:
    """Count the receipts of returns."""
    found = ReturnEvent.objects.filter(rma_id__in=list(rma_ids), kind="receive", mirrors_log_id=0)
    return found.values("log_id").distinct().count()


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done to a return: for its timeline."""

    log_id: int
    name: str
    actor: str
    business_on: Any
    recorded_at: Any
    payload: dict[str, Any]
    events: list[dict[str, Any]]


def timeline(number: str) -> list[Step]:
    """Return what was done to a document, in the order of recording."""
    found = CommandLog.objects.filter(document=number).select_related("actor").order_by("pk")
    return [
        Step(row.pk, row.name, str(row.actor or ""), row.business_on, row.recorded_at, row.payload, row.events)
        for row in found
    ]


def open_returns() -> Any:
    """Return the returns that still want something, newest first."""
    return Return.objects.select_related("customer").order_by("-pk")
