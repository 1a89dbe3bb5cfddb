"""What several papers say about a return: whose it is, of which sales, which goods."""

from __future__ import annotations

from django.utils.translation import gettext as _

from backstock.core.figures import quantity_text
from backstock.documents import words
from backstock.documents.papers.source import Source
from backstock.returns.loading import LoadedLine
from backstock.returns.models import ReturnEvent


def customer_facts(source: Source, with_phone: bool = True) -> list[tuple[str, str]]:
    """Say whose return it is, and of which sales."""
    row = source.rma.row
    sales = dict.fromkeys(
        words.listed([f"S{line.row.sale_id:06d}", _reference(source, line)]) for line in source.rma.lines if line.row.sale_id
    )  # fmt: skip
    return [
        (_("Return"), row.number),
        (_("Type"), words.word(words.TYPES, row.type)),
        (_("Customer"), words.listed([row.customer.name, row.customer.code])),
        (_("Phone"), row.customer.phone if with_phone else ""),
        (_("Sale"), ", ".join(sales)),
        (_("Reference"), row.reference),
    ]


def _reference(source: Source, line: LoadedLine) -> str:
    found = source.sold.get(line.row.sale_line_id)
    return found.sale.reference if found else ""


def product_name(source: Source, line: LoadedLine) -> str:
    """Name the goods of a line: name, what tells it from its neighbours, and its lots or serial numbers."""
    product = line.row.product
    codes = dict.fromkeys(source.lots[piece.lot_id] for piece in line.pieces if piece.lot_id in source.lots)
    return words.listed([product.name or product.sku, product.spec, ", ".join(codes)])


def goods_of(source: Source, event: ReturnEvent) -> tuple[str, str, str, str]:
    """Name the goods of something that happened: sku, name, lot or serial number, quantity with unit."""
    piece = source.piece(event.piece_id)
    product = source.products.get(event.found_product_id) or (piece.product if piece else None)
    if product is None:
        return "", "", "", quantity_text(event.quantity_e4)
    lot = source.lots.get(piece.lot_id, "") if piece and not event.found_product_id else ""
    return (
        product.sku, words.listed([product.name or product.sku, product.spec]), lot,
        quantity_text(event.quantity_e4, product.unit),
    )  # fmt: skip


def reason_of(source: Source, line: LoadedLine) -> str:
    """Say why a line comes back."""
    return source.reasons.get(line.row.reason, line.row.reason)
