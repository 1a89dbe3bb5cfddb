"""United States: no federal right to change one's mind; some states give one where a shop does not post its terms (C5)."""

from __future__ import annotations

from typing import Final

from backstock.policies.law.model import MEMORY, Pack, Rule

_PURCHY = "purchy.app 2026"

_FEDERAL = (
    Rule(
        code="unshipped", kind="duty", article="16 CFR 435", source=MEMORY, days=7, working=True, starts="request",
        is_enforced=False, en="Ordered by mail or internet and never shipped: the money goes back.",
        zh="邮购或网购未发货：在期限内退款。",
    ),
    Rule(
        code="cooling_off", kind="duty", article="FTC Cooling-Off Rule", source="findlaw.com", is_verified=True, days=3, working=True,
        is_enforced=False, en="Sold at home above USD 25, or at a temporary place above USD 130: three business days to cancel.",
        zh="上门销售 25 美元以上或临时场所 130 美元以上：三个工作日内可取消。",
    ),
)  # fmt: skip


def _state(code: str, en: str, zh: str, rule: Rule) -> Pack:
    return Pack(code=f"US-{code}", en=en, zh=zh, rules=(rule, *_FEDERAL))


US: Final = Pack(code="US", en="United States", zh="美国", rules=_FEDERAL)
CALIFORNIA: Final = _state(
    "CA", "California", "美国加利福尼亚州",
    Rule(
        code="unposted", kind="right", distance=False, unless_posted=True, article="Cal. Civ. Code 1723",
        source=f"{_PURCHY}; the days: own knowledge", days=30,
        en="Where the shop does not post its terms, the money goes back.", zh="商店未公示退货政策的，可在期限内退款。",
    ),
)  # fmt: skip
NEW_YORK: Final = _state(
    "NY", "New York", "美国纽约州",
    Rule(
        code="unposted", kind="right", distance=False, unless_posted=True, article="N.Y. Gen. Bus. Law 218-a",
        source=f"{_PURCHY}; the days: own knowledge", days=30,
        en="Where the shop does not post its terms, the money goes back.", zh="商店未公示退货政策的，可在期限内退款。",
    ),
)  # fmt: skip
FLORIDA: Final = _state(
    "FL", "Florida", "美国佛罗里达州",
    Rule(
        code="unposted", kind="right", distance=False, unless_posted=True, article="Fla. Stat. 501.142",
        source=_PURCHY, is_verified=True, days=7,
        en="Where the shop does not post its terms: money back for 7 days.", zh="商店未公示退货政策的，7 日内可退款。",
    ),
)  # fmt: skip
