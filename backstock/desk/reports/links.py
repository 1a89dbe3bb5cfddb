"""Where a document of a ledger row leads: to its own page, or to what it posted."""

from __future__ import annotations

from functools import cache

from django.urls import NoReverseMatch, reverse

# Letters of document numbers → the name of the page, as far as this desk has one.
PAGES = {
    "S": "sale_page", "R": "return_page", "P": "purchase_receipt_page", "PI": "purchase_invoice_page",
    "PR": "purchase_return_page", "T": "transfer_page", "A": "adjustment_page", "C": "count_page", "B": "assembly_page",
}  # fmt: skip


@cache
def _exists(name: str) -> bool:
    try:
        reverse(name, args=["X1"])
    except NoReverseMatch:
        return False
    return True


def document_href(document: str) -> str:
    """Return the address of a document."""
    name = PAGES.get(document.rstrip("0123456789"), "")
    if name and _exists(name):
        return reverse(name, args=[document])
    return f"{reverse('report_vouchers')}?from=2000-01-01&to=2999-12-31&document={document}"
