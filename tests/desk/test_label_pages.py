"""Labels: every receipt has its number, and scanning it leads to the step that its goods wait for."""

from __future__ import annotations

import pytest

from tests.desk.test_dock_pages import browser, scan, trade

__all__ = ["trade"]


def test_a_label_for_every_receipt_that_stands(trade) -> None:
    from backstock.core.permissions import SYSTEM
    from backstock.returns.commands.undo import UndoStep, undo_step
    from tests import build_dock

    rma = build_dock.waiting(3)
    trade.received(rma, 1)
    trade.received(rma, 1, found="damaged")
    page = browser("zhou").get(f"/returns/labels/?of={rma}").text
    assert page.count('class="label"') == page.count('<svg class="label-code"') == 2
    assert "L000001" in page
    assert "Damaged" in page
    assert browser("zhou").get(f"/returns/labels/?last=1&of={rma}").text.count('class="label"') == 1
    undo_step(UndoStep(document=rma, what="receive", on=trade.DAY), actor=SYSTEM)
    assert browser("zhou").get(f"/returns/labels/?of={rma}").text.count('class="label"') == 1
    number = build_dock.taken_in()
    assert f"{number}-1" in browser("zhou").get(f"/returns/labels/?of={number}").text
    assert browser("zhou").get("/returns/labels/?of=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("who", "code", "target"),
    [
        ("li", "L000001", "/returns/R000001/inspect/?sku=A"),
        ("li", "r000001", "/returns/R000001/inspect/"),
        ("zhou", "L000001", "/returns/R000001/receive/?sku=A"),
        ("wu", "L000001", "/returns/R000001/"),
        ("zhou", "un000001-1", "/returns/unclaimed/UN000001/"),
        ("zhou", "L000099", "/returns/?q=L000099"),
        ("zhou", "A", "/returns/?q=A"),
    ],
)
def test_a_scanned_label_leads_on(trade, who: str, code: str, target: str) -> None:
    from tests import build_dock

    trade.received(build_dock.waiting(2), 1)
    build_dock.taken_in()
    assert browser(who).get(f"/returns/scan/?code={code}").headers["Location"] == target


def test_the_dock_says_that_a_label_was_received_already_and_the_list_finds_it(trade) -> None:
    from tests import build_dock

    rma, client = build_dock.waiting(1), browser("zhou")
    trade.received(rma)
    assert f"was received already: {rma}" in scan(client, "L000001")
    assert rma in client.get("/returns/?q=L000001").text
