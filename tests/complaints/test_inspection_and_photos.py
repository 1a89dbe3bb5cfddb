"""Complaints about inspection and the hold area, about lots and dates, and about photos: ranks 8, 9 and 11."""

from __future__ import annotations

from datetime import timedelta

from backstock.core import files
from backstock.core.permissions import SYSTEM
from backstock.evidence.keeping import AREA
from backstock.evidence.models import Evidence
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.returns.models import InspectionFinding, ReturnEvent, ReturnPiece, SecondOpinion
from tests import build, build_evidence, build_inspection
from tests.build import DAY, e4, e6
from tests.build_after import repaired
from tests.cast import JIN
from tests.ledgers import refused, written


def test_inspection_belongs_to_returns_and_each_unit_has_its_own_verdict(company_db):
    """Rank 9: "inspection removed from returns", "inspect each unit, hold stock until the verdict" (92, 93)."""
    build.company()
    build.product("S", tracking="serial")
    build.bought("S", 2, serials=("S-1", "S-2"))
    both = {"serials": ("S-1", "S-2")}
    rma = build.requested(build.sold("S", 2, **both), 2, "S", **both)
    build.received(build.approved(rma, sku="S"), 2, "S", **both)
    build.inspected(rma, 1, "S", serials=("S-1",), grade="A")
    build.inspected(rma, 1, "S", serials=("S-2",), grade="D", accepted=False)
    build.disposed(rma, 1, "S", serials=("S-1",))
    with refused("quantity_exceeds_inspected"):
        build.disposed(rma, 1, "S", serials=("S-2",))
    build.disposed(rma, 1, "S", to="send_back", serials=("S-2",))


def test_nothing_is_sellable_before_its_verdict_and_a_verdict_alone_moves_nothing(shop):
    """Rank 9: quarantine, and "the verdict releases the stock" (94)."""
    rma = build.on_the_dock()
    with refused("quantity_exceeds_inspected"):
        build.disposed(rma)
    with written() as ledgers:
        build.inspected(rma, grade="A")
    assert ledgers.goods == []
    with written() as ledgers:
        build.disposed(rma)
    assert ledgers.goods == ["A 1 quarantine → sellable 60.00"]


def test_what_inspectors_ask_is_the_companys_own_and_differs_by_category(people):
    """Rank 9: "7 days for one department, 1 day for dairy" (89): nothing about a category needs a programmer."""
    build_inspection.rules(
        per_category={"dairy": {"checks": [{"code": "cold", "kind": "yes_no"}], "suggestions": {"A": "scrap"}}}
    )
    build.policy(per_category={"dairy": {"checklist": "required", "restock_shelf_life_days": 20}})
    build.product("MILK", category="dairy")
    build.bought("MILK", 2)
    milk, other = build.on_the_dock(1, "MILK"), build.on_the_dock()
    with refused("answer_missing", question="cold"):
        build.inspected(milk, 1, "MILK")
    build.inspected(other)


def test_a_disputed_verdict_is_looked_at_again_and_nothing_is_overwritten(people):
    """Rank 9: the customer's word, the first inspector's and the second's stand side by side."""
    rma = build.received(build.approved(build.requested(build.sold(), reason="too big")))
    build.inspected(rma, grade="D", accepted=False, found_reason="washed", actor=people.li)
    build_inspection.second_opinion(rma, grade="B", found_reason="too big", actor=people.admin)

    assert ReturnEvent.objects.get(kind="inspect").verdict == "rejected"
    assert InspectionFinding.objects.get().found_reason == "washed"
    assert SecondOpinion.objects.get().verdict == "accepted"
    assert ReturnPiece.objects.get().accepted_e4 == e4(1)


def test_a_lot_that_comes_back_too_late_is_not_sold_again(company_db):
    """Rank 8: lots through the return chain: the date on the label counts, also after a detour through repair."""
    build.company()
    build.product("L", tracking="lot")
    day = DAY + timedelta(days=10)
    line = PurchaseReceiptLine(sku="L", quantity_e4=e4(4), unit_cost_e6=e6(60), lot="L-1", expires_on=day)
    receive_purchase(ReceivePurchase(supplier=JIN, lines=(line,), on=DAY), actor=SYSTEM)
    rma = build.requested(build.sold("L", 2, lot="L-1"), 2, "L", lot="L-1")
    build.inspected(build.received(build.approved(rma, sku="L"), 2, "L", lot="L-1"), 2, "L")
    late = day + timedelta(days=1)
    for to in ("restock", "restock_discounted"):
        with refused("expired", lot="L-1", left_days=-1):
            build.disposed(rma, 1, "L", to=to, on=late)
    build.disposed(rma, 1, "L", to="repair", on=late)
    with refused("expired"):
        repaired(rma, sku="L", on=late)
    build.disposed(rma, 1, "L", to="scrap", on=late)


def test_protected_goods_do_not_reach_the_scrap_through_the_workshop(company_db):
    """Rank 9: the law's block holds on every way there."""
    build.company(law="EU")
    build.product("COAT", category="apparel")
    build.bought("COAT", 2)
    on = DAY.replace(month=8)
    rma = build.disposed(build.inspected(build.on_the_dock(1, "COAT"), 1, "COAT", grade="C"), 1, "COAT", to="repair")
    with refused("destruction_forbidden", sku="COAT"):
        repaired(rma, sku="COAT", to="scrap", on=on)
    repaired(rma, sku="COAT", to="scrap", on=on, ground="damage")


def test_the_customers_photo_stands_beside_ours_and_is_never_replaced_or_lost(people):
    """Rank 11: "the customer uploads photos" (95): kept by content, without their place, by line, at every step."""
    rma = build.on_the_dock()
    build_evidence.attached(rma, build_evidence.picture("HEIF", "blue"), step="request", line=1, actor=people.wu)
    build_evidence.attached(
        rma, build_evidence.picture(colour="green"), build_evidence.video(), line=1, actor=people.li
    )
    build_evidence.attached(rma, build_evidence.picture(colour="green"), line=1, actor=people.admin)

    rows = list(Evidence.objects.order_by("pk"))
    assert [(row.whose, row.media_type) for row in rows] == [
        ("customer", "image/webp"), ("ours", "image/webp"), ("ours", "video/mp4"),
    ]  # fmt: skip
    for row in rows:
        content = b"".join(files.read(row.content_hash, area=AREA))
        assert build_evidence.PLACE[:9] not in content


def test_a_claim_without_its_photo_is_not_taken_down_and_one_with_it_is(shop):
    """Rank 11: photos are asked for where the policy wants them, not in a chat somewhere else."""
    build.policy(evidence_for=["broken"])
    sale = build.sold()
    with refused("evidence_required", reason="broken"):
        build.requested(sale, reason="broken")
    rma = build.requested(sale, reason="broken", evidence=(build_evidence.kept().content_hash,))
    assert Evidence.objects.get(document=rma).content_hash
