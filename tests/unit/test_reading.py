"""What is understood of a message, and from which words."""

from __future__ import annotations

import pytest

from backstock.returns.requests.mailbox import mail_of
from backstock.returns.requests.reading import number_of, read


@pytest.mark.parametrize(
    ("text", "what", "values"),
    [
        ("你好，订单JD-2026-77的杯子碎了两个，要退货", "code", ["JD-2026-77"]),
        ("电话１３９００１３９００２", "phone", ["13900139002"]),
        ("我叫何建国，要换货", "name", ["何建国"]),
        ("退两件，还有 3 盒", "quantity", ["2", "3"]),
        ("十二个都坏了", "quantity", ["12"]),
        ("收到时碎了", "reason", ["damaged"]),
        ("发错货了", "reason", ["wrong"]),
        ("不退货了，仅退款吧", "type", ["refund_only"]),
        ("It is broken, please refund 2 pieces", "reason", ["damaged"]),
        ("", "code", []),
    ],
)
def test_what_is_understood(text, what, values):
    assert read(text).values(what) == values


@pytest.mark.parametrize(
    ("text", "number"), [("两", 2), ("十", 10), ("十二", 12), ("三十", 30), ("二十一", 21), ("7", 7)]
)
def test_numbers_as_people_write_them(text, number):
    assert number_of(text) == number


def test_the_words_that_led_to_it_are_kept():
    heard = read("订单 S000001 的杯子碎了").heard
    assert ("reason", "damaged", "碎") in [(each.what, each.value, each.word) for each in heard]


def test_a_mail_is_read_with_its_attachments():
    mail = mail_of(
        b"Message-ID: <a@b>\r\nSubject: =?utf-8?b?6YCA6LSn?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
        b"<p>S000001 broken</p>\r\n--x\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename=a.jpg\r\n\r\nxx\r\n--x--\r\n"
    )
    assert mail is not None
    assert (mail.text, mail.files) == ("退货\nS000001 broken", ("a.jpg",))


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"Subject: \r\n\r\n"])
def test_what_is_no_message_is_passed_over(content):
    assert mail_of(content) is None
