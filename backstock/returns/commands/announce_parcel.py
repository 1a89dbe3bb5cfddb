"""Before `receive`: a parcel is announced by its tracking number, and logged when it arrives."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import InvalidInput, TransitionNotAllowed
from backstock.returns.dock.errors import ParcelHere
from backstock.returns.dock.parcels import link, load_parcels
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedReturn, load_returns, return_of
from backstock.returns.models import Parcel
from backstock.warehouse.queries import Warehouses, load_warehouses

MOST_GRAMS = 2_000_000
Grams = Annotated[int, Field(gt=0, le=MOST_GRAMS)]
Carrier = Annotated[str, Field(max_length=40)]
FIELDS = ("carrier", "tracking_number", "warehouse_id", "announced_on", "arrived_on", "stated_grams", "weight_grams")


@typed(frozen=True, kw_only=True, config=STRICT)
class AnnounceParcel(Input):
    """The customer's parcel for one return or several, with the weight that was stated, if any."""

    tracking_number: Code
    carrier: Carrier = ""
    documents: tuple[Code, ...]
    stated_grams: Grams | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class LogParcel(Input):
    """A parcel that stands at the dock, by its number or tracking number; one nobody announced is written down now."""

    parcel: Code
    carrier: Carrier = ""
    weight_grams: Grams | None = None
    warehouse: Code | None = None
    documents: tuple[Code, ...] = ()


def _expecting(returns: dict[str, LoadedReturn], numbers: tuple[str, ...]) -> list[int]:
    """Return the ids of returns that may still get goods; raise what no parcel can be for."""
    found = []
    for number in numbers:
        row = return_of(returns, number).row
        if row.status not in (Status.REQUESTED, Status.APPROVED):
            raise TransitionNotAllowed(document=row.number, current=row.status, wanted="received")
        found.append(row.pk)
    return found


@command("returns.announce_parcel", AnnounceParcel)
def announce_parcel(batch: Batch[AnnounceParcel]) -> None:
    """Expect a parcel; a tracking number that is on its way already gets the returns added."""
    returns = load_returns(number for item in batch.open for number in item.input.documents)
    parcels = load_parcels((item.input.tracking_number for item in batch.open), lock=True)
    for item in batch.open:
        with batch.attempt(item):
            if not item.input.documents:
                raise InvalidInput(field="documents", problem="name the return that the parcel is for")
            known = parcels.get(item.input.tracking_number)
            if known is not None and known.arrived_on:
                raise ParcelHere(parcel=known.number, arrived_on=known.arrived_on.isoformat())
            item.plan = (known.pk if known else 0, _expecting(returns, item.input.documents))
    # One tracking number twice in a batch is one parcel.
    fresh: dict[str, Item[AnnounceParcel]] = {}
    for item in batch.open:
        if not item.plan[0]:
            fresh.setdefault(item.input.tracking_number, item)
    values = [(i.input.carrier, code, 0, i.on, None, i.input.stated_grams, None) for code, i in fresh.items()]
    made = dict(zip(fresh, rows.insert_coded(Parcel, "tracking_number", FIELDS, values), strict=True))
    for item in batch.open:
        pk = item.plan[0] or made[item.input.tracking_number]
        item.plan = (pk, item.plan[1])
        item.document = Parcel(pk=pk).number
        item.answer = {"document": item.document}
        item.emit("ParcelAnnounced")
    batch.log()
    link((item.plan[0], rma_id) for item in batch.open for rma_id in item.plan[1])


@command("returns.log_parcel", LogParcel)
def log_parcel(batch: Batch[LogParcel]) -> None:
    """Write down that a parcel has arrived, with its weight."""
    returns = load_returns(number for item in batch.open for number in item.input.documents)
    parcels = load_parcels((item.input.parcel for item in batch.open), lock=True)
    warehouses = load_warehouses({item.input.warehouse for item in batch.open})
    for item in batch.open:
        with batch.attempt(item):
            parcel = parcels.get(item.input.parcel)
            item.plan = (parcel or Parcel(tracking_number=item.input.parcel), _expecting(returns, item.input.documents))
            _arrive(batch, item, parcels, warehouses)
    _write(batch, [item for item in batch.open if not item.plan[0].pk])


def _arrive(
    batch: Batch[LogParcel], item: Item[LogParcel], parcels: dict[str, Parcel], warehouses: Warehouses
) -> None:  # fmt: skip
    parcel: Parcel = item.plan[0]
    if parcel.arrived_on:
        number = parcel.number if parcel.pk else item.input.parcel
        raise ParcelHere(parcel=number, arrived_on=parcel.arrived_on.isoformat())
    parcel.warehouse_id = warehouses.id(item.input.warehouse)
    parcel.carrier = item.input.carrier or parcel.carrier
    parcel.weight_grams = item.input.weight_grams
    # The same parcel twice in a batch is here already the second time.
    parcel.arrived_on = item.on
    parcels[item.input.parcel] = parcel


def _write(batch: Batch[LogParcel], unknown: list[Item[LogParcel]]) -> None:
    values = [
        (p.carrier, p.tracking_number, p.warehouse_id, None, p.arrived_on, None, p.weight_grams)
        for p in (item.plan[0] for item in unknown)
    ]
    for item, pk in zip(unknown, rows.insert_coded(Parcel, "tracking_number", FIELDS, values), strict=True):
        item.plan[0].pk = pk
    for item in batch.open:
        item.document = item.plan[0].number
        item.answer = {"document": item.document}
        item.emit("ParcelArrived")
    batch.log()
    made = {item.index for item in unknown}
    known = [item.plan[0] for item in batch.open if item.index not in made]
    if known:
        Parcel.objects.bulk_update(known, ["carrier", "warehouse_id", "arrived_on", "weight_grams"])
    link((item.plan[0].pk, rma_id) for item in batch.open for rma_id in item.plan[1])
