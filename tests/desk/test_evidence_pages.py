"""Photos go up one by one, stand side by side on the return's page, and are seen by who may see the return."""

from __future__ import annotations

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import build
from tests import build_evidence as evidence
from tests.desk.test_returns_pages import browser, fields, nothing_written, send


@pytest.fixture
def rma(people) -> str:
    return build.on_the_dock(2)


def photo(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, evidence.picture() if content is None else content)


def test_a_file_goes_up_and_only_who_sent_it_sees_it_before_it_is_attached(rma) -> None:
    li, zhou = browser("li"), browser("zhou")
    told = li.post("/evidence/", {"file": photo(evidence.picture("HEIF"), "IMG_1.HEIC")}).json()

    assert (told["kind"], told["name"]) == ("picture", "IMG_1.HEIC")
    assert li.get(told["href"]).headers["Content-Type"] == "image/webp"
    assert zhou.get(told["href"]).status_code == 404
    assert browser("chen").post("/evidence/", {"file": photo()}).status_code == 403
    refused = li.post("/evidence/", {"file": photo(b"<svg/>")})
    assert refused.status_code == 422
    assert "cannot be read as a photo" in refused.json()["problem"]
    assert li.post("/evidence/").status_code == 400


def test_photos_taken_at_a_step_stand_beside_the_customers(rma) -> None:
    evidence.attached(rma, evidence.picture(colour="blue"), step="request")
    li = browser("li")
    token = li.post("/evidence/", {"file": photo()}).json()["token"]
    page = f"/returns/{rma}/inspect/"
    answer = send(
        li, page, **{"lines-0-grade_1": "A", "photos": token, "photos_file": photo(evidence.video(), "clip.mp4")}
    )
    assert answer.status_code == 302

    seen = li.get(f"/returns/{rma}/").text
    theirs, ours = seen[seen.index("The customer's") :].split("<h4")[:2]
    assert theirs.count("<img") == 1
    assert (ours.count("<img"), ours.count("<video")) == (1, 1)


def test_a_refused_form_keeps_its_photos_and_a_photo_that_was_taken_is_there_anyhow(rma) -> None:
    li = browser("li")
    answer = send(li, f"/returns/{rma}/inspect/", **{"lines-0-grade_1": "", "photos_file": photo()})
    assert answer.status_code == 422
    token = re.search(r'name="photos" value="([^"]+)"', answer.text)
    assert token

    sent = fields(answer.text) | {"lines-0-grade_1": "A", "lines-0-quantity_1": "9"}
    again = li.post(f"/returns/{rma}/inspect/", sent)
    assert again.status_code == 422
    assert len(evidence_rows(rma)) == 1
    done = li.post(f"/returns/{rma}/inspect/", fields(again.text) | {"lines-0-quantity_1": "2"})
    assert done.status_code == 302
    assert len(evidence_rows(rma)) == 1


def evidence_rows(rma: str) -> list[tuple[str, str]]:
    from backstock.evidence.models import Evidence

    return list(Evidence.objects.filter(document=rma).values_list("step", "whose"))


def test_a_file_that_is_no_photo_is_told_and_nothing_is_booked(rma) -> None:
    li = browser("li")
    sent = fields(li.get(f"/returns/{rma}/inspect/").text) | {"lines-0-grade_1": "A", "photos_file": photo(b"MZ")}
    with nothing_written():
        answer = li.post(f"/returns/{rma}/inspect/", sent)
    assert answer.status_code == 422
    assert "cannot be read as a photo" in answer.text


def test_nobody_attaches_what_others_uploaded(rma) -> None:
    token = browser("zhou").post("/evidence/", {"file": photo()}).json()["token"]
    li = browser("li")
    for forged in (token, "x" + token, ""):
        assert send(li, f"/evidence/add/{rma}/", photos=forged).status_code == 422
    assert evidence_rows(rma) == []


def test_a_request_with_its_photo_satisfies_the_policy(people) -> None:
    build.policy(evidence_for=["broken"])
    wu, sale = browser("wu"), build.sold()
    wanted = {"lines-0-quantity": "1", "lines-0-reason": "broken"}
    assert send(wu, f"/returns/new/{sale}/", **wanted).status_code == 422
    answer = send(wu, f"/returns/new/{sale}/", **wanted, photos_file=photo())
    assert answer.status_code == 302
    assert evidence_rows("R000001") == [("request", "customer")]


def test_photos_are_added_later_with_whose_and_what(rma) -> None:
    wu = browser("wu")
    answer = send(
        wu,
        f"/evidence/add/{rma}/",
        photos_file=photo(),
        whose="customer",
        step="request",
        about="1:",
        note="from the chat",
    )
    assert answer.status_code == 302
    page = html.unescape(wu.get(f"/returns/{rma}/").text)
    assert "from the chat" in page
    assert evidence_rows(rma) == [("request", "customer")] * 2


def test_only_who_sees_the_return_sees_its_files_and_never_runs_them(rma) -> None:
    evidence.attached(rma, evidence.video(), evidence.PDF)
    from backstock.evidence.models import Evidence

    clip, paper = (
        f"/evidence/{name}" for name in Evidence.objects.order_by("pk").values_list("content_hash", flat=True)
    )
    li = browser("li")
    for path, media_type in ((clip, "video/mp4"), (paper, "application/octet-stream")):
        sent = li.get(path)
        assert sent.headers["Content-Type"] == media_type
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in sent.headers["Content-Security-Policy"]
        assert "private" in sent.headers["Cache-Control"]
        assert browser("chen").get(path).status_code == 403
    assert li.get(paper).headers["Content-Disposition"].startswith("attachment")
    assert li.get("/evidence/" + "0" * 64).status_code == 404
    assert li.get("/evidence/..%2Fsecret_key").status_code == 404


def test_the_inspector_sees_what_the_customer_shows_beside_the_form(rma) -> None:
    evidence.attached(rma, evidence.picture(colour="green"), evidence.video(), step="request")
    evidence.attached(rma, evidence.picture(colour="blue"), step="receive")
    page = browser("li").get(f"/returns/{rma}/inspect/").text
    assert "What the customer shows" in page
    assert (page.count("data-enlarge"), page.count("<video")) == (1, 1)
    assert "#t=0.1" in page


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-3", 206, 0, 4),
        ("bytes=4-", 206, 4, None),
        ("bytes=-5", 206, -5, None),
        ("bytes=0-99999999", 206, 0, None),
        ("bytes=5-4", 416, 0, 0),
        ("bytes=99999999-", 416, 0, 0),
        ("lines=1-2", 200, 0, None),
    ],
)
def test_a_video_is_sent_in_the_parts_that_a_player_asks_for(rma, asked, status, start, stop) -> None:
    from backstock.core import files
    from backstock.evidence.models import Evidence

    evidence.attached(rma, evidence.video())
    name = Evidence.objects.get().content_hash
    whole = b"".join(files.read(name, area="evidence"))
    sent = browser("li").get(f"/evidence/{name}", headers={"Range": asked})
    assert sent.status_code == status
    if status == 206:
        assert sent.getvalue() == whole[start:stop]
        assert sent.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_manager_erases_and_the_page_says_so(rma) -> None:
    from backstock.evidence.models import Evidence

    evidence.attached(rma, evidence.picture(colour="pink"))
    name, wang = Evidence.objects.get().content_hash, browser("wang")
    assert send(wang, f"/evidence/erase/{rma}/").status_code == 422
    assert send(wang, f"/evidence/erase/{rma}/", row=str(Evidence.objects.get().pk)).status_code == 302
    page = wang.get(f"/returns/{rma}/").text
    assert "1 piece of evidence was erased" in page
    assert name not in page
    assert wang.get(f"/evidence/{name}").status_code == 404
    assert browser("li").get(f"/evidence/erase/{rma}/").status_code == 403


def test_the_page_costs_no_more_with_many_photos(rma) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    li, counts = browser("li"), []
    for colour in ("red", "blue", "green", "black"):
        evidence.attached(rma, evidence.picture(colour=colour))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert li.get(f"/returns/{rma}/").status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1
