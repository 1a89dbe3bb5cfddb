"""EU and UK: 14 days, the money, and what follows from goods that do not conform (research notes C5)."""

from __future__ import annotations

from datetime import date
from typing import Final

from backstock.policies.law.model import REPAIRS, SWAPS, WITHDRAWALS, Pack, Rule

_CRD, _CCR, _CRA = "2011/83/EU", "Consumer Contracts Regulations 2013", "Consumer Rights Act 2015"
_SKILLS = "legal-skills-open, withdrawal.md, 2026-08-05"
_GUIDES = "which.co.uk; beechdalefencing"

EU: Final = Pack(
    code="EU", en="European Union", zh="欧盟",
    rules=(
        Rule(
            code="withdrawal", kind="right", article=f"{_CRD} Art. 9", source=_SKILLS, is_verified=True, days=14,
            en="Who bought at a distance may withdraw within 14 days of having the last of the goods.",
            zh="远程购物的消费者自占有最后一件商品起 14 日内可撤回合同。",
        ),
        Rule(
            code="uninformed", kind="term", article=f"{_CRD} Art. 10", source=_SKILLS, is_verified=True, months=12,
            en="Who was not told of the right has twelve months more.", zh="未被告知撤回权的，期限延长十二个月。",
        ),
        Rule(
            code="conformity", kind="right", article="2019/771 Art. 10", source="research notes; number of the article and order of remedies: own knowledge",
            months=24, distance=False, grounds=frozenset({"quality"}), types=SWAPS | REPAIRS,
            en="Goods that do not conform are repaired or replaced first; then comes the price.",
            zh="商品不符合约定的，先修理或更换，再减价或退款。",
        ),
        Rule(
            code="refund", kind="clock", what="refund", article=f"{_CRD} Art. 13", source=_SKILLS, is_verified=True,
            days=14, starts="request", may_wait=True,
            en="All payments are paid back within 14 days of the withdrawal; the money may wait for the goods or a proof of dispatch.",
            zh="自知悉撤回起 14 日内退还全部款项；收到商品或寄出证明之前可暂缓。",
        ),
        Rule(
            code="send_back", kind="clock", what="send_back", article=f"{_CRD} Art. 14", source=_SKILLS, is_verified=True,
            days=14, starts="request", en="The customer sends the goods back within 14 days of the withdrawal.",
            zh="消费者自撤回起 14 日内寄回商品。",
        ),
        Rule(
            code="full_price", kind="term", article=f"{_CRD} Art. 13", source=_SKILLS, is_verified=True,
            en="Nothing is kept of the price, for handling or for use, except for use beyond what is needed to check the goods.",
            zh="不得扣除手续费或使用费；超出检验所需的使用造成的贬值除外。",
        ),
        Rule(
            code="first_shipping", kind="term", article=f"{_CRD} Art. 13", source=_SKILLS, is_verified=True,
            en="Who sends everything back gets the standard delivery back too.", zh="全部退回的，一并退还标准运费。",
        ),
        Rule(
            code="same_means", kind="term", article=f"{_CRD} Art. 13", source=_SKILLS, is_verified=True,
            en="Money goes back by the means it was paid with.", zh="按原支付方式退款。",
        ),
        Rule(
            code="opened", kind="term", article=f"{_CRD} Art. 14", source=_SKILLS, is_verified=True,
            en="Goods may be opened and tried as far as is needed to check them.", zh="消费者可为检验商品而拆封、试用。",
        ),
        Rule(
            code="button", kind="duty", article=f"{_CRD} Art. 11a", source=_SKILLS, is_verified=True, is_enforced=False,
            since=date(2026, 6, 19), en="A function “withdraw from contract here” with a second confirmation and a receipt is always there.",
            zh="须持续提供“在此撤回合同”功能，二次确认，并以耐用介质回执。",
        ),
        *(
            Rule(code=code, kind="exception", article=f"{_CRD} Art. 16", source=_SKILLS, is_verified=True, en=en, zh=zh)
            for code, en, zh in (
                ("made_to_order", "made to the consumer's specifications", "按消费者要求定制"),
                ("perishable", "liable to expire rapidly", "易腐或快速过期"),
                ("hygiene", "sealed for health or hygiene and unsealed", "因健康或卫生密封且已拆封"),
                ("mixed", "inseparably mixed with other goods", "与其他物品不可分割地混合"),
                ("sealed_media", "sealed audio, video or software that was unsealed", "已拆封的音像制品或软件"),
                ("press", "newspapers, periodicals, magazines", "报纸、期刊、杂志"),
                ("digital", "digital content begun with the consumer's two consents", "经两项同意后开始提供的数字内容"),
            )
        ),
    ),
)  # fmt: skip

UK: Final = Pack(
    code="UK", en="United Kingdom", zh="英国",
    rules=(
        Rule(
            code="withdrawal", kind="right", article=f"{_CCR} reg. 30", source=f"{_GUIDES}; number of the regulation: own knowledge",
            days=14, en="Who bought at a distance may cancel, counted from having the goods.",
            zh="远程购物的消费者自收货起可在期限内取消合同。",
        ),
        Rule(
            code="reject", kind="right", article=_CRA, source="keyabrasives.co.uk", is_verified=True, days=30, distance=False,
            grounds=frozenset({"quality"}), types=WITHDRAWALS | SWAPS | REPAIRS,
            en="For 30 days faulty goods may be rejected.", zh="30 日内可拒收有缺陷的商品并退款。",
        ),
        Rule(
            code="remedy", kind="right", article=_CRA, source="keyabrasives.co.uk", is_verified=True, months=72, distance=False,
            grounds=frozenset({"quality"}), types=SWAPS | REPAIRS,
            en="Then one repair or replacement, then a lower price or the final rejection; claims end after six years.",
            zh="之后先修理或更换一次，再减价或最终拒收；六年内可主张。",
        ),
        Rule(
            code="refund", kind="clock", what="refund", article=f"{_CCR} reg. 34", source=f"{_GUIDES}; number of the regulation: own knowledge",
            days=14, starts="arrival", may_wait=True, en="The money goes back, counted from the goods' arrival or a proof that they were sent.",
            zh="自收到商品或寄出证明起在期限内退款。",
        ),
        Rule(
            code="send_back", kind="clock", what="send_back", article=f"{_CCR} reg. 35", source=f"{_GUIDES}; number of the regulation: own knowledge",
            days=14, starts="request", en="The customer sends the goods back, counted from cancelling.",
            zh="消费者自取消起在期限内寄回商品。",
        ),
        Rule(
            code="full_price", kind="term", article=_CCR, source=_GUIDES, is_verified=True,
            en="Nothing is kept of the price except for excessive handling.", zh="除过度使用外不得扣款。",
        ),
        # Switched off as shipped: the guides say so, the text was not read, and it costs money.
        Rule(
            code="first_shipping", kind="term", article=_CCR, source=_GUIDES, is_on=False,
            en="The basic delivery is paid back.", zh="退还基本运费。",
        ),
    ),
)  # fmt: skip
