"""Files of other programs come in: read, checked in a rehearsal, imported whole, in the middle, and never twice."""

from __future__ import annotations

from datetime import date

import pytest

from backstock.catalog.models import Product
from backstock.cli.replay.runner import database_state
from backstock.core import together
from backstock.core.commands import REGISTRY
from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.exchange_formats import engine, runs
from backstock.exchange_formats.errors import RunNotReady, UnreadableFile
from backstock.exchange_formats.kinds import KINDS
from backstock.exchange_formats.models import ImportRun
from backstock.exchange_formats.reading import find_header
from backstock.exchange_formats.sheets import read
from backstock.exchange_formats.templates import template
from backstock.money.accounts import Role
from backstock.stock.queries import on_shelf
from tests import build
from tests.exchange.files import GUANJIAPO, as_csv, as_xlsx, checked, imported
from tests.ledgers import on_account

PRODUCTS = KINDS["products"]


def said(run: ImportRun) -> list[tuple[int, str, str]]:
    return [(each["row"], each["column"], each["code"]) for each in run.problems]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", as_csv(GUANJIAPO)), ("a.csv", as_csv(GUANJIAPO, "gb18030")), ("a.xlsx", as_xlsx(GUANJIAPO)), ("a.csv", as_csv(GUANJIAPO, "utf-16"))],
)  # fmt: skip
def test_a_list_of_products_from_guanjiapo_comes_in_from_any_file(shop, name: str, content: bytes) -> None:
    run = imported("products", content, name)
    assert (run.state, run.source, run.header_row, run.counts["imported"]) == ("done", "guanjiapo", 2, 2)
    pot = Product.objects.get(sku="POT")
    assert (pot.name, pot.unit, pot.price_e6, pot.category) == ("紫砂壶", "把", 1_250_000_000, "茶具")


def test_the_excel_export_of_jsherp_comes_in_with_its_units_and_marks(shop) -> None:
    head = ["名称*", "规格", "型号", "品牌", "类别", "保质期(天)", "基本单位*", "副单位", "基本条码*", "副条码", "比例", "采购价", "零售价", "状态*", "序列号", "批号"]  # fmt: skip
    rows = [
        ["*导入时本行内容请勿删除，切记！"],
        head,
        ["手机", "8G", "", "华", "数码", "", "台", "箱", "6901", "", 10, 1, 999, 1, 1, 0],
    ]
    run = imported("products", as_xlsx(rows), "商品.xlsx")
    assert (run.source, run.state) == ("jsherp", "done")
    phone = Product.objects.get(sku="6901")
    assert (phone.name, phone.tracking, phone.price_e6) == ("手机", "serial", 999_000_000)
    assert [(u.unit, u.numerator) for u in phone.units.all()] == [("箱", 10)]


def test_every_problem_is_named_by_row_and_column_and_nothing_comes_in(shop) -> None:
    rows = [
        ["货号", "名称", "零售价", "追踪方式", "税率"],
        ["", "没有货号", "1", "", ""],
        ["N1", "x\0y", "abc", "有时", "13%"],
        ["N2", "好", "-5", "批次", "200%"],
        ["A", "已有", "１２．５", "", ""],
        ["N3", "好", "1.23456789", "", ""],
        ["N4", "全部正确", "12,345.60", "序列号", "0.13"],
        ["N4", "又一次", "1", "", ""],
    ]
    before = CommandLog.objects.count()
    run = checked("products", as_csv(rows))
    assert (CommandLog.objects.count(), Product.objects.count()) == (before, 1)
    assert said(run) == [
        (2, "货号", "required"), (3, "名称", "not_storable"), (3, "零售价", "not_a_number"), (3, "追踪方式", "not_a_choice"),
        (4, "零售价", "out_of_range"), (4, "税率", "out_of_range"), (5, "货号", "duplicate_code"),
        (6, "零售价", "too_many_decimals"), (8, "货号", "duplicate_code"),
    ]  # fmt: skip
    assert run.counts == {"rows": 7, "ready": 1, "faulty": 6, "known": 0}
    with pytest.raises(RunNotReady):
        runs.accept(run)
    runs.accept(run, leave_out=True)
    assert runs.work_off()
    assert set(Product.objects.values_list("sku", flat=True)) == {"A", "N4"}
    assert "N2" in runs.faulty_rows(run, "zh")


def test_a_corrected_file_brings_only_what_is_new_and_a_second_run_nothing(shop) -> None:
    head, good, bad = ["货号", "数量", "成本单价"], ["A", "5", "60"], ["B", "1", "2"]
    imported("opening-stock", as_csv([head, good, bad]), leave_out=True)
    build.product("B", 3)
    again = imported("opening-stock", as_xlsx([["货号", "数量", "成本单价"], ["A", 5, 60], ["B", 1, 2]]), "again.xlsx")
    assert again.counts["known"] == 1
    rows = CommandLog.objects.count()
    third = imported("opening-stock", as_csv([head, good, bad]))
    assert (third.counts["known"], CommandLog.objects.count()) == (2, rows)
    assert on_shelf(Product.objects.values_list("pk", flat=True)) == {
        Product.objects.get(sku="A").pk: 15 * 10_000, Product.objects.get(sku="B").pk: 10_000,
    }  # fmt: skip


def test_a_refusal_in_the_middle_stops_before_its_row_and_goes_on_after_correction(shop, monkeypatch) -> None:
    monkeypatch.setattr(engine, "CHUNK", 2)
    run = checked("products", as_csv([["货号"], *[[f"N{n}"] for n in range(5)]]))
    build.product("N3", 1)
    runs.accept(run)
    assert runs.work_off()
    run.refresh_from_db()
    assert (run.state, run.done) == ("stopped", 3)
    assert "5" in run.message_zh
    assert set(Product.objects.values_list("sku", flat=True)) == {"A", "N0", "N1", "N2", "N3"}
    runs.choose(run, run.places)
    assert runs.work_off()
    run.refresh_from_db()
    assert said(run) == [(5, "货号", "duplicate_code")]
    runs.accept(run, leave_out=True)
    assert runs.work_off()
    assert Product.objects.filter(sku__startswith="N").count() == 5


def test_a_worker_that_dies_in_the_middle_leaves_whole_chunks_and_the_next_one_finishes(shop, monkeypatch) -> None:
    monkeypatch.setattr(engine, "CHUNK", 2)
    run = checked("products", as_csv([["货号"], *[[f"N{n}"] for n in range(5)]]))
    runs.accept(run)

    class PowerCut(BaseException):
        pass

    def cut(done: int, total: int) -> None:
        if done == 2:
            raise PowerCut

    ImportRun.objects.filter(pk=run.pk).update(state="importing")
    run.refresh_from_db()
    with pytest.raises(PowerCut):
        runs.perform(run, SYSTEM, cut)
    assert Product.objects.filter(sku__startswith="N").count() == 2
    ImportRun.objects.filter(pk=run.pk).update(touched_at="2026-01-01T00:00:00Z")
    runs.recover()
    assert runs.work_off()
    assert Product.objects.filter(sku__startswith="N").count() == 5
    assert CommandLog.objects.filter(name="catalog.define", key__startswith="import:").count() == 5


def test_a_rehearsal_leaves_nothing_is_never_nested_and_commands_stay_durable(shop) -> None:
    before = database_state()
    with together.rehearsal():
        build.product("N", 1)
        build.sold()
        with pytest.raises(RuntimeError), together.rehearsal():
            pass
        with pytest.raises(RuntimeError), together.as_one():
            pass
    assert database_state() == before
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        build.product("N", 1)
    with pytest.raises(RuntimeError), transaction.atomic(), together.rehearsal():
        pass
    assert database_state() == before


def test_nobody_is_told_of_a_rehearsal_and_of_a_whole_only_after_it_was_committed(shop) -> None:
    from backstock.core import events

    heard: list[str] = []
    kept = dict(events._handlers)
    events._handlers.clear()
    events._handlers["WarehouseOpened"] = (lambda event: heard.append(event["document"]),)
    try:
        with together.rehearsal():
            REGISTRY["stock.open_warehouse"](REGISTRY["stock.open_warehouse"].parse({"code": "N"}), actor=SYSTEM)
        with together.as_one():
            REGISTRY["stock.open_warehouse"](REGISTRY["stock.open_warehouse"].parse({"code": "W"}), actor=SYSTEM)
            assert heard == []
    finally:
        events._handlers.clear()
        events._handlers.update(kept)
    assert heard == ["W"]


def test_opening_debts_and_accounts_come_in_against_the_opening_balances(shop) -> None:
    imported("receivables", as_csv([["往来单位编号", "单据编号", "单据日期", "应收余额"], ["SUN", "XS-1", "2025/12/1", "100.50"], ["HE", "XS-2", "45992", "7"]]), source="guanjiapo")  # fmt: skip
    imported("payables", as_csv([["供应商", "未结金额"], ["JIN", "30"]]))
    imported("accounts", as_csv([["账户编码", "类型", "期初余额"], ["ICBC", "银行", "2500"]]))
    assert (on_account(Role.receivable), on_account(Role.payable)[-5:]) == ("107.50", "30.00")


def test_returns_on_their_way_come_in_at_the_step_they_have_reached(shop) -> None:
    from backstock.returns.models import Return

    sales = [["单据号", "日期", "客户", "货号", "数量", "单价", "成本单价", "已收金额"], ["XS-1", "2025-12-20", "SUN", "A", "4", "100", "60", "400"], ["XS-2", "2025-12-21", "HE", "A", "1", "90", "60", ""]]  # fmt: skip
    imported("past-sales", as_csv(sales), on=date(2026, 1, 5))
    head = ["退货单号", "原销售单号", "货号", "数量", "已到步骤", "申请日期", "去向"]
    steps = ["已申请", "已批准", "received", "disposed"]
    rows = [[f"TH-{n}", "XS-1", "A", "1", step, "2025-12-28", "restock"] for n, step in enumerate(steps)]
    wrong = ["TH-9", "XS-2", "A", "7", "已申请", "2025-12-28", ""]
    run = checked("open-returns", as_csv([head, *rows, wrong]), on=date(2026, 1, 5))
    assert said(run) == [(6, "数量", "quantity_exceeds_returnable")]
    runs.accept(run, leave_out=True)
    assert runs.work_off()
    last = dict(CommandLog.objects.filter(name__startswith="returns.").order_by("pk").values_list("document", "name"))
    assert [(each.reference, last[each.number]) for each in Return.objects.order_by("pk")] == [
        ("TH-0", "returns.request"), ("TH-1", "returns.approve"), ("TH-2", "returns.receive"), ("TH-3", "returns.dispose"),
    ]  # fmt: skip


def test_requests_of_customers_come_in_and_the_policy_decides(shop: str) -> None:
    build.sold(quantity=3, reference="XS-1")
    build.sold(quantity=2, reference="XS-2")
    head = ["退货单号", "原销售单号", "货号", "数量", "原因", "客户留言"]
    rows = [
        ["TB-1", "XS-1", "A", "1", "太大", "请尽快"],
        ["TB-1", "XS-2", "A", "2", "太大", ""],
        ["TB-2", "XS-1", "A", "9", "", ""],
    ]
    run = checked("return-requests", as_csv([head, *rows]), on=date(2026, 1, 5))
    assert said(run) == [(4, "数量", "quantity_exceeds_returnable")]
    runs.accept(run, leave_out=True)
    assert runs.work_off()
    from backstock.returns.models import Return

    asked = Return.objects.get()
    assert (asked.reference, asked.status, asked.lines.count()) == ("TB-1", "requested", 2)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_template_of_every_kind_is_understood_and_its_notes_are_no_rows(kind: str, language: str) -> None:
    sheet = read("t.xlsx", template(KINDS[kind], language))
    found = find_header(sheet, KINDS[kind])
    assert (found.row, set(found.places)) == (1, {column.key for column in KINDS[kind].own})


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.xlsx", b"PK\x03\x04 no workbook", ""), ("a.xls", b"\xd0\xcf\x11\xe0 no workbook", ""), ("a.csv", b"", "empty"),
        ("a.csv", b"\xff\xff\xff", "encoding"), ("a.xlsx", as_xlsx([["货号", "名称"], ["=1+1", "x"]]), "formula:A2"),
        ("a.csv", b"x" * (51 * 1024 * 1024), "too_large"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(name: str, content: bytes, problem: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(name, content)
    assert problem in caught.value.problem
    assert caught.value.sentence("zh") != caught.value.sentence("en")
