"""The forty things a clerk of a trading company does in a week, as walks through our pages; see docs/parity.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from backstock.catalog.models import Price, Product
from backstock.core.models import Company
from backstock.money.models import Booking
from backstock.owing.models import PartnerPayment
from backstock.partners.models import Partner
from backstock.purchases.models import PurchaseInvoice, PurchaseOrder, PurchaseReceipt, PurchaseReturn
from backstock.returns.models import Return
from backstock.sales.models import Quote, Sale, Shipment
from backstock.warehouse.models import Assembly, StockAdjustment, StockCount, StockTransfer
from tests.parity.shop import BARCODE, DEAF, DEBTOR, NEW
from tests.parity.walking import Walk, cell, choose, click, fill, find, jobs, menu, scan, see, upload

NEW_GOODS = "商品编号,商品全名,零售价\nBOX,茶叶罐,18\n".encode()

WALKS: Final[Sequence[Walk]] = (
    Walk(1, "wu", [*menu("销售", "销售"), click("新建订单"), fill("客户", "SUN"), cell("sku", "CUP"), cell("quantity", "7"), click("保存订单"), see("已保存")],
         lambda: Sale.objects.filter(lines__quantity_e4=70_000).exists()),
    Walk(2, "zhou", [*menu("销售", "销售"), click("{order}"), click("发货"), click("发货"), see("已发货")],
         lambda: Shipment.objects.filter(sale__lines__quantity_e4=20_000, sale__lines__product__sku="CUP").exists()),
    Walk(3, "wu", [*menu("销售", "收银台"), scan(BARCODE), click("收款完成"), see("¥")],
         lambda: Sale.objects.filter(lines__quantity_e4=10_000, lines__product__sku="CUP").exists()),
    Walk(4, "wu", [*menu("销售", "报价单"), click("新建报价单"), fill("客户", "HE"), cell("sku", "POT"), cell("quantity", "9"), click("保存报价单"), see("已保存")],
         lambda: Quote.objects.filter(lines__quantity_e4=90_000).exists()),
    Walk(5, "wu", [*menu("销售", "报价单"), click("{quote}"), click("转为订单"), see("S0")],
         lambda: Sale.objects.filter(lines__quantity_e4=60_000).exists()),
    Walk(6, "wu", [click("新建退货"), find("订单号、客户、电话、商品、批次或序列号", "{sale}"), fill("退回数量", "1"), click("提交退货申请"), see("R0")],
         lambda: Return.objects.exists()),
    Walk(7, "wu", [*menu("销售", "销售"), find("搜索", "SUN"), click("{sale}"), see("青花瓷茶杯")]),
    Walk(8, "wu", [*menu("库存", "库存分布"), find("搜索", "POT"), see("紫砂壶")]),
    Walk(9, "wu", [*menu("资料", "价目表"), find("搜索", "CUP"), see("35")]),
    Walk(10, "wu", [*menu("销售", "销售"), click("{sale}"), click("打印"), see("青花瓷茶杯")]),
    Walk(11, "zhao", [*menu("销售", "销售"), click("{unpaid}"), click("收款"), click("收款"), see("款项已入账")]),
    Walk(12, "zhao", [*menu("资金", "收款单"), click("新增收款"), find("往来单位编码、名称或电话", DEBTOR), fill("金额", "240"), click("入账"), see("240.00")],
         lambda: PartnerPayment.objects.filter(partner__code=DEBTOR).exists()),
    Walk(13, "zhao", [*menu("资金", "收款单"), click("新增收款"), find("往来单位编码、名称或电话", DEAF), fill("金额", "500"), click("暂不核销，作为预收/预付款"), click("入账"), see("500.00")],
         lambda: PartnerPayment.objects.filter(partner__code=DEAF).exists()),
    Walk(14, "feng", [*menu("采购", "采购订单"), click("新建订单"), fill("供应商", "JIN"), cell("sku", "CUP"), cell("quantity", "40"), click("下单"), see("PO0")],
         lambda: PurchaseOrder.objects.filter(lines__quantity_e4=400_000).exists()),
    Walk(15, "zhou", [*menu("采购", "采购订单"), click("{coming}"), click("收货"), click("入库"), see("P0")],
         lambda: PurchaseReceipt.objects.filter(order_id__gt=0, lines__quantity_e4=300_000).exists()),
    Walk(16, "feng", [*menu("采购", "采购入库单"), click("新建入库单"), fill("供应商", "JIN"), cell("sku", "POT"), cell("quantity", "3"), click("入库"), see("P0")],
         lambda: PurchaseReceipt.objects.filter(order_id=0, lines__quantity_e4=30_000).exists()),
    Walk(17, "feng", [*menu("采购", "采购入库单"), click("{to_send_back}"), click("退给供应商"), fill("原因", "破损"), fill("退货", "2"), click("退货"), see("PR0")],
         lambda: PurchaseReturn.objects.exists()),
    Walk(18, "zhao", [*menu("采购", "暂估（到货未开票）"), click("{to_bill}"), click("登记发票"), fill("发票号码", "F-77"), click("登记发票"), see("F-77")],
         lambda: PurchaseInvoice.objects.filter(supplier_number="F-77").exists()),
    Walk(19, "zhao", [*menu("资金", "应付账款"), click("金窑陶瓷厂"), click("新增付款"), fill("金额", "100"), click("入账"), see("100.00")],
         lambda: PartnerPayment.objects.filter(partner__code="JIN").exists()),
    Walk(20, "zhou", [*menu("库存", "调拨"), click("新建调拨"), cell("sku", "CUP"), cell("quantity", "5"), click("过账"), see("T0")],
         lambda: StockTransfer.objects.filter(lines__quantity_e4=50_000).exists()),
    Walk(21, "zhou", [*menu("库存", "调拨"), click("{on_the_way}"), click("确认到货"), click("确认到货"), see("已到货")]),
    # One who holds both rights, as in the others' programs; an approver of his own opens the count by three more clicks.
    Walk(22, "admin", [*menu("库存", "盘点"), click("新建盘点"), click("开始盘点"), fill("扫描或输入条码", "LOW"), find("数量", "2"), see("茶漏：已盘 2"),
                       click("清单"), click("差异过账"), click("过账"), see("已过账")],
         lambda: not StockCount.objects.exclude(status="posted").exists()),
    Walk(23, "zhou", [*menu("库存", "报损报溢"), click("新建报损报溢"), cell("sku", "CUP"), cell("quantity", "1"), click("过账"), see("报损")],
         lambda: StockAdjustment.objects.exists()),
    Walk(24, "zhou", [*menu("库存", "组装拆卸"), click("新建组装拆卸"), fill("货号", "SET"), fill("数量", "1"), cell("sku", "CUP"), cell("quantity", "4"), cell("sku", "POT"), cell("quantity", "1"), click("过账"), see("SET")],
         lambda: Assembly.objects.exists()),
    Walk(25, "feng", [*menu("库存", "最低库存"), click("新建采购订单"), fill("供应商", "JIN"), click("下单"), see("PO0")],
         lambda: PurchaseOrder.objects.filter(lines__product__sku="LOW", lines__quantity_e4__gte=470_000).exists()),
    Walk(26, "feng", [*menu("库存", "效期预警"), see("L-2409")]),
    Walk(27, "feng", [*menu("资料", "商品"), click("新增商品"), fill("货号", "CADDY"), fill("品名", "茶则"), fill("单价", "12"), fill("条码", "6900000000014"), click("保存"), see("茶则")],
         lambda: Product.objects.filter(sku="CADDY", price_e6=12_000_000).exists()),
    Walk(28, "feng", [*menu("资料", "价目表"), find("搜索", "POT"), fill("POT pcs 会员价", "230"), click("保存价格"), see("1")],
         lambda: Price.objects.filter(product__sku="POT", level="VIP").exists()),
    Walk(29, "wu", [*menu("资料", "客户"), click("新增客户"), fill("编码", NEW), fill("名称", "新顾客"), fill("电话", "13800000000"), click("保存"), see("新顾客")],
         lambda: Partner.objects.filter(code=NEW, is_customer=True).exists()),
    Walk(30, "zhao", [*menu("资金", "应收账款"), click("何记商行"), click("上月"), see("500.00")]),
    Walk(31, "zhao", [*menu("资金", "应收账款"), see("何记商行")]),
    Walk(32, "zhao", [*menu("资金", "应付账款"), see("金窑陶瓷厂")]),
    Walk(33, "wang", [*menu("报表", "收发存汇总表"), click("上月"), see("CUP")]),
    Walk(34, "zhou", [*menu("报表", "库存明细账"), find("商品", "CUP"), see("期初")]),
    Walk(35, "wang", [*menu("报表", "毛利"), see("CUP")]),
    Walk(36, "wang", [*menu("报表", "毛利"), choose("按", "客户"), click("显示"), see("孙氏茶庄")]),
    Walk(37, "zhao", [*menu("资金", "其他收支"), fill("类别", "运费"), fill("金额", "30"), click("保存"), see("30.00")],
         lambda: Booking.objects.filter(amount_cents=3_000).exists()),
    Walk(38, "zhao", [*menu("资金", "资金调拨"), choose("转入账户", "ICBC 账户 · ¥50,000.00"), fill("金额", "100"), click("保存"), *menu("资金", "现金银行账户"), click("ICBC"), see("100.00")]),
    Walk(39, "zhao", [*menu("资金", "结账"), click("结账"), see("已结账")],
         lambda: Company.objects.get().closed_through is not None),
    Walk(40, "feng", [*menu("资料", "导入"), click("导入 商品"), upload("文件", "商品.csv", NEW_GOODS), click("下一步"), jobs(), click("导入 1 行"), jobs(), see("全部导入")],
         lambda: Product.objects.filter(sku="BOX").exists()),
)  # fmt: skip
