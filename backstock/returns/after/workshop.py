"""What is in repair and what was repaired, for the list of the workshop. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Sum

from backstock.catalog.models import Product
from backstock.partners.models import Partner
from backstock.partners.queries import partners_by_id
from backstock.returns.models import Repair, Return, ReturnEvent, ReturnPiece

# Finished repairs beyond these are found with their returns.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """Goods of a return in the workshop, or one finished repair of them. `outcome` is empty while it is open."""

    rma: Return
    product: Product
    quantity_e4: int
    since: date
    outcome: str = ""
    cost_cents: int = 0
    repairer: Partner | None = None
    note: str = ""


def jobs() -> list[Job]:
    """List what waits longest first, then what was finished, the newest first; a few statements whatever their number."""
    return [*_open_jobs(), *_finished()]


def _open_jobs() -> list[Job]:
    pieces = ReturnPiece.objects.filter(in_repair_e4__gt=0).select_related("product", "line__rma__customer")
    came = ReturnEvent.objects.filter(
        kind="dispose", verdict="repair", mirrors_log_id=0, piece_id__in=pieces.values("pk")
    )
    since = dict(came.values_list("piece_id").annotate(first=Min("business_on")).order_by())
    found = [Job(p.line.rma, p.product, p.in_repair_e4, since[p.pk]) for p in pieces]
    return sorted(found, key=lambda job: (job.since, job.rma.pk))


def _finished() -> list[Job]:
    done = list(Repair.objects.filter(undone_log_id=0).order_by("-pk")[:MOST])
    returns = Return.objects.select_related("customer").in_bulk({each.rma_id for each in done})
    people, goods = partners_by_id(each.repairer_id for each in done), _goods(each.log_id for each in done)
    return [
        Job(
            returns[each.rma_id], product, quantity_e4, each.finished_on, each.outcome,
            each.labour_cents + each.parts_cents if n == 0 else 0, people.get(each.repairer_id), each.note,
        )
        for each in done
        for n, (product, quantity_e4) in enumerate(goods[each.log_id])
    ]  # fmt: skip


def _goods(log_ids: Iterable[int]) -> dict[int, list[tuple[Product, int]]]:
    """Return which goods repairs were of: log row → (product, quantity)."""
    events = ReturnEvent.objects.filter(log_id__in=list(log_ids), kind="finish_repair", mirrors_log_id=0)
    rows = list(events.values_list("log_id", "piece_id").annotate(e4=Sum("quantity_e4")).order_by("log_id", "piece_id"))
    pieces = ReturnPiece.objects.select_related("product").in_bulk({piece for _, piece, _ in rows})
    sums: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    products: dict[int, Product] = {}
    for log_id, piece, e4 in rows:
        product = pieces[piece].product
        products[product.pk] = product
        sums[log_id][product.pk] += e4
    return defaultdict(list, {log: [(products[pk], e4) for pk, e4 in each.items()] for log, each in sums.items()})
