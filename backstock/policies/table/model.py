"""What a policy table is made of: facts that may be asked, tests of them, rows, and the row that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["text", "set", "number", "yesno"]
Hit = Literal["first", "strictest"]


@dataclass(frozen=True, slots=True)
class Field:
    """One fact that a condition may ask: what it is, in which unit, and its words."""

    name: str
    kind: Kind
    en: str
    zh: str
    # How a number is typed and shown: days, cents, e4 (a quantity), e6 (a share), count.
    unit: str = ""


FIELDS: Final[Mapping[str, Field]] = {
    each.name: each
    for each in (
        Field("sku", "text", "product", "商品"),
        Field("category", "text", "category", "类目"),
        Field("tag", "set", "tag", "标签"),
        Field("customer", "text", "customer", "客户"),
        Field("customer_level", "text", "customer level", "客户等级"),
        Field("channel", "text", "channel", "渠道"),
        Field("country", "text", "country", "国家"),
        Field("reason", "text", "reason", "原因"),
        Field("type", "text", "type of return", "退货类型"),
        Field("condition", "text", "condition", "成色"),
        Field("campaign", "text", "campaign", "活动"),
        Field("days_since_delivery", "number", "days since delivery", "签收后天数", "days"),
        Field("amount_cents", "number", "amount", "金额", "cents"),
        Field("quantity_e4", "number", "quantity", "数量", "e4"),
        Field("returns_90_days", "number", "customer's returns in 90 days", "客户近90天退货数", "count"),
        Field("return_rate_e6", "number", "customer's return rate of a year", "客户近一年退货率", "e6"),
        Field("quota_used_e6", "number", "quota used", "退货额度已用", "e6"),
        Field("evidence", "yesno", "evidence given", "已附凭证"),
        Field("in_warranty", "yesno", "in warranty", "保修期内"),
        Field("final_sale", "yesno", "final sale", "售出不退"),
        Field("opened", "yesno", "opened", "已拆封"),
    )
}
# The strictest wins; a row that decides nothing is the mildest.
STRICTNESS: Final = {"": -1, "approve": 0, "review": 1, "reject": 2}
# No row.
NONE: Final = -1


@dataclass(frozen=True, slots=True)
class Test:
    """What a condition wants of one fact; texts within `values` or without, a number from `low` to `high`, yes or no."""

    values: tuple[str, ...] = ()
    negated: bool = False
    low: int | None = None
    high: int | None = None
    yes: bool | None = None

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> Test:
        """Read a test as it is kept: {"is": […]}, {"not": […]}, {"min": 1, "max": 9}, {"yes": true}."""
        if "yes" in raw:
            return cls(yes=raw["yes"])
        if "is" in raw or "not" in raw:
            return cls(values=tuple(raw.get("is", raw.get("not", ()))), negated="not" in raw)
        return cls(low=raw.get("min"), high=raw.get("max"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: all its tests must hold; what follows are terms of a line and perhaps a decision."""

    id: str
    when: Mapping[str, Test]
    then: Mapping[str, Any]
    note: Mapping[str, str]

    @property
    def decision(self) -> str:
        """Say approve, review or reject; empty where the row leaves that to the rest of the policy."""
        return str(self.then.get("decision", ""))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in their order, and which of several that fit counts."""

    hit: Hit
    rows: Sequence[Row]

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> Table:
        """Read a table as it is kept with a version of the policy."""
        rows = tuple(
            Row(
                id=each["id"],
                when={name: Test.load(test) for name, test in each.get("when", {}).items()},
                then=each.get("then", {}),
                note=each.get("note", {}),
            )
            for each in raw.get("rows", ())
        )
        return cls(raw.get("hit", "first"), rows)

    @property
    def order(self) -> list[int]:
        """List the rows so that the first one that fits counts: as they stand, or the strictest first."""
        if self.hit == "first":
            return list(range(len(self.rows)))
        return sorted(range(len(self.rows)), key=lambda n: -STRICTNESS[self.rows[n].decision])

    @property
    def asked(self) -> frozenset[str]:
        """Name the facts that any row looks at."""
        return frozenset(name for row in self.rows for name in row.when)
