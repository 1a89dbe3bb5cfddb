"""The flows the product ships with, version 0: they set clocks, and ask for nothing that stops anybody.

A company that wants more (levels, photos, papers, four eyes) publishes its own version over one of them, or `STRICTER`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from backstock.flows.engine import Flow

_GOODS: Final[Mapping[str, Any]] = {
    "approve": {"days": 1}, "receive": {"days": 15}, "inspect": {"days": 2}, "dispose": {"days": 2}, "settle": {"days": 3},
}  # fmt: skip
_ROUND_TRIP: Final[Mapping[str, Any]] = {
    "approve": {"days": 1}, "receive": {"days": 15}, "inspect": {"days": 2}, "dispose": {"days": 2}, "replace": {"days": 5},
}  # fmt: skip


def _flow(code: str, zh: str, en: str, when: Mapping[str, Any], **terms: Any) -> Flow:
    words = {"zh-hans": zh, "en": en}
    return Flow(code, 0, {"words": words, "when": when, **terms})


BUILT_IN: Final[Mapping[str, Flow]] = {
    flow.code: flow
    for flow in (
        _flow("return_refund", "退货退款", "Return and refund", {"types": ["return_refund"]}, deadlines=_GOODS),
        _flow(
            "refund_only", "仅退款（已发货）", "Refund only, goods shipped", {"types": ["refund_only"]},
            deadlines={"approve": {"days": 1}, "settle": {"days": 2}},
        ),
        _flow(
            "refund_unshipped", "仅退款（未发货）", "Refund only, not shipped yet",
            {"types": ["refund_only"], "sale": "not_shipped"},
            deadlines={"approve": {"hours": 4}, "settle": {"days": 1}},
        ),
        _flow("exchange", "换货", "Exchange", {"types": ["exchange"]}, deadlines=_ROUND_TRIP),
        _flow(
            "replacement", "补发", "Replacement", {"types": ["replacement"]},
            deadlines={"approve": {"days": 1}, "receive": {"days": 15}, "replace": {"days": 2}},
        ),
        _flow(
            "repair", "维修", "Repair", {"types": ["repair"]},
            deadlines={**_ROUND_TRIP, "dispose": {"days": 1}, "replace": {"days": 15}},
        ),
        _flow(
            "rejected_delivery", "拒收/拦截", "Delivery refused or stopped", {"types": ["rejected_delivery"]},
            deadlines={**_GOODS, "receive": {"days": 7}, "inspect": {"days": 1}},
        ),
        _flow(
            "allowance", "折让（货不退）", "Price allowance", {"types": ["allowance"]},
            deadlines={"approve": {"days": 1}, "settle": {"days": 2}},
        ),
        _flow("blind", "无单退货", "Return without a sale", {"sale": "none"}, deadlines=_GOODS),
        _flow(
            "unclaimed", "无主件", "Unclaimed parcel", {"channel": "unclaimed"},
            deadlines={**_GOODS, "approve": {"days": 3}, "receive": {"days": 1}},
        ),
        _flow(
            "counter", "门店/档口退货", "Over the counter", {"channel": "counter"},
            deadlines={step: {"hours": 1} for step in ("approve", "receive", "inspect", "dispose", "settle")},
        ),
    )
}  # fmt: skip

# A ready example for the editor: what a company that was cheated once asks for.
STRICTER: Final[Mapping[str, Any]] = {
    "levels": [{"from_cents": 0, "role": "approver"}, {"from_cents": 500_000, "role": "manager"}],
    "evidence": {"request": {"files": 1}},
    "papers": ["file", "receipt", "inspection", "credit_note"],
    "four_eyes": [{"steps": ["approve", "settle"], "above_cents": 100_000}],
}
