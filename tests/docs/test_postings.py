"""The table of postings in the docs is what the pure posting rules do."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstock.money.accounts import Role
from backstock.money.transfers import Pay, worth_writing
from backstock.purchases.postings import (
    invoice_transfers as purchase_invoice_transfers,
)
from backstock.purchases.postings import (
    receipt_move as purchase_move,
)
from backstock.purchases.postings import (
    receipt_transfers,
    send_back_moves,
    send_back_transfers,
)
from backstock.refunds.postings import settlement_transfers
from backstock.refunds.settlement import Claim, LineShare, SaleShare
from backstock.returns.postings import (
    DISPOSITIONS,
    REPAIRED,
    credit_move,
    credit_transfers,
    disposal_transfers,
    receipt_move,
    receipt_transfer,
    repair_move,
    repair_transfers,
    target_of,
)
from backstock.sales.postings import Money, cost_of_sale, invoice_transfers, payment_transfer, shipment_moves
from backstock.stock.moves import Move, Pool
from backstock.stock.places import kind_of, place_id
from backstock.stock.valuation import Taken

PAGE = Path(__file__).resolve().parents[2] / "docs" / "postings.md"
MONEY = Money(customer_id=1, currency="CNY", rate_e9=10**9)
QUARANTINE = place_id("quarantine", 1)


def table() -> dict[str, tuple[str, set[tuple[str, str]]]]:
    """Read step → (goods, {(debit, credit)}); «cash, bank or store_credit» stands for each of them."""
    rows = [
        line.strip("|").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    found = {}
    for step, goods, money in rows[1:]:
        pairs = set()
        for pair in money.split("·"):
            if "/" in pair:
                debit, credit = (side.strip() for side in pair.split("/"))
                for one in debit.replace(" or ", ", ").split(", "):
                    pairs |= {(one, other) for other in credit.replace(" or ", ", ").split(", ")}
        found[step.strip()] = (goods.strip(), pairs)
    return found


def pairs(transfers: list[Pay]) -> set[tuple[str, str]]:
    return {(Role(pay.debit).name, Role(pay.credit).name) for pay in worth_writing(transfers)}


@pytest.mark.parametrize("to", DISPOSITIONS)
def test_a_disposition_posts_what_the_table_says(to: str) -> None:
    target, _ = target_of(to, QUARANTINE, 7, 0, False, "average", "B")
    lost = 40 if to == "restock_discounted" else 0

    goods, money = table()[to]

    assert goods == f"quarantine → {kind_of(target)}"
    assert pairs(disposal_transfers(to, 100, lost, 1)) == money


@pytest.mark.parametrize("to", REPAIRED)
def test_a_finished_repair_posts_what_the_table_says(to: str) -> None:
    move = repair_move(1, 0, 10_000, 7, place_id("repair", 1), to, 60, 0, "average")
    added = 5 if to == "restock" else 0

    goods, money = table()[f"repaired, {to}"]

    assert goods == way(move)
    assert (
        pairs([each for who in (0, 2) for up in (0, added) for each in repair_transfers(to, 60, 10, 3, up, 1, who)])
        == money
    )


def test_a_receipt_posts_what_the_table_says() -> None:
    move = receipt_move(1, 0, 10_000, 1, 7, 100)

    goods, money = table()["receive"]

    assert goods == f"{kind_of(move.source_id)} → {kind_of(move.target_id)}"
    assert pairs([receipt_transfer(100, 1)]) == money


def test_a_sale_posts_what_the_table_says() -> None:
    moves = shipment_moves(1, 0, place_id("sellable", 1), [Taken(Pool("new"), 10_000, 60)])

    rows = table()

    assert rows["ship"] == (
        f"{kind_of(moves[0].source_id)} → {kind_of(moves[0].target_id)}",
        pairs([cost_of_sale(moves, 1)]),
    )
    assert rows["invoice"][1] == pairs(invoice_transfers(MONEY, 100, 13, 0))
    assert rows["payment"][1] == pairs(
        [payment_transfer(MONEY, each, 1) for each in ("cash", "wechat", "store_credit")]
    )


def test_a_purchase_posts_what_the_table_says() -> None:
    shelf, rows = place_id("sellable", 1), table()
    arriving = purchase_move(1, 0, 10_000, shelf, Pool("new"), 100, 7)
    leaving = send_back_moves(1, 0, shelf, [Taken(Pool("new"), 10_000, 60)], 7)[0]
    credit = credit_move(1, 0, 10_000, 7, 60)

    assert rows["purchase receipt"] == (way(arriving), pairs(receipt_transfers(100, 13, 1, False)))
    assert rows["opening stock"] == (way(arriving), pairs(receipt_transfers(100, 0, 1, True)))
    assert rows["purchase invoice"][1] == pairs(purchase_invoice_transfers(5, 1, 1))
    assert rows["purchase return"] == (way(leaving), pairs(send_back_transfers(100, 13, 60, 1)))
    assert rows["vendor_credit"] == (way(credit), pairs(credit_transfers(50, 6, 60, 1)))


def way(move: Move) -> str:
    return f"{kind_of(move.source_id)} → {kind_of(move.target_id)}"


def test_a_settlement_posts_what_the_table_says() -> None:
    figures = dict.fromkeys(Claim.__dataclass_fields__, 0) | {"sku": "A"}
    line = LineShare(Claim(**figures), 10_000, 100, 13, 100, 13)
    share = SaleShare(1, [line], fee_cents=10, by={"cash": 40, "card": 43, "store_credit": 20})

    rows = table()

    wanted = rows["credit note"][1] | rows["fee kept"][1] | rows["refund"][1]
    assert pairs(settlement_transfers(MONEY, share, share.by)) == wanted
    assert Role.receivable.name in {debit for debit, _ in wanted}
