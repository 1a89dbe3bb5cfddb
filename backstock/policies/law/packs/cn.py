"""PRC: 七天无理由, quality returns, 三包, and the two clocks of the money.

What is verified was read in the texts of the LawRefBook (research notes C2); what is not was written from memory.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from backstock.policies.law.model import MEMORY, REPAIRS, SWAPS, WITHDRAWALS, Pack, Rule

_CRL = "消费者权益保护法"
_ORDER_90, _ORDER_SINCE = "网络购买商品七日无理由退货暂行办法", date(2017, 3, 15)
_PENALTY = "侵害消费者权益行为处罚办法"
_BOOK = "LawRefBook"
_THREE_GUARANTEES: Final = frozenset({"electronics", "phones", "appliances", "computers"})

_RIGHTS = (
    Rule(
        code="withdrawal", kind="right", article=f"{_CRL} Art. 25", source=f"{_BOOK}; {_ORDER_90} (days start the day after signing)",
        is_verified=True, days=7,
        en="Who bought at a distance may send goods back within 7 days of signing for the parcel, without giving a reason.",
        zh="远程购物的消费者自签收次日起 7 日内可无理由退货。",
    ),
    Rule(
        code="quality", kind="right", article=f"{_CRL} Art. 24", source=_BOOK, is_verified=True, days=7, distance=False,
        grounds=frozenset({"quality"}), types=WITHDRAWALS | SWAPS | REPAIRS,
        en="Goods of poor quality go back within 7 days of receipt; exchange and repair instead if the customer asks.",
        zh="商品不符合质量要求的，自收到之日起 7 日内可退货，也可要求更换、修理。",
    ),
    Rule(
        code="three_guarantees_exchange", kind="right", article="三包规定", source=MEMORY, days=15, distance=False,
        grounds=frozenset({"quality"}), types=SWAPS | REPAIRS, categories=_THREE_GUARANTEES,
        en="三包: an early failure is exchanged or repaired.", zh="三包：期限内出现性能故障，可换货或修理。",
    ),
    Rule(
        code="three_guarantees_repair", kind="right", article="三包规定", source=MEMORY, months=12, distance=False,
        grounds=frozenset({"quality"}), types=REPAIRS, categories=_THREE_GUARANTEES,
        en="三包: within the warranty a failure is repaired free of charge.", zh="三包：保修期内免费修理。",
    ),
)  # fmt: skip
_CLOCKS = (
    Rule(
        code="decide", kind="clock", what="decide", article=f"{_PENALTY} Art. 8-10", source=_BOOK, is_verified=True,
        days=15, starts="request", grounds=frozenset({"withdrawal", "quality"}), types=WITHDRAWALS | SWAPS | REPAIRS,
        en="A request that is not handled for more than 15 days counts as deliberate delay.",
        zh="退货要求超过 15 日未处理的，视为故意拖延或无理拒绝。",
    ),
    Rule(
        code="refund", kind="clock", what="refund", article=f"{_CRL} Art. 25", source=_BOOK, is_verified=True,
        days=7, starts="arrival", en="The price is paid back within 7 days of the goods' arrival.",
        zh="自收到退回商品之日起 7 日内返还价款。",
    ),
    Rule(
        code="refund_sanction", kind="clock", what="sanction", article=f"{_PENALTY} Art. 8-10", source=_BOOK, is_verified=True,
        days=15, starts="arrival", grounds=frozenset({"withdrawal", "quality"}),
        en="No refund more than 15 days after the goods' arrival counts as deliberate delay and is fined.",
        zh="收到退货后超过 15 日未退款的，视为故意拖延，可被处罚。",
    ),
    Rule(
        code="repair", kind="clock", what="repair", article="三包规定", source=MEMORY, days=30, starts="arrival",
        grounds=frozenset({"quality"}), types=REPAIRS, categories=_THREE_GUARANTEES,
        en="三包: a repair that takes too long is turned into a replacement.", zh="三包：修理超过期限的，应予更换。",
    ),
)  # fmt: skip
_TERMS = (
    Rule(
        code="seller_freight", kind="term", article=f"{_CRL} Art. 24", source=_BOOK, is_verified=True,
        grounds=frozenset({"quality"}), en="For goods of poor quality the seller bears freight and necessary costs.",
        zh="因质量问题退换的，运费等必要费用由经营者承担。",
    ),
    Rule(
        code="buyer_freight", kind="duty", article=f"{_CRL} Art. 25", source=_BOOK, is_verified=True,
        en="Who withdraws without a reason bears the return freight, unless agreed otherwise.",
        zh="无理由退货的运费由消费者承担，另有约定的除外。", is_enforced=False,
    ),
    Rule(
        code="same_means", kind="term", article=f"{_ORDER_90} Art. 14", source=MEMORY, since=_ORDER_SINCE,
        en="Money goes back by the means it was paid with.", zh="按原支付方式退款。",
    ),
)  # fmt: skip
_NO_WORD = (
    ("made_to_order", "made to order for the consumer", "消费者定作的商品"),
    ("perishable", "fresh and perishable goods", "鲜活易腐的商品"),
    (
        "digital",
        "digital goods that were downloaded or unsealed",
        "在线下载或消费者拆封的音像制品、计算机软件等数字化商品",
    ),
    ("press", "newspapers and periodicals that were delivered", "交付的报纸、期刊"),
)
_CONFIRMED = (
    (
        "safety",
        "unsealed goods that affect safety or health, or change their quality",
        "拆封后易影响人身安全、生命健康或导致品质改变的商品",
    ),
    ("activated", "goods that lose much of their value once activated or tried", "一经激活或试用后价值贬损较大的商品"),
    ("near_expiry", "goods declared as near their date or flawed", "销售时已明示的临近保质期、有瑕疵的商品"),
)
_EXCEPTIONS = (
    *(
        Rule(code=code, kind="exception", article=f"{_CRL} Art. 25", source=_BOOK, is_verified=True, en=en, zh=zh)
        for code, en, zh in _NO_WORD
    ),
    *(
        Rule(
            code=code,
            kind="exception",
            article=f"{_ORDER_90} Art. 7",
            source="SAIC order 90 of 2017",
            is_verified=True,
            since=_ORDER_SINCE,
            confirmed=True,
            en=en,
            zh=zh,
        )
        for code, en, zh in _CONFIRMED
    ),
)
_DUTIES = (
    Rule(
        code="opened", kind="term", article=f"{_PENALTY} Art. 8-10; 最高人民法院网络消费规定(一) Art. 3", source=_BOOK, is_verified=True,
        since=date(2022, 3, 15), en="That goods were opened to inspect them is no ground to refuse.",
        zh="消费者因检查商品必要而拆封，不影响商品完好的，不得以此拒绝退货。",
    ),
    Rule(
        code="confirm_each", kind="duty", article=f"{_ORDER_90} Art. 20", source="SAIC order 90 of 2017", is_verified=True,
        since=_ORDER_SINCE, en="An exception needs a prominent confirmation at each purchase, never ticked beforehand; else the right stands.",
        zh="不适用七日无理由退货的商品须在购买时逐次显著确认，不得默认勾选；未确认的不得拒绝退货。",
    ),
    Rule(
        code="fraud", kind="duty", article=f"{_CRL} Art. 55", source=_BOOK, is_verified=True, is_enforced=False,
        en="Fraud: three times the price, at least CNY 500.", zh="欺诈：退一赔三，不足 500 元的为 500 元。",
    ),
    Rule(
        code="keep_data", kind="duty", article="电子商务法 Art. 31", source=_BOOK, is_verified=True, is_enforced=False,
        en="Data of a transaction are kept for at least three years.", zh="交易信息保存不少于三年。",
    ),
)  # fmt: skip
CN: Final = Pack(
    code="CN", en="China", zh="中国", rules=_RIGHTS + _CLOCKS + _TERMS + _EXCEPTIONS + _DUTIES
)  # fmt: skip
