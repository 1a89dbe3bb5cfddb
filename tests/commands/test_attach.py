"""Photos, videos and papers come to a document at any step, and stay."""

import io

import pytest
from PIL import Image

from backstock.core import files
from backstock.core.permissions import SYSTEM
from backstock.evidence import keeping
from backstock.evidence.commands.attach import attach_evidence
from backstock.evidence.errors import EvidenceTooLarge, NotEvidence
from backstock.evidence.keeping import AREA, SMALL
from backstock.evidence.models import Evidence
from tests import build
from tests import build_evidence as evidence
from tests.ledgers import refused, written


def content_of(content_hash: str, variant: str = "") -> bytes:
    return b"".join(files.read(content_hash, variant, AREA))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_a_picture_is_told_by_its_content_and_loses_its_place(form):
    kept = evidence.kept(evidence.picture(form), "invoice.exe")

    assert kept.media_type == "image/webp"
    for variant in ("", SMALL):
        content = content_of(kept.content_hash, variant)
        assert evidence.PLACE not in content
        with Image.open(io.BytesIO(content)) as shown:
            assert (shown.format, dict(shown.getexif())) == ("WEBP", {})


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (evidence.video(), "video/mp4"), (evidence.video(b"qt  "), "video/quicktime"),
        (evidence.webm(), "video/webm"), (evidence.webm(known=False), "video/webm"),
    ],
)  # fmt: skip
def test_a_video_loses_its_place_and_keeps_its_picture(content, media_type):
    kept = evidence.kept(content, "clip.jpg")

    assert (kept.media_type, kept.size_bytes) == (media_type, len(content))
    assert evidence.PLACE[:9] not in content_of(kept.content_hash)
    assert b"moving picture" in content_of(kept.content_hash)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>alert(1)</script>", b"MZ" + bytes(100),
        evidence.picture()[:200], evidence.video()[:150], evidence.webm()[:45], b"\x00\x00\x00\x18ftypavif" + bytes(40),
        b"\x1a\x45\xdf\xa3\x93matroska" + bytes(40),
    ],
)  # fmt: skip
def test_what_is_neither_picture_nor_video_nor_paper_is_refused_whatever_its_name_says(content):
    with pytest.raises(NotEvidence):
        evidence.kept(content, "photo.jpg")


def test_a_photo_that_an_upload_cut_off_or_somebody_bent_is_refused_and_breaks_nothing():
    heic = evidence.picture("HEIF")
    size = heic.index(b"ispe") + 8
    bent = [heic[:-length] for length in (1, 30, len(heic) // 2)] + [heic[:size] + b"\xff" * 8 + heic[size + 8 :]]
    for content in bent:
        with pytest.raises(NotEvidence):
            evidence.kept(content, "IMG_1.HEIC")


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setitem(keeping.MOST_BYTES, "video", 100)
    with pytest.raises(EvidenceTooLarge):
        evidence.kept(evidence.video())
    with pytest.raises(NotEvidence):
        evidence.kept(evidence.picture("PNG", size=(9000, 9000)))


def test_brings_files_and_a_note_to_a_step_of_a_return_and_touches_no_ledger(shop):
    rma = build.on_the_dock()
    with written() as ledgers:
        evidence.attached(rma, evidence.picture(), evidence.PDF, step="receive", line=1, note="box is torn")

    assert (ledgers.goods, ledgers.money) == ([], [])
    rows = Evidence.objects.order_by("pk").values_list("kind", "step", "whose", "line", "media_type", "text")
    assert list(rows) == [
        ("file", "receive", "ours", 1, "image/webp", ""),
        ("file", "receive", "ours", 1, "application/pdf", ""),
        ("note", "receive", "ours", 1, "", "box is torn"),
    ]


def test_what_comes_at_the_request_is_the_customers(shop):
    evidence.attached(build.requested(build.sold()), step="request")
    assert Evidence.objects.get().whose == "customer"


def test_the_same_photo_at_the_same_place_is_there_once_and_elsewhere_again(shop):
    rma = build.on_the_dock()
    for line in (0, 0, 1):
        evidence.attached(rma, evidence.picture(), evidence.picture(), line=line)
    assert list(Evidence.objects.order_by("pk").values_list("line", flat=True)) == [0, 1]
    assert len(set(Evidence.objects.values_list("content_hash", flat=True))) == 1


def test_it_may_be_about_one_serial_number(company_db):
    build.company()
    build.product("S", tracking="serial")
    build.bought("S", 2, serials=("S-1", "S-2"))
    rma = build.requested(build.sold("S", 1, serials=("S-1",)), 1, "S", serials=("S-1",))
    evidence.attached(rma, line=1, lot="S-1")
    with refused("evidence_line_unknown", document=rma, line=1, lot="S-2"):
        attach_evidence(evidence.attachment(rma, line=1, lot="S-2"), actor=SYSTEM)


@pytest.mark.parametrize(
    ("document", "more", "code"),
    [
        ("R000099", {}, "unknown_document"),
        ("r000001", {}, "unknown_document"),
        ("S000001", {}, "unknown_document"),
        ("R000001", {"line": 2}, "evidence_line_unknown"),
    ],
)
def test_refuses_what_it_cannot_be_about(shop, document, more, code):
    build.requested(build.sold())
    wanted = evidence.attachment(document, **more)
    with refused(code):
        attach_evidence(wanted, actor=SYSTEM)


def test_refuses_files_that_nobody_uploaded_and_nothing_at_all(shop):
    rma = build.requested(build.sold())
    with refused("evidence_not_kept", content_hash="0" * 64):
        attach_evidence(
            attach_evidence.parse({"document": rma, "step": "inspect", "files": [{"content_hash": "0" * 64}]}),
            actor=SYSTEM,
        )
    with refused("invalid_input", field="files"):
        attach_evidence(attach_evidence.parse({"document": rma, "step": "inspect"}), actor=SYSTEM)


def test_a_request_brings_uploaded_files_by_their_hash(shop):
    build.policy(reasons={"damaged": ["in_transit"]}, evidence_for=["in_transit"])
    photo = evidence.kept()
    build.requested(build.sold(), reason="in_transit", evidence=(photo.content_hash, "https://x/1"))

    rows = Evidence.objects.order_by("pk").values_list("content_hash", "name", "media_type", "whose")
    assert list(rows) == [(photo.content_hash, "", "image/webp", "customer"), ("", "https://x/1", "", "customer")]
    sale = build.sold()
    with refused("evidence_not_kept"):
        build.requested(sale, reason="in_transit", evidence=("1" * 64,))
