"""Goods past their date, goods that the law protects, and goods whose destruction somebody must have seen."""

from datetime import date, timedelta

import pytest

from backstock.catalog.commands.arrange import ArrangeCategory, arrange_categories
from backstock.core.models import User
from backstock.core.permissions import SYSTEM
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.returns.models import DisposalProof
from tests import build
from tests import build_evidence as evidence
from tests.build import DAY, e4, e6
from tests.cast import JIN
from tests.ledgers import refused, written


def lot_back(expires_on: date, **terms) -> str:
    """Sell a lot and take it back as far as its inspection."""
    build.company()
    build.product("L", tracking="lot")
    line = PurchaseReceiptLine(sku="L", quantity_e4=e4(5), unit_cost_e6=e6(60), lot="L-1", expires_on=expires_on)
    receive_purchase(ReceivePurchase(supplier=JIN, lines=(line,), on=DAY), actor=SYSTEM)
    if terms:
        build.policy(**terms)
    rma = build.requested(build.sold("L", 2, lot="L-1"), 2, "L", lot="L-1")
    return build.inspected(build.received(build.approved(rma, sku="L"), 2, "L", lot="L-1"), 2, "L", grade="A")


@pytest.mark.parametrize("to", ["restock", "restock_discounted"])
def test_a_lot_past_its_date_is_never_restocked(company_db, to):
    rma = lot_back(DAY - timedelta(days=1))
    with refused("expired", sku="L", lot="L-1", left_days=-1, wanted_days=0):
        build.disposed(rma, 2, "L", to=to)
    build.disposed(rma, 1, "L", to="scrap")
    build.disposed(rma, 1, "L", to="send_back")


def test_on_its_last_day_it_is(company_db):
    rma = lot_back(DAY)
    with written() as ledgers:
        build.disposed(rma, 2, "L")
    assert [move.split(" → ")[1].split()[0] for move in ledgers.goods] == ["sellable"]


def test_a_category_may_want_more_days_than_are_left(company_db):
    rma = lot_back(DAY + timedelta(days=29), per_sku={"L": {"restock_shelf_life_days": 30}})
    with refused("expired", left_days=29, wanted_days=30):
        build.disposed(rma, 1, "L")
    build.disposed(rma, 2, "L", to="donate")


def coat_back(category: str = "apparel", **settings) -> str:
    build.company(law="EU", **settings)
    build.product("COAT", category=category)
    build.bought("COAT", 5)
    rma = build.received(build.approved(build.requested(build.sold("COAT", 2), 2, "COAT"), sku="COAT"), 2, "COAT")
    return build.inspected(rma, 2, "COAT", grade="D")


LATER = date(2026, 8, 1)


def test_the_law_protects_clothes_from_destruction_and_names_itself(company_db):
    rma = coat_back()
    with refused("destruction_forbidden", sku="COAT", article="Regulation (EU) 2024/1781 Art. 25"):
        build.disposed(rma, 1, "COAT", to="scrap", on=LATER)
    build.disposed(rma, 1, "COAT", to="scrap", on=date(2026, 7, 18))
    build.disposed(rma, 1, "COAT", to="donate", on=LATER)


def test_a_ground_is_kept_with_the_disposition(company_db):
    rma = coat_back()
    with refused("destruction_forbidden"):
        build.disposed(rma, 1, "COAT", to="scrap", on=LATER, ground="it is ugly")
    with written() as ledgers:
        build.disposed(rma, 1, "COAT", to="scrap", on=LATER, ground="damage")
    assert ledgers.goods == ["COAT 1 quarantine → scrap 60.00"]
    assert list(DisposalProof.objects.values_list("to", "ground", "witness_id")) == [("scrap", "damage", 0)]


def test_a_small_company_is_not_bound(company_db):
    rma = coat_back(size="small")
    with written() as ledgers:
        build.disposed(rma, 1, "COAT", to="scrap", on=LATER)
    assert ledgers.goods == ["COAT 1 quarantine → scrap 60.00"]


def test_what_lies_in_a_protected_category_is_protected(company_db):
    rma = coat_back(category="coats")
    build.disposed(rma, 1, "COAT", to="scrap", on=LATER)
    for code, parent in (("apparel", ""), ("coats", "apparel")):
        arrange_categories(ArrangeCategory(code=code, parent=parent, on=DAY), actor=SYSTEM)
    with refused("destruction_forbidden"):
        build.disposed(rma, 1, "COAT", to="scrap", on=LATER)


def test_in_china_only_what_is_as_it_was_is_sold_as_new(company_db):
    build.company(law="CN")
    rma = build.on_the_dock(2)
    build.inspected(rma, 1, grade="B")
    with refused("resale_as_new_forbidden", sku="A", grade="B"):
        build.disposed(rma)
    build.disposed(rma, to="restock_discounted", value_cents=100)


def test_destroying_needs_a_witness_a_photo_and_a_certificate_where_that_is_agreed(people):
    build.policy(scrap_needs=["witness", "photo", "certificate"])
    rma = build.inspected(build.on_the_dock(2), 2, grade="D")
    li = people.li
    with refused("witness_required", document=rma):
        build.disposed(rma, to="scrap", actor=li)
    with refused("witness_required"):
        build.disposed(rma, to="scrap", actor=li, witness="li")
    with refused("invalid_input", field="witness"):
        build.disposed(rma, to="scrap", actor=li, witness="nobody")
    evidence.attached(rma)  # of the inspection: it proves no destruction
    with refused("disposal_evidence_required", what="photo"):
        build.disposed(rma, to="scrap", actor=li, witness="zhou")
    evidence.attached(rma, step="dispose")
    with refused("disposal_evidence_required", what="certificate"):
        build.disposed(rma, to="scrap", actor=li, witness="zhou")
    evidence.attached(rma, evidence.PDF, step="dispose")
    build.disposed(rma, to="scrap", actor=li, witness="zhou")

    assert DisposalProof.objects.get().witness_id == User.objects.get(username="zhou").pk
    build.disposed(rma, to="donate", actor=li)  # only destroying asks for it
