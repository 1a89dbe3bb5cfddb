"""Two years of made-up trade in bulk: real documents and both ledgers, through the ledgers' own writers, so that verify passes.

Of a hundred moves some 50 are sales, 20 deliveries, 10 between warehouses, 4 of stock counts, 16 of returns and their placing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.core.management.color import no_style
from django.db import connection, transaction

from backstock.catalog.commands.define import DefineProduct, define_product
from backstock.catalog.models import Product
from backstock.cli.bench.papers import WRITTEN, Papers, SaleOf
from backstock.core import clock
from backstock.core.amounts import E4, E6, half_up, tax_on_top
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.partners.models import Partner
from backstock.returns.models import Return
from backstock.returns.postings import disposal_transfers, receipt_move, receipt_transfer, target_of
from backstock.sales.postings import Money, cost_of_sale, invoice_transfers, shipment_moves
from backstock.stock.moves import Move, Pool
from backstock.stock.places import OUTSIDE, SUPPLIER, place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.valuation import Taken, average_issue

MONTHS, PRODUCTS, CUSTOMERS, SUPPLIERS, WAREHOUSES, CATEGORIES = 24, 2000, 300, 20, 3, 25
RATE_E6 = 130_000
NEW = Pool("new")


def first_day(today: date) -> date:
    """Return the first day of the month with which two years up to today begin."""
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


TODAY = clock.today("Asia/Shanghai")
FIRST = first_day(TODAY)
DAYS = (TODAY - FIRST).days + 1


@dataclass(slots=True)
class Shelf:
    """What there is of one product: pieces per warehouse, and the pool of them all."""

    at: list[int]
    value_cents: int = 0

    @property
    def pieces(self) -> int:
        return sum(self.at)

    def issue(self, warehouse: int, pieces: int) -> int:
        """Take pieces away; return what they cost."""
        cost = average_issue(pieces, self.pieces, self.value_cents)
        self.at[warehouse] -= pieces
        self.value_cents -= cost
        return cost

    def enter(self, warehouse: int, pieces: int, cents: int) -> None:
        """Put pieces on it."""
        self.at[warehouse] += pieces
        self.value_cents += cents


@dataclass(frozen=True, slots=True)
class Made:
    """What the trade consists of, for whoever reads it."""

    products: int
    moves: int


@dataclass(slots=True)
class Trader:
    """Makes the documents of one day after the other."""

    shelves: list[Shelf]
    papers: Papers
    rng: Random = field(default_factory=lambda: Random(7))
    goods: list[StockEntry] = field(default_factory=list)
    money: list[MoneyEntry] = field(default_factory=list)
    coming: dict[date, list[Callable[[date], int]]] = field(default_factory=lambda: defaultdict(list))

    def book(self, name: str, on: date, document: str, moves: list[Move], pays: list[Pay]) -> int:
        """Write a log row and keep its postings for the end of the day."""
        log_id = self.papers.log(name, on, document)
        self.goods.append(StockEntry(log_id, on, document, moves))
        self.money.append(MoneyEntry(log_id, on, document, pays))
        return log_id

    def some(self, most: int) -> Iterator[tuple[int, int]]:
        """Draw products, each once, and a warehouse for each."""
        for product in self.rng.sample(range(len(self.shelves)), min(most, len(self.shelves))):
            yield product, self.rng.randrange(WAREHOUSES)

    def deliver(self, on: date, lines: list[tuple[int, int, int]]) -> int:
        """Receive (product, warehouse, pieces) from a supplier."""
        supplier = self.papers.suppliers[self.rng.randrange(SUPPLIERS)]
        number, line_ids = self.papers.receipt(supplier, on, len(lines))
        moves, tax = [], 0
        for (product, warehouse, pieces), line_id in zip(lines, line_ids, strict=True):
            cents = pieces * (700 + product % 90 * 37 + self.rng.randrange(60))
            self.shelves[product].enter(warehouse, pieces, cents)
            tax += tax_on_top(cents, RATE_E6)
            self.papers.receipt_line(line_id, self.papers.products[product], pieces, cents, tax_on_top(cents, RATE_E6))
            moves.append(
                Move(
                    product_id=self.papers.products[product], quantity_e4=pieces * E4, source_id=SUPPLIER,
                    target_id=place_id("sellable", warehouse + 1), target_pool=NEW, source_value_cents=cents,
                    target_value_cents=cents, line_id=line_id,
                )
            )  # fmt: skip
        value = sum(move.target_value_cents for move in moves)
        pays = [
            Pay(amount_cents=value, debit=Role.inventory, credit=Role.payable, partner_id=supplier),
            Pay(amount_cents=tax, debit=Role.input_tax, credit=Role.payable, partner_id=supplier),
        ]
        self.book("purchases.receive", on, number, moves, pays)
        return len(moves)

    def sell(self, on: date, most: int) -> int:
        """Sell what is there of some products from one warehouse; two lines of every sixth sale come back."""
        warehouse = self.rng.randrange(WAREHOUSES)
        chosen = [(p, self.rng.randint(1, 3)) for p, _ in self.some(most)]
        lines = [(p, pieces) for p, pieces in chosen if self.shelves[p].at[warehouse] >= pieces]
        if not lines:
            return 0
        back_on = on + timedelta(days=self.rng.randint(3, 20))
        back = 2 if self.rng.random() < 0.4 and (back_on - FIRST).days < DAYS else 0
        sale = self.papers.sale(self.rng.randrange(CUSTOMERS), warehouse + 1, on)
        moves = []
        for position, (product, pieces) in enumerate(lines):
            cost = self.shelves[product].issue(warehouse, pieces)
            net = pieces * (1100 + product % 90 * 53)
            line = sale.line(
                self.papers.products[product], pieces, net, tax_on_top(net, RATE_E6), cost, position < back
            )
            taken = [Taken(NEW, pieces * E4, cost)]
            moves += shipment_moves(line.product_id, 0, place_id("sellable", warehouse + 1), taken, line.line_id)
            line.shelf = product
        self.papers.sold(sale)
        money = Money(sale.customer_id, "CNY", 10**9)
        pays = [cost_of_sale(moves, sale.customer_id), *invoice_transfers(money, sale.net_cents, sale.tax_cents, 0)]
        self.book("sales.sell", on, sale.number, moves, pays)
        if back:
            self.coming[back_on].append(lambda day: self.take_back(day, sale, warehouse))
        return len(moves)

    def take_back(self, on: date, sale: SaleOf, warehouse: int) -> int:
        """Receive, place and credit one piece of the lines of a sale that come back."""
        rma, lines = self.papers.rma(sale, on)
        number = Return(pk=rma).number
        scrapped = self.rng.random() < 0.15
        to = "scrap" if scrapped else "restock"
        arrived, placed, value = [], [], 0
        for line in lines:
            came = receipt_move(line.sold.product_id, 0, E4, warehouse + 1, line.line_id, line.sold.cost_back_cents)
            place, pool = target_of(to, came.target_id, line.line_id, 0, False, "average", "")
            arrived.append(came)
            placed.append(
                Move(
                    product_id=came.product_id, quantity_e4=E4, source_id=came.target_id, target_id=place,
                    source_pool=came.target_pool, target_pool=pool, source_value_cents=came.target_value_cents,
                    target_value_cents=came.target_value_cents, line_id=line.line_id,
                )
            )  # fmt: skip
            value += came.target_value_cents
            if not scrapped:
                self.shelves[line.sold.shelf].enter(warehouse, 1, came.target_value_cents)
        customer = sale.customer_id
        log = self.book("returns.receive", on, number, arrived, [receipt_transfer(value, customer)])
        placing = self.book("returns.dispose", on, number, placed, disposal_transfers(to, value, 0, customer))
        self.papers.events(rma, lines, on, log, placing, to)
        goods, tax = self.papers.credited(lines)
        pays = [
            Pay(amount_cents=goods, debit=Role.sales_returns, credit=Role.receivable, partner_id=customer),
            Pay(amount_cents=tax, debit=Role.output_tax, credit=Role.receivable, partner_id=customer),
        ]
        self.papers.note(sale, lines, on, self.book("refunds.settle", on, number, [], pays), rma)
        return len(arrived) + len(placed)

    def transfer(self, on: date, most: int) -> int:
        """Carry pieces from warehouse to warehouse: one pool, no value."""
        moves = []
        for product, warehouse in self.some(most):
            shelf, target = self.shelves[product], (warehouse + 1) % WAREHOUSES
            if shelf.at[warehouse] > 3:
                shelf.at[warehouse] -= 2
                shelf.at[target] += 2
                moves.append(
                    self.move(product, 2, place_id("sellable", warehouse + 1), place_id("sellable", target + 1), 0)
                )
        if moves:
            self.book("stock.transfer", on, self.papers.house("T"), moves, [])
        return len(moves)

    def count(self, on: date, most: int) -> int:
        """Find a piece too few or too many."""
        moves, difference = [], 0
        for product, warehouse in self.some(most):
            shelf, place = self.shelves[product], place_id("sellable", warehouse + 1)
            if shelf.at[warehouse] < 2:
                continue
            if self.rng.random() < 0.5:
                cents = half_up(shelf.value_cents, shelf.pieces)
                shelf.enter(warehouse, 1, cents)
                moves.append(self.move(product, 1, OUTSIDE, place, cents))
                difference += cents
            else:
                cents = shelf.issue(warehouse, 1)
                moves.append(self.move(product, 1, place, OUTSIDE, cents))
                difference -= cents
        if moves:
            pay = Pay(amount_cents=difference, debit=Role.inventory, credit=Role.stock_differences)
            self.book("stock.post_count", on, self.papers.house("K"), moves, [pay])
        return len(moves)

    def move(self, product: int, pieces: int, source: int, target: int, cents: int) -> Move:
        """Make a move whose pools follow from its places."""
        return Move(
            product_id=self.papers.products[product], quantity_e4=pieces * E4, source_id=source, target_id=target,
            source_pool=Pool() if source < 100 else NEW, target_pool=Pool() if target < 100 else NEW,
            source_value_cents=cents, target_value_cents=cents,
        )  # fmt: skip

    def day(self, on: date, moves: int) -> int:
        """Trade until a day has as many moves as were asked for."""
        done = sum(come(on) for come in self.coming.pop(on, []))
        while done < moves:
            lot = [(p, w, self.rng.randint(4, 9)) for p, w in self.some(10)]
            done += self.deliver(on, lot)
            done += sum(self.sell(on, 5) for _ in range(5))
            done += self.transfer(on, 5) + (self.count(on, 4) if self.rng.random() < 0.5 else 0)
        self.close_day(on)
        return done

    def close_day(self, on: date) -> None:
        """Write the day: papers, then both ledgers."""
        self.papers.flush()
        recorded = datetime.combine(on, time(12), UTC)
        post_stock(self.goods, recorded_at=recorded)
        post_money(self.money, base_currency="CNY", recorded_at=recorded)
        self.goods, self.money = [], []


def trade(moves: int) -> Made:
    """Make goods and people by commands, then the trade of two years, day by day."""
    trader = Trader(*_founded(min(PRODUCTS, max(20, moves // 100))))
    done = 0
    for n in range(DAYS):
        on = FIRST + timedelta(days=n)
        with transaction.atomic():
            if n == 0:
                for start in range(0, len(trader.shelves), 25):
                    products = range(start, min(start + 25, len(trader.shelves)))
                    done += trader.deliver(on, [(p, w, 12) for p in products for w in range(WAREHOUSES)])
            done += trader.day(on, (moves - done) // (DAYS - n))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(WRITTEN)):
            cursor.execute(statement)
    return Made(len(trader.shelves), done)


def _founded(products: int) -> tuple[list[Shelf], Papers]:
    goods = [
        DefineProduct(
            sku=f"BENCH-{n:04d}", name=f"Bench product {n}", category=f"Category {n % CATEGORIES:02d}",
            price_e6=(1100 + n % 90 * 53) * E6 // 100, tax_rate_e6=RATE_E6, on=FIRST,
        )
        for n in range(products)
    ]  # fmt: skip
    for start in range(0, products, 1000):
        define_product.batch(goods[start : start + 1000], actor=SYSTEM)
    people = [RegisterPartner(code=f"C{n:04d}", is_customer=True, on=FIRST) for n in range(CUSTOMERS)]
    people += [RegisterPartner(code=f"V{n:04d}", is_supplier=True, on=FIRST) for n in range(SUPPLIERS)]
    register_partner.batch(people, actor=SYSTEM)
    customers, suppliers = (
        list(Partner.objects.filter(**{role: True}).order_by("code").values_list("pk", flat=True))
        for role in ("is_customer", "is_supplier")
    )
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    return [Shelf([0] * WAREHOUSES) for _ in ids], Papers(ids, customers, suppliers)
