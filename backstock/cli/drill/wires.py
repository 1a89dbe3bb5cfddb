"""The server's side of each wire format: read a request strictly, answer it signed, and write notices."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backstock.cli.drill.till import Busy, Refund, Refused, Till
from backstock.refunds.gateways.alipay import CHINA, to_sign
from backstock.refunds.gateways.calling import is_signed, signed


@dataclass(frozen=True, slots=True)
class Asked:
    """One HTTP request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """One HTTP answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keys:
    """The gateway's key, the merchant's, and the secrets that both know."""

    own: RSAPrivateKey
    merchant: RSAPublicKey
    apiv3_key: str
    secret_key: str
    webhook_secret: str


class AlipayWire:
    """Alipay's gateway.do."""

    def __init__(self, till: Till, keys: Keys) -> None:
        self.till, self.keys = till, keys

    def answer(self, asked: Asked) -> Said:
        """Answer a signed form."""
        params = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        signature = params.pop("sign", "")
        node = params.get("method", "").replace(".", "_") + "_response"
        if not is_signed(self.keys.merchant, to_sign(params), signature):
            return self._said(node, {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"})
        content = json.loads(params["biz_content"])
        lie = False
        try:
            if params["method"] == "alipay.trade.refund":
                found, lie = self._refund(content)
            else:
                found = self._query(content)
        except Busy:
            found = {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.SYSTEM_ERROR"}
        except Refused as reason:
            found = {"code": "40004", "msg": "Business Failed", "sub_code": f"ACQ.{str(reason).upper()}"}
        return self._said(node, found, lie)

    def _refund(self, content: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        payment = content.get("trade_no") or content["out_trade_no"]
        amount = int(Decimal(content["refund_amount"]) * 100)
        refund, moved, lie = self.till.refund("alipay", content["out_request_no"], payment, amount)
        paid = moved and refund.state == "paid"
        return {
            "code": "10000", "msg": "Success", "out_trade_no": payment, "trade_no": f"2026{refund.number:024d}",
            "fund_change": "Y" if paid else "N", "refund_fee": content["refund_amount"],
        }, lie  # fmt: skip

    def _query(self, content: dict[str, Any]) -> dict[str, Any]:
        refund = self.till.find("alipay", content["out_request_no"])
        if refund is None or refund.state != "paid":
            return {"code": "10000", "msg": "Success"}
        at = datetime.fromtimestamp(refund.created, CHINA)
        return {
            "code": "10000", "msg": "Success", "out_request_no": refund.key, "refund_status": "REFUND_SUCCESS",
            "refund_amount": f"{Decimal(refund.amount) / 100:.2f}", "trade_no": f"2026{refund.number:024d}",
            "gmt_refund_pay": at.strftime("%Y-%m-%d %H:%M:%S"),
        }  # fmt: skip

    def _said(self, node: str, found: dict[str, Any], lie: bool = False) -> Said:
        text = json.dumps(found, separators=(",", ":"))
        signature = signed(self.keys.own, text + ("?" if lie else ""))
        return Said(200, f'{{"{node}":{text},"sign":"{signature}"}}'.encode())

    def notice(self, refund: Refund) -> tuple[dict[str, str], bytes]:
        """Write a notification about a refund."""
        params = {
            "app_id": "2021000000000001", "notify_type": "trade_status_sync", "notify_id": secrets.token_hex(8),
            "out_trade_no": refund.payment, "out_biz_no": refund.key, "charset": "utf-8", "version": "1.0",
        }  # fmt: skip
        params |= {"sign": signed(self.keys.own, to_sign(params)), "sign_type": "RSA2"}
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(params).encode()


class WeChatWire:
    """WeChat Pay's API v3."""

    STATUS: Mapping[str, str] = {"paid": "SUCCESS", "pending": "PROCESSING", "failed": "ABNORMAL"}

    def __init__(self, till: Till, keys: Keys) -> None:
        self.till, self.keys = till, keys

    def answer(self, asked: Asked) -> Said:
        """Answer a request whose header is signed."""
        given = dict(re.findall(r'(\w+)="([^"]*)"', asked.headers.get("authorization", "")))
        message = (
            f"{asked.method}\n{asked.path}\n{given.get('timestamp')}\n{given.get('nonce_str')}\n{asked.body.decode()}\n"
        )
        if not is_signed(self.keys.merchant, message, given.get("signature", "")):
            return self._said(401, {"code": "SIGN_ERROR"})
        try:
            if asked.method == "POST":
                return self._refund(json.loads(asked.body))
            refund = self.till.find("wechat", asked.path.rpartition("/")[2])
            return self._said(200, self._shown(refund)) if refund else self._said(404, {"code": "RESOURCE_NOT_EXISTS"})
        except Busy:
            return self._said(429, {"code": "FREQUENCY_LIMITED"})
        except Refused as reason:
            return self._said(403, {"code": str(reason).upper()})

    def _refund(self, wanted: dict[str, Any]) -> Said:
        payment, amount = wanted.get("transaction_id") or wanted["out_trade_no"], wanted["amount"]
        if self.till.payments.get(payment, amount["total"]) != amount["total"]:
            raise Refused("param_error")
        refund, _, lie = self.till.refund("wechat", wanted["out_refund_no"], payment, amount["refund"])
        return self._said(200, self._shown(refund), lie)

    def _shown(self, refund: Refund) -> dict[str, Any]:
        shown = {
            "refund_id": f"50{refund.number:026d}", "out_refund_no": refund.key, "out_trade_no": refund.payment,
            "status": self.STATUS[refund.state], "amount": {"refund": refund.amount, "currency": "CNY"},
        }  # fmt: skip
        if refund.state == "paid":
            shown["success_time"] = datetime.fromtimestamp(refund.created, CHINA).isoformat()
        return shown

    def _headers(self, text: str) -> dict[str, str]:
        at, nonce = str(int(time.time())), secrets.token_hex(16)
        return {
            "Content-Type": "application/json", "Wechatpay-Timestamp": at, "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": "PUB_KEY_ID_1",
            "Wechatpay-Signature": signed(self.keys.own, f"{at}\n{nonce}\n{text}\n"),
        }  # fmt: skip

    def _said(self, status: int, found: dict[str, Any], lie: bool = False) -> Said:
        text = json.dumps(found)
        return Said(status, text.encode(), self._headers(text + ("?" if lie else "")))

    def notice(self, refund: Refund) -> tuple[dict[str, str], bytes]:
        """Write an encrypted notice about a refund."""
        plain = json.dumps({"out_refund_no": refund.key, "refund_status": self.STATUS[refund.state]}).encode()
        nonce = secrets.token_hex(6)
        sealed = AESGCM(self.keys.apiv3_key.encode()).encrypt(nonce.encode(), plain, b"refund")
        text = json.dumps({
            "id": secrets.token_hex(8), "event_type": f"REFUND.{self.STATUS[refund.state]}",
            "resource": {
                "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "refund",
                "ciphertext": base64.b64encode(sealed).decode(),
            },
        })  # fmt: skip
        return self._headers(text), text.encode()


class StripeWire:
    """Stripe's refunds."""

    STATUS: Mapping[str, str] = {"paid": "succeeded", "pending": "pending", "failed": "failed"}

    def __init__(self, till: Till, keys: Keys) -> None:
        self.till, self.keys = till, keys
        self.kept: dict[str, tuple[bytes, Said]] = {}

    def answer(self, asked: Asked) -> Said:
        """Answer a request that carries the secret key; an idempotency key has one answer, also a refusal."""
        if asked.headers.get("authorization") != f"Bearer {self.keys.secret_key}":
            return self._said(401, {"error": {"type": "invalid_request_error", "code": "api_key_invalid"}})
        try:
            if asked.method == "GET":
                query = dict(parse_qsl(urlsplit(asked.path).query))
                found = self.till.of_payment("stripe", query["payment_intent"])
                return self._said(200, {"data": [self._shown(each) for each in found], "has_more": False})
            return self._refund(asked)
        except Busy:
            return self._said(429, {"error": {"type": "rate_limit_error", "code": "rate_limit"}})

    def _refund(self, asked: Asked) -> Said:
        key = asked.headers.get("idempotency-key", "")
        if key in self.kept:
            body, said = self.kept[key]
            return said if body == asked.body else self._said(400, {"error": {"type": "idempotency_error"}})
        wanted = dict(parse_qsl(asked.body.decode()))
        lie = False
        try:
            # By the idempotency key alone: what the metadata says is nothing to Stripe.
            refund, _, lie = self.till.refund(
                "stripe", key, wanted["payment_intent"], int(wanted["amount"]), wanted["metadata[backstock_round]"]
            )
            said = self._said(200, self._shown(refund))
        except Refused as reason:
            said = self._said(400, {"error": {"type": "invalid_request_error", "code": str(reason)}})
        self.kept[key] = (asked.body, said)
        return Said(200, b"{not json") if lie else said

    def _shown(self, refund: Refund) -> dict[str, Any]:
        key = refund.key.removesuffix(f"-{refund.round}")
        return {
            "id": f"re_{refund.number}", "object": "refund", "amount": refund.amount, "created": refund.created,
            "payment_intent": refund.payment, "status": self.STATUS[refund.state],
            "metadata": {"backstock_key": key, "backstock_round": refund.round},
        }  # fmt: skip

    def _said(self, status: int, found: dict[str, Any]) -> Said:
        return Said(status, json.dumps(found).encode(), {"Content-Type": "application/json"})

    def notice(self, refund: Refund) -> tuple[dict[str, str], bytes]:
        """Write a signed event about a refund."""
        body = json.dumps({"id": "evt_1", "type": "refund.updated", "data": {"object": self._shown(refund)}}).encode()
        at = str(int(time.time()))
        signature = hmac.new(self.keys.webhook_secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {"Content-Type": "application/json", "Stripe-Signature": f"t={at},v1={signature}"}, body
