"""Returns that the policy splits, and returns without a sale."""

from __future__ import annotations

from backstock.core.amounts import E4
from backstock.core.permissions import SYSTEM
from backstock.refunds.commands.settle import SettleReturn, ToTender, settle_return
from backstock.refunds.queries import refund_figures
from backstock.returns.commands.approve import ApproveLine, ApproveReturn, approve_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.queries import legal_actions, loaded_return, returnable
from backstock.sales.commands.sell import Sell, SellLine, sell
from tests import build
from tests.cast import SUN
from tests.ledgers import refused


def split_by_policy() -> tuple[str, str]:
    """Sell A and underwear U; ask both back; the policy turns U down and leaves A to a person."""
    build.policy(reject_when=[{"category": "underwear"}])
    build.product("U", 50, category="underwear")
    build.bought("U")
    lines = (SellLine(sku="A", quantity_e4=E4), SellLine(sku="U", quantity_e4=E4))
    sale = sell(Sell(customer=SUN, lines=lines, on=build.DAY), actor=SYSTEM).document
    wish = (RequestLine(sku="A", quantity_e4=E4), RequestLine(sku="U", quantity_e4=E4))
    return sale, request_return(RequestReturn(sale=sale, lines=wish, on=build.DAY), actor=SYSTEM).document


def blind(**more: object) -> str:
    line = RequestLine(sku="A", quantity_e4=E4, unit_price_e6=90_000_000)
    wish = RequestReturn(customer=SUN, lines=(line,), on=build.DAY)
    return build.received(build.approved(request_return(wish, actor=SYSTEM).document))


def test_a_line_that_the_policy_turned_down_cannot_be_authorised(shop: str) -> None:
    _, rma = split_by_policy()

    with refused("quantity_exceeds_authorized"):
        approve_return(
            ApproveReturn(document=rma, lines=(ApproveLine(sku="U", quantity_e4=E4),), on=build.DAY), actor=SYSTEM
        )


def test_approving_the_rest_holds_open_only_what_was_authorised(shop: str) -> None:
    sale, rma = split_by_policy()

    build.approved(rma)

    assert [piece.authorized_e4 for piece in loaded_return(rma).pieces] == [E4, 0]
    assert (returnable(sale, "A"), returnable(sale, "U")) == (0, E4)


def test_a_return_without_a_sale_must_be_told_how_to_pay(shop: str) -> None:
    build.policy(inspection="none", refund_when="received")
    rma = blind()

    with refused("tender_required"):
        settle_return(SettleReturn(document=rma, on=build.DAY), actor=SYSTEM)


def test_a_return_without_a_sale_is_paid_where_somebody_says(shop: str) -> None:
    build.policy(inspection="none", refund_when="received")
    rma = blind()

    tenders = (ToTender(tender="cash", amount_cents=9_000),)
    settle_return(SettleReturn(document=rma, tenders=tenders, on=build.DAY), actor=SYSTEM)

    assert refund_figures(rma).by == {"cash": 9_000}


def test_refund_only_waits_for_no_goods(shop: str) -> None:
    rma = build.approved(build.requested(build.sold(), type="refund_only"))

    assert "returns.receive" not in legal_actions(loaded_return(rma))
