"""WeChat Pay (微信支付) API v3: JSON, RSA signatures in the headers both ways, notices encrypted with the APIv3 key.

Our key is `out_refund_no`: the same one is paid once. What the bank could not take (ABNORMAL) is dealt with at WeChat's
merchant platform; asked again, it answers with what became of it.
Never run against the live service: only against the strict gateway of the drill, which speaks this wire format.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backstock.core import clock
from backstock.refunds.gateways.calling import SECONDS, call, is_signed, signed
from backstock.refunds.gateways.protocol import Answer, Asked, BadNotice, Unclear

URL: Final = "https://api.mch.weixin.qq.com"
REFUNDS: Final = "/v3/refund/domestic/refunds"
TRANSACTION_ID: Final = re.compile(r"4\d{27}")
# A signature older than this is a replay, or the clocks are wrong.
FRESH_SECONDS: Final = 300
OUTCOMES: Final[Mapping[str, Any]] = {
    "SUCCESS": "paid", "PROCESSING": "pending", "ABNORMAL": "failed", "CLOSED": "failed",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """Who we are at WeChat Pay, and the keys of both sides."""

    mchid: str
    serial: str
    key: RSAPrivateKey
    wechat_serial: str
    wechat_key: RSAPublicKey
    apiv3_key: str


class WeChatPay:
    """Refunds of payments that came by WeChat Pay."""

    accepted = ("application/json", '{"code":"SUCCESS"}')

    def __init__(self, merchant: Merchant, url: str = URL, notify_url: str = "", seconds: float = SECONDS) -> None:
        self.merchant, self.url, self.notify_url, self.seconds = merchant, url, notify_url, seconds

    def refund(self, asked: Asked) -> Answer:
        """Ask for a refund by its key."""
        name = "transaction_id" if TRANSACTION_ID.fullmatch(asked.payment) else "out_trade_no"
        wanted: dict[str, Any] = {
            name: asked.payment, "out_refund_no": asked.key,
            "amount": {"refund": asked.amount_cents, "total": asked.paid_cents, "currency": asked.currency},
        }  # fmt: skip
        if self.notify_url:
            wanted["notify_url"] = self.notify_url
        status, found = self._call("POST", REFUNDS, json.dumps(wanted))
        if status != 200:
            return Answer("failed", problem=str(found.get("code", status)))
        return _answer(found, asked)

    def query(self, asked: Asked) -> Answer:
        """Ask what became of a key."""
        status, found = self._call("GET", f"{REFUNDS}/{asked.key}", "")
        if status == 404 and found.get("code") == "RESOURCE_NOT_EXISTS":
            return Answer("missing")
        if status != 200:
            raise Unclear(str(found.get("code", status)))
        return _answer(found, asked)

    def _call(self, method: str, path: str, body: str) -> tuple[int, dict[str, Any]]:
        own, at, nonce = self.merchant, str(int(clock.now().timestamp())), secrets.token_hex(16)
        signature = signed(own.key, f"{method}\n{path}\n{at}\n{nonce}\n{body}\n")
        headers = {
            "Authorization": f'WECHATPAY2-SHA256-RSA2048 mchid="{own.mchid}",nonce_str="{nonce}",timestamp="{at}",'
            f'serial_no="{own.serial}",signature="{signature}"',
            "Accept": "application/json", "Content-Type": "application/json", "User-Agent": "backstock",
        }  # fmt: skip
        reply = call(method, self.url + path, headers, body.encode(), self.seconds)
        # Busy, or not let in: nothing is known of the refund.
        if reply.status in (401, 429) or reply.status >= 500:
            raise Unclear(f"http_{reply.status}")
        if not self._is_theirs(reply.headers, reply.text):
            raise Unclear("bad_signature")
        return reply.status, reply.object()

    def _is_theirs(self, headers: Mapping[str, str], body: str) -> bool:
        at, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
        if not at.isdigit() or abs(int(at) - clock.now().timestamp()) > FRESH_SECONDS:
            return False
        if headers.get("wechatpay-serial") != self.merchant.wechat_serial:
            return False
        return is_signed(
            self.merchant.wechat_key, f"{at}\n{nonce}\n{body}\n", headers.get("wechatpay-signature", "")
        )  # fmt: skip

    def notice(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the key of a signed notification."""
        try:
            text = body.decode("utf-8")
            if not self._is_theirs(headers, text):
                raise BadNotice
            sealed = json.loads(text)["resource"]
            opened = AESGCM(self.merchant.apiv3_key.encode()).decrypt(
                sealed["nonce"].encode(), base64.b64decode(sealed["ciphertext"]),
                sealed.get("associated_data", "").encode(),
            )  # fmt: skip
            return str(json.loads(opened)["out_refund_no"])
        except (ValueError, KeyError, TypeError, AttributeError, InvalidTag):
            raise BadNotice from None


def _answer(found: Mapping[str, Any], asked: Asked) -> Answer:
    outcome = OUTCOMES.get(str(found.get("status")))
    if outcome is None or found.get("out_refund_no") != asked.key:
        raise Unclear("unexpected_answer")
    if found.get("amount", {}).get("refund") != asked.amount_cents:
        raise Unclear("amount_differs")
    paid_at = None
    if outcome == "paid" and found.get("success_time"):
        paid_at = datetime.fromisoformat(str(found["success_time"]))
    problem = str(found["status"]) if outcome == "failed" else ""
    return Answer(outcome, reference=str(found.get("refund_id", "")), problem=problem, paid_at=paid_at)
