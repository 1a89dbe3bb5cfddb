"""Read returns: progress, what may still come back, and what somebody may do next."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from backstock.catalog.queries import load_catalogue, matching_lots, matching_products
from backstock.core.amounts import E4, line_cents, share
from backstock.core.models import CommandLog
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.partners.queries import matching_partners
from backstock.returns.after.swapping import WITH_GOODS, units_promised
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn, load_returns, load_returns_by_id, return_of
from backstock.returns.models import Return, ReturnEvent, ReturnLine, ReturnLink, ReturnPiece, Swap
from backstock.returns.requests.requesting import SoldLine, returnable_e4
from backstock.sales.models import Sale, SaleLine
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
    is_expected = status == Status.APPROVED and rma.row.type not in ("refund_only", "allowance")
    is_expected = is_expected and any(piece.to_receive_e4 for piece in pieces)
    possible = {
        "returns.approve": status == Status.REQUESTED,
        "returns.reject": status == Status.REQUESTED,
        "returns.edit": status == Status.REQUESTED,
        "returns.split": status == Status.REQUESTED and rma.row.type != "allowance",
        "returns.merge": status == Status.REQUESTED and rma.row.type != "allowance",
        "returns.change_type": _may_change_type(rma, actor),
        "returns.prolong": is_expected and rma.row.lapses_on is not None,
        "returns.receive": is_expected,
        "returns.send_straight": is_expected,
        "returns.inspect": any(piece.to_inspect_e4 for piece in pieces),
        "returns.dispose": any(piece.to_dispose_e4 for piece in pieces),
        "returns.ship_replacement": rma.row.type in WITH_GOODS
        and status in (Status.APPROVED, Status.CLOSED)
        and any(ln.row.sale_line_id and units_promised(rma, ln) > ln.row.replaced_e4 for ln in rma.lines),
        "returns.finish_repair": any(piece.in_repair_e4 for piece in pieces),
        "refunds.settle": any(may_settle(rma, line) for line in rma.lines) or _owes_difference(rma),
        "returns.vendor_credit": any(piece.at_vendor_e4 for piece in pieces),
        "returns.cancel": status in (Status.REQUESTED, Status.APPROVED) and not any(p.received_e4 for p in pieces),
        "returns.close": status == Status.APPROVED,
    }
    return [name for name, yes in possible.items() if yes and (actor is None or actor.may(name))]


def _may_change_type(rma: LoadedReturn, actor: Actor | None) -> bool:
    """What was decided is changed by who may decide, before money or other goods have left."""
    if rma.row.type == "allowance" or rma.row.status not in (Status.REQUESTED, Status.APPROVED):
        return False
    if any(line.row.refunded_e4 or line.row.replaced_e4 for line in rma.lines):
        return False
    return rma.row.status == Status.REQUESTED or actor is None or actor.may("returns.approve")


def may_settle(rma: LoadedReturn, line: LoadedLine) -> bool:
    """Tell whether more units of a line have come as far as its terms want than were settled."""
    if rma.row.status not in (Status.APPROVED, Status.CLOSED) or line.row.decision == "reject":
        return False
    if rma.row.type in (*WITH_GOODS, "allowance"):
        given = sum(each.row.entitled_net_cents + each.row.entitled_tax_cents for each in rma.lines)
        return rma.row.type == "allowance" and given < rma.row.allowance_cents
    when = "approved" if rma.row.type == "refund_only" else line.terms.refund_when
    more = line.counted(lambda piece: piece.refundable_e4(when)) > line.row.refunded_e4 + line.row.replaced_e4
    return more or (line.terms.holds_back and line.row.entitled_net_cents > line.row.refunded_net_cents)


def _owes_difference(rma: LoadedReturn) -> bool:
    """Tell whether an exchange left something over for the customer; read only where other goods have left."""
    replaced = [line.row.pk for line in rma.lines if line.row.replaced_e4]
    return bool(replaced) and _left_over(Swap.objects.filter(line_id__in=replaced)).exists()


def _left_over(swaps: QuerySet[Swap]) -> QuerySet[Swap]:
    given = F("moved_net_cents") + F("moved_tax_cents") + F("credited_net_cents") + F("credited_tax_cents")
    return swaps.annotate(given=given).filter(given__lt=F("worth_net_cents") + F("worth_tax_cents"))


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
    own = Q(document=number)
    if (pk := document_id("R", number)) is not None:
        # A request that was split off, or merged into another one, shows the step that did it too.
        linked = ReturnLink.objects.filter(Q(source_id=pk) | Q(target_id=pk))
        own |= Q(pk__in=linked.values("log_id"))
    found = CommandLog.objects.filter(own).select_related("actor").order_by("pk")
    return [
        Step(row.pk, row.name, str(row.actor or ""), row.business_on, row.recorded_at, row.payload, row.events)
        for row in found
    ]


def links_of(rma_id: int) -> list[ReturnLink]:
    """Return which requests a return came out of, or went on in, in the order of recording."""
    return list(ReturnLink.objects.filter(Q(source_id=rma_id) | Q(target_id=rma_id)).order_by("pk"))


def mergeable_with(rma: LoadedReturn, most: int = 50) -> list[Return]:
    """Return the requests that may go on in another one: of the same customer, type and currency, undecided."""
    row = rma.row
    found = Return.objects.filter(
        status=Status.REQUESTED, customer_id=row.customer_id, type=row.type, currency=row.currency
    )
    return list(found.exclude(pk=row.pk).order_by("-pk")[:most])


def open_returns() -> Any:
    """Return the returns that still want something, newest first."""
    return Return.objects.select_related("customer").order_by("-pk")


def with_lines(rows: Sequence[Return]) -> list[LoadedReturn]:
    """Read the lines and pieces of returns that were read already: two statements whatever their number."""
    found = load_returns_by_id((row.pk for row in rows), lock=False)
    for row in rows:
        found[row.pk].row = row
    return [found[row.pk] for row in rows]


def sale_lines_of(returns: Iterable[LoadedReturn]) -> dict[int, SaleLine]:
    """Return the sale lines that returns are about, with their sales, in one statement."""
    wanted = {line.row.sale_line_id for rma in returns for line in rma.lines} - {0}
    return SaleLine.objects.select_related("sale").in_bulk(wanted) if wanted else {}


def worth_cents(rma: LoadedReturn, sold: Mapping[int, SaleLine]) -> int:
    """Return what the goods asked back were sold at, tax included, in the currency of the return."""
    total = 0
    for line in rma.lines:
        asked_e4, sale_line = line.in_line_units("requested_e4"), sold.get(line.row.sale_line_id)
        if sale_line is None:
            total += line_cents(asked_e4, line.row.unit_price_e6 or 0, rma.row.currency_digits)
        else:
            total += share(sale_line.net_cents + sale_line.tax_cents, asked_e4, sale_line.quantity_e4)
    return total


PROGRESS = ("requested", "approved", "part_received", "received", "rejected", "cancelled", "closed")


def _with_pieces(**wanted: Any) -> Exists:
    return Exists(ReturnPiece.objects.filter(line__rma=OuterRef("pk"), **wanted))


def in_progress(rows: QuerySet[Return], status: str) -> QuerySet[Return]:
    """Narrow returns to one answer of `progress`."""
    if status not in ("approved", "part_received", "received"):
        return rows.filter(status=status)
    some = _with_pieces(received_e4__gt=0)
    more = _with_pieces(authorized_e4__gt=F("received_e4"))
    wanted = {"approved": ~some, "part_received": some & more, "received": some & ~more}
    return rows.filter(wanted[status], status=Status.APPROVED)


def waiting_for(rows: QuerySet[Return], action: str) -> QuerySet[Return]:
    """Narrow returns to those of which a command would find something to do, as `legal_actions` says line by line."""
    inspected = F("accepted_e4") + F("rejected_e4")
    approved = Q(status=Status.APPROVED)
    wanted = {
        "returns.approve": Q(status=Status.REQUESTED),
        "returns.receive": approved
        & ~Q(type__in=["refund_only", "allowance"])
        & Q(_with_pieces(authorized_e4__gt=F("received_e4"))),
        "returns.inspect": Q(_with_pieces(received_e4__gt=inspected)),
        "returns.dispose": Q(_with_pieces(disposed_e4__lt=inspected)),
        "returns.vendor_credit": Q(_with_pieces(at_vendor_e4__gt=0)),
        "returns.ship_replacement": Q(status__in=[Status.APPROVED, Status.CLOSED], type__in=WITH_GOODS)
        & Q(_with_pieces(received_e4__gt=F("rejected_e4") + F("accepted_sent_back_e4") + F("line__replaced_e4"))),
        "returns.finish_repair": Q(_with_pieces(in_repair_e4__gt=0)),
        "refunds.settle": Q(status__in=[Status.APPROVED, Status.CLOSED])
        & (
            Q(_refundable()) & ~Q(type__in=(*WITH_GOODS, "allowance"))
            | Q(type="allowance", allowance_cents__gt=_given())
            | Q(Exists(_left_over(Swap.objects.filter(rma_id=OuterRef("pk")))))
        ),
    }
    return rows.filter(wanted[action])


def _given() -> Subquery:
    """Return what the lines of a return were worth so far: of an allowance, what was given."""
    lines, given = ReturnLine.objects.filter(rma=OuterRef("pk")), F("entitled_net_cents") + F("entitled_tax_cents")
    return Subquery(lines.values("rma").annotate(total=Sum(given)).values("total"))


def _refundable() -> Exists:
    """Lines of which more units have come as far as their terms want than were settled; a kit by its parts' sum."""
    pieces = ReturnPiece.objects.filter(line=OuterRef("pk")).values("line")
    kept = F("accepted_sent_back_e4")
    reached = {
        "approved": F("authorized_e4") - F("rejected_e4") - kept,
        "received": F("received_e4") - F("rejected_e4") - kept,
        "inspected": F("accepted_e4") - kept,
        "disposed": F("disposed_e4") - F("rejected_disposed_e4") - kept,
    }
    sums = {when: Subquery(pieces.annotate(total=Sum(count)).values("total")) for when, count in reached.items()}
    parts = Subquery(pieces.annotate(total=Sum("per_line_e4")).values("total"))
    ready = Case(
        When(rma__type="refund_only", then=sums["approved"]),
        *(When(terms__refund_when=when, then=sums[when]) for when in ("approved", "received", "inspected")),
        default=sums["disposed"],
    )
    number = BigIntegerField()
    of_kit = ExpressionWrapper(F("refunded_e4") * parts / Value(E4, number), output_field=number)
    due = Case(When(product__is_kit=True, then=of_kit), default=F("refunded_e4"), output_field=number)
    lines = ReturnLine.objects.filter(rma=OuterRef("pk")).exclude(decision="reject")
    return Exists(lines.annotate(ready=ready, due=due).filter(ready__gt=F("due")))


def find_returns(rows: QuerySet[Return], text: str) -> QuerySet[Return]:
    """Find returns by a number (theirs or of the sale), a reference, the customer, a product, a lot or serial."""
    text = unicodedata.normalize("NFKC", text).strip()
    lines = ReturnLine.objects.all()
    if (pk := document_id("R", text)) is not None:
        return rows.filter(pk=pk)
    if (pk := document_id("S", text)) is not None:
        return rows.filter(pk__in=lines.filter(sale_id=pk).values("rma_id"))
    if (pk := document_id("L", text)) is not None:
        return rows.filter(pk__in=ReturnEvent.objects.filter(pk=pk).values("rma_id"))
    of_sale = lines.filter(sale_id__in=Sale.objects.filter(reference=text).values("pk"))
    wanted = Q(reference=text) | Q(pk__in=of_sale.values("rma_id"))
    if customers := matching_partners(text):
        wanted |= Q(customer_id__in=customers)
    if products := matching_products(text):
        wanted |= Q(pk__in=lines.filter(product_id__in=products).values("rma_id"))
    if lots := matching_lots(text):
        wanted |= Q(pk__in=lines.filter(pieces__lot_id__in=lots).values("rma_id"))
    return rows.filter(wanted)


def events_of(rma_id: int) -> list[ReturnEvent]:
    """Return what happened to the pieces of a return, in the order of recording."""
    return list(ReturnEvent.objects.filter(rma_id=rma_id).order_by("pk"))


def standing_steps(events: Iterable[ReturnEvent]) -> dict[str, int]:
    """Return the last step of each kind that was not taken back: {kind: log row}."""
    events = list(events)
    undone = {event.mirrors_log_id for event in events}
    standing: dict[str, int] = {}
    for event in events:
        if not event.mirrors_log_id and event.log_id not in undone:
            standing[event.kind] = max(event.log_id, standing.get(event.kind, 0))
    return standing
