"""退款单: what was credited, what was kept, and how the money went back; in Chinese also in capital numerals."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.figures import quantity_text
from backstock.documents import words
from backstock.documents.capitals import capital_amount
from backstock.documents.papers.facts import customer_facts, product_name
from backstock.documents.papers.sheet import Column, Kind, Sheet, money
from backstock.documents.papers.source import Source
from backstock.refunds.models import CreditNoteLine

TITLE = gettext_lazy("Refund note")


def build(source: Source) -> Sheet:
    """Say every credited line, the sums, and the payments."""
    row, total = source.rma.row, sum(refund.amount_cents for refund in source.refunds)
    chinese = source.language.startswith("zh")
    capital = capital_amount(total, row.currency, row.currency_digits)
    return Sheet(
        title=str(TITLE),
        facts=[
            *customer_facts(source, with_phone=False),
            (_("Credit note"), ", ".join(note.number for note in source.notes)),
            (_("Number in the year"), ", ".join(source.note_numbers.get(note.pk, "–") for note in source.notes)),
            (_("Issued on"), ", ".join(dict.fromkeys(f"{note.issued_on}" for note in source.notes))),
            (_("Currency"), row.currency),
        ],
        columns=[
            Column(_("Credit note"), 2), Column("SKU", 2.2), Column(_("Product"), 4.4), Column(_("Quantity"), 1.8, "right"),
            Column(_("Net"), 2, "right"), Column(_("Tax"), 1.8, "right"), Column(_("Amount"), 2, "right"),
        ],
        rows=[_row(source, line) for line in source.note_lines],
        totals=_sums(source),
        total=(_("Refunded in all"), money(source, total)),
        in_words=(_("In capital numerals"), capital) if chinese else None,
        notes=[
            f"{words.word(words.TENDERS, refund.tender)}: {money(source, refund.amount_cents)}"
            f" ({words.word(words.REFUND_STATUSES, refund.status)}, {refund.number})"
            for refund in source.refunds
        ],
        signatures=[_("Finance"), _("Approved by"), _("Customer")],
    )  # fmt: skip


def _row(source: Source, line: CreditNoteLine) -> list[str]:
    own = next((each for each in source.rma.lines if each.row.pk == line.return_line_id), None)
    sku, name, unit = (
        ("", "", "") if own is None else (own.row.product.sku, product_name(source, own), own.row.product.unit)
    )
    return [
        line.note.number, sku, name, quantity_text(line.quantity_e4, unit), money(source, line.net_cents),
        money(source, line.tax_cents), money(source, line.net_cents + line.tax_cents),
    ]  # fmt: skip


def _sums(source: Source) -> list[tuple[str, str]]:
    """Say the parts of the total that are not nothing."""

    def of(name: str) -> int:
        return sum(int(getattr(note, name)) for note in source.notes)

    parts = [
        (_("Goods"), of("goods_cents")), (_("Tax"), of("tax_cents")), (_("Shipping fee"), of("shipping_cents")),
        (_("Fee kept"), -of("fee_cents")), (_("Waived"), -of("waived_cents")), (_("Rounding"), -of("rounding_cents")),
    ]  # fmt: skip
    return [(label, money(source, cents)) for label, cents in parts if cents]


KIND = Kind("refund", TITLE, build, lambda source: bool(source.notes))
