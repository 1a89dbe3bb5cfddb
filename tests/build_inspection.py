"""Rules for inspectors and second opinions, by commands."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.core.permissions import SYSTEM, Actor
from backstock.returns.commands.publish_inspection import publish_inspection
from backstock.returns.commands.second_opinion import give_second_opinion
from tests.build import DAY, Number, e4

CHECKS = [
    {"code": "sealed", "kind": "yes_no", "words": {"zh-hans": "包装完好？", "en": "Sealed?"}},
    {
        "code": "weight", "kind": "measure", "words": {"zh-hans": "净重", "en": "Net weight"}, "unit": "g",
        "low_e4": e4(95), "high_e4": e4(105), "required": False,
    },
    {
        "code": "smell", "kind": "choice", "words": {"zh-hans": "气味", "en": "Smell"}, "required": False,
        "choices": {"none": {"zh-hans": "无", "en": "none"}, "smoke": {"zh-hans": "烟味", "en": "smoke"}}, "bad_choices": ["smoke"],
    },
    {"code": "front", "kind": "photo", "words": {"zh-hans": "正面照", "en": "Front"}},
]  # fmt: skip


def rules(on: date = DAY, **terms: Any) -> None:
    """Publish rules for inspections, of all goods unless `per_category` says otherwise."""
    wanted = {"terms": terms or {"checks": CHECKS}, "valid_from": "0001-01-01", "on": on.isoformat()}
    publish_inspection(publish_inspection.parse(wanted), actor=SYSTEM)


def second_opinion(
    rma: str, quantity: Number = 1, sku: str = "A", on: date = DAY, actor: Actor = SYSTEM, **line: Any
) -> str:
    """Look at inspected goods again."""
    lines = [{"sku": sku, "quantity_e4": e4(quantity), **line}]
    wanted = give_second_opinion.parse({"document": rma, "lines": lines, "on": on.isoformat()})
    return give_second_opinion(wanted, actor=actor).document
