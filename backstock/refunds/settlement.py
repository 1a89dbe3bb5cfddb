"""What is owed for a return, and by which means it goes back. Pure: the preview and the real thing are this function.

A line of Q units, of which q are back in all, has been given floor(net × q ÷ Q) and floor(tax × q ÷ Q), cumulative over
all its returns, so that parts add up to the cent (DESIGN §3). What was billed and not paid reduces the receivable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backstock.core.amounts import E6, round_to, share, spread
from backstock.returns.worth import allowed_and_credited


@dataclass(frozen=True, slots=True)
class Discounted:
    """What was taken off a sale line: `line`, or its share of a discount of the order of a kind (`manual`, `coupon`, …)."""

    kind: str
    code: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A return line with what it may claim: units that have come far enough, and the money of its sale line."""

    line_id: int
    sale_id: int
    sku: str
    # Units that may be settled in all, and those that were.
    ready_e4: int
    settled_e4: int
    # Of the return line: worth so far, and given so far.
    entitled_net_cents: int
    entitled_tax_cents: int
    given_net_cents: int
    given_tax_cents: int
    # Of the sale line: agreed, billed, and credited or waived over all returns.
    sold_e4: int
    net_cents: int
    tax_cents: int
    billed_net_cents: int
    billed_tax_cents: int
    credited_e4: int
    credited_net_cents: int
    credited_tax_cents: int
    fee_e6: int = 0
    # What use has cost of the price.
    usage_e6: int = 0
    # The difference that an exchange owes the customer: goods that came back were worth more than those that left.
    over_net_cents: int = 0
    over_tax_cents: int = 0
    # Of an allowance: what is due of it now. Of the sale line: all allowances so far; they lower what its goods are worth.
    allowance_net_cents: int = 0
    allowance_tax_cents: int = 0
    allowed_net_cents: int = 0
    allowed_tax_cents: int = 0
    # How the money of the sale line came about: list price of all units, and what was taken off, by kind.
    list_cents: int = 0
    tax_inside: bool = False
    discounts: tuple[Discounted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleMoney:
    """What a sale was paid with and still owes; 0 stands for no sale."""

    sale_id: int
    owed_cents: int
    # Tender → (paid, refunded), in the order in which they were paid.
    tenders: Mapping[str, tuple[int, int]]
    shipping_left_cents: int
    shipping_cents: int = 0
    # What coins could not express so far: value due less coins given.
    rounded_cents: int = 0
    # Shipping that the policy gives back with this settlement.
    shipping_due_cents: int = 0
    # Held back because too little is kept for a discount, and because gifts are kept; (what, cents).
    held: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person who settles has typed in."""

    amount_cents: int | None = None
    fee_cents: int | None = None
    return_shipping_cents: int = 0
    shipping_cents: int | None = None
    to: str = "original"
    tenders: Mapping[str, int] = field(default_factory=dict)
    # The smallest coin, where cash is rounded.
    coin_cents: int = 1


@dataclass(slots=True)
class LineShare:
    """The share of one return line: units settled now, what they are worth, and what is given now."""

    claim: Claim
    quantity_e4: int
    worth_net_cents: int
    worth_tax_cents: int
    net_cents: int
    tax_cents: int
    # What the policy keeps of it, for handling and for use; what it holds back until the rest of the sale is back.
    fee_cents: int = 0
    usage_cents: int = 0
    held: dict[str, int] = field(default_factory=dict)

    @property
    def left_net_cents(self) -> int:
        """Worth in all, less what was given before."""
        return self.claim.entitled_net_cents + self.worth_net_cents - self.claim.given_net_cents

    @property
    def left_tax_cents(self) -> int:
        """Tax worth in all, less what was given before."""
        return self.claim.entitled_tax_cents + self.worth_tax_cents - self.claim.given_tax_cents

    @property
    def left_cents(self) -> int:
        """What was not given of its worth."""
        return self.left_net_cents + self.left_tax_cents

    @property
    def due_cents(self) -> int:
        """What may be given for the line now."""
        return self.left_cents - sum(self.held.values())


@dataclass(slots=True)
class SaleShare:
    """What one sale gives back: its lines, shipping, fee, and where the money goes."""

    sale_id: int
    lines: list[LineShare] = field(default_factory=list)
    shipping_cents: int = 0
    fee_cents: int = 0
    rounding_cents: int = 0
    by: dict[str, int] = field(default_factory=dict)

    @property
    def goods_cents(self) -> int:
        """Net of the goods."""
        return sum(line.net_cents for line in self.lines)

    @property
    def tax_cents(self) -> int:
        """Tax on the goods."""
        return sum(line.tax_cents for line in self.lines)

    @property
    def total_cents(self) -> int:
        """What the customer gets."""
        return self.goods_cents + self.tax_cents + self.shipping_cents - self.fee_cents - self.rounding_cents


class TooMuch(Exception):
    """More than there is: of the return, of a tender, or of the shipping."""

    def __init__(self, what: str, asked_cents: int, left_cents: int) -> None:
        super().__init__(what)
        self.what, self.asked_cents, self.left_cents = what, asked_cents, left_cents


def worth_now(claim: Claim) -> tuple[int, int, int]:
    """Return (units, net, tax) that became due since the last settlement of the line."""
    quantity_e4 = max(0, claim.ready_e4 - claim.settled_e4)
    more = (claim.over_net_cents + claim.allowance_net_cents, claim.over_tax_cents + claim.allowance_tax_cents)
    if any(more) and not quantity_e4:
        return 0, *more
    back_e4 = claim.credited_e4 + quantity_e4
    # What the customer keeps stays billed; what was never billed is never credited. What was allowed was given before.
    net = allowed_and_credited(claim.allowed_net_cents, claim.net_cents, claim.billed_net_cents, back_e4, claim.sold_e4)
    tax = allowed_and_credited(claim.allowed_tax_cents, claim.tax_cents, claim.billed_tax_cents, back_e4, claim.sold_e4)
    net, tax = net - claim.credited_net_cents, tax - claim.credited_tax_cents
    return quantity_e4, max(0, net) + more[0], max(0, tax) + more[1]


def allowances(total_cents: int, lefts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Share an allowance over lines by the (net, tax) that each has left; never more than all have left."""
    gross = [net + tax for net, tax in lefts]
    parts = _shared(min(total_cents, sum(gross)), gross)
    taxes = [share(tax, part, whole) for part, (_, tax), whole in zip(parts, lefts, gross, strict=True)]
    return [(part - tax, tax) for part, tax in zip(parts, taxes, strict=True)]


def settle(claims: Sequence[Claim], sales: Sequence[SaleMoney], wish: Wish) -> list[SaleShare]:
    """Work out a settlement; an empty list means that nothing is owed. Raises TooMuch."""
    lines = [LineShare(claim, *worth_now(claim), 0, 0) for claim in claims]
    shipping = _shipping(sales, wish)
    for line in lines:
        if wish.fee_cents is None:
            worth_cents = line.worth_net_cents + line.worth_tax_cents
            line.fee_cents = share(worth_cents, line.claim.fee_e6, E6)
            line.usage_cents = min(share(worth_cents, line.claim.usage_e6, E6), worth_cents - line.fee_cents)
    _hold(lines, sales)
    value = sum(line.due_cents for line in lines) + sum(shipping.values())
    if value <= 0 or (not any(line.due_cents for line in lines) and not sum(shipping.values())):
        return []
    fee = (wish.fee_cents or sum(line.fee_cents + line.usage_cents for line in lines)) + wish.return_shipping_cents
    asked = sum(wish.tenders.values()) if wish.tenders else wish.amount_cents
    if fee > value:
        raise TooMuch("return", fee, value)
    if asked is not None and asked > value - fee:
        raise TooMuch("return", asked, value - fee)
    shipping = shipping if asked is None else _at_most(shipping, asked + fee)
    _give(lines, None if asked is None or asked == value - fee else asked + fee - sum(shipping.values()))
    shares = _by_sale(lines, sales, shipping, fee)
    _route(shares, sales, wish)
    return shares


def _hold(lines: Sequence[LineShare], sales: Sequence[SaleMoney]) -> None:
    """Share what is held back of a sale over its lines, at most what each has left."""
    for sale in sales:
        own = [line for line in lines if line.claim.sale_id == sale.sale_id]
        for what, cents in sale.held:
            dues = [max(0, line.due_cents) for line in own]
            for line, part in zip(own, _shared(min(cents, sum(dues)), dues), strict=True):
                if part:
                    line.held[what] = part


def _shipping(sales: Sequence[SaleMoney], wish: Wish) -> dict[int, int]:
    """Return shipping given back per sale: what was typed in, else what the policy says."""
    if wish.shipping_cents is None:
        return {sale.sale_id: min(sale.shipping_due_cents, sale.shipping_left_cents) for sale in sales}
    left = sum(sale.shipping_left_cents for sale in sales)
    if wish.shipping_cents > left:
        raise TooMuch("shipping", wish.shipping_cents, left)
    given, rest = {}, wish.shipping_cents
    for sale in sales:
        given[sale.sale_id] = min(rest, sale.shipping_left_cents)
        rest -= given[sale.sale_id]
    return given


def _at_most(shipping: Mapping[int, int], cents: int) -> dict[int, int]:
    """Keep shipping within an amount that was typed in; what is left of it may be asked for again."""
    kept: dict[int, int] = {}
    for sale_id, part in shipping.items():
        kept[sale_id] = min(part, cents - sum(kept.values()))
    return kept


def _give(lines: Sequence[LineShare], amount_cents: int | None) -> None:
    """Give every line what it has left, or an amount shared by what they have left."""
    lefts = [line.due_cents for line in lines]
    parts = lefts if amount_cents is None else _shared(max(0, amount_cents), lefts)
    for line, part in zip(lines, parts, strict=True):
        claim = line.claim
        worth = claim.entitled_net_cents + line.worth_net_cents + claim.entitled_tax_cents + line.worth_tax_cents
        so_far = claim.given_net_cents + claim.given_tax_cents + part
        line.tax_cents = share(claim.entitled_tax_cents + line.worth_tax_cents, so_far, worth) - claim.given_tax_cents
        line.net_cents = part - line.tax_cents


def _shared(total_cents: int, lefts: Sequence[int]) -> list[int]:
    """Share an amount by what lines have left; the last takes the rest, but no line takes more than it has."""
    parts, over = spread(total_cents, lefts), 0
    for n in reversed(range(len(parts))):
        parts[n] += over
        over = max(0, parts[n] - lefts[n])
        parts[n] -= over
    return parts


def _by_sale(
    lines: Sequence[LineShare], sales: Sequence[SaleMoney], shipping: Mapping[int, int], fee_cents: int
) -> list[SaleShare]:
    shares = {sale.sale_id: SaleShare(sale.sale_id, shipping_cents=shipping[sale.sale_id]) for sale in sales}
    for line in lines:
        shares[line.claim.sale_id].lines.append(line)
    found = list(shares.values())
    gross = [each.goods_cents + each.tax_cents + each.shipping_cents for each in found]
    for each, part in zip(found, _shared(fee_cents, gross), strict=True):
        each.fee_cents = part
    return [each for each in found if each.lines or each.shipping_cents]


def _route(shares: Sequence[SaleShare], sales: Sequence[SaleMoney], wish: Wish) -> None:
    """Say where the money goes: the open receivable of its sale first, then as wished or as it was paid."""
    money = {sale.sale_id: sale for sale in sales}
    named = dict(wish.tenders)
    for each in shares:
        sale = money[each.sale_id]
        if named:
            each.by = _take_named(each.total_cents, named, sale)
            continue
        owed = min(each.total_cents, max(0, sale.owed_cents)) if sale.sale_id else 0
        rest = each.total_cents - owed
        each.by = {"receivable": owed} if owed else {}
        if wish.to == "original":
            each.rounding_cents = _rounding(rest, sale, wish.coin_cents)
            each.by |= _as_paid(rest - each.rounding_cents, sale)
        elif rest:
            _check_paid(wish.to, rest, sale)
            each.by[wish.to] = each.by.get(wish.to, 0) + rest


def _rounding(cents: int, sale: SaleMoney, coin_cents: int) -> int:
    """Return what is rounded off where a sale was paid in coins: cumulative, so that parts round like the whole."""
    if coin_cents == 1 or list(sale.tenders) != ["cash"]:
        return 0
    paid, refunded = sale.tenders["cash"]
    due = refunded + sale.rounded_cents + cents
    coins = min(round_to(due, coin_cents), paid) - refunded
    return cents - max(0, coins)


def _take_named(total_cents: int, named: dict[str, int], sale: SaleMoney) -> dict[str, int]:
    taken: dict[str, int] = {}
    for tender in list(named):
        part = min(total_cents - sum(taken.values()), named[tender])
        if part <= 0:
            continue
        _check_paid(tender, part, sale)
        taken[tender] = part
        named[tender] -= part
    return taken


def _check_paid(tender: str, cents: int, sale: SaleMoney) -> None:
    """Refuse more to a means of payment than came from it; account and store credit take anything, so does a blind return."""
    if sale.sale_id and tender not in ("receivable", "store_credit"):
        paid, refunded = sale.tenders.get(tender, (0, 0))
        if cents > paid - refunded:
            raise TooMuch(tender, cents, paid - refunded)


def _as_paid(cents: int, sale: SaleMoney) -> dict[str, int]:
    """Share over the tenders in the proportion paid, cumulatively (floor, the last takes the rest), never above any."""
    if cents <= 0:
        return {}
    paid = {tender: amount for tender, (amount, _) in sale.tenders.items() if amount}
    left = {tender: sale.tenders[tender][0] - sale.tenders[tender][1] for tender in paid}
    if cents > sum(left.values()):
        raise TooMuch("original", cents, sum(left.values()))
    so_far = cents + sum(sale.tenders[tender][1] for tender in paid)
    by: dict[str, int] = {}
    for tender, amount in paid.items():
        fair = share(so_far, amount, sum(paid.values())) - sale.tenders[tender][1]
        by[tender] = min(left[tender], max(0, fair), cents - sum(by.values()))
    for tender in reversed(paid):
        by[tender] += min(left[tender] - by[tender], cents - sum(by.values()))
    return {tender: amount for tender, amount in by.items() if amount}
