"""Read what arranges the catalogue: categories as a tree, classes of taxes, levels of prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from backstock.catalog.models import Category, PriceLevel, TaxClass


@dataclass(frozen=True, slots=True)
class Node:
    """A category at its depth in the tree."""

    row: Category
    depth: int
    parent: str


def category_tree(archived: bool = False) -> list[Node]:
    """Return the categories in the order of the tree: each before what lies inside it."""
    below: dict[int, list[Category]] = defaultdict(list)
    rows = Category.objects.order_by("position", "code")
    by_pk = {row.pk: row for row in rows if archived or row.archived_at is None}
    for row in by_pk.values():
        # What lies in an archived category is shown at the top rather than not at all.
        below[row.parent_id if row.parent_id in by_pk else 0].append(row)
    found: list[Node] = []
    waiting = [(row, 0) for row in reversed(below[0])]
    while waiting:
        row, depth = waiting.pop()
        parent = by_pk.get(row.parent_id or 0)
        found.append(Node(row, depth, parent.code if parent else ""))
        waiting += [(child, depth + 1) for child in reversed(below[row.pk])]
    return found


def codes_inside(code: str) -> set[str]:
    """Return the codes of a category and of everything inside it."""
    inside = {code}
    for node in category_tree(archived=True):
        if node.parent in inside:
            inside.add(node.row.code)
    return inside


def categories_above(codes: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return each category with everything that it lies inside; a code without a row lies in nothing."""
    parents = dict(Category.objects.values_list("code", "parent__code"))
    found = {}
    for code in set(codes) - {""}:
        above, each = {code}, parents.get(code)
        while each and each not in above:
            above.add(each)
            each = parents.get(each)
        found[code] = frozenset(above)
    return found


def category_names(codes: Iterable[str], language: str) -> dict[str, str]:
    """Return what categories are called; a code without a row is called by its code."""
    wanted = set(codes) - {""}
    rows = Category.objects.filter(code__in=wanted) if wanted else Category.objects.none()
    return {code: code for code in wanted} | {row.code: row.called(language) for row in rows}


def tax_classes() -> list[TaxClass]:
    """Return the classes of taxes that are in use."""
    return list(TaxClass.objects.filter(archived_at=None).order_by("position", "code"))


def price_levels() -> list[PriceLevel]:
    """Return the levels of prices that are in use."""
    return list(PriceLevel.objects.filter(archived_at=None).order_by("position", "code"))
