"""Alipay (支付宝) by its open API: form in, JSON out, RSA2 both ways.

alipay.trade.refund takes our key as `out_request_no`: the same one is paid once, also after a failure.
Never run against the live service: only against the strict gateway of the drill, which speaks this wire format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from backstock.core import clock
from backstock.core.amounts import decimal_text
from backstock.refunds.gateways.calling import SECONDS, call, is_signed, signed
from backstock.refunds.gateways.protocol import Answer, Asked, BadNotice, Unclear

URL: Final = "https://openapi.alipay.com/gateway.do"
CHINA: Final = ZoneInfo("Asia/Shanghai")
# Alipay's own number of a payment; anything else is ours (out_trade_no).
TRADE_NO: Final = re.compile(r"20\d{26}")
FORM: Final = "application/x-www-form-urlencoded;charset=utf-8"
# Codes after which it may have been done, and those that say we are not let in: nothing is known of the refund.
NOT_KNOWN: Final = frozenset({"20000", "20001", "40001", "40002", "40006"})
BUSY: Final = re.compile(r"(aop\.)?(ACQ\.SYSTEM_ERROR|ACQ\.REFUND_PROCESSING)|isp\..*")
NEVER_HEARD: Final = frozenset({"ACQ.TRADE_NOT_EXIST", "ACQ.REFUND_NOT_EXIST", "TRADE_NOT_EXIST"})


def to_sign(params: Mapping[str, str]) -> str:
    """Return what Alipay signs: names and values in the order of the names."""
    return "&".join(f"{name}={params[name]}" for name in sorted(params) if params[name] != "")


def signed_part(text: str, node: str) -> tuple[dict[str, Any], str]:
    """Return the answer's node, and exactly the characters of it that are signed."""
    match = re.search(rf'"{re.escape(node)}"\s*:\s*', text)
    if match is None:
        raise Unclear("no_answer")
    try:
        found, end = json.JSONDecoder().raw_decode(text, match.end())
    except ValueError:
        raise Unclear("not_json") from None
    return found, text[match.end() : end]


class Alipay:
    """Refunds of payments that came by Alipay."""

    accepted = ("text/plain", "success")

    def __init__(
        self, app_id: str, key: RSAPrivateKey, alipay_key: RSAPublicKey, url: str = URL, seconds: float = SECONDS
    ) -> None:
        self.app_id, self.key, self.alipay_key, self.url, self.seconds = app_id, key, alipay_key, url, seconds

    def refund(self, asked: Asked) -> Answer:
        """Ask for a refund by its key; a repeated key changes no funds, and then what became of it is asked."""
        amount = decimal_text(asked.amount_cents, asked.digits, trim=False)
        found = self._call("alipay.trade.refund", {**_which(asked), "refund_amount": amount})
        if found["code"] != "10000":
            return Answer("failed", problem=str(found.get("sub_code") or found["code"]))
        if found.get("fund_change") != "Y":
            answer = self.query(asked)
            return answer if answer.outcome != "missing" else Answer("pending")
        return Answer("paid", reference=str(found.get("trade_no", "")), paid_at=_instant(found.get("gmt_refund_pay")))

    def query(self, asked: Asked) -> Answer:
        """Ask what became of a key; without a status Alipay has not paid it, and the same key may be sent again."""
        wanted = {**_which(asked), "query_options": ["gmt_refund_pay"]}
        found = self._call("alipay.trade.fastpay.refund.query", wanted)
        if found["code"] != "10000":
            if found.get("sub_code") in NEVER_HEARD:
                return Answer("missing")
            raise Unclear(str(found.get("sub_code") or found["code"]))
        if found.get("refund_status") != "REFUND_SUCCESS":
            return Answer("missing")
        if found.get("refund_amount") != decimal_text(asked.amount_cents, asked.digits, trim=False):
            raise Unclear("amount_differs")
        return Answer("paid", reference=str(found.get("trade_no", "")), paid_at=_instant(found.get("gmt_refund_pay")))

    def _call(self, method: str, content: Mapping[str, Any]) -> dict[str, Any]:
        params = {
            "app_id": self.app_id, "method": method, "format": "JSON", "charset": "utf-8", "sign_type": "RSA2",
            "timestamp": clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"), "version": "1.0",
            "biz_content": json.dumps(content, separators=(",", ":")),
        }  # fmt: skip
        params["sign"] = signed(self.key, to_sign(params))
        reply = call("POST", self.url, {"Content-Type": FORM}, urlencode(params).encode(), self.seconds)
        if reply.status != 200:
            raise Unclear(f"http_{reply.status}")
        found, text = signed_part(reply.text, method.replace(".", "_") + "_response")
        signature = re.search(r'"sign"\s*:\s*"([^"]+)"', reply.text)
        if signature is None or not is_signed(self.alipay_key, text, signature[1].replace("\\/", "/")):
            raise Unclear("bad_signature")
        if found.get("code") in NOT_KNOWN or BUSY.fullmatch(str(found.get("sub_code", ""))):
            raise Unclear(str(found.get("sub_code") or found["code"]))
        return found

    def notice(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the key of a signed notification."""
        params = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        signature = params.pop("sign", "")
        params.pop("sign_type", "")
        if params.get("app_id") != self.app_id or not is_signed(self.alipay_key, to_sign(params), signature):
            raise BadNotice
        return params.get("out_biz_no", "")


def _which(asked: Asked) -> dict[str, str]:
    name = "trade_no" if TRADE_NO.fullmatch(asked.payment) else "out_trade_no"
    return {name: asked.payment, "out_request_no": asked.key}


def _instant(text: Any) -> datetime | None:
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        return None
