"""质检单: what the inspector found of the goods, beside what the customer said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.figures import quantity_text
from backstock.documents import words
from backstock.documents.papers.facts import customer_facts, goods_of, reason_of
from backstock.documents.papers.sheet import Column, Kind, Sheet
from backstock.documents.papers.source import Source
from backstock.returns.models import ReturnEvent

TITLE = gettext_lazy("Inspection report")


def build(source: Source) -> Sheet:
    """List every verdict."""
    events = source.happened("inspect")
    sums = [
        (word, sum(event.quantity_e4 for event in events if event.verdict == verdict))
        for verdict, word in words.VERDICTS.items()
    ]
    return Sheet(
        title=str(TITLE),
        facts=[*customer_facts(source, with_phone=False), (_("Inspected on"), _days(events))],
        columns=[
            Column("SKU", 2.2), Column(_("Product"), 4.4), Column(_("Lot or serial number"), 2.6),
            Column(_("Quantity"), 1.8, "right"), Column(_("Customer's reason"), 2.8), Column(_("Verdict"), 2.2),
            Column(_("Grade"), 1.2),
        ],
        rows=[_row(source, event) for event in events],
        totals=[(str(word), quantity_text(e4)) for word, e4 in sums if e4],
        signatures=[_("Inspector"), _("Checked by")],
    )  # fmt: skip


def _row(source: Source, event: ReturnEvent) -> list[str]:
    sku, name, lot, quantity = goods_of(source, event)
    piece = source.piece(event.piece_id)
    lines = [line for line in source.rma.lines if piece is not None and line.row.pk == piece.line_id]
    reason = reason_of(source, lines[0]) if lines else ""
    return [sku, name, lot, quantity, reason, words.word(words.VERDICTS, event.verdict), event.grade]


def _days(events: list[ReturnEvent]) -> str:
    return ", ".join(dict.fromkeys(f"{event.business_on}" for event in events))


KIND = Kind("inspection", TITLE, build, lambda source: bool(source.happened("inspect")))
