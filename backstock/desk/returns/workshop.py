"""The workshop: what is in repair and since when, and what was repaired, at which cost."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.parts import Empty
from backstock.desk.tables import Column, Filter, Table
from backstock.returns.after.workshop import Job, jobs

WAITING = gettext_lazy("In repair")


def _state(job: Job) -> str:
    return words.word(words.DISPOSITIONS, job.outcome) if job.outcome else str(WAITING)


def find_jobs(rows: Sequence[Job], text: str) -> Sequence[Job]:
    wanted = text.casefold()
    return [
        job
        for job in rows
        if wanted
        in f"{job.rma.number} {job.rma.customer} {job.product.sku} {job.product.name} {job.repairer or ''}".casefold()
    ]


def in_state(rows: Sequence[Job], state: str) -> Sequence[Job]:
    return [job for job in rows if bool(job.outcome) == (state == "done")]


def _columns(may_finish: bool) -> tuple[Column[Job], ...]:
    def step(job: Job) -> str:
        if may_finish and not job.outcome:
            return reverse("return_step", args=[job.rma.number, "finish_repair"])
        return reverse("return_page", args=[job.rma.number])

    return (
        Column(key="return", label=gettext_lazy("Return"), value=lambda job: job.rma.number, sort="return", link=step),
        Column(
            key="product", label=gettext_lazy("Product"), value=lambda job: job.product.name or job.product.sku,
            sort="product",
        ),
        Column(
            key="quantity", label=gettext_lazy("Quantity"), kind="quantity", value=lambda job: job.quantity_e4,
            unit=lambda job: job.product.unit,
        ),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda job: str(job.rma.customer), sort="customer"),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge", value=_state,
            tone=lambda job: "good" if job.outcome else "warning",
        ),
        Column(key="since", label=gettext_lazy("Day"), kind="day", value=lambda job: job.since, sort="since"),
        Column(
            key="cost", label=gettext_lazy("Cost of the repair"), kind="money", value=lambda job: job.cost_cents or None
        ),
        Column(key="repairer", label=gettext_lazy("Repairer"), value=lambda job: str(job.repairer or "")),
        Column(key="note", label=gettext_lazy("What was repaired"), value=lambda job: job.note),
    )  # fmt: skip


def workshop_table(actor: Actor) -> Table[Job]:
    own = company()
    return Table[Job](
        name="repairs",
        path="/returns/repairs/",
        title=gettext_lazy("Repairs"),
        rows=jobs,
        search=find_jobs,
        search_hint=gettext_lazy("Return, customer, product, repairer"),
        filters=(
            Filter(
                key="state", label=gettext_lazy("State"), apply=in_state,
                choices=(("open", WAITING), ("done", gettext_lazy("Finished"))),
            ),
        ),
        row_id=lambda job: f"{job.rma.number}/{job.product.sku}/{job.since}/{job.outcome}",
        currency=(own.currency, own.currency_digits),
        columns=_columns(actor.may("returns.finish_repair")),
        empty=Empty(
            icon="tool",
            title=gettext_lazy("Nothing is in repair"),
            explanation=gettext_lazy("Goods that are placed in repair stand here until somebody says what became of them."),
        ),
    )  # fmt: skip


@page("returns.view")
def repair_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List what is in repair and what was repaired; an open one leads to its end."""
    return workshop_table(actor).respond(request, "desk/list.html", {"heading": _("Repairs")})
