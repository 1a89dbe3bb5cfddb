"""What may not be done with returned goods, whatever anybody decides: the law's blocks as data, and the demands of a flow. Pure.

Each block names its source and the days on which it holds. What nobody checked against the text yet says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

# Goods that go back on our shelves, and those that are sold as new.
ON_THE_SHELF: Final = frozenset({"restock", "restock_discounted"})
AS_NEW: Final = "restock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why the law may allow after all what it forbids."""

    code: str
    en: str
    zh: str

    def called(self, language: str) -> str:
        """Return the words in a language."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A disposition that a law forbids for goods of some categories (none: all), by the size of the company."""

    code: str
    law: str
    to: frozenset[str]
    categories: frozenset[str] = frozenset()
    # Size of the company → first day; a size that is missing is not bound.
    since: Mapping[str, date]
    until: date | None = None
    # Grades whose goods are not blocked; empty: the grade does not matter.
    grades: frozenset[str] = frozenset()
    article: str
    source: str
    is_checked: bool
    grounds: tuple[Ground, ...] = ()

    def holds(self, law: str, size: str, on: date) -> bool:
        """Tell whether it binds a company on a day."""
        first = self.since.get(size)
        return self.law == law and first is not None and first <= on and (self.until is None or on <= self.until)

    def forbids(self, to: str, categories: Collection[str], grade: str) -> bool:
        """Tell whether it is about a disposition of such goods."""
        touched = not self.categories or bool(self.categories & set(categories))
        return to in self.to and touched and not (self.grades and (not grade or grade in self.grades))


ALL_SIZES: Final = ("small", "medium", "large")
# (own knowledge, not checked against the delegated act of 2026-02-09)
ESPR_GROUNDS: Final = (
    Ground(code="safety", en="health, hygiene or safety", zh="健康、卫生或安全原因"),
    Ground(code="damage", en="damaged, repair does not pay", zh="已损坏且维修不经济"),
    Ground(code="unfit", en="unfit for its purpose, or against technical rules", zh="不适用或不符合技术规范"),
    Ground(code="donation_refused", en="offered for donation and refused", zh="捐赠被拒"),
    Ground(code="no_reuse", en="cannot be prepared for reuse or remanufactured", zh="无法再利用或再制造"),
    Ground(code="counterfeit", en="infringes intellectual property, counterfeit", zh="侵犯知识产权或假冒"),
    Ground(code="least_harm", en="destruction harms the environment least", zh="销毁对环境影响最小"),
)
BLOCKS: Final[tuple[Block, ...]] = (
    Block(
        code="espr_destruction",
        law="EU",
        to=frozenset({"scrap"}),
        categories=frozenset({"apparel", "footwear", "accessories"}),
        since={"large": date(2026, 7, 19), "medium": date(2030, 7, 19)},
        article="Regulation (EU) 2024/1781 Art. 25",
        source="Law firms' summaries of 2026; the day for medium companies and the grounds: own knowledge",
        is_checked=False,
        grounds=ESPR_GROUNDS,
    ),
    Block(
        code="cn_as_new",
        law="CN",
        to=frozenset({AS_NEW}),
        since=dict.fromkeys(ALL_SIZES, date(2017, 3, 15)),
        grades=frozenset({"A"}),
        article="网络购买商品七日无理由退货暂行办法 第25条",
        source="SAIC order 90 of 2017; the article's number: own knowledge",
        is_checked=False,
    ),
)


def block_for(
    law: str, size: str, on: date, to: str, categories: Collection[str], grade: str = "", ground: str = ""
) -> Block | None:
    """Return the block that forbids a disposition, None where none does or a ground of its own is stated."""
    for block in BLOCKS:
        if block.holds(law, size, on) and block.forbids(to, categories, grade):
            if ground and ground in {each.code for each in block.grounds}:
                continue
            return block
    return None


def grounds_for(law: str, size: str, on: date) -> tuple[Ground, ...]:
    """Return every ground that a company may state on a day."""
    return tuple(ground for block in BLOCKS if block.holds(law, size, on) for ground in block.grounds)


def outlives(expires_on: date | None, on: date, wanted_days: int | None) -> bool:
    """Tell whether goods are within their date, and will be for as long as they must to be sold again."""
    if expires_on is None:
        return True
    return (expires_on - on).days >= (wanted_days or 0)


# What a flow may demand before goods are destroyed, in the order in which it is asked for.
DEMANDS: Final = ("witness", "photo", "certificate")


def first_missing(demanded: Collection[str], given: Collection[str]) -> str:
    """Return the first demand that is not met, empty when all are."""
    return next((each for each in DEMANDS if each in demanded and each not in given), "")
