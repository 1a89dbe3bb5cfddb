"""A stock count: frozen book quantities, several counters, difference, approval."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.warehouse.commands.count import count_stock
from backstock.warehouse.commands.count_goods import count_goods
from backstock.warehouse.commands.post_count import cancel_count, post_count
from backstock.warehouse.models import CountEntry, CountLine, StockCount
from tests import build, build_stock
from tests.build import e4
from tests.build_stock import count, counted, counting, posted, slip
from tests.ledgers import refused, written


@pytest.fixture
def shelf(shop):
    """Ten of A at 60, four of B at 5, a lot and two serials."""
    build.product("B", category="tea")
    build.bought("B", 4, 5)
    build.product("L", tracking="lot")
    build.bought("L", 3, 10, lot="L1")
    build.product("S", tracking="serial")
    build.bought("S", 2, 20, serials=("S1", "S2"))
    return shop


def on_list():
    return list(CountLine.objects.order_by("product_id", "lot_id").values_list("product_id", "book_e4"))


def line(product_id, lot_id=0):
    return CountLine.objects.get(product_id=product_id, lot_id=lot_id)


def test_the_whole_warehouse_is_on_the_list_with_what_the_books_say(shelf):
    assert counting() == "C000001"
    assert on_list() == [(1, e4(10)), (2, e4(4)), (3, e4(3)), (4, e4(1)), (4, e4(1))]


@pytest.mark.parametrize(
    ("wanted", "products"),
    [
        ({"scope": "category", "category": "tea"}, {2}),
        ({"scope": "products", "skus": ["A", "NEW"]}, {1, 5}),
        ({"scope": "value", "limit": 2}, {1, 4}),
        ({"scope": "oldest", "limit": 2}, {2, 3}),
    ],
)
def test_a_part_of_it(shelf, wanted, products):
    build.product("NEW")
    if wanted["scope"] == "oldest":  # A was counted, the others never were
        number = counting(scope="products", skus=["A"])
        counted(number, ("A", 10))
        posted(number)
    number = counting(**wanted)
    found = CountLine.objects.filter(stock_count__pk=int(number[1:]))
    assert set(found.values_list("product_id", flat=True)) == products


def test_several_people_count_in_several_passes_and_the_difference_is_posted(shelf):
    number = counting()
    counted(number, ("A", 4), {"sku": "L", "quantity": 5, "lot": "L1"})
    counted(number, ("A", 4))
    counted(number, ("A", -1))
    counted(number, {"sku": "S", "quantity": 1, "serials": ["S2"]})
    with written() as ledgers:
        posted(number)

    assert ledgers.goods == ["A 3 sellable → outside 180.00", "L 2 outside → sellable 20.00"]
    assert ledgers.money == ["inventory / stock_differences 20.00", "stock_differences / inventory 180.00"]
    assert (line(1).posted_e4, line(1).posted_cents, line(1).passes) == (-e4(3), -18_000, 3)
    assert StockCount.objects.get().status == "posted"
    assert CountEntry.objects.count() == 5


def test_what_was_not_counted_is_taken_as_zero_by_explicit_choice(shelf):
    number = counting(scope="products", skus=["A", "S"])
    counted(number, {"sku": "S", "quantity": 1, "serials": ["S1"]})
    with written() as ledgers:
        posted(number, uncounted="zero")

    assert ledgers.goods == ["A 10 sellable → outside 600.00", "S 1 sellable → outside 20.00"]


def test_what_was_sold_meanwhile_stays_sold(shelf):
    number = counting(scope="products", skus=["A"])
    build.sold("A", 6)
    counted(number, ("A", 9), how="set")
    with written() as ledgers:
        posted(number)
    assert ledgers.goods == ["A 1 sellable → outside 60.00"]

    number = counting(scope="products", skus=["A"])
    counted(number, ("A", 0), how="set")
    build.sold("A", 1)
    with refused("insufficient_stock", sku="A", asked_e4=e4(3), available_e4=e4(2)):
        post_count(post_count.parse({"document": number}), actor=SYSTEM)


def test_goods_that_nobody_expected_are_written_down_with_what_the_books_say_now(shelf):
    number = counting(scope="category", category="tea")
    counted(number, ("A", 11), {"sku": "S", "quantity": 1, "serials": ["S9"]})
    with written() as ledgers:
        posted(number)

    assert ledgers.goods == ["A 1 outside → sellable 60.00", "S 1 outside → sellable 20.00"]
    assert (line(1).book_e4, line(1).expected) == (e4(10), False)


def test_a_line_that_is_sent_back_is_counted_afresh(shelf):
    number = counting()
    counted(number, ("A", 3))
    counted(number, ("A", 1), how="recount")
    assert (line(1).counted_e4, line(1).passes, line(1).recounts) == (0, 0, 1)
    counted(number, ("A", 10))
    with written() as ledgers:
        posted(number)
    assert ledgers.goods == []


def test_goods_without_a_history_need_a_cost(shelf):
    build.product("NEW")
    number = counting()
    counted(number, ("NEW", 2))
    with refused("cost_required", sku="NEW"):
        post_count(post_count.parse({"document": number}), actor=SYSTEM)
    with written() as ledgers:
        posted(number, costs=[{"sku": "NEW", "unit_cost_e6": build.e6(7)}])
    assert ledgers.goods == ["NEW 2 outside → sellable 14.00"]


def test_a_cancelled_count_leaves_the_stock_alone_and_takes_nothing_any_more(shelf):
    number = counting()
    counted(number, ("A", 3))
    cancel_count(cancel_count.parse({"document": number}), actor=SYSTEM)
    for command, raw in (
        (count_goods, {"lines": [{"sku": "A", "quantity_e4": 1}]}),
        (post_count, {}),
        (cancel_count, {}),
    ):
        given = command.parse({"document": number, **raw})
        with refused("transition_not_allowed", document=number, current="cancelled"):
            command(given, actor=SYSTEM)
    assert counting() == "C000002"


def test_two_open_counts_never_have_the_same_goods(shelf):
    tea = counting(scope="category", category="tea")
    with refused("already_counting", document=tea, sku="B"):
        count_stock(count(), actor=SYSTEM)
    other = counting(scope="products", skus=["A"])
    with refused("already_counting", document=tea, sku="B"):
        count_goods(slip(other, ("B", 1)), actor=SYSTEM)
    one, two = count_stock.batch([count(scope="products", skus=["L"])] * 2, actor=SYSTEM, mode="each")
    assert (one.document, two.error.code) == ("C000003", "already_counting")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"warehouse": "WEST"}, "unknown_warehouse"),
        ({"scope": "products"}, "quantity_required"),
        ({"scope": "products", "skus": ["NO"]}, "unknown_product"),
        ({"scope": "category", "category": "none"}, "quantity_required"),
    ],
)
def test_refuses_to_start(shelf, wanted, code):
    given = count(**wanted)
    with refused(code):
        count_stock(given, actor=SYSTEM)


@pytest.mark.parametrize(
    ("how", "wanted", "code"),
    [
        ("add", ("NO", 1), "unknown_product"),
        ("add", ("A", 0), "quantity_required"),
        ("add", ("A", -1), "invalid_quantity"),
        ("set", ("A", -1), "invalid_quantity"),
        ("add", ("A", "0.5"), "invalid_quantity"),
        ("add", ("L", 1), "serial_required"),
        ("add", ("S", 1), "serial_required"),
        ("add", {"sku": "S", "quantity": 1, "serials": ["S1"]}, "already_counted"),
        ("add", ("K", 1), "kit_is_not_stocked"),
        ("recount", ("NEW", 1), "not_in_this_count"),
    ],
)
def test_refuses_to_count(shelf, how, wanted, code):
    build.product("K", kit={"A": 2})
    build.product("NEW")
    number = counting()
    counted(number, {"sku": "S", "quantity": 1, "serials": ["S1"]})
    given = slip(number, wanted, how=how)
    with refused(code):
        count_goods(given, actor=SYSTEM)


def test_refuses_a_count_of_nothing_and_an_unknown_one(shelf):
    number = counting()
    with refused("nothing_counted", document=number):
        post_count(post_count.parse({"document": number, "uncounted": "zero"}), actor=SYSTEM)
    with refused("quantity_required"):
        count_goods(slip(number), actor=SYSTEM)
    for command, raw in ((count_goods, {"lines": []}), (post_count, {}), (cancel_count, {})):
        with refused("unknown_document", document="C999999"):
            command(command.parse({"document": "C999999", **raw}), actor=SYSTEM)


def test_a_refused_slip_takes_its_lines_back(shelf):
    build.product("NEW")
    number = counting()
    wrong, good = count_goods.batch(
        [slip(number, ("NEW", 2), ("NO", 1)), slip(number, ("NEW", 3))], actor=SYSTEM, mode="each"
    )
    assert (wrong.error.code, good.answer["counted_e4"]) == ("unknown_product", e4(3))
    assert line(5).counted_e4 == e4(3)


@pytest.mark.parametrize("cost_method", ["fifo", "specific"])
def test_other_cost_methods(company_db, cost_method):
    build.company(cost_method=cost_method)
    build.product("L", tracking="lot")
    build.bought("L", 3, 10, lot="L1")
    build.bought("L", 3, 20, lot="L2")
    number = counting()
    counted(number, ("A", 12), {"sku": "L", "quantity": 1, "lot": "L2"}, {"sku": "L", "quantity": 4, "lot": "L1"})
    posted(number)
    assert build_stock.adjusted(("A", -12)) == "A000001"
