"""What goods, their cost and the profit on them must be: a second opinion, written from the design and not from the code.

Every figure is a number under a key in `now`. A command posts differences to it and names every reason against itself;
without a reason the differences stand, and an undo posts them the other way round. Plain Python, no line of the product.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

BEYOND = ("customer", "supplier", "outside")
type Parts = dict[str, int]  # Lot or serial ("" when untracked) → quantity in 1/10,000


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round half up."""
    return (2 * numerator + denominator) // (2 * denominator)


class Reference:
    """A company with one currency: what it has, where, what that is worth, and what it earned."""

    def __init__(self, cost_method: str) -> None:
        self.method = cost_method
        self.now: Counter[tuple[Any, ...]] = Counter()
        self.posted: Counter[tuple[Any, ...]] = Counter()
        self.reasons: set[str] = set()
        self.sales: dict[tuple[str, int], tuple[str, int, int, str, bool]] = {}
        self.returns: dict[str, tuple[str, dict[str, tuple[str, int]], dict[str, str]]] = {}
        self.bought: dict[tuple[str, str], tuple[int, int]] = {}
        self.transfers: dict[str, tuple[str, str]] = {}
        self.steps: list[tuple[str, str, Counter[tuple[Any, ...]]]] = []

    def run(self, command: str, *args: Any) -> set[str]:
        """Do one thing whole and give nothing, or give every reason why it cannot be and leave no trace."""
        self.posted, self.reasons = Counter(), set()
        getattr(self, command)(*args)
        for kind, *rest in self.posted:
            self.must(kind not in ("at", "quantity", "value") or self.now[kind, *rest] >= 0, "insufficient_stock")
            worth_nothing = kind != "quantity" or self.now[kind, *rest] or not self.now["value", *rest]
            self.must(bool(worth_nothing), "insufficient_stock")  # No value without pieces: design 9.10.
        if self.reasons:
            self.now.subtract(self.posted)
            self.sales = {key: line for key, line in self.sales.items() if key[0] != "?"}
        return self.reasons

    def must(self, holds: bool, reason: str) -> None:
        """Keep the reason of what does not hold."""
        self.reasons |= set() if holds else {reason}

    def post(self, number: int, *key: Any) -> None:
        """Add to a figure."""
        self.now[key] += number
        self.posted[key] += number

    def total(self, *start: Any) -> int:
        """Add up the figures whose keys start so."""
        return sum(number for key, number in self.now.items() if key[: len(start)] == start)

    # Goods and their value

    def move(self, sku: str, parts: Parts, source: str, target: str) -> None:
        """Move goods; places that are not ours may be counted below zero."""
        for lot, quantity in parts.items():
            for sign, place in ((-1, source), (1, target)):
                self.post(sign * quantity, "at" if place not in BEYOND else "beyond", sku, lot, place)

    def own(self, lot: str) -> str:
        """Only under specific cost a lot or serial has a cost of its own."""
        return lot if self.method == "specific" else ""

    def put(self, quantity: int, value: int, *pool: str) -> None:
        """Let value join a pool, in stock under fifo as a new layer at the end."""
        layers = [key[-1] for key in self.now if key[0] == "quantity" and key[1:-1] == pool]
        layer = len(layers) if self.method == "fifo" and pool[0] == "sellable" else 0
        self.post(quantity, "quantity", *pool, layer)
        self.post(value, "value", *pool, layer)

    def take(self, quantity: int, *pool: str) -> int:
        """Let value leave: an issue from stock half up, oldest layer first; elsewhere a share, floor; the last takes the rest."""
        taken = 0
        for key in sorted(key for key in self.now if key[0] == "quantity" and key[1:-1] == pool):
            there, worth = self.now[key], self.now["value", *key[1:]]
            part = min(quantity, there)
            issued = half_up(worth * part, max(1, there))
            value = issued if pool[0] == "sellable" else worth * part // max(1, there)
            self.post(-part, *key)
            self.post(-value, "value", *key[1:])
            quantity, taken = quantity - part, taken + value
        self.must(quantity == 0, "insufficient_stock")
        return taken

    # Buying and selling

    def buy(self, receipt: str, warehouse: str, sku: str, parts: Parts, unit_cost_e6: int) -> None:
        """A delivery: rounded once per line; floor for each serial, the last takes the rest. Each is a layer of its own."""
        self.move(sku, parts, "supplier", f"sellable {warehouse}")
        whole, line = sum(parts.values()), half_up(sum(parts.values()) * unit_cost_e6, 10**8)
        left = line
        for n, (lot, quantity) in enumerate(parts.items(), 1):
            value = left if n == len(parts) else line * quantity // whole
            self.put(quantity, value, "sellable", sku, "", self.own(lot))
            self.post(quantity, "kept", receipt, sku, lot)
            self.bought[sku, self.own(lot)] = (quantity, value) if self.own(lot) else (whole, line)
            left -= value

    def send_back(self, receipt: str, warehouse: str, sku: str, parts: Parts) -> None:
        """Back to the supplier, at most what the receipt brought, at the cost at which any goods leave."""
        self.move(sku, parts, f"sellable {warehouse}", "supplier")
        for lot, quantity in parts.items():
            self.post(-quantity, "kept", receipt, sku, lot)
            self.must(self.now["kept", receipt, sku, lot] >= 0, "quantity_exceeds_receipt")
            self.take(quantity, "sellable", sku, "", self.own(lot))

    def sell(
        self, sale: str, warehouse: str, lines: list[tuple[str, Parts, int, int]], paid: bool, ships: bool
    ) -> None:
        """An order, billed whole at once (ADR 7), of which everything or nothing leaves now."""
        for n, (sku, parts, price_e6, discount) in enumerate(lines, 1):
            quantity = sum(parts.values())
            net = half_up(quantity * price_e6, 10**8) - discount
            self.sales[sale, n] = (sku, quantity, net, warehouse, paid)
            self.post(net, "revenue", sku)
            if ships:
                self.ship(sale, n, parts)

    def ship(self, sale: str, n: int, parts: Parts) -> None:
        """Goods leave at what they cost today."""
        sku, ordered, _, warehouse, _ = self.sales[sale, n]
        self.move(sku, parts, f"sellable {warehouse}", "customer")
        for lot, quantity in parts.items():  # Values are stored per move, and every serial moves by itself.
            cost = self.take(quantity, "sellable", sku, "", self.own(lot))
            self.post(quantity, "shipped", sale, n, lot)
            self.post(cost, "left at", sale, n, self.own(lot))
            self.post(cost, "cost of goods sold", sku)
        self.must(self.total("shipped", sale, n) <= ordered, "shipment_exceeds_order")

    # Between warehouses, and what a count finds

    def transfer(self, number: str, source: str, target: str, sku: str, parts: Parts, in_two_steps: bool) -> None:
        """Inside the company's pool no value moves; what is on the way has left it at its cost."""
        self.transfers[number] = (source, target)
        self.move(sku, parts, f"sellable {source}", "transit" if in_two_steps else f"sellable {target}")
        for lot, quantity in parts.items() if in_two_steps else ():
            self.put(quantity, self.take(quantity, "sellable", sku, "", self.own(lot)), "transit", number, sku, lot)

    def arrive(self, number: str, sku: str, parts: Parts, found: str) -> None:
        """Goods on the way come into stock there, or here again, or are lost."""
        source, target = self.transfers[number]
        places = {"arrived": f"sellable {target}", "returned": f"sellable {source}", "lost": "outside"}
        self.move(sku, parts, "transit", places[found])
        for lot, quantity in parts.items():
            value = self.take(quantity, "transit", number, sku, lot)
            if found == "lost":
                self.post(value, "stock differences", sku)
            else:
                self.put(quantity, value, "sellable", sku, "", self.own(lot))

    def adjust(self, warehouse: str, sku: str, parts: Parts, more: bool) -> None:
        """Up at today's average, else as last bought; down at the cost of an issue."""
        self.move(sku, parts, *(("outside", f"sellable {warehouse}") if more else (f"sellable {warehouse}", "outside")))
        for lot, quantity in parts.items():
            pool = ("sellable", sku, "", self.own(lot))
            if more:
                held, worth = self.total("quantity", *pool), self.total("value", *pool)
                held, worth = (held, worth) if held else self.bought.get((sku, self.own(lot)), (0, 0))
                self.must(held > 0, "cost_required")
                value = half_up(worth * quantity, max(1, held))
                self.put(quantity, value, *pool)
            else:
                value = self.take(quantity, *pool)
            self.post(-value if more else value, "stock differences", sku)

    def count(self, warehouse: str, sku: str, found: Parts) -> None:
        """Bring every lot to what was counted of it: what is missing leaves before what is too much comes in."""
        more = {lot: quantity - self.now["at", sku, lot, f"sellable {warehouse}"] for lot, quantity in found.items()}
        self.adjust(warehouse, sku, {lot: -quantity for lot, quantity in more.items() if quantity < 0}, more=False)
        self.adjust(warehouse, sku, {lot: quantity for lot, quantity in more.items() if quantity > 0}, more=True)

    # Coming back

    def returnable(self, sale: str, n: int, lot: str) -> int:
        """shipped - open - received + sent back; nothing is open of what was rejected, cancelled or closed."""
        left = self.now["shipped", sale, n, lot] - self.now["back", sale, n, lot]
        for rma, (_, lines, _) in self.returns.items():
            for sku in (sku for sku, line in lines.items() if line == (sale, n) and not self.now["ended", rma]):
                left -= self.now["wanted", rma, sku, lot] - self.now["received", rma, sku, lot]
        return left

    def request(self, rma: str, warehouse: str, sale: str, lines: dict[int, Parts], terms: dict[str, str]) -> None:
        """Ask goods of a sale back: of each lot and serial at most what is returnable."""
        self.returns[rma] = (warehouse, {self.sales[sale, n][0]: (sale, n) for n in lines}, terms)
        for n, parts in lines.items():
            for lot, quantity in parts.items():
                self.post(quantity, "wanted", rma, self.sales[sale, n][0], lot)
                self.must(not lot or self.now["shipped", sale, n, lot] > 0, "not_in_sale")
                self.must(self.returnable(sale, n, lot) >= 0, "quantity_exceeds_returnable")
        self.post(int(terms["approval"] == "auto"), "approved", rma)

    def approve(self, rma: str, granted: dict[str, Parts]) -> None:
        """Authorise it, of the lines that are named this much only: the rest is given back."""
        self.must(not self.now["approved", rma] and not self.now["ended", rma], "transition_not_allowed")
        for sku, parts in granted.items():
            for (kind, *key), wanted in list(self.now.items()):
                if [kind, *key[:2]] == ["wanted", rma, sku]:
                    self.post(parts.get(key[2], 0) - wanted, kind, *key)
                    self.must(parts.get(key[2], 0) <= wanted, "quantity_exceeds_authorized")
        self.post(1, "approved", rma)

    def end(self, rma: str, how: str) -> None:
        """Reject what is not approved, close what is, cancel before goods have come: nothing stays open."""
        approved, came = self.now["approved", rma], self.total("received", rma)
        allowed = {"reject": not approved, "cancel": not came, "close": approved}[how]
        self.must(bool(allowed) and not self.now["ended", rma], "transition_not_allowed")
        self.post(1, "ended", rma)

    def step(self, what: str, rma: str, sku: str, parts: Parts, *how: Any) -> None:
        """Receive, inspect or dispose of one line, never more than the step before; it can be undone."""
        open_ = self.now["approved", rma] and (what != "receive" or not self.now["ended", rma])
        self.must(bool(open_), "transition_not_allowed")
        for lot, quantity in parts.items():
            getattr(self, what)(rma, sku, lot, quantity, *how)
        self.in_order(rma)
        if not self.reasons:
            self.steps.append((rma, what, self.posted))

    def in_order(self, rma: str) -> None:
        """Count for every piece: disposed of <= inspected <= received <= authorised."""
        for _, _, sku, lot in [key for key in self.now if key[:2] == ("wanted", rma)]:
            of = {key[0]: number for key, number in self.now.items() if key[1:] == (rma, sku, lot)}
            accepted, rejected, received = of.get("accepted", 0), of.get("rejected", 0), of.get("received", 0)
            self.must(received <= of["wanted"], "quantity_exceeds_authorized")
            self.must(accepted + rejected <= received, "quantity_exceeds_received")
            self.must(of.get("accepted gone", 0) <= accepted, "quantity_exceeds_inspected")
            self.must(of.get("rejected gone", 0) <= rejected, "quantity_exceeds_inspected")

    def receive(self, rma: str, sku: str, lot: str, quantity: int) -> None:
        """What left is what comes back: floor(cost x back / shipped) so far, less what came back before."""
        warehouse, lines, terms = self.returns[rma]
        self.move(sku, {lot: quantity}, "customer", f"quarantine {warehouse}")
        self.post(quantity, "received", rma, sku, lot)
        self.post(quantity if terms["inspection"] == "none" else 0, "accepted", rma, sku, lot)
        self.post(quantity, "back", *lines[sku], lot)
        shared = (*lines[sku], lot) if self.method == "specific" else lines[sku]
        cost, back, shipped = (self.total(what, *shared) for what in ("left at", "back", "shipped"))
        value = max(0, cost * back // max(1, shipped) - self.total("cost back", *shared))
        self.post(value, "cost back", *lines[sku], self.own(lot))
        self.post(-value, "cost of goods sold", sku)
        self.put(quantity, value, "quarantine", rma, sku, lot)

    def inspect(self, rma: str, sku: str, lot: str, quantity: int, accepted: bool) -> None:
        """A verdict; no goods move."""
        self.post(quantity, "accepted" if accepted else "rejected", rma, sku, lot)

    def dispose(self, rma: str, sku: str, lot: str, quantity: int, to: str, grade: str, worth: int) -> None:
        """Out of quarantine. What is sent back are rejected pieces first, what we keep are accepted ones first."""
        warehouse, lines, _ = self.returns[rma]
        value = self.take(quantity, "quarantine", rma, sku, lot)
        first, then = ("rejected", "accepted") if to == "send_back" else ("accepted", "rejected")
        most = min(quantity, self.now[first, rma, sku, lot] - self.now[f"{first} gone", rma, sku, lot])
        gone = {first: most, then: quantity - most}
        # What was rejected is the customer's: it never gets onto our shelves.
        self.must(not gone["rejected"] or not to.startswith("restock"), "quantity_exceeds_inspected")
        for verdict, number in gone.items():
            self.post(number, f"{verdict} gone", rma, sku, lot)
        places = {"restock": f"sellable {warehouse}", "restock_discounted": f"sellable {warehouse} {grade}"}
        places |= {"scrap": "scrap", "donate": "scrap", "send_back": "customer", "return_to_vendor": "vendor"}
        self.move(sku, {lot: quantity}, f"quarantine {warehouse}", places[to])
        self.must(worth <= value or to != "restock_discounted", "value_exceeds_cost")
        if to == "send_back":
            self.post(gone["accepted"], "waived", rma, sku)
            self.post(-quantity, "back", *lines[sku], lot)
            self.post(-value, "cost back", *lines[sku], self.own(lot))
            self.post(value, "cost of goods sold", sku)
        elif to == "return_to_vendor":
            self.put(quantity, value, "vendor", rma, sku, lot)
        else:
            kept = {"restock": value, "restock_discounted": worth}.get(to, 0)
            self.post(value - kept, "loss on returns", sku)
            if to.startswith("restock"):
                self.put(quantity, kept, "sellable", sku, grade if to != "restock" else "", self.own(lot))

    def undo(self, rma: str, what: str) -> None:
        """Take the last such step back exactly, or refuse: something stands on it, its pieces are gone or paid for."""
        found = [n for n, step in enumerate(self.steps) if step[:2] == (rma, what)]
        self.must(bool(found), "transition_not_allowed")
        for key, number in self.steps[found[-1]][2].items() if found else ():
            self.post(-number, *key)
        self.in_order(rma)
        self.reasons = {"transition_not_allowed"} if self.reasons else set()
        for sku, line in self.returns[rma][1].items():
            for lot in [key[3] for key in self.now if key[:3] == ("wanted", rma, sku)]:
                self.must(self.returnable(*line, lot) >= 0, "quantity_exceeds_returnable")
            counted = {"receive": "received", "inspect": "accepted"}.get(what)
            paid_for = self.now["refunded", rma, sku]
            self.must(not counted or paid_for <= self.total(counted, rma, sku), "money_already_sent")
            self.must(what != "settle" or not self.sales[line][4], "money_already_sent")
        if not self.reasons:
            del self.steps[found[-1]]

    def settle(self, rma: str) -> None:
        """Credit the units that have come far enough: floor(net x refunded / ordered) so far, less what was given."""
        self.must(bool(self.now["approved", rma]), "nothing_to_refund")
        _, lines, terms = self.returns[rma]
        for sku, line in lines.items():
            counted = {"disposed": "accepted gone", "inspected": "accepted", "received": "received"}[
                terms["refund_when"]
            ]
            due = self.total(counted, rma, sku) - self.now["waived", rma, sku] - self.now["refunded", rma, sku]
            due -= self.total("rejected", rma, sku) if counted == "received" else 0
            _, ordered, net, _, _ = self.sales[line]
            if due > 0:
                self.post(due, "refunded", rma, sku)
                self.post(due, "credited", *line)
                # Never twice for pieces that were paid for, sent back and returned again: only what is back counts.
                units = min(self.now["credited", *line], self.total("back", *line))
                value = max(0, net * units // ordered - self.now["given", *line])
                self.post(value, "given", *line)
                self.post(-value, "revenue", sku)
        self.must(any(key[0] == "given" and value for key, value in self.posted.items()), "nothing_to_refund")
        if not self.reasons:
            self.steps.append((rma, "settle", self.posted))
