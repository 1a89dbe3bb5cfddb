"""退货申请单: what a customer asked to return; printed it lies in the parcel and leads whoever opens it to the return."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.amounts import line_cents, share
from backstock.core.figures import quantity_text
from backstock.documents import words
from backstock.documents.papers.facts import customer_facts, product_name, reason_of
from backstock.documents.papers.sheet import Column, Kind, Sheet, money
from backstock.documents.papers.source import Source
from backstock.returns.loading import LoadedLine
from backstock.returns.queries import progress

TITLE = gettext_lazy("Return request")


def build(source: Source) -> Sheet:
    """Say what was asked for, what was decided, and where the goods go."""
    row, head = source.rma.row, source.letterhead
    decided = f"{row.decided_on}" if row.decided_on else ""
    to = head.said("returns_to", source.language) or head.said("address", source.language)
    notes = [*source.remarks]
    if row.status in ("requested", "approved") and row.type != "refund_only":
        notes.append(_("Please put this sheet into the parcel."))
        notes += [_("Send the goods to: %(address)s") % {"address": to}] if to else []
    if row.status == "approved" and row.lapses_on:
        notes.append(_("Please send them so that they are here by %(day)s.") % {"day": row.lapses_on})
    return Sheet(
        title=str(TITLE),
        facts=[
            *customer_facts(source),
            (_("State"), words.word(words.STATUSES, progress(source.rma))),
            (_("Requested on"), f"{row.requested_on}"), (_("Decided on"), decided),
        ],
        columns=[
            Column("SKU", 2.2), Column(_("Product"), 5), Column(_("Asked back"), 1.8, "right"),
            Column(_("Approved"), 1.8, "right"), Column(_("Sold for"), 2, "right"), Column(_("Reason"), 3),
        ],
        rows=[_row(source, line) for line in source.rma.lines],
        notes=notes,
        signatures=[_("Customer"), _("Taken by"), _("Approved by")],
    )  # fmt: skip


def _row(source: Source, line: LoadedLine) -> list[str]:
    unit = line.row.product.unit
    return [
        line.row.product.sku, product_name(source, line), quantity_text(line.in_line_units("requested_e4"), unit),
        quantity_text(line.in_line_units("authorized_e4"), unit), money(source, _worth(source, line)), reason_of(source, line),
    ]  # fmt: skip


def _worth(source: Source, line: LoadedLine) -> int:
    """Return what the goods asked back were sold at, tax included."""
    asked_e4, sold = line.in_line_units("requested_e4"), source.sold.get(line.row.sale_line_id)
    if sold is None:
        return line_cents(asked_e4, line.row.unit_price_e6 or 0, source.rma.row.currency_digits)
    return share(sold.net_cents + sold.tax_cents, asked_e4, sold.quantity_e4)


KIND = Kind("request", TITLE, build, lambda source: True)
