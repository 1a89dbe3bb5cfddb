"""The pages of the policy: versions, the editor, one case, the past, files, and approval by a second person."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backstock.policies.models import PolicyDraft, PolicyVersion
from tests import build, build_policies
from tests.build_policies import ROWS, TABLE
from tests.desk.test_returns_pages import browser, fields, nothing_written, statements

EDIT = "/policies/edit/"


@pytest.fixture
def trade(company_db: str):
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    build.product("TEL", 200, category="phones", name="Telephone")
    build.bought("TEL", 50)
    build_policies.alone(table=TABLE, reasons={"unwanted": {}, "defect": {}})


def said(answer) -> str:
    return html.unescape(answer.content.decode())


def pressed(client, answer, do: str, path: str = EDIT, **typed):
    """Send the form of an editor as it stands, by one of its buttons."""
    return client.post(path, fields(answer.text) | ticked(answer.text) | {"do": do} | typed)


def ticked(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="checkbox"[^>]* checked[^>]*>', page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(html.unescape(value[1]))
    return found


def test_the_policy_is_for_who_approves_and_who_manages(trade):
    for path in (
        "/policies/",
        "/policies/1/",
        "/policies/compare/?a=v0&b=v1",
        EDIT,
        "/policies/export/v1/jdm/",
        "/policies/find/sku/?q=tel",
    ):
        assert {name: browser(name).get(path).status_code for name in ("qian", "wang", "admin", "wu", "zhao")} == {
            "qian": 200, "wang": 200, "admin": 200, "wu": 403, "zhao": 403,
        }, path  # fmt: skip
    wang = browser("wang")
    for path in (
        "/policies/9/",
        "/policies/compare/?a=v9",
        "/policies/export/x/jdm/",
        "/policies/export/v1/pdf/",
        "/policies/drafts/PD000009/",
    ):
        assert wang.get(path).status_code == 404, path


def test_rows_are_edited_tried_and_published_without_a_script(trade):
    sale = build.sold("TEL", 1)
    build.requested(build.sold("TEL", 2), 1, "TEL", reason="unwanted")
    wang = browser("wang")
    opened = pressed(wang, wang.get(EDIT), "row|opened|window_days")
    assert 'value="5"' in said(opened)
    page = pressed(wang, opened, "row|phones", **{"part-window_days": "15", "part-restocking_fee_e6": "10"})
    page = pressed(wang, page, "duplicate|late", **{"part-window_days": "15"})
    page = pressed(wang, page, "close", **{"part-w_days_since_delivery_min": "90", "part-note_en": "far too late"})
    for each in (
        "Row 1, Days to return 30 days → 15 days",
        "Row 1, Fee 5 % → 10 %",
        "This row never counts",
        "far too late",
    ):
        assert each in _plain(page), each

    tried = pressed(wang, page, "try", **{"case-sale": sale, "case-opened": "yes"})
    for each in ("Too late", "Row 1 decides", "Of the price 10 % is kept.", "Days to return: 15 days"):
        assert each in _plain(tried), each
    assert pressed(wang, page, "try", **{"case-sale": "S009999"}).status_code == 422
    trial = _plain(pressed(wang, page, "trial", **{"trial-since": "2026-01-01"}))
    assert "1 lines of returns asked for from 2026-01-01" in trial
    assert "Not noted at the time, so no row that asks it fits: opened (1)" in trial

    assert PolicyDraft.objects.count() == 0
    done = pressed(wang, page, "publish")
    assert done.status_code == 302
    table = PolicyVersion.objects.order_by("-pk")[0].terms["table"]
    assert [row["then"] for row in table["rows"]][:2] == [
        {"window_days": 15, "restocking_fee_e6": 100_000},
        {"window_days": 15},
    ]
    assert "Row 4" in _plain(wang.get(done.headers["Location"]))
    # Bringing an old version back is publishing its terms again.
    assert "Row 1, Fee 10 % → 5 %" in _plain(wang.get(f"{EDIT}?from=1"))


def _plain(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said(answer)))


def test_what_is_wrong_is_said_and_nothing_that_was_typed_is_lost(trade):
    wang = browser("wang")
    page = pressed(wang, wang.get(EDIT), "base")
    with nothing_written():
        wrong = pressed(
            wang, page, "publish", **{"part-window_days": "soon", "part-exchange_fee_e6": "2.5", "name": "spring"}
        )
    assert wrong.status_code == 422
    for each in ('value="soon"', 'value="2.5"', 'value="spring"', "Enter a number"):
        assert each in said(wrong), each
    right = pressed(
        wang, wrong, "exception", **{"part-window_days": "20", "new_group": "per_reason", "new_per_reason": "defect"}
    )
    assert "Base terms, Fee of an exchange 2.5 %" in _plain(right)
    last = pressed(
        wang,
        right,
        "save",
        **{"part-usage_per_day_e6": "1", "part-threshold_lost": "repriced", "part-gift_kept": "deduct"},
    )
    draft = PolicyDraft.objects.get()
    assert last.headers["Location"] == f"/policies/drafts/{draft.number}/edit/"
    assert (draft.terms["window_days"], draft.terms["exchange_fee_e6"], draft.terms["publishing"]) == (
        20,
        25_000,
        "alone",
    )
    assert draft.terms["per_reason"]["defect"] == {
        "usage_per_day_e6": 10_000,
        "threshold_lost": "repriced",
        "gift_kept": "deduct",
    }
    assert pressed(wang, right, "exception", **{"new_group": "per_sku", "new_per_sku": ""}).status_code == 422
    assert wang.post(EDIT, {"terms": '{"window_days": -1}'}).status_code == 422
    assert wang.post(EDIT, {"terms": "["}).status_code == 422


def test_a_second_person_sees_what_changes_and_approves(trade):
    build.policy(table=TABLE, publishing="four_eyes")
    qian, wang, path = browser("qian"), browser("wang"), EDIT
    page = pressed(qian, qian.get(path), "delete|late")
    undone = pressed(qian, page, "undo")
    assert "Nothing is different." in _plain(undone)
    assert 'value="publish"' not in said(page)
    sent = pressed(qian, page, "submit")
    draft = sent.headers["Location"]
    assert 'value="approve"' not in said(qian.get(draft))
    review = wang.get(draft)
    assert "− Gone: Row 3 days since delivery: 60 days or more → Decision: turn down" in _plain(review)
    assert wang.post(draft, fields(review.text) | {"do": "approve", "revision": "7"}).status_code == 422
    assert wang.post(draft, fields(review.text) | {"do": "approve"}).status_code == 302
    assert [row["id"] for row in PolicyVersion.objects.order_by("-pk")[0].terms["table"]["rows"]] == [
        "opened",
        "phones",
    ]
    listed = _plain(wang.get("/policies/"))
    assert listed.count("In force") >= 1
    assert "Past" in listed


def test_a_table_leaves_and_comes_back_as_a_file(trade):
    wang = browser("wang")
    for kind, name in (("xlsx", "t.xlsx"), ("jdm", "t.json"), ("dmn", "t.dmn")):
        content = b"".join(wang.get(f"/policies/export/v1/{kind}/"))
        page = wang.get(EDIT)
        emptied = fields(page.text) | {
            "do": "import",
            "terms": json.dumps({"table": {"rows": [ROWS[2]]}, "reasons": {"unwanted": {}}}),
        }
        back = wang.post(EDIT, emptied | {"file": SimpleUploadedFile(name, content)})
        rows = json.loads(fields(back.text)["terms"])["table"]["rows"]
        assert [(row["id"], row["when"], row["then"]) for row in rows] == [
            (r["id"], r["when"], r["then"]) for r in ROWS
        ]
    refused = wang.post(
        EDIT,
        fields(wang.get(EDIT).text) | {"do": "import", "file": SimpleUploadedFile("t.dmn", b"<!DOCTYPE a []><a/>")},
    )
    assert (refused.status_code, "no XML without a document type" in said(refused)) == (422, True)


def test_pages_do_not_grow_with_the_table(trade):
    wang = browser("wang")
    paths = ("/policies/", "/policies/1/", EDIT, f"{EDIT}?open=row%7Copened")
    few = {path: statements(wang, path) for path in paths}
    many = [
        {**ROWS[0], "id": f"r{n}", "when": {"amount_cents": {"min": n}, "sku": {"is": ["A", "TEL"]}}} for n in range(40)
    ]
    build_policies.alone(table={"rows": many}, reasons={"unwanted": {}})
    build_policies.draft(window_days=3)
    # Names of products are asked for where rows name some, and of people where there are drafts.
    for path, count in few.items():
        assert statements(wang, path.replace("/1/", "/2/").replace("opened", "r1")) <= count + 2, path
    assert max(few.values()) <= 20, few
