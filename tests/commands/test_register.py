"""Register customers and suppliers, and erase their personal data."""

import json

from backstock.cli.verification import ledger_hash
from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.core.sealing import check_seals, seal
from backstock.evidence.models import Evidence
from backstock.partners.commands.register import ErasePartner, RegisterPartner, erase_partner, register_partner
from backstock.partners.models import Partner
from tests import build
from tests.build import DAY
from tests.ledgers import refused

PERSONAL = {"name": "孙悟空", "phone": "13912345678", "email": "sun@huaguo.example", "address": "花果山水帘洞"}
NOTE = "客户电话 13887654321，孩子过敏"


def test_keeps_names_and_addresses_with_the_partner(shop):
    build.customer("C1", **PERSONAL)

    partner = Partner.objects.get(code="C1")
    assert {field: getattr(partner, field) for field in PERSONAL} == PERSONAL
    assert (partner.is_customer, partner.is_supplier) == (True, False)


def test_refuses_a_code_that_exists_or_stands_twice(shop):
    with refused("duplicate_code", field="code", value="SUN"):
        build.customer("SUN")
    with refused("duplicate_code", field="code", value="X"):
        register_partner.batch([RegisterPartner(code="X", on=DAY)] * 2, actor=SYSTEM)


def test_refuses_to_erase_somebody_unknown(shop):
    with refused("unknown_partner", partner="nobody"):
        erase_partner(ErasePartner(code="nobody", on=DAY), actor=SYSTEM)


def everything_ever_done_to(code):
    """A customer with a name, a sale, a return with a note, and money back."""
    build.customer(code, **PERSONAL)
    sale = build.sold(customer=code)
    rma = build.requested(sale, note=NOTE)
    build.settled(build.disposed(build.inspected(build.received(build.approved(rma)))))


def test_erasing_leaves_the_ledgers_and_the_seals_as_they_were(shop):
    everything_ever_done_to("C1")
    seal()
    before = ledger_hash()

    erase_partner(ErasePartner(code="C1", on=DAY), actor=SYSTEM)
    seal()

    partner = Partner.objects.get(code="C1")
    assert [getattr(partner, field) for field in PERSONAL] == ["", "", "", ""]
    assert partner.erased_at is not None
    assert (ledger_hash(), check_seals()) == (before, [])


def test_the_log_holds_no_personal_data(shop):
    everything_ever_done_to("C1")
    kept = json.dumps(list(CommandLog.objects.values()), default=str, ensure_ascii=False)

    assert "C1" in kept
    assert [secret for secret in (*PERSONAL.values(), NOTE, NOTE[:8]) if secret in kept] == []
    assert Evidence.objects.get().text == NOTE
