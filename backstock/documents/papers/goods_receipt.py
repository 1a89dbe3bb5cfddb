"""退货入库单: what the warehouse took in, into which warehouse, and where it went from quarantine."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backstock.core.figures import quantity_text
from backstock.documents import words
from backstock.documents.papers.facts import customer_facts, goods_of
from backstock.documents.papers.sheet import Column, Kind, Sheet
from backstock.documents.papers.source import Source
from backstock.returns.models import ReturnEvent
from backstock.stock.places import warehouse_of

TITLE = gettext_lazy("Goods receipt of a return")


def build(source: Source) -> Sheet:
    """List every receipt, and below it every placing."""
    events = [*source.happened("receive"), *source.happened("dispose")]
    received = sum(
        event.quantity_e4 for event in source.happened("receive") if event.verdict in ("received", "damaged")
    )
    return Sheet(
        title=str(TITLE),
        facts=[*customer_facts(source, with_phone=False), (_("Warehouse"), _warehouses(source))],
        columns=[
            Column(_("Day"), 2), Column("SKU", 2.2), Column(_("Product"), 4.4), Column(_("Lot or serial number"), 2.6),
            Column(_("Quantity"), 1.8, "right"), Column(pgettext("paper", "What was done"), 3.2),
        ],
        rows=[_row(source, event) for event in events],
        total=(_("Received in all"), quantity_text(received)),
        signatures=[_("Delivered by"), _("Warehouse"), _("Checked by")],
    )  # fmt: skip


def _row(source: Source, event: ReturnEvent) -> list[str]:
    sku, name, lot, quantity = goods_of(source, event)
    if event.kind == "receive":
        done = _("received, %(found)s") % {"found": words.word(words.FOUND, event.verdict)}
    else:
        grade = _("grade %(grade)s") % {"grade": event.grade} if event.grade else ""
        done = words.listed([f"→ {words.word(words.DISPOSITIONS, event.verdict)}", grade])
    return [f"{event.business_on}", sku, name, lot, quantity, done]


def _warehouses(source: Source) -> str:
    places = (warehouse_of(event.place_id) for event in source.happened("receive") if event.place_id)
    return ", ".join(dict.fromkeys(source.warehouses.get(pk, "") for pk in places))


KIND = Kind("goods_receipt", TITLE, build, lambda source: bool(source.happened("receive")))
