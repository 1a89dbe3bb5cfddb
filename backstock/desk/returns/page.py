"""The page of one return: what was asked and decided, where goods and money are, what was done, what may be done next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.catalog.queries import lot_codes
from backstock.core.amounts import decimal_text
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.parts import Text, Tone
from backstock.desk.returns.ledgers import goods_entries, money_entries
from backstock.desk.returns.sections import BESIDE, MAIN, sections
from backstock.desk.returns.steps import BUTTONS, next_words
from backstock.desk.returns.timeline import Timeline
from backstock.desk.returns.undo import offered
from backstock.policies.engine import Terms
from backstock.refunds.queries import RefundFigures, refund_figures
from backstock.returns.deciding.approving import may_approve
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.queries import (
    LineProgress,
    events_of,
    legal_actions,
    line_progress,
    loaded_return,
    progress,
    sale_lines_of,
    timeline,
    worth_cents,
)
from backstock.sales.models import SaleLine


@dataclass(frozen=True, kw_only=True)
class Button:
    """A step that this reader may take now."""

    href: str
    label: Text
    icon: str
    danger: bool
    primary: bool


@dataclass(frozen=True, kw_only=True)
class LineView:
    """One line with its counters in words."""

    product: Any
    sale: str
    codes: str
    reason: str
    decision: str
    tone: Tone
    findings: list[str]
    sold: str
    claimed: str
    arrived: str
    # What else was counted, where it is not nothing: name, quantity.
    counters: list[tuple[Text, str]]
    short: bool


def buttons(rma: LoadedReturn, actor: Actor) -> list[Button]:
    """Offer the legal actions of this reader; the first way forward stands out. A refund only expects no goods."""
    legal = set(legal_actions(rma, actor)) - ({"returns.receive"} if rma.row.type == "refund_only" else set())
    if "returns.approve" in legal and not may_approve(actor, rma):
        legal -= {"returns.approve"}
    found: list[Button] = []
    for permission, name, label, icon, danger in BUTTONS:
        if permission in legal:
            href = _address(rma, name)
            found.append(Button(href=href, label=label, icon=icon, danger=danger, primary=not found and not danger))
    return found


def _address(rma: LoadedReturn, name: str) -> str:
    """Return where a step is taken; a supplier's credit starts from what suppliers owe for this return."""
    if name == "vendor_credit":
        return f"{reverse('claim_list')}?q={rma.row.number}"
    return (
        reverse("return_settle", args=[rma.row.number])
        if name == "settle"
        else reverse("return_step", args=[rma.row.number, name])
    )


def counter_labels() -> dict[str, str]:
    return {
        "authorized": _("Authorised"), "missing": _("Missing"), "accepted": _("Accepted"), "rejected": _("Refused"),
        "disposed": _("Placed"), "refunded": _("Refunded"), "replaced": _("Replaced"),
    }  # fmt: skip


def line_view(
    line: LoadedLine, sold: Mapping[int, SaleLine], codes: Mapping[int, str], reasons: Mapping[str, str]
) -> LineView:
    """Put sold, claimed and arrived side by side, and name what else was counted."""
    row, counted = line.row, line_progress(line)
    unit, sale_line = row.product.unit, sold.get(row.sale_line_id)
    own = dict.fromkeys(codes[piece.lot_id] for piece in line.pieces if piece.lot_id in codes)
    return LineView(
        product=row.product,
        sale=f"S{row.sale_id:06d}" if row.sale_id else "",
        codes=", ".join(own),
        reason=words.word(reasons, row.reason),
        decision=words.word(words.DECISIONS, row.decision),
        tone=words.tone(words.DECISIONS, row.decision),
        findings=[words.finding_words(each, reasons) for each in row.findings],
        sold=quantity_text(sale_line.quantity_e4, unit) if sale_line else "–",
        claimed=quantity_text(counted.requested_e4, unit),
        arrived=quantity_text(counted.received_e4, unit),
        counters=counters(counted, unit),
        short=bool(counted.missing_e4),
    )


def counters(counted: LineProgress, unit: str) -> list[tuple[Text, str]]:
    found: list[tuple[Text, str]] = []
    for name, label in counter_labels().items():
        if quantity := getattr(counted, f"{name}_e4"):
            found.append((label, quantity_text(quantity, unit)))
    return found


def terms_words(rma: LoadedReturn) -> list[tuple[str, str]]:
    """Say what was agreed for the lines, once where it is the same for all."""
    found: dict[str, dict[str, None]] = {}
    for line in rma.lines:
        for label, said in _terms(line.terms):
            found.setdefault(label, {})[said] = None
    return [(label, words.listed(said)) for label, said in found.items()]


def _terms(terms: Terms) -> list[tuple[str, str]]:
    said = [(_("Money goes back"), words.word(words.REFUND_WHEN, terms.refund_when))]
    if terms.refund_to == "store_credit":
        said.append((_("Refund as"), words.word(words.TENDERS, "store_credit")))
    if terms.inspection == "none":
        said.append((_("Inspection"), _("not needed, arriving is accepting")))
    if terms.restocking_fee_e6:
        said.append((_("Fee kept"), f"{decimal_text(terms.restocking_fee_e6, 4)} %"))
    if terms.exchange_fee_e6:
        said.append((_("Fee for an exchange"), f"{decimal_text(terms.exchange_fee_e6, 4)} %"))
    if terms.freight:
        said.append(
            (_("Way back"), _("We pay the freight") if terms.freight == "company" else _("at the customer's cost"))
        )
    return said


def refund_view(rma: LoadedReturn, figures: RefundFigures) -> dict[str, Any] | None:
    """Write the money that went back so far, None when there is none."""
    if not (figures.total_cents or figures.goods_cents or figures.status):
        return None

    def money(cents: int) -> str:
        return money_text(cents, rma.row.currency, rma.row.currency_digits)

    parts = [
        (_("Goods"), figures.goods_cents), (_("Tax"), figures.tax_cents), (_("Shipping fee"), figures.shipping_cents),
        (_("Fee kept"), -figures.fee_cents),
    ]  # fmt: skip
    return {
        "total": money(figures.total_cents),
        "parts": [(label, money(cents)) for label, cents in parts if cents],
        "by": [(words.word(words.TENDERS, tender), money(cents)) for tender, cents in figures.by.items()],
        "status": words.word(words.REFUND_STATUSES, figures.status) if figures.status else "",
        "tone": words.tone(words.REFUND_STATUSES, figures.status),
        "own": [
            (
                each.number, words.word(words.TENDERS, each.tender), money(each.amount_cents),
                words.word(words.REFUND_STATUSES, each.status), words.tone(words.REFUND_STATUSES, each.status),
            )
            for each in figures.on_their_way
        ],
    }  # fmt: skip


def head(rma: LoadedReturn, sold: Mapping[int, SaleLine]) -> dict[str, Any]:
    """Say whose return it is, of which sales, and how it stands."""
    row, status = rma.row, progress(rma)
    sales = {line.sale_id: line.sale for line in sold.values()}
    return {
        "status": words.word(words.STATUSES, status),
        "tone": words.tone(words.STATUSES, status),
        "type": words.word(words.TYPES, row.type),
        "sales": [(sale.number, sale.reference) for sale in sales.values()],
        "worth": money_text(worth_cents(rma, sold), row.currency, row.currency_digits),
        "waits": next_words(legal_actions(rma), row.type == "refund_only"),
        "is_expected": status in ("approved", "part_received"),
    }


@page("returns.view")
def return_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one return."""
    rma = loaded_return(number)
    row, own = rma.row, company()
    sold, events = sale_lines_of([rma]), events_of(row.pk)
    codes = lot_codes(piece.lot_id for piece in rma.pieces)
    figures, sees_money = refund_figures(row.number), actor.may("ledgers.view")
    told, reasons = Timeline(rma, events), words.reason_words()
    context = {
        "rma": row,
        "head": head(rma, sold),
        "buttons": buttons(rma, actor),
        "undo": offered(row.pk, events, figures, figures.last_log_id, actor),
        "lines": [line_view(line, sold, codes, reasons) for line in rma.lines],
        "terms": terms_words(rma),
        "refunds": refund_view(rma, figures),
        "sees_refunds": actor.may("owing.view"),
        "happenings": told.happenings(timeline(row.number)),
        "goods": goods_entries(row.number, own, told.products),
        "money": money_entries(row.number, own) if sees_money else None,
        "sees_money": sees_money,
        "base_currency": own.currency,
        "main_sections": sections(MAIN, rma, actor),
        "beside_sections": sections(BESIDE, rma, actor),
    }
    return render(request, "desk/returns/page.html", context)
