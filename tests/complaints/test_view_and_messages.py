"""Complaints about what people see of a return: its papers, labels, photos and messages."""

from __future__ import annotations

from tests import build


def test_a_customer_can_get_the_label_of_an_approved_return_and_it_leads_back_to_it(shop):
    """Rank 11: "customer downloads the label after approval"; the sheet carries number, address and a code."""
    from backstock.documents.papers.source import read
    from backstock.documents.render import papers

    rma = build.approved(build.requested(build.sold()))
    assert papers([rma], "request", "en", site="https://shop.example").startswith(b"%PDF")
    [source] = read([rma], "en", "https://shop.example")
    assert source.address == f"https://shop.example/returns/{rma}/"
