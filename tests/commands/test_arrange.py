"""Arrange the catalogue: a tree stays a tree."""

import pytest

from backstock.catalog.commands.arrange import arrange_categories
from backstock.catalog.models import Category, PriceLevel
from backstock.catalog.tree import category_names, category_tree, codes_inside
from backstock.core.permissions import SYSTEM
from tests.build_catalog import category, level
from tests.ledgers import refused


@pytest.fixture
def tree(shop):
    category("clothes", name_zh="服装", name_en="Clothes")
    category("shirts", "clothes", name_en="Shirts", position=2)
    category("coats", "clothes", position=1)
    category("food")


def shown():
    return [("  " * node.depth + node.row.code) for node in category_tree()]


def test_the_tree_is_shown_by_position_each_before_what_lies_in_it(tree):
    assert shown() == ["clothes", "  coats", "  shirts", "food"]
    assert codes_inside("clothes") == {"clothes", "coats", "shirts"}


def test_names_fall_back_to_the_other_language_and_then_to_the_code(tree):
    codes = ("clothes", "shirts", "coats", "unknown")
    assert category_names(codes, "zh-hans") == {
        "clothes": "服装",
        "shirts": "Shirts",
        "coats": "coats",
        "unknown": "unknown",
    }
    assert category_names(["clothes"], "en") == {"clothes": "Clothes"}


def test_a_branch_moves_with_what_lies_in_it(tree):
    category("clothes", "food")
    assert shown() == ["food", "  clothes", "    coats", "    shirts"]
    category("clothes", "")
    assert shown()[0] == "clothes"


def test_what_is_not_given_stays(tree):
    arrange_categories(arrange_categories.parse({"code": "shirts", "name_zh": "衬衫"}), actor=SYSTEM)
    row = Category.objects.get(code="shirts")
    assert (row.name_zh, row.name_en, row.position, row.parent.code) == ("衬衫", "Shirts", 2, "clothes")


def test_a_whole_tree_may_come_in_one_batch(tree):
    raws = [{"code": "toys", "parent": ""}, {"code": "dolls", "parent": "toys"}, {"code": "toys", "parent": "food"}]
    arrange_categories.batch([arrange_categories.parse(raw) for raw in raws], actor=SYSTEM)
    assert shown()[-3:] == ["food", "  toys", "    dolls"]


@pytest.mark.parametrize("parent", ["clothes", "shirts"])
def test_refuses_a_circle(tree, parent):
    with refused("category_circle", category="clothes", parent=parent):
        category("clothes", parent)


def test_refuses_a_circle_made_within_one_batch_and_lets_the_others_be(tree):
    raws = [
        {"code": "food", "parent": "coats"},
        {"code": "clothes", "parent": "food"},
        {"code": "clothes", "name_zh": "衣"},
    ]
    outcomes = arrange_categories.batch([arrange_categories.parse(raw) for raw in raws], actor=SYSTEM, mode="each")
    assert outcomes[1].error.code == "category_circle"
    assert shown() == ["clothes", "  coats", "    food", "  shirts"]


def test_a_new_category_of_a_refused_item_is_not_there_for_the_next(tree):
    raws = [{"code": "new", "parent": "new"}, {"code": "below", "parent": "new"}]
    outcomes = arrange_categories.batch([arrange_categories.parse(raw) for raw in raws], actor=SYSTEM, mode="each")
    assert [each.error.code for each in outcomes] == ["category_circle", "unknown_category"]
    assert not Category.objects.filter(code__in=["new", "below"]).exists()


def test_an_archived_category_leaves_the_tree_and_comes_back(tree):
    category("clothes", archived=True)
    assert sorted(each.strip() for each in shown()) == ["coats", "food", "shirts"]
    category("clothes", archived=False)
    assert "clothes" in shown()


def test_levels_of_prices_are_added_and_renamed(shop):
    level("vip", name_zh="贵宾")
    level("vip", name_en="VIP")
    assert PriceLevel.objects.get().called("zh-hans") == "贵宾"
