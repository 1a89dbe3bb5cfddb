"""What a person wants erased is erased: the file, not that it was there."""

import pytest

from backstock.cli.verification import verify
from backstock.core import files
from backstock.core.permissions import SYSTEM
from backstock.evidence.commands.erase import EraseEvidence, erase_evidence
from backstock.evidence.keeping import AREA, SMALL
from backstock.evidence.models import Evidence
from tests import build
from tests import build_evidence as evidence
from tests.build import DAY
from tests.ledgers import refused


def erased(document: str, *ids: int) -> None:
    erase_evidence(EraseEvidence(document=document, evidence=ids, reason="asked for it", on=DAY), actor=SYSTEM)


def test_the_file_goes_with_its_small_one_and_row_and_hash_stay(shop):
    rma = build.requested(build.sold(), note="sun 138")
    evidence.attached(rma, evidence.picture(colour="blue"))
    content_hash = Evidence.objects.get(kind="file").content_hash
    erased(rma)

    assert not files.is_kept(content_hash, AREA)
    assert files.size_of(content_hash, SMALL, AREA) is None
    assert list(Evidence.objects.order_by("pk").values_list("content_hash", "text")) == [("", ""), (content_hash, "")]
    assert not Evidence.objects.filter(erased_at=None)
    assert verify().problems == []


def test_a_file_that_another_document_needs_stays(shop):
    first, second = build.requested(build.sold()), build.requested(build.sold())
    for rma in (first, second):
        evidence.attached(rma, evidence.picture(colour="green"))
    content_hash = Evidence.objects.first().content_hash
    erased(first)
    assert files.is_kept(content_hash, AREA)
    erased(second)
    assert not files.is_kept(content_hash, AREA)


def test_refuses_what_is_not_there(shop):
    rma, other = build.requested(build.sold()), build.requested(build.sold())
    evidence.attached(rma)
    evidence.attached(other)
    mine, theirs = Evidence.objects.order_by("pk").values_list("pk", flat=True)
    with refused("unknown_document", document="R000099"):
        erased("R000099")
    with refused("unknown_evidence", evidence=theirs):
        erased(rma, mine, theirs)
    erased(rma, mine)
    with refused("unknown_evidence", evidence=mine):
        erased(rma, mine)
    with refused("unknown_evidence", evidence=0):
        erased(rma)


@pytest.mark.breaks_ledgers
def test_verify_misses_what_is_gone_or_changed(shop):
    rma = build.requested(build.sold())
    evidence.attached(rma, evidence.picture(colour="black"), evidence.PDF)
    gone, changed = Evidence.objects.order_by("pk").values_list("content_hash", flat=True)
    whole = b"".join(files.read(changed, area=AREA))
    files.remove(gone, area=AREA)
    path = files.store().path(files.name_of(changed, area=AREA))
    path.write_bytes(whole[::-1])
    try:
        assert {(each.check, each.rows) for each in verify().problems} == {
            ("every file of evidence is here", f"{rma} {gone}"),
            ("every file of evidence is what it was", f"{rma} {changed}"),
        }
        assert verify(evidence="none").problems == []
    finally:
        path.write_bytes(whole)
