"""What must stand before the first sale: company, policy, products, customers, opening stock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from backstock.catalog.commands.define import DefineProduct, define_product
from backstock.catalog.queries import load_catalogue
from backstock.core.models import Company
from backstock.core.permissions import SYSTEM
from backstock.exchange_formats.errors import OtherCompany
from backstock.exchange_formats.online_retail.lines import WALK_IN
from backstock.exchange_formats.online_retail.sending import Sender, chunks
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.partners.queries import partner_ids
from backstock.policies.commands.publish import PolicyTerms, PublishPolicy, plain, publish_policy
from backstock.policies.models import PolicyVersion
from backstock.policies.queries import policy_on
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.warehouse.commands.found import FoundCompany, found_company

CURRENCY, DIGITS, SUPPLIER = "GBP", 2, "OPENING"
# A cancellation is a decision that was taken and goods that were taken back: nothing waits for an inspection.
POLICY: Final = PolicyTerms(approval="manual", inspection="none", refund_when="received")
KEY: Final = "online-retail"
CODES_AT_ONCE: Final = 5_000


def check_company(file: str) -> bool:
    """Tell whether there is a company yet; raise OtherCompany when its books are not in the file's currency."""
    company = Company.objects.first()
    if company is not None and (company.currency, company.currency_digits) != (CURRENCY, DIGITS):
        found = f"{company.currency} ({company.currency_digits})"
        raise OtherCompany(file=file, wanted=f"{CURRENCY} ({DIGITS})", found=found)
    return company is not None


def found_a_company() -> None:
    """Set up the company whose books the file is."""
    wanted = FoundCompany(
        name="Online Retail", currency=CURRENCY, currency_digits=DIGITS, timezone="Europe/London", cost_method="average",
        made_by="import",
    )  # fmt: skip
    found_company(wanted, actor=SYSTEM)


def publish_terms(sender: Sender, first: date, last: date, content: str) -> None:
    """Let the import's terms hold for the days of the file; what was agreed for later days stays as it was."""
    wanted = plain(POLICY)
    begins = [first, *_changes_between(first, last)]
    keys = {f"{KEY}:policy:{content}:{day}": day for day in begins}
    sender.recall([*keys, f"{KEY}:policy-after:{content}"])
    fresh = [(key, day) for key, day in keys.items() if policy_on(day).terms != wanted]
    if not fresh or any(key in sender.done for key in keys):
        return
    inputs = {key: PublishPolicy(terms=POLICY, valid_from=day) for key, day in fresh}
    after = last + timedelta(days=1)
    before = policy_on(after)
    if before.version_id and before.terms != wanted:
        again = publish_policy.parse({"terms": before.terms, "valid_from": after.isoformat()})
        inputs[f"{KEY}:policy-after:{content}"] = again
    sender.send(publish_policy, inputs)


def _changes_between(first: date, last: date) -> list[date]:
    """Return the days of the file after the first on which another policy begins."""
    found = PolicyVersion.objects.filter(valid_from__gt=first, valid_from__lte=last).order_by("valid_from")
    return list(found.values_list("valid_from", flat=True).distinct())


def define_products(sender: Sender, names: dict[str, str], prices_e3: dict[str, int]) -> None:
    """Put the codes that are not in the catalogue yet into it, with the first name and the last price of the file."""
    for codes in chunks(sorted(names), CODES_AT_ONCE):
        there = load_catalogue(codes, units=False).by_sku
        wanted = {
            f"{KEY}:product:{code}": DefineProduct(sku=code, name=names[code], price_e6=prices_e3.get(code, 0) * 1000)
            for code in codes
            if code not in there
        }
        sender.send(define_product, wanted)


def register_customers(sender: Sender, countries: dict[str, str]) -> None:
    """Register the customers that are not known yet, a walk-in customer per country, and where opening stock is from."""
    for codes in chunks(sorted(countries), CODES_AT_ONCE):
        there = partner_ids(codes)
        wanted = {
            f"{KEY}:customer:{code}": RegisterPartner(
                code=code, is_customer=True, name=_name(code, countries[code]), address=countries[code]
            )
            for code in codes
            if code not in there
        }
        sender.send(register_partner, wanted)
    if SUPPLIER not in partner_ids([SUPPLIER]):
        supplier = RegisterPartner(code=SUPPLIER, is_supplier=True, name="Opening stock")
        sender.send(register_partner, {f"{KEY}:supplier:{SUPPLIER}": supplier})


def _name(code: str, country: str) -> str:
    return f"Walk-in customers, {country}" if code.startswith(WALK_IN) else f"Customer {code}"


def receive_opening_stock(
    sender: Sender, pieces: dict[str, int], costs_e6: dict[str, int], first: date, content: str
) -> None:
    """Book all pieces that the file sells as one opening receipt, the day before its first day."""
    key = f"{KEY}:opening:{content}"
    sender.recall([key])
    if not pieces or key in sender.done:
        return
    lines = tuple(
        PurchaseReceiptLine(sku=code, quantity_e4=quantity * 10**4, unit_cost_e6=costs_e6.get(code, 0))
        for code, quantity in sorted(pieces.items())
    )
    wanted = ReceivePurchase(
        supplier=SUPPLIER, lines=lines, opening=True, on=first - timedelta(days=1), reference=f"opening {content}"
    )
    sender.send(receive_purchase, {key: wanted})
