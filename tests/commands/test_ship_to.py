"""Where the goods of a sale go: a chosen address of the customer, else the default."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.partners.commands.revise import revise_partner
from backstock.partners.models import Address
from backstock.partners.queries import address_for
from tests import build, build_sales
from tests.ledgers import refused

PLACES = [{"text": "花果山", "is_default": True}, {"text": "水帘洞", "recipient": "孙悟空"}]


@pytest.fixture
def wukong(shop):
    build.customer("WU")
    places(*PLACES)
    return "WU"


def places(*wanted):
    revise_partner(revise_partner.parse({"code": "WU", "addresses": list(wanted), "on": "2026-01-02"}), actor=SYSTEM)


def address(text):
    return Address.objects.get(text=text).pk


def shown(sale):
    row = build_sales.sale_row(sale)
    found = address_for(row.customer_id, row.address_id)
    return found.text if found else ""


def test_the_chosen_address_stays_also_when_others_change(wukong):
    chosen, default = (build_sales.ordered(customer="WU", address=pk) for pk in (address("水帘洞"), None))
    assert (shown(chosen), shown(default)) == ("水帘洞", "花果山")
    places({"text": "高老庄"}, PLACES[1] | {"is_default": True})
    assert (shown(chosen), shown(default)) == ("水帘洞", "水帘洞")
    places({"text": "高老庄"})
    assert shown(chosen) == "高老庄"


def test_the_address_of_somebody_else_is_refused(wukong):
    for wrong in (address("花果山"), 10**9):
        with refused("invalid_input"):
            build_sales.ordered(customer="SUN", address=wrong)


def test_who_has_none_has_none(wukong):
    assert shown(build_sales.ordered(customer="SUN")) == ""
