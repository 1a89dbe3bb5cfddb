"""Release many refunds that people pay: choose, see the totals per means, tell all at once, take the bank's file along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstock.core.commands import Refused
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page, tell
from backstock.desk.fields import Keyed
from backstock.desk.figures import money_text
from backstock.desk.parts import Refusal, Text
from backstock.desk.refunds.bank_file import bank_file
from backstock.desk.refunds.listing import currency_of, refunds
from backstock.partners.queries import partners_by_id
from backstock.refunds.commands.confirm import ConfirmRefund, confirm_refund
from backstock.refunds.models import Refund
from backstock.returns.models import Return

MOST = 500
# What is said of all that are chosen, and from which states it may be said.
SAYINGS: dict[str, tuple[str, ...]] = {"sent": ("granted", "failed"), "paid": ("granted", "sent", "failed")}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """One refund of the list that is released."""

    number: str
    rma: str
    payee: str
    account: str
    tender: str
    amount: str
    ticked: bool
    refusal: Refusal | None = None


def _chosen(
    rows: Sequence[Refund], ticked: set[str] | None, refusals: dict[str, Refusal] | None = None
) -> list[Chosen]:  # fmt: skip
    payees = partners_by_id({row.note.customer_id for row in rows})
    return [
        Chosen(
            number=row.number,
            rma=Return(pk=row.rma_id).number,
            payee=payee.bank_holder or str(payee),
            account=" ".join(filter(None, (payee.bank_name, payee.bank_account))),
            tender=words.word(words.TENDERS, row.tender),
            amount=money_text(row.amount_cents, *currency_of(row)),
            ticked=ticked is None or row.number in ticked,
            refusal=(refusals or {}).get(row.number),
        )
        for row in rows
        for payee in [payees[row.note.customer_id]]
    ]


def totals(rows: Sequence[Refund]) -> list[tuple[Text, int, str]]:
    """Add up refunds per means of payment and currency: name, how many, how much."""
    found: dict[tuple[str, tuple[str, int]], list[int]] = {}
    for row in rows:
        found.setdefault((row.tender, currency_of(row)), []).append(row.amount_cents)
    return [
        (words.word(words.TENDERS, tender), len(cents), money_text(sum(cents), *currency))
        for (tender, currency), cents in found.items()
    ]


def _rows(numbers: Sequence[str]) -> list[Refund]:
    ids = [pk for number in numbers[:MOST] if (pk := document_id("F", number)) is not None]
    return list(Refund.objects.filter(pk__in=ids).select_related("note").order_by("pk"))


@page("refunds.confirm")
def release(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what waits to be paid by people, add up what is ticked, and release it."""
    asked = request.POST if request.method == "POST" else None
    if asked is not None and asked.get("do") in SAYINGS:
        return _say(request, actor, str(asked["do"]))
    picked = asked.getlist("row") if asked is not None else []
    # From the list the picked refunds come; by itself the page shows all that wait.
    waiting = list(refunds().filter(payout__isnull=True, status__in=SAYINGS["paid"]).order_by("tender", "pk")[:MOST])
    ticked = set(picked) if asked is not None else None
    shown = _chosen(waiting, ticked)
    counted = [row for row in waiting if ticked is None or row.number in ticked]
    context = {"rows": shown, "totals": totals(counted), "form": Keyed(), "most": MOST}
    return render(request, "desk/refunds/release.html", context)


def _say(request: HttpRequest, actor: Actor, status: str) -> HttpResponseBase:
    """Run the command for every ticked refund, each by itself, and show what became of it."""
    numbers, form = list(dict.fromkeys(request.POST.getlist("row")))[:MOST], Keyed(request.POST)
    if not numbers or not form.is_valid():
        messages.warning(request, _("Choose at least one refund."))
        return redirect("refund_release")
    key = form.cleaned_data["key"]
    told = confirm_refund.batch(
        [ConfirmRefund(refund=number, status=status) for number in numbers],  # type: ignore[arg-type] # of SAYINGS
        actor=actor,
        keys=[f"{key}:{status}:{number}"[:200] for number in numbers],
        mode="each",
    )
    refusals = {
        number: tell(each.error) for number, each in zip(numbers, told, strict=True) if isinstance(each, Refused)
    }
    rows = _rows(numbers)
    done = [row for row in rows if row.number not in refusals]
    context = {
        "rows": _chosen(rows, None, refusals), "totals": totals(done), "done": len(numbers) - len(refusals),
        "refused": len(refusals), "numbers": [row.number for row in done], "state": words.word(words.REFUND_STATUSES, status),
    }  # fmt: skip
    return render(request, "desk/refunds/released.html", context)


@require_POST
@page("refunds.confirm")
def payment_file(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Write the transfers of the chosen refunds for the bank's batch transfer."""
    kind = "csv" if request.POST.get("as") == "csv" else "xlsx"
    return bank_file(refunds(), request.POST.getlist("row")[:MOST], kind)  # type: ignore[arg-type] # one of two
