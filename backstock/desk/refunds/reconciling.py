"""Reconciliation: import a day's statement, see every difference, look into it, and say what it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, may_or_refuse, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.figures import money_text
from backstock.desk.parts import Empty, Text, Tone
from backstock.desk.tables import Column, Filter, Rows, Table
from backstock.refunds.commands.reconcile import Reconcile, StatementLine, reconcile
from backstock.refunds.commands.resolve_difference import Reason, ResolveDifference, resolve_difference
from backstock.refunds.models import Difference, Refund, Statement, StatementRow
from backstock.refunds.reconciliation import Kind
from backstock.refunds.statements import read_statement

# What it is, and what to do about it.
KINDS: dict[Kind, tuple[Text, Tone, Text]] = {
    "missing_there": (
        gettext_lazy("Not on their statement"), "bad",
        gettext_lazy("We say it was paid, they do not know it. Ask them before anything else; it may stand on the next day."),
    ),
    "missing_here": (
        gettext_lazy("Not in our books"), "bad",
        gettext_lazy("They paid something that no refund of ours asked for: by hand at their site, or for another shop."),
    ),
    "amount": (gettext_lazy("Another amount"), "bad", gettext_lazy("They paid more or less than was granted.")),
    "twice": (gettext_lazy("Paid twice"), "bad", gettext_lazy("One refund stands twice on their statement. Claim the second payment back.")),
    "status": (
        gettext_lazy("Another state"), "warning",
        gettext_lazy("One side says paid, the other does not. Open the refund and ask the gateway again, or say that the money came back."),
    ),
    "day": (gettext_lazy("Another day"), "info", gettext_lazy("Both say paid, on different days. Mostly a payment around midnight.")),
    "ledger": (
        gettext_lazy("Not so in the ledger"), "bad",
        gettext_lazy("The refund is paid, but the ledger has no payment of this amount for it. Run the check of the books."),
    ),
}  # fmt: skip
REASONS: dict[Reason, Text] = {
    "put_right": gettext_lazy("Put right since"),
    "other_day": gettext_lazy("Stands on another day"),
    "their_mistake": gettext_lazy("Their mistake, claimed"),
    "our_mistake": gettext_lazy("Our mistake"),
    "accepted": gettext_lazy("Accepted as it is"),
}
MOST_BYTES = 10 * 1024 * 1024


def _own(row: Any) -> tuple[str, int]:
    return row.currency, row.currency_digits


def _standing() -> Any:
    return Statement.objects.filter(replaced_log_id=0).order_by("-day", "-pk")


def _counted(rows: Any) -> Any:
    """Give the statements of a page the numbers of their differences, in one statement."""
    found = list(rows)
    open_: dict[int, list[int]] = {row.pk: [0, 0] for row in found}
    for pk, resolved in Difference.objects.filter(statement__in=found).values_list("statement_id", "resolved_log_id"):
        open_[pk][bool(resolved)] += 1
    for row in found:
        row.open, row.closed = open_[row.pk]
    return found


STATEMENTS = Table[Any](
    name="statements", title=gettext_lazy("Reconciliation"), rows=_standing, row_id=lambda row: row.number, prepare=_counted,
    filters=(
        Filter(
            key="tender", label=gettext_lazy("Means of payment"),
            choices=[(name, words.TENDERS[name]) for name in ("bank", "card", "alipay", "wechat")],
            apply=lambda rows, value: rows.filter(tender=value),
        ),
    ),
    columns=(
        Column(key="day", label=gettext_lazy("Day"), kind="day", value=lambda row: row.day, sort="day", link=lambda row: reverse("statement_page", args=[row.number])),
        Column(key="tender", label=gettext_lazy("Means of payment"), value=lambda row: words.word(words.TENDERS, row.tender)),
        Column(
            key="open", label=gettext_lazy("State"), kind="badge",
            value=lambda row: _("%(count)s to look into") % {"count": row.open} if row.open else _("Agrees"),
            tone=lambda row: "bad" if row.open else "good",
        ),
        Column(key="theirs", label=gettext_lazy("Their statement"), kind="money", value=lambda row: row.theirs_cents, currency=_own),
        Column(key="ours", label=gettext_lazy("Our refunds"), kind="money", value=lambda row: row.ours_cents, currency=_own),
        Column(key="closed", label=gettext_lazy("Looked into"), kind="number", value=lambda row: row.closed),
    ),
    default_sort="-day",
    empty=Empty(
        icon="scale", title=gettext_lazy("Nothing reconciled yet"),
        explanation=gettext_lazy("Import the statement of a day: every refund that differs from ours or from the ledger is listed."),
    ),
)  # fmt: skip


class UploadForm(Keyed):
    """A day's statement of a means of payment."""

    tender = forms.ChoiceField(
        label=gettext_lazy("Means of payment"),
        choices=[(name, words.TENDERS[name]) for name in ("alipay", "wechat", "card", "bank")],
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Statement"), max_length=200,
        help_text=gettext_lazy("csv with the columns key, amount, day (reference, status), or the bill of Alipay, WeChat Pay or Stripe as it is."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what would be read in part only."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Export one day at a time."))
        return file


@page("owing.view")
def statements(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List what was reconciled, and take another day's statement."""
    own, context = company(), dict[str, Any]()
    may = actor.may("refunds.reconcile")
    form = UploadForm(initial={"day": clock.today(own.timezone) - timedelta(days=1)})
    if request.method == "POST":
        may_or_refuse(actor, "refunds.reconcile")
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                return redirect("statement_page", _imported(form.cleaned_data, own.currency_digits, actor))
            except REFUSALS as error:
                context["refusal"] = tell(error)
                status = status_of(error)
        else:
            status = 422
        answer = STATEMENTS.respond(request, "desk/refunds/statements.html", {**context, "form": form, "may": may})
        answer.status_code = status
        return answer
    return STATEMENTS.respond(request, "desk/refunds/statements.html", {"form": form, "may": may})


def _imported(typed: dict[str, Any], digits: int, actor: Actor) -> str:
    """Read the file and compare it; give the statement's number."""
    file: UploadedFile[bytes] = typed["file"]
    lines = tuple(
        StatementLine(
            position=line.position, key=line.key, reference=line.reference, amount_cents=line.amount_cents,
            outcome=line.outcome, happened_on=line.happened_on,
        )
        for line in read_statement(file.read(), digits)
    )  # fmt: skip
    reconcile(Reconcile(tender=typed["tender"], day=typed["day"], lines=lines), actor=actor, key=typed["key"])
    return str(Statement.objects.filter(tender=typed["tender"], day=typed["day"]).order_by("-pk")[0].number)


def _load(number: str) -> Statement:
    pk = document_id("GS", number)
    found = Statement.objects.filter(pk=pk).first() if pk else None
    if found is None:
        raise Http404
    return found


def _sides(rows: Any) -> Any:
    """Give the differences of a page the number of their refund and the name on their statement."""
    found = list(rows)
    lines = {}
    if found:
        named = StatementRow.objects.filter(
            statement=found[0].statement_id, position__in=[row.position for row in found]
        )
        lines = {line.position: line for line in named}
    for row in found:
        row.line = lines.get(row.position)
    return found


def _number(row: Any) -> str:
    return Refund(pk=row.refund_id).number if row.refund_id else (row.line.key if row.line else "")


def _search(rows: QuerySet[Difference], text: str) -> Rows:
    if (pk := document_id("F", text)) is not None:
        return rows.filter(refund_id=pk)
    named = StatementRow.objects.filter(
        Q(key=text) | Q(reference=text), statement_id=OuterRef("statement_id"), position=OuterRef("position")
    )
    return rows.filter(Exists(named))


def _said(text: str) -> str:
    """Say a side of a difference: a state or an outcome in words, a day or a number as it is."""
    known = {"pending": _("On its way")}
    return known.get(text) or (words.word(words.REFUND_STATUSES, text) if text in words.REFUND_STATUSES else text)


def _table(row: Statement) -> Table[Any]:
    money = _own(row)
    return Table(
        name="differences", title=_("Differences"), row_id=lambda each: each.number, prepare=_sides, currency=money,
        rows=lambda: Difference.objects.filter(statement=row).order_by("pk"), page_size=50,
        search=_search, search_hint=_("Refund F…, key or their number"),
        filters=(
            Filter(
                key="kind", label=_("Kind"), choices=[(name, said[0]) for name, said in KINDS.items()],
                apply=lambda rows, value: rows.filter(kind=value),
            ),
            Filter(
                key="state", label=_("State"), choices=[("open", _("To look into")), ("closed", _("Looked into"))],
                apply=lambda rows, value: rows.filter(resolved_log_id=0) if value == "open" else rows.exclude(resolved_log_id=0),
            ),
        ),
        columns=(
            Column(key="kind", label=_("Kind"), kind="badge", value=lambda each: str(KINDS[each.kind][0]), tone=lambda each: KINDS[each.kind][1], sort="kind"),
            Column(key="refund", label=_("Refund"), value=_number, link=lambda each: reverse("difference_page", args=[each.number])),
            Column(key="ours", label=_("Our amount"), kind="money", value=lambda each: each.ours_cents or None, sort="ours_cents"),
            Column(key="theirs", label=_("Their amount"), kind="money", value=lambda each: each.theirs_cents or None, sort="theirs_cents"),
            Column(key="said", label=_("We say, they say"), value=lambda each: " · ".join(_said(x) for x in (each.ours, each.theirs) if x)),
            Column(key="row", label=_("Row of the file"), kind="number", value=lambda each: each.position or None),
            Column(key="resolved", label=_("Looked into"), value=lambda each: str(REASONS[each.reason]) if each.reason else ""),
        ),
        empty=Empty(
            icon="circle-check", title=_("Everything agrees"),
            explanation=_("Their statement, our refunds and our ledger say the same."),
        ),
    )  # fmt: skip


@page("owing.view")
def statement(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show what differs on a day."""
    row = _load(number)
    context = {
        "statement": row, "tender": words.word(words.TENDERS, row.tender),
        "theirs": money_text(row.theirs_cents, *_own(row)), "ours": money_text(row.ours_cents, *_own(row)),
        "apart": money_text(row.theirs_cents - row.ours_cents, *_own(row)), "agrees": row.theirs_cents == row.ours_cents,
        "is_open": Difference.objects.filter(statement=row, resolved_log_id=0).count(),
    }  # fmt: skip
    return _table(row).respond(request, "desk/refunds/statement.html", context)


class Resolving(Keyed):
    """What a difference was."""

    reason = forms.ChoiceField(label=gettext_lazy("What it was"), choices=list(REASONS.items()))
    note = TextLine(label=gettext_lazy("Note"), most=300)


@page("owing.view")
def difference(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show both sides of a difference, and take down what it was."""
    pk = document_id("GD", number)
    row = Difference.objects.select_related("statement").filter(pk=pk).first() if pk else None
    if row is None:
        raise Http404
    form, context, status = Resolving(request.POST if request.method == "POST" else None), dict[str, Any](), 200
    if request.method == "POST":
        may_or_refuse(actor, "refunds.resolve_difference")
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            wanted = ResolveDifference(difference=row.number, reason=typed["reason"], note=typed["note"] or "")
            try:
                resolve_difference(wanted, actor=actor, key=typed["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("Looked into."))
                return redirect("statement_page", row.statement.number)
    return render(request, "desk/refunds/difference.html", context | _both(row, form, actor), status=status)


def _both(row: Difference, form: Resolving, actor: Actor) -> dict[str, Any]:
    own = _own(row.statement)
    refund = Refund.objects.select_related("note").filter(pk=row.refund_id).first() if row.refund_id else None
    line = StatementRow.objects.filter(statement=row.statement, position=row.position).first() if row.position else None
    label, tone, advice = KINDS[row.kind]  # type: ignore[index]
    return {
        "difference": row, "form": form, "label": label, "tone": tone, "advice": advice, "line": line,
        "line_amount": money_text(line.amount_cents, *own) if line else "", "line_said": _said(line.outcome) if line else "",
        "refund": refund, "refund_amount": money_text(refund.amount_cents, *own) if refund else "",
        "refund_said": words.word(words.REFUND_STATUSES, refund.status) if refund else "",
        "ledger_amount": money_text(row.theirs_cents, *own) if row.kind == "ledger" else "",
        "rma": f"R{refund.rma_id:06d}" if refund else "", "reason": str(REASONS[row.reason]) if row.reason else "",  # type: ignore[index]
        "may": actor.may("refunds.resolve_difference") and not row.resolved_log_id,
    }  # fmt: skip
