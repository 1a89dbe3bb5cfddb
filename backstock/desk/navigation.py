"""The main menu: what stands where, and who sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy

from backstock.core.permissions import Actor
from backstock.desk.parts import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu; seen by who holds the permission."""

    url_name: str
    label: Text
    permission: str
    args: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        return reverse(self.url_name, args=self.args)


@dataclass(frozen=True, slots=True)
class Section:
    """A group of the menu; `prefixes` are the beginnings of the addresses that belong to it."""

    label: Text
    icon: str
    prefixes: tuple[str, ...]
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as one reader sees it on one page."""

    section: Section
    entries: Sequence[Entry]
    here: bool


SECTIONS: Sequence[Section] = (
    Section(
        gettext_lazy("Returns"), "receipt-refund", ("/returns/", "/inspection/",),
        (
            Entry("return_list", gettext_lazy("Returns"), "returns.view"),
            Entry("return_queue", gettext_lazy("Waits for me"), "returns.view"),
            Entry("clock_list", gettext_lazy("Deadlines of the law"), "returns.view"),
            Entry("counter_find", gettext_lazy("Return at the till"), "refunds.settle"),
            Entry("dock", gettext_lazy("Receive by scan"), "returns.receive"),
            Entry("repair_list", gettext_lazy("Repairs"), "returns.view"),
            Entry("parcel_list", gettext_lazy("Parcels"), "returns.view"),
            Entry("unclaimed_list", gettext_lazy("Goods without an owner"), "returns.view"),
            Entry("carrier_list", gettext_lazy("Carriers"), "carriers.define"),
            Entry("dock_rules", gettext_lazy("Rules of the dock"), "returns.set_dock_rules"),
            Entry("inspection_rules", gettext_lazy("Rules of inspections"), "returns.publish_inspection"),
            Entry("draft_list", gettext_lazy("Messages of customers"), "returns.draft"),
            Entry("quota_list", gettext_lazy("Quotas of customers"), "returns.agree_quota"),
            Entry("recall_list", gettext_lazy("Recalls"), "returns.view"),
            Entry("lot_story", gettext_lazy("Life of a lot or serial number"), "stock.view"),
        ),
    ),
    Section(
        gettext_lazy("Sales"), "shopping-cart", ("/sales/",),
        (
            Entry("till", gettext_lazy("Till"), "sales.sell"),
            Entry("quote_list", gettext_lazy("Quotes"), "sales.view"),
            Entry("sale_list", gettext_lazy("Sales"), "sales.view"),
            Entry("pick_list", gettext_lazy("Pick lists"), "sales.view"),
        ),
    ),
    Section(
        gettext_lazy("Reports"), "chart-bar", ("/reports/",),
        (
            Entry("report_index", gettext_lazy("All reports"), "stock.view"),
            Entry("report_movements", gettext_lazy("Stock movements"), "stock.view"),
            Entry("report_value", gettext_lazy("Stock value by date"), "stock.view"),
            Entry("report_card", gettext_lazy("Stock card"), "stock.view"),
            Entry("report_profit", gettext_lazy("Gross profit"), "books.view"),
            Entry("report_returned", gettext_lazy("Statistics of returns"), "returns.view"),
            Entry("report_clocks", gettext_lazy("Missed deadlines of the law"), "returns.view"),
            Entry("report_balance", gettext_lazy("Trial balance"), "books.view"),
            Entry("report_ledger", gettext_lazy("Account ledger"), "books.view"),
            Entry("report_vouchers", gettext_lazy("Vouchers"), "books.view"),
            Entry("note_list", gettext_lazy("Credit notes"), "books.view"),
            Entry("red_list", gettext_lazy("Red invoices"), "books.view"),
            Entry("estimate_page", gettext_lazy("Expected returns"), "books.view"),
        ),
    ),
    Section(
        gettext_lazy("Stock"), "packages", ("/stock/",),
        (
            Entry("stock_list", gettext_lazy("What lies where"), "stock.view"),
            Entry("transfer_list", gettext_lazy("Transfers"), "stock.view"),
            Entry("adjustment_list", gettext_lazy("Adjustments"), "stock.view"),
            Entry("count_list", gettext_lazy("Stock counts"), "stock.view"),
            Entry("assembly_list", gettext_lazy("Assembly"), "stock.view"),
            Entry("expiry_list", gettext_lazy("Expiring lots"), "stock.view"),
            Entry("minimum_list", gettext_lazy("Minimum stock"), "stock.view"),
            Entry("warehouse_list", gettext_lazy("Warehouses"), "stock.view"),
        ),
    ),
    Section(
        gettext_lazy("Money"), "wallet", ("/money/",),
        (
            Entry("receivable_ages", gettext_lazy("Receivables"), "owing.view"),
            Entry("payable_ages", gettext_lazy("Payables"), "owing.view"),
            Entry("receipt_list", gettext_lazy("Money received"), "owing.view"),
            Entry("payment_list", gettext_lazy("Money paid"), "owing.view"),
            Entry("refund_list", gettext_lazy("Refunds"), "owing.view"),
            Entry("statement_list", gettext_lazy("Reconciliation"), "owing.view"),
            Entry("account_list", gettext_lazy("Cash and bank accounts"), "owing.view"),
            Entry("money_move", gettext_lazy("Move money"), "money.move"),
            Entry("money_book", gettext_lazy("Other income or expense"), "money.book"),
            Entry("write_off_list", gettext_lazy("Write-offs"), "owing.view"),
            Entry("money_close", gettext_lazy("Close a period"), "money.close_period"),
        ),
    ),
    Section(
        gettext_lazy("Purchases"), "truck-delivery", ("/purchases/",),
        (
            Entry("purchase_order_list", gettext_lazy("Purchase orders"), "purchases.view"),
            Entry("purchase_receipt_list", gettext_lazy("Purchase receipts"), "purchases.view"),
            Entry("uninvoiced_list", gettext_lazy("Received, not billed yet"), "purchases.view"),
            Entry("purchase_invoice_list", gettext_lazy("Suppliers' invoices"), "purchases.view"),
            Entry("claim_list", gettext_lazy("Claims against suppliers"), "purchases.view"),
            Entry("claim_reasons", gettext_lazy("Reasons for suppliers"), "returns.map_reasons"),
            Entry("claims_by_supplier", gettext_lazy("Owed by suppliers for returns"), "purchases.view"),
        ),
    ),
    Section(
        gettext_lazy("Master data"), "database", ("/products/", "/partners/", "/exchange/"),
        (
            Entry("product_list", gettext_lazy("Products"), "catalog.view"),
            Entry("price_list", gettext_lazy("Price list"), "catalog.view"),
            Entry("catalog_arrange", gettext_lazy("Categories, taxes, levels"), "catalog.view", ("categories",)),
            Entry("customer_list", gettext_lazy("Customers"), "partners.view"),
            Entry("supplier_list", gettext_lazy("Suppliers"), "partners.view"),
            Entry("partner_duplicates", gettext_lazy("Duplicates"), "partners.merge"),
            Entry("import_list", gettext_lazy("Import"), "exchange.import"),
            Entry("export_page", gettext_lazy("Export"), "exchange.export"),
        ),
    ),
    Section(
        gettext_lazy("Settings"), "settings", ("/settings/", "/letters/", "/flows/", "/policies/"),
        (
            Entry("policy_list", gettext_lazy("Return policy"), "policies.save_draft"),
            Entry("flow_list", gettext_lazy("Flows of returns"), "flows.publish"),
            Entry("law_markets", gettext_lazy("Markets and laws"), "policies.publish_law"),
            Entry("letterhead", gettext_lazy("Letterhead"), "documents.set_letterhead"),
            Entry("telling", gettext_lazy("Who is told what"), "notifications.set_audience"),
            Entry("letter_texts", gettext_lazy("Texts of letters"), "notifications.write_letter"),
            Entry("letter_list", gettext_lazy("Letters to customers"), "notifications.resend"),
        ),
    ),
)  # fmt: skip


def menu(actor: Actor, path: str) -> list[Shown]:
    """Return the sections of which an actor sees at least one page."""
    shown = []
    for section in SECTIONS:
        entries = [entry for entry in section.entries if actor.may(entry.permission)]
        if entries:
            shown.append(Shown(section, entries, path.startswith(section.prefixes)))
    return shown
