"""Before the process: a message waits as a draft, and its words go when it is dealt with."""

from __future__ import annotations

import pytest

from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.returns.commands.draft import DraftRequest, SettleDraft, draft_request, settle_draft
from backstock.returns.models import RequestDraft
from backstock.returns.requests.mailbox import mails_in
from tests.build import DAY
from tests.ledgers import refused


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
