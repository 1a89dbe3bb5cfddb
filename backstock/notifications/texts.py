"""What letters say as shipped, and how a text becomes a letter. A company writes its own over these, on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from backstock.notifications.models import LetterText

KINDS: Mapping[str, str | Promise] = {
    "request_received": gettext_lazy("Request received"),
    "approved": gettext_lazy("Request approved"),
    "rejected": gettext_lazy("Request turned down"),
    "goods_received": gettext_lazy("Goods arrived"),
    "refund_paid": gettext_lazy("Refund paid"),
    "replacement_shipped": gettext_lazy("Replacement shipped"),
    "closed": gettext_lazy("Closed, please rate us"),
}
# What a text may name in braces, and what stands for it in a preview.
PLACEHOLDERS: Mapping[str, str | Promise] = {
    "number": gettext_lazy("number of the return"),
    "customer": gettext_lazy("name of the customer"),
    "company": gettext_lazy("name of our company"),
    "items": gettext_lazy("the goods with their quantities"),
    "reason": gettext_lazy("the reason that was given for the decision"),
    "amount": gettext_lazy("the amount that was refunded"),
    "link": gettext_lazy("address of the page where the customer rates us"),
}
PLACEHOLDER: Final = re.compile(r"\{([a-z_]*)\}")

SHIPPED: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("request_received", "zh"): (
        "已收到您的退货申请 {number}",
        "{customer}，您好：\n\n您的退货申请 {number} 已收到，我们会尽快审核并通知您结果。\n商品：{items}\n\n{company}",
    ),
    ("request_received", "en"): (
        "We have received your return request {number}",
        "Dear {customer},\n\nwe have received your return request {number} and will tell you our decision soon.\n"
        "Goods: {items}\n\n{company}",
    ),
    ("approved", "zh"): (
        "您的退货申请 {number} 已通过",
        "{customer}，您好：\n\n您的退货申请 {number} 已通过。\n商品：{items}\n\n"
        "如需寄回商品，请在包裹内附上退货申请单或写明单号 {number}。\n\n{company}",
    ),
    ("approved", "en"): (
        "Your return {number} is approved",
        "Dear {customer},\n\nyour return {number} is approved.\nGoods: {items}\n\n"
        "If you send the goods back, please put the return sheet or the number {number} into the parcel.\n\n{company}",
    ),
    ("rejected", "zh"): (
        "您的退货申请 {number} 未通过",
        "{customer}，您好：\n\n很抱歉，您的退货申请 {number} 未能通过。\n原因：{reason}\n\n如有疑问，请直接回复本邮件。\n\n{company}",
    ),
    ("rejected", "en"): (
        "Your return request {number} was turned down",
        "Dear {customer},\n\nwe are sorry: your return request {number} was turned down.\nReason: {reason}\n\n"
        "Please answer this letter if you have questions.\n\n{company}",
    ),
    ("goods_received", "zh"): (
        "退货 {number} 的商品已收到",
        "{customer}，您好：\n\n您寄回的商品已收到，接下来进行质检。\n商品：{items}\n\n{company}",
    ),
    ("goods_received", "en"): (
        "The goods of your return {number} have arrived",
        "Dear {customer},\n\nyour goods have arrived and are inspected next.\nGoods: {items}\n\n{company}",
    ),
    ("refund_paid", "zh"): (
        "退货 {number} 已退款",
        "{customer}，您好：\n\n退货 {number} 已退款 {amount}，将按原支付方式退回；到账时间以银行或支付平台为准。\n\n{company}",
    ),
    ("refund_paid", "en"): (
        "Your return {number} is refunded",
        "Dear {customer},\n\nwe have refunded {amount} for your return {number} to the means of payment you used. "
        "Banks may need some days.\n\n{company}",
    ),
    ("replacement_shipped", "zh"): (
        "退货 {number} 的换货商品已发出",
        "{customer}，您好：\n\n退货 {number} 的换货商品已发出，请注意查收。\n\n{company}",
    ),
    ("replacement_shipped", "en"): (
        "The replacement for your return {number} is on its way",
        "Dear {customer},\n\nthe replacement for your return {number} has been shipped.\n\n{company}",
    ),
    ("closed", "zh"): (
        "退货 {number} 已办结，欢迎评价",
        "{customer}，您好：\n\n退货 {number} 已办结。\n欢迎花一分钟为本次服务打分：{link}\n\n{company}",
    ),
    ("closed", "en"): (
        "Your return {number} is closed",
        "Dear {customer},\n\nyour return {number} is closed.\nHow did we do? It takes a minute: {link}\n\n{company}",
    ),
}


def unknown_placeholders(text: str) -> list[str]:
    """Return what stands in braces and is nothing we know."""
    return [name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values into a text; a line that names something there is nothing of is left out."""
    lines = [
        line for line in text.splitlines() if all(values.get(name, "").strip() for name in PLACEHOLDER.findall(line))
    ]
    return "\n".join(PLACEHOLDER.sub(lambda found: values[found[1]], line) for line in lines)


def texts() -> dict[tuple[str, str], tuple[str, str]]:
    """Return subject and body of every kind and language: the company's newest, else as shipped."""
    own = LetterText.objects.order_by("pk").values_list("kind", "language", "subject", "body")
    return {**SHIPPED, **{(kind, language): (subject, body) for kind, language, subject, body in own}}
