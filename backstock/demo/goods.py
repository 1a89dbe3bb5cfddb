"""Who and what the demo trades: names, prices in yuan, and why things come back."""

from __future__ import annotations

from typing import Final

from backstock.core.people import Role

# What the categories are called.
CATEGORIES: Final = (
    ("electronics", "数码电器", "Electronics"), ("apparel", "服装", "Apparel"), ("household", "家居", "Household"),
    ("beauty", "美妆", "Beauty"), ("food", "食品", "Food"),
)  # fmt: skip
# (sku, name, category, price, unit cost)
PRODUCTS: Final = (
    ("DQ-1001", "无线蓝牙耳机 青竹款", "electronics", "199.00", "112.00"),
    ("DQ-1002", "便携充电宝 20000mAh", "electronics", "129.00", "71.50"),
    ("DQ-1003", "智能台灯 护眼版", "electronics", "259.00", "148.00"),
    ("DQ-1004", "机械键盘 87键", "electronics", "349.00", "205.00"),
    ("DQ-1005", "空气炸锅 4.5L", "electronics", "399.00", "236.00"),
    ("FS-2001", "纯棉圆领T恤 白 M", "apparel", "79.00", "31.00"),
    ("FS-2002", "纯棉圆领T恤 白 L", "apparel", "79.00", "31.00"),
    ("FS-2003", "轻薄羽绒服 黑 L", "apparel", "469.00", "228.00"),
    ("FS-2004", "休闲运动鞋 42码", "apparel", "289.00", "137.00"),
    ("FS-2005", "羊毛围巾 驼色", "apparel", "139.00", "58.00"),
    ("SP-3001", "西湖龙井 明前 250g", "food", "328.00", "190.00"),
    ("SP-3002", "云南普洱熟茶 357g", "food", "168.00", "88.00"),
    ("SP-3003", "新疆和田大枣 1kg", "food", "59.90", "33.00"),
    ("SP-3004", "东北五常大米 10kg", "food", "89.90", "57.00"),
    ("JJ-4001", "陶瓷餐具套装 16件", "household", "239.00", "118.00"),
    ("JJ-4002", "不锈钢保温杯 500ml", "household", "99.00", "43.00"),
    ("JJ-4003", "乳胶枕 一对", "household", "279.00", "151.00"),
    ("JJ-4004", "折叠收纳箱 66L", "household", "69.90", "29.80"),
    ("MR-5001", "氨基酸洁面乳 120g", "beauty", "68.00", "26.00"),
    ("MR-5002", "玻尿酸面膜 30片", "beauty", "119.00", "47.00"),
)
CUSTOMERS: Final = (
    "陈晓梅", "李建国", "王丽华", "张伟", "刘洋", "赵敏", "孙悦", "周杰", "吴倩", "郑凯", "冯雪", "褚亮",
    "杭州小满百货店", "宁波海曙启明商行", "苏州工业园区悦采办公", "绍兴柯桥锦绣布行", "嘉兴南湖便民超市", "湖州吴兴百佳商店",
)  # fmt: skip
SUPPLIERS: Final = (
    ("V-DQ", "深圳市华强声学科技有限公司"),
    ("V-FS", "广州白云锦衣制衣厂"),
    ("V-SP", "杭州西湖茶业合作社"),
    ("V-JJ", "佛山南海日用陶瓷厂"),
    ("V-MR", "上海奉贤美妆代工有限公司"),
)
# Log-ins of the demo, one for each role, all with the same password that the command prints.
PEOPLE: Final[tuple[tuple[str, str, tuple[Role, ...]], ...]] = (
    ("wu", "吴小燕 客服", ("service",)),
    ("qian", "钱主管", ("approver",)),
    ("cang", "仓小刚 仓管", ("warehouse",)),
    ("li", "李质检", ("inspector",)),
    ("zhao", "赵财务", ("finance",)),
    ("cai", "蔡采购", ("buyer",)),
    ("lao", "老板", ("manager", "finance")),
    ("admin", "系统管理员", ("admin",)),
)
# (reason, grade found, disposition, weight)
REASONS: Final = (
    ("unwanted", "A", "restock", 40),
    ("wrong_size", "A", "restock", 22),
    ("not_as_described", "B", "restock_discounted", 12),
    ("in_transit", "D", "scrap", 10),
    ("defect", "D", "return_to_vendor", 10),
    ("defect", "C", "restock_discounted", 6),
)
INSPECTION: Final = {
    "checks": [
        {"code": "sealed", "kind": "yes_no", "words": {"zh-hans": "包装完好？", "en": "Packing intact?"}, "required": False},
        {"code": "front", "kind": "photo", "words": {"zh-hans": "正面照", "en": "front"}, "required": False},
    ],
    "aql": "2.5",
    "sample_from": 50,
    "per_category": {
        "apparel": {
            "checks": [
                {"code": "tag", "kind": "yes_no", "words": {"zh-hans": "吊牌还在？", "en": "Tag attached?"}, "required": False},
                {
                    "code": "smell", "kind": "choice", "words": {"zh-hans": "气味", "en": "Smell"}, "required": False,
                    "choices": {"无": {"zh-hans": "无", "en": "none"}, "烟味": {"zh-hans": "烟味", "en": "smoke"}},
                    "bad_choices": ["烟味"],
                },
            ],
        },
        "food": {"suggestions": {"B": "scrap", "C": "scrap"}},
    },
}  # fmt: skip
POLICY: Final = {
    "window_days": 365,
    "approval": "manual",
    "inspection": "required",
    "refund_when": "disposed",
    "refund_shipping": "full_return",
    "return_deadline_days": 60,
    "reasons": {"unwanted": {}, "wrong_size": {}, "not_as_described": {}, "damaged": ["in_transit", "defect"]},
    "per_category": {"food": {"window_days": 30}},
    "per_reason": {"unwanted": {"approval": "auto"}, "wrong_size": {"approval": "auto"}},
    "review_when": [{"category": "electronics"}],
    "evidence_for": ["in_transit"],
    "table": {
        "hit": "first",
        "rows": [
            {
                "id": "opened",
                "when": {
                    "category": {"is": ["electronics"]},
                    "reason": {"is": ["unwanted", "wrong_size"]},
                    "opened": {"yes": True},
                },
                "then": {"window_days": 30, "restocking_fee_e6": 50_000},
                "note": {"zh-hans": "已拆封，商品无故障", "en": "opened box, nothing wrong with it"},
            },
            {"id": "electronics", "when": {"category": {"is": ["electronics"]}}, "then": {"window_days": 30}},
            {
                "id": "many",
                "when": {"returns_90_days": {"min": 6}},
                "then": {"decision": "review"},
                "note": {"zh-hans": "退货频繁的客户由人工审核", "en": "a person looks at customers who return a lot"},
            },
        ],
    },
    "publishing": "alone",
    "words": {
        "unwanted": {"zh-hans": "不想要了", "en": "changed my mind"},
        "wrong_size": {"zh-hans": "尺码不合适", "en": "wrong size"},
        "not_as_described": {"zh-hans": "与描述不符", "en": "not as described"},
        "damaged": {"zh-hans": "损坏", "en": "damaged"},
        "in_transit": {"zh-hans": "运输损坏", "en": "damaged in transit"},
        "defect": {"zh-hans": "质量问题", "en": "defect"},
        "electronics": {"zh-hans": "数码家电", "en": "electronics"},
        "apparel": {"zh-hans": "服装鞋帽", "en": "apparel"},
        "food": {"zh-hans": "食品茶叶", "en": "food and tea"},
        "household": {"zh-hans": "家居日用", "en": "household"},
        "beauty": {"zh-hans": "美妆护肤", "en": "beauty"},
    },
}
