"""Stripe: form in, JSON out, a secret key, notices signed with HMAC.

Stripe forgets idempotency keys after a day and remembers failures under them, so the key also stands in the refund's
metadata, by which it is found again, and every definite failure begins a new round with a key of its own.
Never run against the live service: only against the strict gateway of the drill, which speaks this wire format.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from backstock.core import clock
from backstock.refunds.gateways.calling import SECONDS, call
from backstock.refunds.gateways.protocol import Answer, Asked, BadNotice, Unclear

URL: Final = "https://api.stripe.com"
FRESH_SECONDS: Final = 300
# Without decimals by ISO 4217, but with two at Stripe.
TWO_DECIMALS: Final = frozenset({"ISK", "UGX"})
OUTCOMES: Final[Mapping[str, Any]] = {
    "succeeded": "paid", "pending": "pending", "requires_action": "pending", "failed": "failed", "canceled": "failed",
}  # fmt: skip


def minor_units(asked: Asked) -> int:
    """Return an amount as Stripe counts it."""
    return asked.amount_cents * (100 if asked.currency in TWO_DECIMALS else 1)


class Stripe:
    """Refunds of payments that came by Stripe; the sale must name its PaymentIntent (pi_…) or charge (ch_…)."""

    accepted = ("application/json", "{}")

    def __init__(self, secret_key: str, webhook_secret: str, url: str = URL, seconds: float = SECONDS) -> None:
        self.secret_key, self.webhook_secret, self.url, self.seconds = secret_key, webhook_secret, url, seconds

    def refund(self, asked: Asked) -> Answer:
        """Ask for a refund by its key and round."""
        which = _which(asked)
        if which is None:
            return Answer("failed", problem="payment_reference_required")
        wanted = {
            **which, "amount": str(minor_units(asked)), "metadata[backstock_key]": asked.key,
            "metadata[backstock_round]": str(asked.round),
        }  # fmt: skip
        key = {"Idempotency-Key": f"{asked.key}-{asked.round}"}
        status, found = self._call("POST", "/v1/refunds", urlencode(wanted).encode(), key)
        if status != 200:
            error = found.get("error", {})
            return Answer("failed", problem=str(error.get("code") or error.get("type") or status))
        return _answer(found, asked)

    def query(self, asked: Asked) -> Answer:
        """Find the refund among those of its payment: one that stands, else how this round failed."""
        which = _which(asked)
        if which is None:
            return Answer("missing")
        own = [each for each in self._refunds(which) if each.get("metadata", {}).get("backstock_key") == asked.key]
        standing = [each for each in own if OUTCOMES.get(str(each.get("status"))) != "failed"]
        rounds = [each for each in own if each["metadata"].get("backstock_round") == str(asked.round)]
        for each in (*standing, *rounds):
            return _answer(each, asked)
        return Answer("missing")

    def _refunds(self, which: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        while True:
            status, page = self._call("GET", f"/v1/refunds?{urlencode({**which, 'limit': '100', **after})}")
            if status != 200:
                raise Unclear(str(page.get("error", {}).get("code") or status))
            yield from page["data"]
            if not page.get("has_more") or not page["data"]:
                return
            after = {"starting_after": page["data"][-1]["id"]}

    def _call(
        self, method: str, path: str, body: bytes = b"", more: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.secret_key}", **(more or {})}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        reply = call(method, self.url + path, headers, body, self.seconds)
        # Busy, the same key at work at this moment, or not let in: nothing is known of the refund.
        if reply.status in (401, 403, 409, 429) or reply.status >= 500:
            raise Unclear(f"http_{reply.status}")
        return reply.status, reply.object()

    def notice(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the key of a signed event about a refund."""
        parts = [part.partition("=") for part in headers.get("stripe-signature", "").split(",")]
        at = next((value for name, _, value in parts if name == "t"), "")
        given = [value for name, _, value in parts if name == "v1"]
        wanted = hmac.new(self.webhook_secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not at.isdigit() or abs(int(at) - clock.now().timestamp()) > FRESH_SECONDS:
            raise BadNotice
        if not any(hmac.compare_digest(wanted, each) for each in given):
            raise BadNotice
        try:
            return str(json.loads(body)["data"]["object"].get("metadata", {}).get("backstock_key", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadNotice from None


def _which(asked: Asked) -> dict[str, str] | None:
    names = {"pi_": "payment_intent", "ch_": "charge"}
    name = names.get(asked.payment[:3])
    return {name: asked.payment} if name else None


def _answer(found: Mapping[str, Any], asked: Asked) -> Answer:
    outcome = OUTCOMES.get(str(found.get("status")))
    if outcome is None or found.get("amount") != minor_units(asked):
        raise Unclear("unexpected_answer")
    problem = str(found.get("failure_reason") or found["status"]) if outcome == "failed" else ""
    paid_at = datetime.fromtimestamp(int(found["created"]), UTC) if outcome == "paid" and "created" in found else None
    return Answer(outcome, reference=str(found.get("id", "")), problem=problem, paid_at=paid_at)
