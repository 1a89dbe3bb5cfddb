"""What leaves comes in again as the same; and everything leaves."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
from click.testing import CliRunner

from backstock.catalog.commands.arrange import (
    ArrangeCategory,
    ArrangePriceLevel,
    arrange_categories,
    arrange_price_levels,
)
from backstock.catalog.commands.set_prices import SetPrice, set_prices
from backstock.catalog.products import ProductBarcode
from backstock.core.permissions import SYSTEM
from backstock.exchange_formats.kinds import KINDS
from backstock.exchange_formats.leaving import archive, csv_of, tables
from backstock.money.accounts import Role
from backstock.money.commands.open_account import OpenAccount, open_account
from backstock.owing.commands.open import OpenDebt, open_debt
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.partners.details import PartnerContact
from backstock.warehouse.commands.open import OpenWarehouse, open_warehouse
from tests import build
from tests.exchange.files import GUANJIAPO, as_csv, imported
from tests.ledgers import on_account

OWN = [key for key in KINDS if key not in ("past-sales", "open-returns")]


def a_company() -> None:
    """A company with everything that is master data or open on its first day."""
    build.found(warehouses=())
    for each in (OpenWarehouse(code="东", name="东区仓", shelves=("A-01", "A-02")), OpenWarehouse(code="W")):
        open_warehouse(each, actor=SYSTEM)
    build.product("A", "39.90", name="=杯子", spec="200ml", units={"箱": 12}, tax="0.13")
    for category, parent in (("drink", None), ("tea", "drink")):
        arrange_categories(ArrangeCategory(code=category, name_zh="茶", parent=parent), actor=SYSTEM)
    arrange_price_levels(ArrangePriceLevel(code="VIP", name_zh="会员", position=3), actor=SYSTEM)
    set_prices(SetPrice(sku="A", level="VIP", unit="箱", unit_price_e6=400_000_000, valid_from=build.DAY), actor=SYSTEM)
    build.product("B", 1, category="tea", barcodes=(ProductBarcode(code="6901234567892"),))
    build.product("S", 999, tracking="serial", returnable=False)
    build.product("L", 3, tracking="lot", shelf_life_days=30)
    build.product("K", 50, kit={"A": 2})
    register_partner(
        RegisterPartner(
            code="SUN",
            is_customer=True,
            name="孙",
            phone="+86 138",
            address="一行\n二行",
            credit_limit_cents=5_000,
            tax_number="91330",
            contacts=(PartnerContact(name="王芳", phone="139"), PartnerContact(name="李")),
        ),
        actor=SYSTEM,
    )
    register_partner(RegisterPartner(code="JIN", is_supplier=True, is_customer=True, payment_days=30), actor=SYSTEM)
    register_partner(RegisterPartner(code="QIAN", is_supplier=True, notes="-备注"), actor=SYSTEM)
    open_account(OpenAccount(code="ICBC", name_zh="工行", tenders=("card",), opening_cents=123_45), actor=SYSTEM)
    for side, partner, ahead in (("receivable", "SUN", False), ("payable", "QIAN", False), ("receivable", "SUN", True)):
        open_debt(
            OpenDebt(
                side=side,
                partner=partner,
                reference="X-1",
                amount_cents=10_050,
                invoiced_on=date(2025, 12, 1),
                prepayment=ahead,
            ),
            actor=SYSTEM,
        )
    build.bought("A", 7, "18.333333", warehouse="东", opening=True)
    build.bought("S", 2, 500, serials=("SN1", "SN2"), warehouse="W", opening=True)
    build.bought("L", "2", "1.5", lot="B-1", warehouse="东", opening=True)


def left() -> dict[str, str]:
    return {key: "".join(csv_of(KINDS[key], 2)) for key in OWN}


def test_every_kind_that_leaves_comes_in_again_as_the_same(scratch) -> None:
    with scratch.database():
        a_company()
        files = left()
        value = on_account(Role.inventory)
    with scratch.database():
        build.found(warehouses=())
        for key in OWN:
            run = imported(key, files[key].encode(), source="backstock", on=build.DAY)
            rows = len(list(csv.reader(io.StringIO(files[key])))) - 1
            assert (run.state, run.counts["imported"]) == ("done", rows)
        again = left()
        assert on_account(Role.inventory) == value
    for key in OWN:
        if key == "opening-stock":  # goods that are not tracked do not remember whose they were
            continue
        assert again[key] == files[key]
    assert [row[:8] for row in csv.reader(io.StringIO(again["opening-stock"]))] == [
        row[:8] for row in csv.reader(io.StringIO(files["opening-stock"]))
    ]  # fmt: skip


def test_everything_leaves_with_a_manifest_that_is_true(shop) -> None:
    build.settled(build.back_on_the_shelf())
    target = io.BytesIO()
    archive(target)
    with zipfile.ZipFile(target) as found:
        manifest = json.loads(found.read("manifest.json"))
        for name, said in manifest["files"].items():
            assert hashlib.sha256(found.read(name)).hexdigest() == said["sha256"]
        log = found.read("tables/core.commandlog.csv").decode()
        names = set(found.namelist())
    assert {
        "tables/stock.stockmove.csv",
        "tables/money.transfer.csv",
        "tables/returns.return.csv",
        "README.txt",
    } <= names
    assert {f"tables/{model._meta.label_lower}.csv" for model in tables()} <= names
    assert "tables/core.user.csv" not in names
    assert "returns.receive" in log
    assert manifest["files"]["tables/partners.partner.csv"]["personal"]


@pytest.fixture
def console(shop):
    import backstock.cli.exchange  # noqa: F401
    from backstock.cli.main import cli

    return lambda *words: CliRunner().invoke(cli, [str(word) for word in words])


def test_the_console_checks_imports_says_problems_and_exports(console, tmp_path) -> None:
    from backstock.catalog.models import Product

    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(as_csv(GUANJIAPO, "gb18030"))
    bad.write_bytes(as_csv([["货号", "零售价"], ["N1", "x"], ["N2", "1"]]))
    answer = console("import", "products", good, "--dry-run", "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout.splitlines()[-1])["ready"] == 2
    assert Product.objects.count() == 1
    assert console("import", "products", good).exit_code == 0
    assert Product.objects.count() == 3
    answer = console("import", "products", bad)
    assert (answer.exit_code, Product.objects.count()) == (1, 3)
    assert "not_a_number" in answer.stderr
    assert console("import", "products", bad, "--leave-out").exit_code == 0
    assert Product.objects.count() == 4
    assert console("import", "template", "products", tmp_path / "t.xlsx").exit_code == 0
    answer = console("export", tmp_path / "out", "--json")
    assert answer.exit_code == 0, answer.output
    assert len(list((tmp_path / "out").glob("*.zip"))) == 1
