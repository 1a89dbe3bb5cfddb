"""The close of a period shows what stands on both sides of its last day, as it stood that day."""

from __future__ import annotations

from datetime import timedelta

from backstock.books.cutoff import CutOff, came_e4, cut_offs
from tests import build
from tests.build import DAY
from tests.desk.test_returns_pages import browser, statements

NEXT = DAY + timedelta(days=1)


def test_a_kit_came_when_all_its_parts_came() -> None:
    assert came_e4([(1, 10_000, 20_000), (2, 20_000, 20_000)]) == 10_000
    assert came_e4([(1, 10_000, 20_000), (1, 10_000, 10_000)]) == 30_000
    assert came_e4([]) == 0


def test_goods_and_money_on_both_sides_of_the_last_day_are_shown_as_they_stood(company_db: str) -> None:
    from backstock.core.permissions import SYSTEM
    from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
    from tests.cast import cast

    build.company(quantity=50)
    cast()
    late = build.back_on_the_shelf(2, number=build.sold(paid="none"))
    assert cut_offs(DAY) == [CutOff(late, 20_000, 0)]
    build.settled(late, on=NEXT)
    # Credited the day after: still open at the end of the first day, and not at the end of the second.
    assert (cut_offs(DAY), cut_offs(NEXT)) == ([CutOff(late, 20_000, 0)], [])
    turned_down = build.inspected(build.on_the_dock(), accepted=False)
    assert turned_down not in {each.number for each in cut_offs(NEXT)}

    build.policy(refund_when="approved")
    early = build.settled(build.approved(build.requested(build.sold())))
    assert CutOff(early, 0, 10_000) in cut_offs(DAY)
    build.received(early, on=NEXT)
    assert early in {each.number for each in cut_offs(DAY)}
    assert early not in {each.number for each in cut_offs(NEXT)}
    after = NEXT + timedelta(days=1)
    undo_settlement(UndoSettlement(document=late, on=after), actor=SYSTEM)
    assert late not in {each.number for each in cut_offs(NEXT)}
    assert CutOff(late, 20_000, 0) in cut_offs(after)

    zhao, path = browser("zhao"), "/money/close/"
    text = zhao.get(path).text
    assert "Goods that came back and are not credited" in text
    assert late in text
    few = statements(zhao, path)
    build.on_the_dock()
    build.on_the_dock()
    assert statements(zhao, path) == few
