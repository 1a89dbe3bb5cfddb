"""Pick lists: made for orders, ticked off, shipped, given up."""

from backstock.core.permissions import SYSTEM
from backstock.sales.commands.pick import MakePick, make_pick
from backstock.sales.models import PickLine
from backstock.sales.picking import load_picks, reserved
from tests import build, build_sales
from tests.build import DAY, e4
from tests.ledgers import refused, written


def held():
    return sum(reserved(PickLine.objects.values_list("product_id", flat=True)).values())


def state(number):
    return load_picks([number], lock=False)[number].state


def test_asks_for_what_orders_have_to_ship_and_reserves_it(shop):
    one, two = build_sales.ordered(quantity=3), build_sales.ordered(quantity=2)
    build_sales.shipped(one, 1)
    with written() as ledgers:
        pick = build_sales.picked(one, two)

    assert (ledgers.goods, ledgers.money) == ([], [])
    assert (pick, list(PickLine.objects.order_by("pk").values_list("quantity_e4", flat=True))) == (
        "K000001",
        [e4(2), e4(2)],
    )
    assert (held(), state(pick)) == (e4(4), "open")


def test_asks_only_for_what_is_on_the_shelf_and_on_no_other_list(shop):
    one, two, three = (build_sales.ordered(quantity=4) for _ in range(3))
    build_sales.picked(one)
    build_sales.picked(one, two, three)

    wanted = PickLine.objects.order_by("pk").values_list("sale_line__sale_id", "quantity_e4")
    assert list(wanted) == [(1, e4(4)), (2, e4(4)), (3, e4(2))]
    with refused("nothing_to_pick", document=three):
        build_sales.picked(three)


def test_a_kit_is_picked_by_its_components(shop):
    build.product("T")
    build.bought("T", 20)
    build.product("K", kit={"A": 1, "T": 3})
    build_sales.picked(build_sales.ordered("K", 2))

    assert list(PickLine.objects.order_by("pk").values_list("product__sku", "quantity_e4")) == [
        ("A", e4(2)),
        ("T", e4(6)),
    ]


def test_goods_are_ticked_off_for_the_first_order_that_wants_them(shop):
    pick = build_sales.picked(build_sales.ordered(quantity=2), build_sales.ordered(quantity=2))
    build_sales.ticked(pick, 3)
    assert list(PickLine.objects.order_by("pk").values_list("picked_e4", flat=True)) == [e4(2), e4(1)]
    with refused("pick_exceeds_list", document=pick, sku="A", asked_e4=e4(2), left_e4=e4(1)):
        build_sales.ticked(pick, 2)
    build.product("B")
    with refused("pick_exceeds_list", sku="B", left_e4=0):
        build_sales.ticked(pick, 1, "B")


def test_what_ships_is_reserved_no_more_and_the_list_is_done_when_all_has(shop):
    sale = build_sales.ordered(quantity=3)
    pick = build_sales.picked(sale)
    build_sales.shipped(sale, 1)
    assert (held(), state(pick)) == (e4(2), "open")
    build_sales.shipped(sale, 2)
    assert (held(), state(pick)) == (0, "done")
    with refused("transition_not_allowed", current="done"):
        build_sales.ticked(pick, 1)


def test_a_list_that_is_given_up_frees_its_goods_for_another(shop):
    sale = build_sales.ordered(quantity=10)
    pick = build_sales.picked(sale)
    build_sales.ended(pick)
    assert (held(), state(pick)) == (0, "ended")
    build_sales.picked(sale)
    with refused("transition_not_allowed", document=pick, current="ended"):
        build_sales.ended(pick)


def test_refuses_orders_of_two_warehouses_and_orders_with_nothing_to_take(scratch):
    with scratch.database():
        build.company(warehouses=("MAIN", "EAST"))
        sales = (build_sales.ordered(), build_sales.ordered(warehouse="EAST"))
        with refused("invalid_input", field="sales"):
            build_sales.picked(*sales)
        gone = build.sold()
        with refused("nothing_to_pick", document=gone):
            build_sales.picked(gone)
        with refused("unknown_document", document="S999"):
            build_sales.picked("S999")


def test_two_lists_of_one_batch_never_reserve_the_same_pieces(shop):
    sales = [build_sales.ordered(quantity=6), build_sales.ordered(quantity=6)]
    made = make_pick.batch([MakePick(sales=(each,), on=DAY) for each in (*sales, sales[0])], actor=SYSTEM, mode="each")
    assert (held(), made[2].error.code) == (e4(10), "nothing_to_pick")
