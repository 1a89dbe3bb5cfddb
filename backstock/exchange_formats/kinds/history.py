"""Sales of the past, so that their goods can come back; and returns on their way, at whatever step they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from backstock.core.commands import Command, Input
from backstock.exchange_formats.kinds.kind import (
    CODE,
    DAY,
    MONEY,
    PRICE,
    QUANTITY,
    SHORT,
    UNKNOWN_SUPPLIER,
    YES,
    Column,
    Entry,
    Kind,
    Row,
    Step,
    choice,
    grouped,
)  # fmt: skip
from backstock.exchange_formats.kinds.stock import WAREHOUSE_CODE
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.partners.models import Partner
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell
from backstock.sales.models import Sale


def nothing() -> Iterator[Mapping[str, Any]]:
    """List nothing: sales and returns leave with all their figures among the documents of an export."""
    yield from ()


def _step(command: Command[Any], make: Callable[[str], Input]) -> Step:
    # A company that approves by itself, or inspects nothing, has taken the step already.
    own_rules = (
        frozenset({"transition_not_allowed"}) if command in (approve_return, inspect_return) else frozenset[str]()
    )
    return Step(command, make, own_rules)


def _past_sales(rows: Sequence[Row], on: date) -> Iterator[Entry]:
    """The goods left long ago: they are taken in at their cost and leave again in the same moment."""
    if not Partner.objects.filter(code=UNKNOWN_SUPPLIER).exists():
        unknown = RegisterPartner(code=UNKNOWN_SUPPLIER, is_supplier=True, name="期初 Opening", on=on)
        yield Entry([], [Step(register_partner, lambda _: unknown)])
    for lines in grouped(rows, "reference"):
        day = lines[0]["sold_on"] or on
        yield Entry(lines, [Step(receive_purchase, _goods(lines, day)), Step(sell, _sale(lines, day))])


def _goods(lines: Sequence[Row], on: date) -> Callable[[str], Input]:
    def make(_: str) -> ReceivePurchase:
        goods = tuple(
            PurchaseReceiptLine(
                sku=row["sku"], quantity_e4=row["quantity_e4"], unit_cost_e6=row["unit_cost_e6"] or 0,
                serials=(row["serial"],) if row["serial"] else (), **row.given("unit", "lot"),
            )
            for row in lines
        )  # fmt: skip
        head = lines[0]
        return ReceivePurchase(supplier=UNKNOWN_SUPPLIER, warehouse=head["warehouse"], lines=goods, opening=True, on=on)

    return make


def _sale(lines: Sequence[Row], on: date) -> Callable[[str], Input]:
    def make(_: str) -> Sell:
        head = lines[0]
        paid = sum(row["paid_cents"] or 0 for row in lines)
        return Sell(
            customer=head["customer"], reference=head["reference"] or "", warehouse=head["warehouse"], on=on,
            paid=(Tender(tender=head["tender"] or "bank", amount_cents=paid),) if paid else "none",
            lines=tuple(
                SellLine(
                    sku=row["sku"], quantity_e4=row["quantity_e4"], serials=(row["serial"],) if row["serial"] else (),
                    **row.given("unit", "lot", "unit_price_e6", "discount_cents"),
                )
                for row in lines
            ),
            **head.given("channel"),
        )  # fmt: skip

    return make


GOODS = (
    Column(
        key="sku", zh="货号", en="Product code", form=CODE, required=True, example="CUP-01",
        aliases={"guanjiapo": ("商品编号",), "kingdee": ("商品编码",), "jsherp": ("条码", "商品条码")},
    ),
    Column(
        key="quantity_e4", zh="数量", en="Quantity", form=QUANTITY, required=True, example="2", facts=("quantity", "asked", "available"),
        aliases={"guanjiapo": ("数量",), "kingdee": ("数量",), "jsherp": ("数量",)},
    ),
    Column(key="unit", zh="单位", en="Unit", form=SHORT, aliases={"guanjiapo": ("单位",), "kingdee": ("单位",), "jsherp": ("单位",)}),
    Column(key="lot", zh="批号", en="Lot", form=CODE, aliases={"guanjiapo": ("批号",), "kingdee": ("批次",), "jsherp": ("批号",)}),
    Column(key="serial", zh="序列号", en="Serial number", form=CODE, facts=("serial", "given"), aliases={"guanjiapo": ("序列号",), "jsherp": ("序列号",)}),
    Column(key="warehouse", zh="仓库", en="Warehouse", form=WAREHOUSE_CODE, example="MAIN", aliases={"guanjiapo": ("仓库编号",), "kingdee": ("仓库",), "jsherp": ("仓库",)}),
)  # fmt: skip

PAST_SALES = Kind(
    key="past-sales", zh="历史销售（供退货）", en="Sales of the past", existing=nothing, entries=_past_sales,
    commands=("sales.sell", "purchases.receive", "partners.register"),
    about_zh="还可能被退回的历史销售。同一单据号的行是一张单。未收的部分在这里记为应收，不要再导入期初应收。",
    about_en="Sales whose goods may still come back. Lines with the same number are one sale. What is unpaid is owed from here; leave it out of the open receivables.",
    columns=(
        Column(
            key="reference", zh="单据号", en="Number", form=CODE, required=True, example="XS-2025-0118", facts=("document",),
            aliases={"guanjiapo": ("单据编号",), "kingdee": ("单据编号",), "jsherp": ("单据编号",)},
        ),
        Column(
            key="sold_on", zh="日期", en="Sold on", form=DAY, required=True, example="2025-12-20",
            aliases={"guanjiapo": ("单据日期",), "kingdee": ("单据日期", "业务日期"), "jsherp": ("单据日期",)},
        ),
        Column(
            key="customer", zh="客户", en="Customer", form=CODE, required=True, example="C001", facts=("partner",),
            aliases={"guanjiapo": ("往来单位编号",), "kingdee": ("客户编码",), "jsherp": ("客户",)},
        ),
        *GOODS,
        Column(
            key="unit_price_e6", zh="单价", en="Unit price", form=PRICE, required=True, example="39.90",
            aliases={"guanjiapo": ("单价",), "kingdee": ("单价", "销售单价"), "jsherp": ("单价",)},
        ),
        Column(key="discount_cents", zh="行折扣", en="Discount", form=MONEY, note_zh="本行让利金额", note_en="An amount off the line"),
        Column(
            key="unit_cost_e6", zh="成本单价", en="Unit cost", form=PRICE, required=True, example="18.50",
            aliases={"guanjiapo": ("成本均价", "成本单价"), "kingdee": ("单位成本",), "jsherp": ("采购价",)},
        ),
        Column(key="paid_cents", zh="已收金额", en="Paid", form=MONEY, example="79.80", facts=("asked", "owed"), aliases={"guanjiapo": ("已收金额",), "kingdee": ("本次收款",)}),
        Column(key="tender", zh="收款方式", en="Paid by", form=CODE, example="bank"),
        Column(key="channel", zh="渠道", en="Channel", form=SHORT),
    ),
)  # fmt: skip

STEPS = ("requested", "approved", "received", "inspected", "disposed")


def _open_returns(rows: Sequence[Row], on: date) -> Iterator[Entry]:
    sales = sales_by_reference(row["sale"] for row in rows)
    for lines in grouped(rows, "reference"):
        reached = STEPS.index(lines[0]["step"] or "requested")
        steps = (
            _step(request_return, request_of(lines, on, sales)), _step(approve_return, _approval(lines, on)),
            _step(receive_return, _receipt(lines, on)), _step(inspect_return, _verdict(lines, on)),
            _step(dispose_return, _disposal(lines, on)),
        )  # fmt: skip
        yield Entry(lines, steps[: reached + 1])


def sales_by_reference(named: Iterable[str | None]) -> dict[str, str]:
    """Return the numbers here of sales known by their numbers elsewhere."""
    found = Sale.objects.filter(reference__in={each for each in named if each}).order_by("pk")
    return {reference: Sale(pk=pk).number for pk, reference in found.values_list("pk", "reference")}


def _named(row: Row) -> dict[str, Any]:
    return {
        "sku": row["sku"], "quantity_e4": row["quantity_e4"], "serials": (row["serial"],) if row["serial"] else (),
        **row.given("unit", "lot"),
    }  # fmt: skip


def request_of(lines: Sequence[Row], on: date, sales: Mapping[str, str]) -> Callable[[str], Input]:
    """Return what asks for the goods of some rows."""

    def make(_: str) -> RequestReturn:
        head = lines[0]
        wanted = tuple(
            RequestLine(
                **_named(row), **row.given("reason", "unit_price_e6", "unit_cost_e6"),
                sale=sales.get(row["sale"], row["sale"]) if row["sale"] else None,
            )
            for row in lines
        )  # fmt: skip
        return RequestReturn(
            lines=wanted, reference=head["reference"] or "", on=head["requested_on"] or on,
            **head.given("customer", "type"),
        )  # fmt: skip

    return make


def _day(lines: Sequence[Row], on: date) -> date:
    return lines[0]["reached_on"] or lines[0]["requested_on"] or on


def _approval(lines: Sequence[Row], on: date) -> Callable[[str], Input]:
    return lambda document: ApproveReturn(document=document, on=lines[0]["requested_on"] or on)


def _receipt(lines: Sequence[Row], on: date) -> Callable[[str], Input]:
    return lambda document: ReceiveReturn(
        document=document, on=_day(lines, on), warehouse=lines[0]["warehouse"],
        lines=tuple(ReceiveLine(**_named(row)) for row in lines),
    )  # fmt: skip


def _verdict(lines: Sequence[Row], on: date) -> Callable[[str], Input]:
    return lambda document: InspectReturn(
        document=document, on=_day(lines, on),
        lines=tuple(InspectLine(**_named(row), **row.given("grade", "accepted")) for row in lines),
    )  # fmt: skip


def _disposal(lines: Sequence[Row], on: date) -> Callable[[str], Input]:
    return lambda document: DisposeReturn(
        document=document, on=_day(lines, on),
        lines=tuple(DisposeLine(**_named(row), to=row["to"] or "restock", **row.given("value_cents")) for row in lines),
    )  # fmt: skip


OPEN_RETURNS = Kind(
    key="open-returns", zh="在途退货", en="Open returns", existing=nothing, entries=_open_returns,
    commands=("returns.request", "returns.approve", "returns.receive", "returns.inspect", "returns.dispose"),
    about_zh="尚未办结的退货，走到哪一步就填哪一步：requested 已申请、approved 已批准、received 已收货、inspected 已质检、disposed 已处置。原单须已作为历史销售导入；没有原单就填单价和成本。",
    about_en="Returns that are not finished, at whatever step: requested, approved, received, inspected, disposed. Their sales come in first, as sales of the past; without one state price and cost.",
    columns=(
        Column(key="reference", zh="退货单号", en="Number", form=CODE, required=True, example="TH-0007", facts=("document",), aliases={"guanjiapo": ("单据编号",), "kingdee": ("单据编号",), "jsherp": ("单据编号",)}),
        Column(key="sale", zh="原销售单号", en="Sale", form=CODE, example="XS-2025-0118", aliases={"guanjiapo": ("原单编号",), "kingdee": ("源单编号",), "jsherp": ("关联单据",)}),
        Column(key="customer", zh="客户", en="Customer", form=CODE, facts=("partner",), aliases={"guanjiapo": ("往来单位编号",), "kingdee": ("客户编码",), "jsherp": ("客户",)}),
        Column(
            key="step", zh="已到步骤", en="Step reached", required=True, example="received",
            form=choice(requested=("已申请",), approved=("已批准", "已审核"), received=("已收货",), inspected=("已质检",), disposed=("已处置",)),
        ),
        Column(key="requested_on", zh="申请日期", en="Requested on", form=DAY, example="2025-12-28", aliases={"guanjiapo": ("单据日期",), "kingdee": ("单据日期",), "jsherp": ("单据日期",)}),
        Column(key="reached_on", zh="该步骤日期", en="Reached on", form=DAY),
        *GOODS,
        Column(key="reason", zh="原因", en="Reason", form=CODE, aliases={"guanjiapo": ("退货原因",)}),
        Column(
            key="type", zh="类型", en="Type",
            form=choice(return_refund=("退货退款",), exchange=("换货",), repair=("维修",), replacement=("补发",), refund_only=("仅退款",)),
        ),
        Column(key="unit_price_e6", zh="单价", en="Unit price", form=PRICE, note_zh="无原单时填写", note_en="Without a sale"),
        Column(key="unit_cost_e6", zh="成本单价", en="Unit cost", form=PRICE, note_zh="无原单时填写", note_en="Without a sale"),
        Column(key="grade", zh="等级", en="Grade", form=choice(A=(), B=(), C=(), D=())),
        Column(key="accepted", zh="验收通过", en="Accepted", form=YES),
        Column(
            key="to", zh="去向", en="Goes to",
            form=choice(
                restock=("重新上架",), restock_discounted=("折价上架",), repair=("维修",), return_to_vendor=("退供应商",),
                scrap=("报废",), donate=("捐赠",), send_back=("退回客户",),
            ),
        ),
        Column(key="value_cents", zh="折价后价值", en="Written down to", form=MONEY, facts=("value",)),
    ),
)  # fmt: skip
