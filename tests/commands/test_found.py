"""Found the company of this database."""

import pytest

from backstock.core.models import Company, RoleGrant
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import CHART
from backstock.money.models import Account
from backstock.stock.models import Place
from backstock.warehouse.commands.found import FoundCompany, found_company
from backstock.warehouse.models import Warehouse
from tests import build
from tests.ledgers import refused


def test_makes_the_company_with_its_settings_chart_places_and_roles(company_db):
    build.found(name="归仓", currency="JPY", currency_digits=0, cost_method="fifo", warehouses=("N", "S"))

    company = Company.objects.get()
    assert (company.name, company.currency, company.currency_digits, company.cost_method) == ("归仓", "JPY", 0, "fifo")
    assert set(Account.objects.values_list("pk", "role")) == {(int(role), role.name) for role in CHART}
    assert list(Warehouse.objects.order_by("pk").values_list("code", flat=True)) == ["N", "S"]
    assert Place.objects.filter(warehouse_id=0).count() == 6
    assert Place.objects.exclude(warehouse_id=0).count() == 2 * 7
    assert RoleGrant.objects.filter(role="admin", permission="*").exists()


def test_refuses_a_second_company(company_db):
    build.found()
    with refused("duplicate_code", field="company", value="Other"):
        found_company(FoundCompany(name="Other"), actor=SYSTEM)


def test_refuses_two_companies_at_once(company_db):
    with refused("duplicate_code", field="company"):
        found_company.batch([FoundCompany(), FoundCompany()], actor=SYSTEM)


def test_of_two_companies_one_by_one_the_first_is_founded(company_db):
    first, second = found_company.batch([FoundCompany(name="一"), FoundCompany(name="二")], actor=SYSTEM, mode="each")

    assert (first.document, second.error.code) == ("company", "duplicate_code")
    assert Company.objects.get().name == "一"


def test_a_warehouse_named_twice_is_one(company_db):
    build.found(warehouses=("N", "N"))
    assert Warehouse.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "cny"), ("currency", "CNYY"), ("currency_digits", 5), ("currency_digits", -1), ("cost_method", "lifo"),
        ("timezone", "Mars/Olympus"), ("law", "US"), ("cash_rounding_cents", 0), ("name", ""), ("name", "x" * 201),
        ("warehouses", [""]), ("warehouses", "MAIN"), ("made_by", "anyone"), ("size", 3),
    ],
)  # fmt: skip
def test_refuses_settings_that_do_not_exist(company_db, field, value):
    with refused("invalid_input"):
        found_company(found_company.parse({field: value}), actor=SYSTEM)


def test_every_other_command_needs_a_company_first(company_db):
    with refused("no_company"):
        build.product("A")
