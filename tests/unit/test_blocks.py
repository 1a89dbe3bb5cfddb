"""What the law forbids, by company, day and category; and what a flow demands before goods are destroyed."""

from datetime import date

import pytest

from backstock.returns.quality.blocks import BLOCKS, block_for, first_missing, grounds_for, outlives

BEFORE, AFTER, LATER = date(2026, 7, 18), date(2026, 7, 19), date(2030, 7, 19)


@pytest.mark.parametrize(
    ("law", "size", "on", "to", "categories", "forbidden"),
    [
        ("EU", "large", AFTER, "scrap", {"apparel"}, True),
        ("EU", "large", AFTER, "scrap", {"coats", "apparel"}, True),
        ("EU", "large", BEFORE, "scrap", {"apparel"}, False),
        ("EU", "large", AFTER, "donate", {"apparel"}, False),
        ("EU", "large", AFTER, "scrap", {"household"}, False),
        ("EU", "large", AFTER, "scrap", set(), False),
        ("EU", "medium", AFTER, "scrap", {"footwear"}, False),
        ("EU", "medium", LATER, "scrap", {"footwear"}, True),
        ("EU", "small", LATER, "scrap", {"accessories"}, False),
        ("none", "large", LATER, "scrap", {"apparel"}, False),
        ("UK", "large", LATER, "scrap", {"apparel"}, False),
    ],
)
def test_destruction_is_forbidden_by_law_size_day_and_category(law, size, on, to, categories, forbidden):
    assert bool(block_for(law, size, on, to, categories)) == forbidden


def test_a_ground_of_the_law_opens_its_block_and_no_other_word_does():
    for ground in grounds_for("EU", "large", AFTER):
        assert block_for("EU", "large", AFTER, "scrap", {"apparel"}, ground=ground.code) is None
    assert block_for("EU", "large", AFTER, "scrap", {"apparel"}, ground="cheaper")
    assert grounds_for("EU", "small", AFTER) == grounds_for("CN", "large", AFTER) == ()


@pytest.mark.parametrize(("grade", "forbidden"), [("A", False), ("", False), ("B", True), ("D", True)])
def test_only_what_is_as_it_was_is_sold_as_new(grade, forbidden):
    assert bool(block_for("CN", "small", AFTER, "restock", {"x"}, grade)) == forbidden
    assert block_for("CN", "small", AFTER, "restock_discounted", {"x"}, grade) is None


def test_every_block_names_its_source_and_says_whether_it_was_checked():
    for block in BLOCKS:
        assert block.article
        assert block.source
        assert block.is_checked or "own knowledge" in block.source
        assert block.since


@pytest.mark.parametrize(
    ("expires_on", "wanted", "good"),
    [
        (None, 90, True), (AFTER, None, True), (AFTER, 0, True), (AFTER, 1, False), (BEFORE, None, False),
        (date(2026, 8, 18), 30, True), (date(2026, 8, 17), 30, False),
    ],
)  # fmt: skip
def test_goods_must_outlive_the_day_by_what_is_wanted(expires_on, wanted, good):
    assert outlives(expires_on, AFTER, wanted) == good


def test_demands_are_asked_for_in_their_order():
    assert first_missing({"certificate", "witness"}, set()) == "witness"
    assert first_missing({"certificate", "witness"}, {"witness", "photo"}) == "certificate"
    assert first_missing({"photo"}, {"photo"}) == first_missing((), ()) == ""
