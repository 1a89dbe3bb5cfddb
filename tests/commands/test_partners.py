"""Customers and suppliers with their contacts: revised, archived, erased, and duplicates merged without loss."""

import json

import pytest

from backstock.cli.verification import verify
from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.queries import balance, partner_balance
from backstock.owing.commands.merge import MergePartner, merge_partner
from backstock.partners.commands.register import ErasePartner, erase_partner, register_partner
from backstock.partners.commands.revise import ArchivePartner, archive_partner, revise_partner
from backstock.partners.duplicates import name_key, phone_key
from backstock.partners.models import Address, Contact, Partner
from backstock.partners.queries import (
    all_partners,
    find_partners,
    loaded_partner,
    matching_partners,
    partner_ids,
    same_ones,
)
from backstock.sales.models import Sale
from tests import build, build_purchases
from tests import build_owing as owing
from tests.build import DAY
from tests.cast import HE, JIN, SUN
from tests.ledgers import refused

CONTACTS = [{"name": "沙僧", "phone": "13700001111"}, {"name": "白龙", "role": "boss", "is_default": True}]


def revised(code, **fields):
    wanted = revise_partner.parse({"code": code, "on": DAY.isoformat(), **fields})
    return revise_partner(wanted, actor=SYSTEM).document


def merged(code, into):
    return merge_partner(MergePartner(code=code, into=into, on=DAY), actor=SYSTEM).document


def partner(code):
    return Partner.objects.get(code=code)


def test_a_partner_is_registered_with_contacts_and_addresses_of_which_one_is_the_default(shop):
    raw = {"code": "C1", "contacts": CONTACTS, "addresses": [{"text": "流沙河"}, {"text": "高老庄"}]}
    register_partner(register_partner.parse(raw), actor=SYSTEM)

    assert list(Contact.objects.values_list("name", "is_default")) == [("沙僧", False), ("白龙", True)]
    assert list(Address.objects.values_list("text", "is_default")) == [("流沙河", True), ("高老庄", False)]


def test_revising_changes_what_is_given_and_leaves_the_rest(shop):
    build.customer("C1", name="孙悟空", phone="139", level="vip", credit_limit_cents=100)
    revised("C1", name="孙行者", contacts=CONTACTS)
    revised("C1", credit_limit_cents=-1, payment_days=30, notes="好客户")

    now = partner("C1")
    assert (now.name, now.phone, now.level, now.credit_limit_cents, now.payment_days, now.notes) == (
        "孙行者", "139", "vip", None, 30, "好客户",
    )  # fmt: skip
    assert Contact.objects.count() == 2


def test_a_partner_is_found_by_name_contact_and_the_end_of_a_phone(shop):
    build.customer("C1", name="上海好茶有限公司", phone="021-55667788")
    revised("C1", contacts=CONTACTS)
    found = {text: matching_partners(text) == [partner("C1").pk] for text in ("好茶", "7788", "1111", "沙僧", "c1")}
    assert all(found.values()), found
    assert list(find_partners(all_partners(), "上海 茶")) == [partner("C1")]


def test_refuses_to_revise_somebody_unknown(shop):
    with refused("unknown_partner", partner="NO"):
        revised("NO", name="x")


def test_nothing_personal_stays_in_the_log_and_erasing_takes_everything(shop):
    raw = {
        "code": "C1",
        "name": "孙悟空",
        "notes": "怕紧箍咒",
        "contacts": CONTACTS,
        "addresses": [{"text": "水帘洞"}],
        "tax_number": "91X",
    }
    register_partner(register_partner.parse(raw), actor=SYSTEM)
    revised("C1", notes="怕师父", contacts=CONTACTS)
    erase_partner(ErasePartner(code="C1", on=DAY), actor=SYSTEM)

    kept = json.dumps(list(CommandLog.objects.values()), default=str, ensure_ascii=False)
    assert [said for said in ("孙悟空", "紧箍咒", "沙僧", "水帘洞", "91X", "师父") if said in kept] == []
    assert (Contact.objects.count(), Address.objects.count(), matching_partners("孙悟空")) == (0, 0, [])
    assert (partner("C1").notes, partner("C1").tax_number, partner("C1").name_key) == ("", "", "")


def test_an_archived_partner_takes_no_new_documents_and_comes_back(shop):
    for code in (SUN, JIN):
        archive_partner(ArchivePartner(code=code, on=DAY), actor=SYSTEM)
    with refused("partner_archived", partner=SUN):
        build.sold()
    with refused("partner_archived", partner=JIN):
        build.bought()
    with refused("partner_archived", partner=JIN):
        build_purchases.ordered()
    with refused("transition_not_allowed", document=SUN):
        archive_partner(ArchivePartner(code=SUN, on=DAY), actor=SYSTEM)
    for code in (SUN, JIN):
        archive_partner(ArchivePartner(code=code, archived=False, on=DAY), actor=SYSTEM)
    build.bought()
    build.sold()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海好茶有限公司", "上海 好茶"),
        ("Good Tea Co., Ltd.", "GOOD TEA"),
        ("好茶（上海）有限责任公司", "好茶(上海)公司"),
        ("ＡＢＣ商行", "abc"),
    ],
)
def test_names_without_their_legal_form_are_the_same(one, other):
    assert name_key(one) == name_key(other) != ""


def test_a_name_that_is_only_a_form_stays_and_phones_lose_their_country():
    assert (name_key("公司"), name_key("Inc")) == ("公司", "inc")
    assert phone_key("+86 138-0013-8000") == phone_key("13800138000") == "13800138000"
    assert phone_key("120") == ""


def test_duplicates_are_found_with_why(shop):
    build.customer("C1", name="上海好茶有限公司", phone="13800138000", tax_number="91A")
    build.supplier("C2", name="上海好茶", phone="+86 138 0013 8000")
    build.customer("C3", tax_number="91A", name="另一家")

    found = [(one.code, other.code, why) for one, other, why in same_ones()]
    assert found == [("C1", "C2", ["phone_key", "name_key"]), ("C1", "C3", ["tax_number"])]


@pytest.fixture
def twice(shop):
    """SUN and HE turn out to be one: both bought, both owe."""
    build.bought(quantity=20)
    build.customer("C9")
    return build.sold(paid="none"), build.sold(paid="none", customer=HE, quantity=1)


def test_documents_and_balances_of_both_are_found_under_the_survivor(twice):
    before = balance(Role.receivable), balance(Role.opening_balances)
    ids = partner(SUN).pk, partner(HE).pk
    merged(HE, SUN)

    assert (balance(Role.receivable), balance(Role.opening_balances)) == before
    assert [partner_balance(pk, Role.receivable) for pk in ids] == [30_000, 0]
    assert Sale.objects.filter(customer_id=ids[0]).count() == 2
    assert partner_ids([HE, SUN]) == {HE: ids[0], SUN: ids[0]}
    assert loaded_partner(HE).code == SUN
    assert list(all_partners().filter(code=HE)) == []
    assert matching_partners(HE) == [ids[0]]
    assert verify().problems == []


def test_what_was_open_with_the_duplicate_is_settled_by_the_survivor(twice):
    merged(HE, SUN)
    owing.received(300, partner=SUN)
    assert [partner_balance(partner(SUN).pk, Role.receivable), verify().problems] == [0, []]


def test_a_return_of_the_duplicates_sale_is_asked_for_by_either_code(twice):
    merged(HE, SUN)
    rma = build.requested(twice[1], customer=HE)
    build.settled(build.disposed(build.inspected(build.received(build.approved(rma)))))
    assert verify().problems == []


def test_the_survivor_learns_what_only_the_duplicate_knew(shop):
    build.customer("C1", name="好茶", notes="甲")
    build.supplier("C2", name="茶", phone="13800138000", notes="乙", credit_limit_cents=5)
    revised("C2", contacts=CONTACTS)
    merged("C2", "C1")

    now = partner("C1")
    assert (now.name, now.phone, now.notes, now.is_supplier, now.credit_limit_cents) == (
        "好茶",
        "13800138000",
        "甲\n乙",
        True,
        5,
    )
    assert Contact.objects.filter(partner=now).count() == 2


def test_a_chain_of_merges_leads_to_the_last(shop):
    for code in ("C1", "C2", "C3"):
        build.customer(code)
    merged("C1", "C2")
    merged("C2", "C3")
    assert set(partner_ids(["C1", "C2", "C3"]).values()) == {partner("C3").pk}


def test_refuses_what_cannot_be_merged(shop):
    build.customer("C1")
    with refused("merge_into_itself", partner="C1"):
        merged("C1", "C1")
    with refused("unknown_partner", partner="NO"):
        merged("C1", "NO")
    merged("C1", SUN)
    with refused("already_merged", partner="C1", survivor=SUN):
        merged("C1", HE)
    with refused("already_merged", partner="C1", survivor=SUN):
        merged(HE, "C1")
    with refused("already_merged"):
        revised("C1", name="x")


def test_refuses_a_chain_within_one_batch(shop):
    build.customer("C1")
    chain = [MergePartner(code="C1", into=HE, on=DAY), MergePartner(code=HE, into=SUN, on=DAY)]
    with refused("transition_not_allowed", document=HE):
        merge_partner.batch(chain, actor=SYSTEM)


def test_a_supplier_with_payables_and_prepayments_is_merged(shop):
    build.supplier("J2")
    merged("J2", JIN)
    build.supplier("J3")
    merged(JIN, "J3")
    assert partner_balance(partner("J3").pk, Role.payable) == -60_000
    assert verify().problems == []


def test_erasing_by_the_duplicates_code_erases_the_person(shop):
    build.customer("C1", name="孙悟空")
    build.customer("C2", name="孙行者")
    merged("C1", "C2")
    erase_partner(ErasePartner(code="C1", on=DAY), actor=SYSTEM)
    assert set(Partner.objects.filter(code__in=["C1", "C2"]).values_list("name", flat=True)) == {""}
