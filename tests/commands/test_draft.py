"""Before the process: a message waits as a draft, and its words go when it is dealt with."""

from __future__ import annotations

from email.message import EmailMessage
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result

from backstock.cli.mailbox import mailbox_command
from backstock.core.models import CommandLog, RoleGrant, User
from backstock.core.permissions import SYSTEM
from backstock.evidence.keeping import kept
from backstock.returns.commands.draft import DraftRequest, SettleDraft, draft_request, settle_draft
from backstock.returns.models import RequestDraft
from backstock.returns.requests.mailbox import mails_in
from tests import build, build_evidence
from tests.build import DAY
from tests.ledgers import refused
from tests.mail_server import Post, running


def drafted(text: str = "S000001 退货", key: str | None = None) -> str:
    return draft_request(DraftRequest(text=text, on=DAY), actor=SYSTEM, key=key).document


def test_words_are_kept_out_of_the_log_and_erased_when_it_is_settled(shop):
    number = drafted("何建国 13900139002")
    settle_draft(SettleDraft(document=number, became="R000001", on=DAY), actor=SYSTEM)
    row = RequestDraft.objects.get()
    assert (row.text, row.files, row.became) == ("", [], "R000001")
    assert "13900139002" not in str(list(CommandLog.objects.values_list("payload", "events", "answer")))


def test_refuses_what_is_dealt_with_or_unknown(shop):
    number = drafted()
    settle_draft(SettleDraft(document=number, on=DAY), actor=SYSTEM)
    with refused("transition_not_allowed", document=number):
        settle_draft(SettleDraft(document=number, on=DAY), actor=SYSTEM)
    for unknown in ("RD000009", "R000001", "x"):
        with refused("unknown_document"):
            settle_draft(SettleDraft(document=unknown, on=DAY), actor=SYSTEM)


@pytest.mark.parametrize("times", [1, 3])
def test_a_mail_that_is_read_again_stays_one_draft(shop, tmp_path, times):
    (tmp_path / "a.eml").write_bytes(b"Message-ID: <1@x>\r\nSubject: return S000001\r\n\r\ntwo pieces\r\n")
    (tmp_path / "b.eml").write_bytes(b"Message-ID: <2@x>\r\nSubject: other\r\n\r\nhello\r\n")
    for _ in range(times):
        for mail in mails_in(tmp_path):
            drafted(mail.text, mail.key)
    assert RequestDraft.objects.count() == 2


def test_another_message_under_the_same_id_keeps_nobody_waiting(shop, tmp_path):
    for name, words in (("a", "two pieces"), ("b", "three pieces"), ("c", "two pieces")):
        (tmp_path / f"{name}.eml").write_bytes(f"Message-ID: <1@x>\r\nSubject: return\r\n\r\n{words}\r\n".encode())
    (tmp_path / "d.eml").write_bytes(
        b"Message-ID: \r\nContent-Type: multipart/mixed\r\nSubject: odd\r\n\r\nno parts\r\n"
    )
    for mail in mails_in(tmp_path):
        drafted(mail.text, mail.key)
    assert RequestDraft.objects.count() == 3


MAILS = {
    7: b"Message-ID: <1@x>\r\nSubject: return S000001\r\n\r\ntwo pieces\r\n",
    9: b"Message-ID: <2@x>\r\nSubject: other\r\n\r\nhello\r\n",
}


def fetched(post: Post, *more: str, password: str = "secret pass") -> Result:
    with patch.dict("os.environ", {"BACKSTOCK_MAILBOX_PASSWORD": password}):
        wanted = ["--imap", "127.0.0.1", "--no-tls", "--user", "shop", "--port", str(post.port), *more]
        return CliRunner().invoke(mailbox_command, wanted)


@pytest.mark.parametrize("own_marks", [True, False])
def test_a_mail_server_is_read_and_what_became_a_draft_is_marked_there(shop, own_marks):
    with running(Post(dict(MAILS), own_marks=own_marks)) as post:
        assert fetched(post).output == "2 drafts, 0 known before\n"
        assert post.marks == {uid: {"Backstock" if own_marks else r"(\Seen)"} for uid in MAILS}
        assert fetched(post).output == "0 drafts, 0 known before\n"
    assert [row.text for row in RequestDraft.objects.order_by("pk")] == ["return S000001\ntwo pieces", "other\nhello"]


def test_a_line_that_breaks_before_the_mark_makes_no_second_draft(shop):
    with running(Post(dict(MAILS), breaks=1)) as post:
        broken = fetched(post)
        assert (broken.exit_code, RequestDraft.objects.count()) == (1, 1)
        assert "broke off" in broken.output
        assert fetched(post).output == "1 drafts, 1 known before\n"
    assert RequestDraft.objects.count() == 2


def test_the_password_is_never_said_nor_sent_unencrypted_to_another_machine(shop):
    with running(Post(dict(MAILS))) as post:
        said = fetched(post, password="wrong word")
        assert (said.exit_code, "refuses the log-in of shop" in said.output) == (1, True)
        assert "wrong word" not in said.output
        assert "TLS only" in fetched(post, "--imap", "mail.example.com").output
        assert "BACKSTOCK_MAILBOX_PASSWORD" in fetched(post, password="").output
    assert RequestDraft.objects.count() == 0


def test_photos_of_a_mail_are_kept_and_become_evidence_of_the_request_and_nothing_hostile_is(
    shop, people, client, tmp_path
):
    mail = EmailMessage()
    mail["Subject"], mail["Message-ID"] = "return S000001", "<3@x>"
    mail.set_content("two pieces A")
    mail.add_attachment(build_evidence.picture(), maintype="image", subtype="jpeg", filename="broken.jpg")
    mail.add_attachment(b"MZ\x90", maintype="image", subtype="jpeg", filename="virus.jpg")
    mail.add_attachment(b"MZ\x90", maintype="image", subtype="jpeg", filename="0" * 64)
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    sale = build.sold()
    # The same message as an earlier version kept it: with the names only.
    [known] = mails_in(tmp_path)
    draft_request(DraftRequest(text=known.text, source="mail", files=known.files, on=DAY), actor=SYSTEM, key=known.key)
    assert "0 drafts, 1 known before" in CliRunner().invoke(mailbox_command, [str(tmp_path)]).output
    RequestDraft.objects.all().delete()
    CommandLog.objects.filter(name="returns.draft").delete()

    done = CliRunner().invoke(mailbox_command, [str(tmp_path)])
    assert done.exit_code == 0, done.output
    draft = RequestDraft.objects.get()
    content_hash, name, nameless = draft.files
    assert (kept(content_hash).media_type, name, nameless) == ("image/webp", "virus.jpg", "?")

    client.force_login(User.objects.get(username="wu"))
    assert "virus.jpg" in client.get(f"/returns/messages/{draft.number}/").text
    form = client.get(f"/returns/new/{sale}/?draft={draft.number}")
    assert [photo.content_hash for photo in form.context["photos"]] == [content_hash]
    # Whoever may ask for returns and not read messages does not read them here either.
    RoleGrant.objects.filter(role="service", permission="returns.draft").delete()
    assert client.get(f"/returns/new/{sale}/?draft={draft.number}").status_code == 403
    assert client.get(f"/returns/new/{sale}/").status_code == 200
