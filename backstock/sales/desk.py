"""What a batch of orders needs to know, read once: products, customers with their terms, warehouses, people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from backstock.catalog.prices import PriceBook, price_book
from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core.amounts import to_base_cents
from backstock.core.errors import InvalidInput, UnknownPartner
from backstock.core.models import Company, User
from backstock.core.permissions import Actor
from backstock.money.accounts import Role
from backstock.money.queries import partner_balances
from backstock.partners.errors import PartnerArchived
from backstock.partners.models import Partner
from backstock.sales.errors import CreditLimitExceeded
from backstock.sales.orders import Plan, Terms
from backstock.sales.shipping import load_named_lots
from backstock.warehouse.queries import Warehouses, load_warehouses


@dataclass(slots=True)
class Desk:
    """Everything that orders name; `owed` is what customers with a limit owe, this batch included."""

    catalogue: Catalogue
    customers: dict[str, Partner]
    warehouses: Warehouses = field(default_factory=lambda: Warehouses({}))
    people: dict[str, int] = field(default_factory=dict)
    owed: dict[int, int] = field(default_factory=dict)
    # {address: whose it is}, of those that were chosen.
    addresses: dict[int, int] = field(default_factory=dict)
    prices: PriceBook = field(default_factory=PriceBook)
    today: date = date.min

    def customer(self, wanted: Terms) -> Partner:
        """Return the customer; raise UnknownPartner or PartnerArchived."""
        if wanted.customer not in self.customers:
            raise UnknownPartner(partner=wanted.customer)
        customer = self.customers[wanted.customer]
        if customer.archived_at is not None:
            raise PartnerArchived(partner=customer.code)
        return customer

    def salesperson_id(self, wanted: Terms) -> int:
        """Return who sold it, 0 for nobody; raise InvalidInput for a name that no user has."""
        if wanted.salesperson and wanted.salesperson not in self.people:
            raise InvalidInput(field="salesperson", problem=f"there is no user {wanted.salesperson}")
        return self.people.get(wanted.salesperson, 0)

    def address_id(self, customer: Partner, chosen: int | None) -> int:
        """Return where the goods go, 0 for the default; raise InvalidInput for an address that is somebody else's."""
        if chosen is not None and self.addresses.get(chosen) != customer.pk:
            raise InvalidInput(field="address", problem=f"is not among the addresses of {customer.code}")
        return chosen or 0

    def grant_credit(self, actor: Actor, company: Company, plan: Plan, journal: list[Callable[[], None]]) -> None:
        """Let a customer owe a sale; raise CreditLimitExceeded where that is more than agreed and the actor may not."""
        customer = self.customers[plan.wanted.customer]
        unpaid = plan.gross_cents - plan.rounding_cents - sum(cents for _, cents in plan.payments)
        more, limit = to_base_cents(unpaid, plan.rate_e9), customer.credit_limit_cents
        if limit is None or more <= 0:
            return
        owed = self.owed[customer.pk]
        if owed + more > limit and not actor.may("sales.exceed_credit"):
            raise CreditLimitExceeded(
                customer=customer.code,
                limit_cents=limit,
                owed_cents=owed,
                sale_cents=more,
                digits=company.currency_digits,
            )
        self.owed[customer.pk] = owed + more
        journal.append(lambda: self.owed.__setitem__(customer.pk, owed))


def load_desk(inputs: Sequence[Terms], today: date) -> Desk:
    """Read what orders and quotes name."""
    lines = [line for each in inputs for line in each.lines]
    catalogue = load_catalogue(line.sku for line in lines)
    load_named_lots(catalogue, [(line.sku, line.lot, line.serials) for line in lines])
    named = {each.salesperson for each in inputs if each.salesperson}
    people = dict(User.objects.filter(username__in=named).values_list("username", "pk")) if named else {}
    named_customers = Partner.objects.select_related("merged_into").filter(code__in={each.customer for each in inputs})
    # The code of a duplicate means the partner it was merged into.
    customers = {each.code: each.merged_into or each for each in named_customers}
    unpriced = {line.sku for line in lines if line.unit_price_e6 is None and not line.gift}
    products = [catalogue.by_sku[sku].id for sku in unpriced if sku in catalogue.by_sku]
    prices = price_book(products, {each.level for each in customers.values()})
    warehouses = load_warehouses(each.warehouse for each in inputs)
    return Desk(catalogue, customers, warehouses, people, prices=prices, today=today)


def load_desk_of(customers: Collection[Partner], skus: Collection[str]) -> Desk:
    """Read the products of quotes whose customers are known."""
    return Desk(load_catalogue(skus), {each.code: each for each in customers})


def lock_credit(desk: Desk) -> None:
    """Lock the customers that have a limit and read what they owe: after the shelves, before the money."""
    limited = [each.pk for each in desk.customers.values() if each.credit_limit_cents is not None]
    if limited:
        list(Partner.objects.filter(pk__in=limited).order_by("pk").select_for_update().values_list("pk"))
        desk.owed = partner_balances(limited, Role.receivable)
