"""All papers of a return, in the order of its steps."""

from __future__ import annotations

from backstock.documents.papers import goods_receipt, inspection, receipt, refund, request
from backstock.documents.papers.sheet import Kind

KINDS: dict[str, Kind] = {each.KIND.key: each.KIND for each in (request, receipt, goods_receipt, inspection, refund)}
