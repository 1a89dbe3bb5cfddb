"""Red invoices (红字发票) stay within their blue ones and within what was given back, and lapse after 72 hours."""

from datetime import timedelta
from typing import Any

import pytest

from backstock.books.models import RedInvoice
from backstock.cli.verification import verify
from backstock.core import clock
from backstock.core.commands import REGISTRY
from backstock.core.permissions import SYSTEM
from backstock.refunds.models import CreditNote
from backstock.sales.models import Invoice
from tests import build
from tests.build import DAY
from tests.ledgers import refused

BLUE = "25" + "0" * 18


def run(name: str, **raw: Any) -> Any:
    return REGISTRY[f"books.{name}"](REGISTRY[f"books.{name}"].parse({"on": DAY.isoformat(), **raw}), actor=SYSTEM)


def returned(of: int = 2, back: int = 1, used: bool = False) -> str:
    """A bill with its blue invoice, and a credit note for some of its goods."""
    sale = build.sold(quantity=of)
    run("record_blue", invoice=Invoice.objects.get().number, number=BLUE, issued_on=DAY.isoformat(), used=used)
    build.settled(build.back_on_the_shelf(back, number=sale))
    return CreditNote.objects.order_by("-pk")[0].number


def asked(note: str, **more: Any) -> str:
    return str(run("ask_red", document=note, blue=BLUE, **more).document)


def issued(red: str, number: str = "1") -> None:
    run("issue_red", document=red, number=number, issued_on=DAY.isoformat())


def test_an_unused_blue_invoice_needs_no_confirmation(shop):
    red = asked(returned())
    row = RedInvoice.objects.get()
    assert (row.status, row.reason, row.net_cents) == ("ready", "returned", 10_000)
    issued(red)
    with refused("transition_not_allowed", current="issued"):
        run("withdraw_red", document=red)
    assert verify().problems == []


def test_a_used_one_waits_for_the_other_side_and_lapses_after_72_hours(shop, monkeypatch):
    note = returned(used=True)
    red = asked(note, started_by="buyer", confirmation="QR-1")
    with refused("transition_not_allowed", current="asked"):
        issued(red)
    later = clock.now() + timedelta(hours=73)
    monkeypatch.setattr(clock, "now", lambda: later)
    with refused("confirmation_lapsed"):
        run("confirm_red", document=red)
    again = asked(note)
    run("confirm_red", document=again)
    issued(again)
    assert [row.status for row in RedInvoice.objects.order_by("pk")] == ["asked", "issued"]


def test_red_never_exceeds_what_was_given_back_nor_the_blue_one(shop):
    note = returned(of=2, back=1)
    with refused("red_exceeds_blue", left_cents=10_000):
        asked(note, net_cents=10_001)
    first = asked(note, net_cents=4_000)
    with refused("red_exceeds_blue", left_cents=6_000):
        asked(note, net_cents=6_001)
    second = asked(note)
    with refused("red_exceeds_blue", left_cents=0):
        asked(note)
    run("withdraw_red", document=second)
    asked(note, net_cents=6_000)
    issued(first)
    assert sum(row.net_cents for row in RedInvoice.objects.exclude(status="withdrawn")) == 10_000


def test_a_number_is_used_once_and_a_foreign_blue_invoice_is_refused(shop):
    note = returned()
    one, two = asked(note, net_cents=5_000), asked(note)
    issued(one, "77")
    with refused("duplicate_code", value="77"):
        issued(two, "77")
    build.settled(build.back_on_the_shelf(number=build.sold(quantity=1)))
    with refused("blue_invoice_missing"):
        asked(CreditNote.objects.order_by("-pk")[0].number)
    with refused("duplicate_code"):
        run("record_blue", invoice=Invoice.objects.order_by("-pk")[0].number, number=BLUE, issued_on=DAY.isoformat())


@pytest.mark.breaks_ledgers
def test_red_above_blue_is_named(shop):
    asked(returned())
    RedInvoice.objects.update(net_cents=99_999)
    assert [each.check for each in verify().problems] == ["red invoices stay within their blue one"]
