"""`verify` finds planted damage and names the rows that offend; the ledger hash knows only what happened."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import F

from backstock.cli.verification import ledger_hash, verify
from backstock.core import clock
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.models import PartnerBalance, Transfer
from backstock.refunds.models import Refund
from backstock.returns.commands.draft import DraftRequest, SettleDraft, draft_request, settle_draft
from backstock.returns.models import (
    RecallAsk,
    RecallBuyer,
    RecallLot,
    RequestDraft,
    ReturnEvent,
    ReturnLine,
    ReturnPiece,
)
from backstock.sales.models import (
    Invoice,
    InvoiceLine,
    Payment,
    PickLine,
    Quote,
    Sale,
    SaleLine,
    SalePiece,
    SaleTender,
    ShipmentLine,
)
from backstock.stock.models import PoolBalance, StockBalance, StockMove
from tests import build, build_sales
from tests.build_recalls import asked_all, called_back


def trade():
    """One return all the way, another in quarantine, a third only asked for."""
    sale = build.sold(quantity=5, paid={"cash": 100, "card": 400})
    build.settled(build.back_on_the_shelf(1, number=sale))
    build.on_the_dock(2, number=sale)
    build.requested(sale)
    build_sales.picked(build_sales.ordered(quantity=1))
    build_sales.quoted()


def bump(model, pk=None, **changes):
    """Change the first row of a model behind the back of the commands."""

    def damage():
        rows = model.objects.order_by("pk") if pk is None else model.objects.filter(**pk).order_by("pk")
        rows.model.objects.filter(pk=rows[0].pk).update(**changes)

    return damage


def without_checks(damage):
    """Do a damage that the database itself would refuse, as a restored or foreign database may hold it."""

    def unchecked():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
                )
                for table, name in cursor.fetchall():
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        damage()

    return unchecked


E4 = 10_000
DAMAGES = {
    "stock balance equals its moves": bump(StockBalance, quantity_e4=F("quantity_e4") + E4),
    "stock balance equals its moves, a move is gone": lambda: StockMove.objects.order_by("log_id")[0].delete(),
    "stock balance equals its moves, a move is changed": lambda: StockMove.objects.filter(
        log_id=StockMove.objects.order_by("log_id")[0].log_id
    ).update(quantity_e4=F("quantity_e4") + E4),
    "stock balance equals its moves, one is gone": lambda: StockBalance.objects.order_by("pk")[0].delete(),
    "pool balance equals its moves": bump(PoolBalance, value_cents=F("value_cents") + 1),
    "pool balance equals its moves, one is gone": lambda: PoolBalance.objects.order_by("pk")[0].delete(),
    "a product sums to zero over all places": bump(StockBalance, quantity_e4=F("quantity_e4") - E4),
    "nothing is below zero where goods are": bump(StockBalance, {"place_id__gt": 99}, quantity_e4=-1),
    "no pool is negative, or has value without pieces": bump(PoolBalance, quantity_e4=0, value_cents=5),
    "stock value equals its account": lambda: Transfer.objects.order_by("log_id")[0].delete(),
    "stock value equals its account, changed": lambda: Transfer.objects.filter(
        log_id=Transfer.objects.order_by("log_id")[0].log_id
    ).update(amount_cents=F("amount_cents") + 1),
    "partner balance equals its transfers": bump(PartnerBalance, amount_cents=F("amount_cents") + 1),
    "partner balance equals its transfers, original": bump(PartnerBalance, original_cents=F("original_cents") + 1),
    "partner balance equals its transfers, one is gone": lambda: PartnerBalance.objects.order_by("pk")[0].delete(),
    "a transfer is positive and between two accounts": without_checks(
        lambda: Transfer.objects.filter(log_id=Transfer.objects.order_by("log_id")[0].log_id).update(debit_id=F("credit_id"))
    ),
    "open + received − sent back ≤ shipped": without_checks(bump(SalePiece, open_e4=F("shipped_e4") + E4)),
    "open on the sale equals what returns hold open": bump(SalePiece, open_e4=F("open_e4") - E4),
    "back on the sale equals what returns received": bump(SalePiece, received_e4=F("received_e4") - E4),
    "shipped equals what the ledger sent": bump(SalePiece, shipped_e4=F("shipped_e4") + E4),
    "shipped equals what the ledger sent, at its cost": bump(SalePiece, cost_cents=F("cost_cents") + 1),
    "billed equals the invoices": bump(Sale, invoiced_cents=F("invoiced_cents") + 1),
    "billed equals the invoices, one is gone": lambda: (InvoiceLine.objects.all().delete(), Invoice.objects.all().delete()),
    "billed of a line equals its invoice lines and the value moved to it": bump(InvoiceLine, net_cents=F("net_cents") + 1),
    "the discounts of an order are what its lines share": bump(SaleLine, order_discount_cents=1),
    "what lay in parcels is what shipped": bump(ShipmentLine, quantity_e4=F("quantity_e4") - E4),
    "an open line of a pick list still has something to ship": bump(PickLine, shipped_e4=F("quantity_e4")),
    "a confirmed quote became a sale": bump(Quote, status="confirmed"),
    "paid equals the payments": bump(Payment, amount_cents=F("amount_cents") + 1),
    "counters of a return line equal its credit notes": bump(ReturnLine, entitled_net_cents=F("entitled_net_cents") + 1),
    "credited of a sale equals its credit notes": bump(Sale, credited_cents=F("credited_cents") + 1),
    "a tender got back what its refunds say": bump(SaleTender, refunded_cents=F("refunded_cents") - 1),
    "a tender gives back at most what it gave": without_checks(bump(SaleTender, refunded_cents=F("paid_cents") + 1)),
    "disposed ≤ inspected ≤ received ≤ authorised": without_checks(bump(ReturnPiece, received_e4=F("authorized_e4") + E4)),
    "disposed ≤ inspected ≤ received ≤ authorised, inspected": without_checks(bump(ReturnPiece, accepted_e4=F("received_e4") + E4)),
    "counters equal the events": bump(ReturnPiece, {"received_e4": 2 * E4}, received_e4=E4),
    "counters equal the events, one is gone": lambda: ReturnEvent.objects.filter(kind="dispose").delete(),
    "quarantine holds what was received and not disposed": bump(PoolBalance, {"pool": "quarantine", "quantity_e4__gt": 0}, quantity_e4=E4),
    "credited ≤ billed, per line": without_checks(bump(SaleLine, refunded_net_cents=F("invoiced_net_cents") + 1)),
    "credited of a sale line equals its return lines": bump(SaleLine, refunded_net_cents=F("refunded_net_cents") - 1),
    "allowed of a sale line equals its allowances": bump(SaleLine, allowed_net_cents=F("allowed_net_cents") + 1),
    "refunds of a sale equal what its counters say": bump(Sale, refunded_cents=F("refunded_cents") - 1),
    "what is granted and not paid stands in refunds payable": bump(
        PartnerBalance, {"account_id": Role.refunds_payable}, original_cents=F("original_cents") + 1
    ),
    "a paid refund names the day and the row that paid it": bump(Refund, {"status": "paid"}, paid_log_id=0),
    "refunds of a sale equal what its counters say, changed": bump(Refund, amount_cents=F("amount_cents") + 1),
}  # fmt: skip


@pytest.mark.breaks_ledgers
@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=[pytest.mark.any_database] * ("," in what)) for what in DAMAGES]
)
def test_planted_damage_is_found_and_named(shop, what):
    trade()
    assert verify().problems == []

    DAMAGES[what]()

    found = {problem.check: problem.rows for problem in verify().problems}
    assert what.partition(", a move")[0].partition(", one is")[0] in found or what.partition(",")[0] in found, found
    assert all(any(char.isdigit() for char in rows) for rows in found.values())


@pytest.mark.breaks_ledgers
def test_planted_damage_to_recalls_and_messages_is_found(shop):
    build.product("M", tracking="lot")
    build.bought("M", 5, 10, lot="L1")
    build.sold("M", 2, lot="L1")
    asked_all(called_back("M", ("L1",)))
    draft = draft_request(DraftRequest(text="hello", on=build.DAY), actor=SYSTEM).document
    settle_draft(SettleDraft(document=draft, on=build.DAY), actor=SYSTEM)
    assert verify().problems == []

    bump(RequestDraft, text="hello")()
    bump(RecallAsk, made=9)()
    bump(RecallBuyer, sale_id=99)()
    RecallLot.objects.all().delete()

    assert {problem.check for problem in verify().problems} == {
        "a buyer has what the recall calls back",
        "a buyer of a recall bought it",
        "a recall asks as far as there is somebody to ask",
        "the words of a message that was dealt with are erased",
    }


COUNTERS = {
    ReturnPiece: ("authorized_e4", "received_e4", "disposed_e4", "sent_back_e4", "accepted_e4", "rejected_e4"),
    ReturnLine: ("refunded_e4", "entitled_net_cents", "entitled_tax_cents", "refunded_net_cents", "refunded_tax_cents"),
    SaleLine: ("refunded_net_cents", "refunded_tax_cents"),
    Sale: ("invoiced_cents", "paid_cents", "credited_cents", "refunded_cents", "shipping_refunded_cents"),
    SaleTender: ("paid_cents", "refunded_cents"),
    SalePiece: ("shipped_e4", "open_e4", "received_e4", "sent_back_e4", "cost_cents"),
}


@pytest.mark.breaks_ledgers
@pytest.mark.parametrize(("model", "name"), [(model, name) for model, names in COUNTERS.items() for name in names])
def test_every_counter_that_is_off_by_one_is_found(shop, model, name):
    trade()
    without_checks(bump(model, **{name: F(name) + 1}))()
    assert verify().problems != []


def test_two_ways_to_the_same_ledgers_have_the_same_hash(scratch):
    hashes = []
    for moment, detour in ((datetime(2026, 1, 1, tzinfo=UTC), False), (datetime(2031, 7, 1, 9, tzinfo=UTC), True)):
        with scratch.database(), clock.frozen(moment):
            build.company()
            if detour:  # other row ids, other order of log rows
                build.product("X")
                build.customer("Y")
            trade()
            hashes.append(ledger_hash())
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize(
    "difference",
    [
        lambda: build.bought("A", 1, "0.01"),
        lambda: build.bought("A", 1, 0),
        lambda: build.sold(quantity=1, paid={"card": 1}),
        lambda: build.back_on_the_shelf(1),
    ],
)
def test_any_difference_changes_the_hash(shop, difference):
    before = ledger_hash()
    difference()
    assert ledger_hash() != before


def test_what_is_only_asked_for_does_not_change_the_hash(shop):
    sale = build.sold()
    before = ledger_hash()
    build.approved(build.requested(sale))
    build.customer("Z")
    assert ledger_hash() == before
