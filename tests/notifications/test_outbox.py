"""Letters leave after the commit, in order, and at most once more than once; proven with a real mail server and a real kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from backstock.core import clock
from backstock.core.permissions import SYSTEM
from backstock.notifications.commands.prefer import PreferLetters, prefer_letters
from backstock.notifications.commands.resend import ResendLetter, resend_letter
from backstock.notifications.commands.write_letter import WriteLetter, write_letter
from backstock.notifications.models import Letter
from backstock.notifications.outbox import WAITS, deliver_due
from backstock.notifications.writing import Written
from backstock.partners.commands.register import ErasePartner, erase_partner
from tests import build
from tests.build_telling import later, letters, plain, post_office, reachable

DELIVER = """
import os, django
django.setup()
from backstock.notifications.outbox import deliver_due
deliver_due()
"""


@pytest.fixture
def post():
    with post_office() as (postman, _url):
        yield postman


def state(letter: Letter) -> str:
    letter.refresh_from_db()
    return letter.state


def test_a_whole_return_is_told_to_the_customer_in_order(shop, post):
    rma = build.settled(build.back_on_the_shelf(number=build.sold(customer=reachable())))
    written = letters(rma)
    assert deliver_due() == 4
    assert [message["Subject"] for message in post.received] == [
        "已收到您的退货申请 R000001", "您的退货申请 R000001 已通过", "退货 R000001 的商品已收到", "退货 R000001 已退款",
    ]  # fmt: skip
    said = plain(post.received[-1])
    assert "孙悟空，您好" in said
    assert "¥100.00" in said
    assert len(set(post.ids)) == 4
    assert {state(letter) for letter in written} == {"sent"}
    assert deliver_due() == 0


def test_the_customers_language_is_kept(shop, post):
    customer = reachable(name="Wu Kong")
    prefer_letters(PreferLetters(customer=customer, language="en"), actor=SYSTEM)
    letters(build.requested(build.sold(customer=customer)))
    deliver_due()
    assert post.received[0]["Subject"] == "We have received your return request R000001"
    assert post.received[0]["Content-Language"] == "en"


def test_a_request_that_was_turned_down_says_why(shop, post):
    from backstock.returns.commands.approve import RejectReturn, reject_return

    rma = build.requested(build.sold(customer=reachable()))
    reject_return(RejectReturn(document=rma, reason="包装已拆封"), actor=SYSTEM)
    letters(rma)
    deliver_due()
    assert "原因：包装已拆封" in plain(post.received[1])


def test_what_a_worker_killed_between_sending_and_marking_sent_comes_once_more_under_the_same_id(company_db):
    """The server takes the letter and then kills its sender, before it can mark the letter as sent."""
    build.company()
    rma = build.approved(build.requested(build.sold(customer=reachable())))
    first, second = letters(rma)
    with post_office() as (postman, url):
        environment = os.environ | {"DATABASE_URL": company_db, "BACKSTOCK_SMTP": url}
        worker = subprocess.Popen([sys.executable, "-c", DELIVER], env=environment)
        postman.taken = lambda message: os.kill(worker.pid, signal.SIGKILL)
        assert worker.wait(timeout=60) == -signal.SIGKILL
        postman.taken = lambda message: None
        assert (len(postman.received), state(first), state(second)) == (1, "waiting", "waiting")
        # Taken letters are left alone at first, and what comes after them waits.
        assert deliver_due() == 0
        with later(minutes=6):
            assert deliver_due() == 2
        assert [str(message["Subject"])[:4] for message in postman.received] == ["已收到您", "已收到您", "您的退货"]
        assert postman.ids[0] == postman.ids[1] != postman.ids[2]
        assert (state(first), state(second)) == ("sent", "sent")
        with later(minutes=20):
            assert deliver_due() == 0


def test_a_server_that_is_busy_is_asked_again_later_and_then_given_up(shop, post):
    [letter] = letters(build.requested(build.sold(customer=reachable())))
    post.refuse = lambda message: "451 4.3.0 try again later"
    now = clock.now()
    for attempt, wait in enumerate(WAITS, 1):
        with clock.frozen(now):
            assert deliver_due() == 0
            assert deliver_due() == 0
        letter.refresh_from_db()
        assert (letter.state, letter.attempts, letter.due_at) == ("waiting", attempt, now + wait)
        now += wait + timedelta(seconds=1)
    with clock.frozen(now):
        deliver_due()
    assert state(letter) == "failed"
    assert "451" in letter.problem
    assert "@" not in letter.problem


def test_a_letter_that_the_server_never_wants_is_given_up_at_once(shop, post):
    rma = build.approved(build.requested(build.sold(customer=reachable())))
    first, second = letters(rma)
    post.refuse = lambda message: "550 5.1.1 no such mailbox" if "已收到" in message["Subject"] else ""
    assert deliver_due() == 1
    assert (state(first), state(second)) == ("failed", "sent")


def test_without_a_server_letters_wait_and_are_too_late_one_day(shop):
    [letter] = letters(build.requested(build.sold(customer=reachable())))
    assert deliver_due() == 0
    assert state(letter) == "waiting"
    with post_office() as (postman, _url), later(days=8):
        assert deliver_due() == 0
    assert state(letter) == "expired"
    assert postman.received == []


def test_a_server_that_is_away_loses_nothing(shop):
    from django.conf import settings

    from backstock.core.mail_url import mailer

    [letter] = letters(build.requested(build.sold(customer=reachable())))
    before = settings.MAILERS
    settings.MAILERS = mailer("smtp://127.0.0.1:9")
    try:
        assert deliver_due() == 0
    finally:
        settings.MAILERS = before
    assert (state(letter), letter.attempts) == ("waiting", 1)


def test_who_was_erased_or_wants_no_letters_gets_none(shop, post):
    erased, silent = reachable(), reachable()
    [first] = letters(build.requested(build.sold(quantity=1, customer=erased)))
    erase_partner(ErasePartner(code=erased), actor=SYSTEM)
    prefer_letters(PreferLetters(customer=silent, wants_mail=False), actor=SYSTEM)
    assert letters(build.requested(build.sold(quantity=1, customer=silent))) == []
    assert deliver_due() == 0
    assert state(first) == "unwanted"


def test_the_outbox_holds_nothing_personal(shop):
    customer = reachable(phone="13900139002")
    letters(build.requested(build.sold(customer=customer)))
    told = repr(list(Letter.objects.values()))
    assert not [secret for secret in ("孙悟空", "@example", "13900139002") if secret in told]


def test_a_letter_is_sent_again_as_a_new_copy(shop, post):
    [letter] = letters(build.requested(build.sold(customer=reachable())))
    deliver_due()
    resend_letter(ResendLetter(letter=letter.pk), actor=SYSTEM)
    assert deliver_due() == 1
    assert len(set(post.ids)) == 2
    resend_letter(ResendLetter(letter=letter.pk), actor=SYSTEM)
    assert deliver_due() == 1
    assert len(set(post.ids)) == 3


def test_the_companys_own_words_are_used_and_names_break_no_header(shop, post):
    text = WriteLetter(
        kind="request_received", language="zh", subject="{customer} {number}", body="{company}: {items}\n{reason}"
    )
    write_letter(text, actor=SYSTEM)
    letters(build.requested(build.sold(customer=reachable(name="A\nBcc: x@y.z"))))
    deliver_due()
    assert post.received[0]["Subject"] == "A Bcc: x@y.z R000001"
    assert "Bcc" not in post.received[0]
    assert "A × 1 pcs" in plain(post.received[0])


def test_a_letter_leaves_as_text_and_as_escaped_html_that_loads_nothing(shop, post):
    rma = build.requested(build.sold(customer=reachable(name="<img src=http://evil.example/x.png>")))
    letters(rma)
    assert deliver_due() == 1
    [message] = post.received
    assert message.get_content_type() == "multipart/alternative"
    assert "<img src=http://evil.example/x.png>" in plain(message)
    page = message.get_body(("html",)).get_content()
    assert '<html lang="zh-CN">' in page
    assert "&lt;img src=http://evil.example/x.png&gt;" in page
    assert [tag for tag in ("<img", "<a ", "<style", "<script", "<link") if tag in page] == []


def test_only_our_own_link_can_be_followed():
    said = Written(
        "",
        "en",
        "Closed",
        "Dear <b>,\n\nrate: https://us.example/rate/x/\nhttp://other.example\n\nWe",
        "https://us.example/rate/x/",
    )
    assert said.markup == (
        "<p>Dear &lt;b&gt;,</p>\n"
        '<p>rate: <a href="https://us.example/rate/x/">https://us.example/rate/x/</a><br>http://other.example</p>\n<p>We</p>'
    )
