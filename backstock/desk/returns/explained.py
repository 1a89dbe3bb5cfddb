"""The figures of a settlement with their reasons, the same for its preview and for what was given: ¥96.66 = 100.00 − 3.34."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.amounts import decimal_text
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.figures import day_text, grouped, money_text, quantity_text
from backstock.desk.parts import Text
from backstock.desk.returns.section import Section
from backstock.refunds.commands.settle import Plan
from backstock.refunds.explaining import Part, parts_of_line, parts_of_total
from backstock.refunds.queries import notes_with_lines
from backstock.refunds.settlement import LineShare
from backstock.returns.loading import LoadedReturn

PARTS: Mapping[str, Text] = {
    "price": gettext_lazy("list price"),
    "agreed": gettext_lazy("agreed price"),
    "discount_line": gettext_lazy("discount of the line"),
    "discount_manual": gettext_lazy("share of the order's discount"),
    "discount_threshold": gettext_lazy("share of the discount for a large order"),
    "discount_coupon": gettext_lazy("share of the coupon"),
    "discount_points": gettext_lazy("share of the points paid with"),
    "tax": gettext_lazy("tax"),
    "fractions": gettext_lazy("fractions of a cent"),
    "not_billed": gettext_lazy("never billed"),
    "allowed_before": gettext_lazy("price allowance given before"),
    "allowance": gettext_lazy("price allowance"),
    "exchange": gettext_lazy("difference of the exchange"),
    "left_before": gettext_lazy("left from an earlier settlement"),
    "held_threshold": gettext_lazy("discount for a large order, lost for what is kept"),
    "held_gift": gettext_lazy("gift that was kept"),
    "usage": gettext_lazy("for its use"),
    "not_now": gettext_lazy("not given now"),
    "goods": gettext_lazy("goods"),
    "shipping": gettext_lazy("shipping fee"),
    "fee": gettext_lazy("restocking fee"),
    "fee_agreed": gettext_lazy("fee agreed"),
    "return_shipping": gettext_lazy("return freight"),
    "rounding": gettext_lazy("rounded to coins"),
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure, the sum it is in words, and the terms of that sum one by one."""

    label: Text
    amount: str
    why: str = ""
    hint: str = ""
    parts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A settlement as a page shows it."""

    lines: list[Figure]
    total: Figure
    tenders: list[Figure] = field(default_factory=list)
    number: str = ""
    on: str = ""


class Writing:
    """Writes the figures of one return, in its currency."""

    def __init__(self, rma: LoadedReturn) -> None:
        self.rma, self.rows = rma, {line.row.pk: line for line in rma.lines}

    def money(self, cents: int) -> str:
        return money_text(cents, self.rma.row.currency, self.rma.row.currency_digits)

    def name(self, line_id: int) -> str:
        product = self.rows[line_id].row.product
        return product.name or product.sku

    def figure(self, label: Text, cents: int, parts: Iterable[Part], hint: str = "") -> Figure:
        parts = list(parts)
        terms = [(self.term(part), self.money(part.cents)) for part in parts]
        digits = self.rma.row.currency_digits
        said = " ".join(
            f"{'−' if part.cents < 0 else '+'} {grouped(decimal_text(abs(part.cents), digits, trim=False))} {term}"
            for part, (term, _amount) in zip(parts, terms, strict=True)
        )
        why = f"{self.money(cents)} = {said.removeprefix('+ ')}" if parts else ""
        return Figure(label=label, amount=self.money(cents), why=why, hint=hint, parts=terms)

    def term(self, part: Part) -> str:
        said = words.word(PARTS, part.name)
        if part.name == "fee":
            shares = {line.row.product.sku: line.terms.restocking_fee_e6 for line in self.rma.lines}
            if rate := shares.get(part.code):
                said = f"{said} {decimal_text(rate, 4)} %"
            return f"{said} ({part.code})" if len(shares) > 1 else said
        return f"{said} ({part.code})" if part.code else said

    def total(self, cents: int, parts: Iterable[Part]) -> Figure:
        return self.figure(_("The customer gets"), cents, parts)

    def planned(self, line: LineShare) -> Figure:
        claim, row = line.claim, self.rows[line.claim.line_id].row
        hint = _("%(quantity)s of %(sold)s sold for %(net)s + %(tax)s tax") % {
            "quantity": quantity_text(line.quantity_e4), "sold": quantity_text(claim.sold_e4, row.product.unit),
            "net": self.money(claim.net_cents), "tax": self.money(claim.tax_cents),
        }  # fmt: skip
        if claim.credited_e4:
            before = {"quantity": quantity_text(claim.credited_e4)}
            hint = words.listed([hint, _("%(quantity)s refunded before") % before])
        cents = line.net_cents + line.tax_cents
        return self.figure(self.name(claim.line_id), cents, parts_of_line(line), hint if line.quantity_e4 else "")


def explained_plan(plan: Plan) -> Explained:
    """Explain what a settlement would give."""
    write, by = Writing(plan.rma), dict[str, int]()
    for share in plan.shares:
        for tender, cents in share.by.items():
            by[tender] = by.get(tender, 0) + cents
    return Explained(
        lines=[
            write.planned(line) for share in plan.shares for line in share.lines if line.left_cents or line.net_cents
        ],
        total=write.total(plan.total("total_cents"), parts_of_total(plan.shares, plan.wish)),
        tenders=[Figure(label=words.word(words.TENDERS, each), amount=write.money(by[each])) for each in by],
    )


def explained_section(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Say for each credit note of a return why it gives what it gives, in the terms that were kept with it."""
    write = Writing(rma)
    found = [
        Explained(
            lines=[
                write.figure(write.name(line.return_line_id), line.net_cents + line.tax_cents, _kept(line.parts))
                for line in lines
            ],
            total=write.total(sum(cents for _name, cents, _code in note.parts), _kept(note.parts)),
            number=note.number,
            on=day_text(note.issued_on),
        )
        for note, lines in notes_with_lines(rma.row.pk)
        if note.parts
    ]
    return Section(template="desk/returns/explained.html", shown={"notes": found}) if found else None


def _kept(parts: Iterable[tuple[str, int, str]]) -> list[Part]:
    return [Part(name, cents, code) for name, cents, code in parts]
