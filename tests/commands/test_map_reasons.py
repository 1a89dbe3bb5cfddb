"""Suppliers call our reasons by their own words: for all, for one; what we found counts before what the customer said."""

from backstock.core.permissions import SYSTEM
from backstock.partners.queries import partner_ids
from backstock.returns.after.claim_reasons import called_by, reasons_of
from backstock.returns.after.claims import pieces_at_vendors
from backstock.returns.commands.map_reasons import MappedReason, MapReasons, map_reasons
from tests import build
from tests.build_purchases import at_the_vendor
from tests.cast import JIN
from tests.ledgers import refused


def mapped(supplier: str | None = None, **theirs: str) -> None:
    reasons = tuple(MappedReason(reason=ours, theirs=word) for ours, word in theirs.items())
    map_reasons(MapReasons(supplier=supplier, reasons=reasons), actor=SYSTEM)


def word(reason: str) -> str:
    jin = partner_ids([JIN])[JIN]
    return called_by([jin]).by(jin, reason)


def test_a_supplier_has_its_own_word_and_all_others_a_common_one(shop):
    mapped(broken="DEFECT", late="LATE")
    mapped(JIN, broken="E-17")
    assert [word(each) for each in ("broken", "late", "unknown")] == ["E-17", "LATE", ""]
    # Said anew, the old words are gone.
    mapped(JIN)
    assert word("broken") == "DEFECT"


def test_what_we_found_counts_before_what_the_customer_said(shop):
    asked = build.received(build.approved(build.requested(build.sold(), reason="does not fit")))
    build.inspected(asked, found_reason="broken")
    build.disposed(asked, to="return_to_vendor")
    at_the_vendor()
    assert sorted(reasons_of(pieces_at_vendors()).values()) == ["", "broken"]


def test_one_word_for_each_reason_of_a_supplier_who_exists(shop):
    twice = (MappedReason(reason="broken", theirs="A"), MappedReason(reason="broken", theirs="B"))
    with refused("invalid_input"):
        map_reasons(MapReasons(reasons=twice), actor=SYSTEM)
    with refused("unknown_partner", partner="NOBODY"):
        mapped("NOBODY", broken="A")
