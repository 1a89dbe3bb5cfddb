"""Gateways from the sections of `gateways.toml`. Keys are PEM files beside it, secrets its own values; nothing is logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from backstock.refunds.gateways import alipay, stripe, wechat
from backstock.refunds.gateways.calling import SECONDS, private_key, public_key
from backstock.refunds.gateways.protocol import Gateway


def _alipay(section: Mapping[str, Any], folder: Path) -> Gateway:
    return alipay.Alipay(
        app_id=section["app_id"],
        key=private_key((folder / section["private_key"]).read_bytes()),
        alipay_key=public_key((folder / section["alipay_public_key"]).read_bytes()),
        url=section.get("url", alipay.URL),
        seconds=section.get("seconds", SECONDS),
    )


def _wechat(section: Mapping[str, Any], folder: Path) -> Gateway:
    merchant = wechat.Merchant(
        mchid=section["mchid"],
        serial=section["serial"],
        key=private_key((folder / section["private_key"]).read_bytes()),
        wechat_serial=section["wechat_serial"],
        wechat_key=public_key((folder / section["wechat_public_key"]).read_bytes()),
        apiv3_key=section["apiv3_key"],
    )
    return wechat.WeChatPay(
        merchant, section.get("url", wechat.URL), section.get("notify_url", ""), section.get("seconds", SECONDS)
    )


def _stripe(section: Mapping[str, Any], folder: Path) -> Gateway:
    return stripe.Stripe(
        section["secret_key"], section["webhook_secret"], section.get("url", stripe.URL),
        section.get("seconds", SECONDS),
    )  # fmt: skip


MAKERS: Final[Mapping[str, Callable[[Mapping[str, Any], Path], Gateway]]] = {
    "alipay": _alipay,
    "wechat": _wechat,
    "stripe": _stripe,
}
