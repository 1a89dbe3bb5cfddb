"""Ship other goods for a return, and the card of its page that shows which goods are given for which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.amounts import decimal_text
from backstock.core.commands import Done
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, may_or_refuse, nothing_to_do, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine, chosen
from backstock.desk.figures import day_text, money_text, quantity_text
from backstock.desk.line_editor import LineEditor, LineForm
from backstock.desk.returns.holding import held
from backstock.desk.returns.section import Section
from backstock.desk.returns.steps import SHIP
from backstock.partners.queries import partners_by_id
from backstock.returns.after.exchanges import LineSwap, figures_of, line_swaps, repairs_of
from backstock.returns.after.fees import fees_of
from backstock.returns.after.swapping import WITH_GOODS, units_here, units_promised
from backstock.returns.commands.ship_replacement import ReplacementLine, ShipReplacement, ship_replacement
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import legal_actions, loaded_return
from backstock.returns.worth import pieces_for
from backstock.warehouse.queries import warehouses_in_use


class ReplacementForm(LineForm):
    """One line of the parcel."""

    lot = TextLine(label=gettext_lazy("Lot"), most=60)
    serials = TextLine(label=gettext_lazy("Serial numbers"), most=6000)

    def line(self) -> ReplacementLine:
        """Say it as the command wants it."""
        data = self.cleaned_data
        serials = tuple(str(data["serials"] or "").replace(",", " ").replace("，", " ").split())
        return ReplacementLine(
            sku=data["sku"], quantity_e4=data["quantity"], lot=data["lot"] or None, serials=serials
        )  # fmt: skip


class ParcelHead(Keyed):
    """What is told once for the parcel."""

    warehouse = forms.ChoiceField(label=gettext_lazy("Ships from"), required=False)
    carrier = TextLine(label=gettext_lazy("Carrier"), most=60)
    tracking_number = TextLine(label=gettext_lazy("Tracking number"), most=60)
    signed = forms.BooleanField(
        label=gettext_lazy("Handed over: signed for today"), required=False,
        help_text=gettext_lazy("Leave it empty for a parcel that is on its way; the days to return start when it is signed for."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {each.code: str(each) for each in warehouses_in_use()}
        self.fields["warehouse"].choices = chosen([*known.items()], gettext_lazy("Where it was sold from"))  # type: ignore[attr-defined]


def may_leave(rma: LoadedReturn, each: LineSwap) -> tuple[str, int, str]:
    """Say what of a line may leave now: code, quantity, unit; goods that are here first."""
    units_e4 = max(units_here(each.line), units_promised(rma, each.line))
    if each.swap is None or each.swap.product is None:
        product = each.line.row.product
        return product.sku, max(0, units_e4 - each.line.row.replaced_e4), product.unit
    product = each.swap.product
    step_e4 = int(10 ** (4 - product.unit_decimals))
    pieces_e4 = pieces_for(each.swap.wished_e4, each.swap.for_e4, units_e4, step_e4)
    return product.sku, max(0, pieces_e4 - each.swap.shipped_e4), product.unit


def _start(rma: LoadedReturn, swaps: list[LineSwap]) -> Iterator[Mapping[str, Any]]:
    for each in swaps:
        sku, quantity_e4, _unit = may_leave(rma, each)
        if each.line.row.sale_line_id and quantity_e4:
            yield {"sku": sku, "quantity": decimal_text(quantity_e4, 4)}


class Shipping:
    """The parcel as one request asked for it."""

    def __init__(self, request: HttpRequest, rma: LoadedReturn) -> None:
        self.rma, self.swaps = rma, line_swaps(rma)
        data = request.POST if request.method == "POST" else None
        shop = rma.row.channel == "shop"
        self.head = ParcelHead(data, initial={"signed": shop})
        start = [*_start(rma, self.swaps)] if data is None else []
        self.editor = LineEditor(ReplacementForm, data, start, rows=0 if start else 1)

    @property
    def is_valid(self) -> bool:
        return self.head.is_valid() and self.editor.is_valid

    def run(self, actor: Actor) -> Done:
        """Ship; raise the refusal."""
        said = self.head.cleaned_data
        lines = tuple(form.line() for form in self.editor.filled if isinstance(form, ReplacementForm))
        wanted = ShipReplacement(
            document=self.rma.row.number, warehouse=said["warehouse"] or None, lines=lines, carrier=said["carrier"],
            tracking_number=said["tracking_number"], signed=said["signed"],
        )  # fmt: skip
        return ship_replacement(wanted, actor=actor, key=said["key"])


@page("returns.view")
def return_ship(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Ship other goods for a return."""
    may_or_refuse(actor, "returns.ship_replacement")
    rma = loaded_return(number)
    if request.method != "POST" and "returns.ship_replacement" not in legal_actions(rma):
        return nothing_to_do(request, rma.row.number, SHIP)
    asked, context, status = Shipping(request, rma), dict[str, Any](), 200
    if request.method == "POST":
        status = 422 if not asked.editor.wants_more else 200
        if asked.is_valid:
            try:
                done = asked.run(actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _shipped_words(rma, done))
                return redirect("return_page", rma.row.number)
    context |= {
        "rma": rma.row,
        "head": asked.head,
        "editor": asked.editor,
        "lines": [line_view(rma, each) for each in asked.swaps],
    }
    return render(request, "desk/returns/ship_replacement.html", context, status=status)


def _shipped_words(rma: LoadedReturn, done: Done) -> str:
    said = _("%(number)s: other goods have left, parcel %(parcels)s.")
    told = said % {"number": rma.row.number, "parcels": ", ".join(done.answer["shipments"])}
    if billed := int(done.answer["billed_cents"]):
        money = money_text(billed, rma.row.currency, rma.row.currency_digits)
        told += " " + _("The customer pays a difference of %(money)s.") % {"money": money}
    return told


def line_view(rma: LoadedReturn, each: LineSwap) -> dict[str, Any]:
    """Write one line: old goods, what is given for them, what has left and what may leave."""
    old, unit = each.line.row.product, each.line.row.product.unit
    wished = each.swap.product if each.swap else None
    _sku, quantity_e4, of_unit = may_leave(rma, each)
    money = _money(rma)
    return {
        "old": f"{old.name or old.sku} × {quantity_text(each.promised_e4, unit)}",
        "sku": old.sku,
        "new": f"{wished.name or wished.sku} × {quantity_text(each.swap.wished_e4, wished.unit)}"
        if wished and each.swap else "",
        "new_sku": wished.sku if wished else "",
        "old_worth": money(each.old_cents) if wished else "",
        "new_worth": money(each.new_cents) if wished else "",
        "may_leave": quantity_text(quantity_e4, of_unit) if quantity_e4 else "",
        "left": [
            {
                "what": f"{gone.product.name or gone.product.sku} × {quantity_text(gone.quantity_e4, gone.product.unit)}",
                "on": day_text(gone.shipped_on),
                "due": day_text(gone.due_on) if gone.due_on and not gone.late_e4 else "",
                "late": money(gone.late_net_cents + gone.late_tax_cents) if gone.late_e4 else "",
            }
            for gone in each.left
        ],
    }  # fmt: skip


def _money(rma: LoadedReturn) -> Any:
    return lambda cents: money_text(cents, rma.row.currency, rma.row.currency_digits)


def make(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Show what is given for the goods: old → new, the difference, and finished repairs."""
    if rma.row.type not in WITH_GOODS and not any(line.row.replaced_e4 for line in rma.lines):
        return None
    swaps, money = line_swaps(rma), _money(rma)
    figures = figures_of(swaps)
    pays = [(_("The customer pays"), figures.customer_pays_cents), (_("We pay"), figures.we_pay_cents)]
    shown = {
        "number": rma.row.number,
        "lines": [line_view(rma, each) for each in swaps] if rma.row.type != "repair" else [],
        "pays": [(label, money(cents)) for label, cents in pays if cents],
        "is_even": rma.row.type == "exchange" and not any(cents for _label, cents in pays),
        "status": words.word(words.SWAP_STATUSES, figures.status) if figures.status in words.SWAP_STATUSES else "",
        "tone": words.tone(words.SWAP_STATUSES, figures.status),
        "held": held(rma, swaps, actor),
        "fee": _fee(rma),
        "repairs": _repairs(rma),
        "is_repair": rma.row.type == "repair",
        "is_in_workshop": any(piece.in_repair_e4 for piece in rma.pieces),
    }
    return Section(template="desk/returns/swap_section.html", shown=shown)


def _fee(rma: LoadedReturn) -> str:
    """Say what the exchange itself has cost the customer, who owes it on account; empty where nothing."""
    if not any(line.terms.exchange_fee_e6 for line in rma.lines):
        return ""
    own, cents = company(), fees_of(rma.row.pk)
    return money_text(cents, own.currency, own.currency_digits) if cents else ""


def _repairs(rma: LoadedReturn) -> list[dict[str, str]]:
    own, found = company(), repairs_of(rma.row.pk)
    known = partners_by_id({each.repairer_id for each in found} - {0}) if found else {}
    return [
        {
            "on": day_text(each.finished_on),
            "outcome": words.word(words.DISPOSITIONS, each.outcome),
            "cost": money_text(each.labour_cents + each.parts_cents, own.currency, own.currency_digits),
            "who": str(known[each.repairer_id]) if each.repairer_id in known else "",
            "note": each.note,
        }
        for each in found
    ]
