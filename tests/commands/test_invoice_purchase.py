"""The supplier's invoice: matched to what came, posted only by what it differs."""

from datetime import date

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.purchases.commands.invoice import InvoicePurchase, invoice_purchase
from backstock.purchases.models import PurchaseInvoice, PurchaseLine, PurchaseReceipt
from tests import build
from tests.build import DAY, e4
from tests.build_purchases import bill, billed, sent_back
from tests.ledgers import on_account, refused, written


def owed(receipt):
    return PurchaseReceipt.objects.get(pk=int(receipt[1:])).owed_cents


def test_an_invoice_that_agrees_posts_nothing(shop):
    receipt = build.bought("A", 2, 60, tax_cents=1_560)
    with written() as ledgers:
        number = billed(receipt, 120, "15.60", invoiced_on=date(2026, 1, 3))
    assert (number, ledgers.money) == ("PI000001", [])
    assert PurchaseLine.objects.last().uninvoiced_e4 == 0
    assert PurchaseInvoice.objects.get().invoiced_on == date(2026, 1, 3)


def test_another_price_is_a_purchase_difference_and_never_changes_stock(shop):
    receipt = build.bought("A", 2, 60, tax_cents=1_560)
    inventory = on_account(Role.inventory)
    with written() as ledgers:
        billed(receipt, 130, "16.90")
    assert ledgers.money == ["purchase_differences / payable 10.00", "input_tax / payable 1.30"]
    assert (on_account(Role.inventory), owed(receipt)) == (inventory, 14_690)


def test_a_lower_price_is_owed_less(shop):
    receipt = build.bought("A", 2, 60, tax_cents=1_560)
    with written() as ledgers:
        billed(receipt, 100, 13)
    assert ledgers.money == ["payable / purchase_differences 20.00", "payable / input_tax 2.60"]
    assert owed(receipt) == 11_300


def test_parts_are_billed_one_after_the_other_and_add_up_to_the_cent(shop):
    receipt = build.bought("A", 3, "33.335")  # 100.01 for three
    with written() as ledgers:
        billed(receipt, "33.33", quantity=1)
        billed(receipt, "66.68", supplier_number="F-2")
    assert ledgers.money == []
    assert owed(receipt) == 10_001
    with refused("quantity_exceeds_uninvoiced", document=receipt, line=1, asked_e4=0, uninvoiced_e4=0):
        billed(receipt, 1, supplier_number="F-3")


def test_one_invoice_over_several_receipts(shop):
    first, second = build.bought("A", 1, 60), build.bought("A", 2, 60)
    lines = (*bill(first, 61).lines, *bill(second, 119).lines)
    wanted = InvoicePurchase(supplier="JIN", supplier_number="F-9", lines=lines, on=DAY)
    with written() as ledgers:
        invoice_purchase(wanted, actor=SYSTEM)
    assert ledgers.money == []  # one more here, one less there
    assert (owed(first), owed(second)) == (6_100, 11_900)


def test_what_went_back_before_needs_no_invoice(shop):
    receipt = build.bought("A", 5, 10)
    sent_back(receipt, 2)
    with refused("quantity_exceeds_uninvoiced", asked_e4=e4(5), uninvoiced_e4=e4(3)):
        billed(receipt, 50, quantity=5)
    with written() as ledgers:
        billed(receipt, 30, quantity=3)
    assert (ledgers.money, owed(receipt)) == ([], 3_000)


def test_refuses_the_same_invoice_twice_but_not_the_same_number_of_another(shop):
    build.supplier("YU")
    first, second = build.bought("A", 1, 60), build.bought("A", 1, 60)
    billed(first, 60)
    with refused("duplicate_code", field="supplier_number", value="F-1"):
        billed(second, 60)
    with refused("wrong_supplier", document=second, supplier="YU"):
        billed(second, 60, supplier="YU")


def test_refuses_what_does_not_fit(shop):
    receipt = build.bought("A", 2, 60)
    opening = build.bought("A", 2, 60, opening=True)
    with refused("quantity_exceeds_uninvoiced", asked_e4=e4(3), uninvoiced_e4=e4(2)):
        billed(receipt, 180, quantity=3)
    with refused("invalid_quantity"):
        billed(receipt, 180, quantity=-1)
    with refused("item_not_in_receipt", document=receipt):
        billed(receipt, 60, line=2)
    with refused("item_not_in_receipt", document=opening):
        billed(opening, 120)
    with refused("unknown_document", document="P77"):
        billed("P77", 1)
    with refused("unknown_partner", partner="WHO"):
        billed(receipt, 1, supplier="WHO")
    with refused("quantity_required"):
        billed(receipt, 1, lines=())
    with refused("duplicate_line"):
        billed(receipt, 1, lines=bill(receipt, 60, quantity=1).lines * 2)


def test_one_by_one_only_the_second_of_the_same_number_is_refused_and_a_key_counts_once(shop):
    receipt = build.bought("A", 3, 60)
    inputs = [bill(receipt, 60, quantity=1), bill(receipt, 60, quantity=1)]
    outcomes = invoice_purchase.batch(inputs, actor=SYSTEM, mode="each")
    assert [hasattr(each, "error") for each in outcomes] == [False, True]
    wanted = bill(receipt, 60, quantity=1, supplier_number="F-2")
    first, second = (invoice_purchase(wanted, actor=SYSTEM, key="K") for _ in range(2))
    assert (first.document, second.repeated) == (second.document, True)
