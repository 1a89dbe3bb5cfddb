"""A request that may be the same one twice says so, and is taken nonetheless."""

from __future__ import annotations

from tests import build
from tests.build import DAY
from tests.build_requests import asked, line
from tests.cast import HE, SUN


def warned(done) -> list[str]:
    return [each["document"] for each in done.answer.get("warnings", [])]


def test_the_answer_names_open_and_recent_requests_of_the_same_goods(shop):
    sale = build.sold(quantity=5)
    first = asked(line("A", 1), sale=sale)
    second = asked(line("A", 1), sale=sale)
    assert (warned(first), warned(second)) == ([], [first.document])
    assert second.answer["warnings"][0]["skus"] == ["A"]
    assert second.answer["outcome"] == "review"


def test_what_is_over_for_long_or_was_withdrawn_is_no_duplicate(shop):
    from datetime import timedelta

    from backstock.core.permissions import SYSTEM
    from backstock.returns.commands.cancel import CancelReturn, CloseReturn, cancel_return, close_return

    sale = build.sold(quantity=9)
    rma = build.on_the_dock(1, number=sale)
    close_return(CloseReturn(document=rma, on=DAY), actor=SYSTEM)
    gone = build.requested(sale)
    cancel_return(CancelReturn(document=gone, on=DAY), actor=SYSTEM)
    assert warned(asked(line("A", 1), sale=sale, on=DAY + timedelta(days=3))) == [rma]
    assert rma not in warned(asked(line("A", 1), sale=sale, on=DAY + timedelta(days=40)))


def test_without_a_sale_the_customer_and_the_product_tell(shop):
    first = asked(line("A", 1, unit_price_e6=1), customer=HE)
    assert warned(asked(line("A", 1, unit_price_e6=1), customer=HE)) == [first.document]
    assert warned(asked(line("A", 1, unit_price_e6=1), customer=SUN)) == []


def test_in_a_batch_each_request_has_its_own_warnings(shop):
    from backstock.core.permissions import SYSTEM
    from backstock.returns.commands.request import request_return

    known, fresh = build.sold(quantity=3), build.sold(quantity=3)
    first = asked(line("A", 1), sale=known)
    inputs = [build.request(known), build.request(fresh)]
    assert [warned(done) for done in request_return.batch(inputs, actor=SYSTEM)] == [[first.document], []]
