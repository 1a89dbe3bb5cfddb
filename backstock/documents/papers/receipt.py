"""退货收据: the customer's proof of what was handed in; also narrow, for the printer at the counter."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backstock.core.figures import quantity_text
from backstock.documents import words
from backstock.documents.papers.facts import customer_facts, goods_of
from backstock.documents.papers.sheet import Column, Kind, Sheet
from backstock.documents.papers.source import Source

TITLE = gettext_lazy("Receipt for returned goods")


def build(source: Source) -> Sheet:
    """Say what arrived, on which day and how it was found; what fared alike is said once."""
    events = source.happened("receive")
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    units: dict[str, str] = {}
    for event in events:
        sku, name, lot, _quantity = goods_of(source, event)
        piece = source.piece(event.piece_id)
        units[sku] = (source.products.get(event.found_product_id) or piece.product).unit if piece else ""
        sums[f"{event.business_on}", sku, name, lot, words.word(words.FOUND, event.verdict)] += event.quantity_e4
    return Sheet(
        title=str(TITLE),
        facts=[*customer_facts(source, with_phone=False), (_("Received on"), _days(source))],
        columns=[
            Column(_("Day"), 2), Column(_("Product"), 5), Column(_("Lot or serial number"), 3),
            Column(_("Quantity"), 2, "right"), Column(pgettext("paper", "Found"), 2.4),
        ],
        rows=[
            [day, words.listed([name, sku if sku != name else ""]), lot, quantity_text(e4, units[sku]), found]
            for (day, sku, name, lot, found), e4 in sums.items()
        ],
        notes=[
            _("We have received these goods. They are inspected next; this is not a promise of a refund yet."),
            _("Keep this receipt. Scan the code, or name the number, to ask how your return stands."),
        ],
        signatures=[_("Received by"), _("Customer")],
    )  # fmt: skip


def _days(source: Source) -> str:
    return ", ".join(dict.fromkeys(f"{event.business_on}" for event in source.happened("receive")))


KIND = Kind("receipt", TITLE, build, lambda source: bool(source.happened("receive")), formats=("a4", "narrow"))
