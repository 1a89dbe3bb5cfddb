"""Reach states of flows by commands."""

from __future__ import annotations

from typing import Any

from backstock.core.permissions import SYSTEM, Actor
from backstock.flows.commands.publish import PublishFlow, publish_flow
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.waive_paper import WaivePaper, waive_paper
from tests import build
from tests.build import DAY


def flow(code: str = "return_refund", valid_from: str = "0001-01-01", **terms: Any) -> None:
    """Publish a version of a flow that holds from the beginning of time; without `when` for a plain return."""
    raw = {"code": code, "valid_from": valid_from, "on": DAY.isoformat()}
    wanted = publish_flow.parse({**raw, "terms": {"when": {"types": ["return_refund"]}, **terms}})
    assert isinstance(wanted, PublishFlow)
    publish_flow(wanted, actor=SYSTEM)


def levels(*from_and_role: tuple[build.Number, str]) -> list[dict[str, Any]]:
    """Describe levels of approval: `levels((0, "approver"), (500, "manager"))`."""
    return [{"from_cents": build.cents(amount), "role": role} for amount, role in from_and_role]


def waived(rma: str, paper: str, actor: Actor = SYSTEM, reason: str = "lost") -> str:
    """Waive a paper."""
    return waive_paper(WaivePaper(document=rma, paper=paper, reason=reason, on=DAY), actor=actor).document


def closed(rma: str, actor: Actor = SYSTEM) -> str:
    """Close a return."""
    return close_return(CloseReturn(document=rma, on=DAY), actor=actor).document


def incomplete() -> str:
    """Bring a return to a state in which its flow misses a note."""
    flow("noted", when={"reason": "note me"}, papers=["note"])
    return build.requested(build.sold(), reason="note me")
