"""The carriers that the product knows; a company adds others and changes these.

Addresses and beginnings of waybills are own knowledge, not checked against the carriers' documents.
"""

from __future__ import annotations

from typing import Final

from backstock.carriers.known import Known

_KUAIDI100 = "https://www.kuaidi100.com/chaxun?com={com}&nu={{number}}"


def _chinese(code: str, zh: str, en: str, com: str, *prefixes: str) -> Known:
    return Known(code, {"zh-hans": zh, "en": en}, _KUAIDI100.format(com=com), prefixes)


BUILT_IN: Final = (
    _chinese("sf", "顺丰", "SF Express", "shunfeng", "SF"),
    _chinese("yto", "圆通", "YTO", "yuantong", "YT"),
    _chinese("zto", "中通", "ZTO", "zhongtong"),
    _chinese("sto", "申通", "STO", "shentong"),
    _chinese("yunda", "韵达", "Yunda", "yunda"),
    _chinese("jt", "极兔", "J&T Express", "jtexpress", "JT"),
    _chinese("jd", "京东", "JD Logistics", "jd", "JD"),
    _chinese("ems", "邮政 EMS", "China Post EMS", "ems"),
    _chinese("deppon", "德邦", "Deppon", "debangwuliu", "DPK"),
    Known("dhl", {"en": "DHL"}, "https://www.dhl.com/en/express/tracking.html?AWB={number}"),
    Known("ups", {"en": "UPS"}, "https://www.ups.com/track?tracknum={number}", ("1Z",)),
    Known("fedex", {"en": "FedEx"}, "https://www.fedex.com/fedextrack/?trknbr={number}"),
)
