"""The versions of the policy and its drafts: which there are, what one says, what differs between two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.catalog.queries import matching_products, products_by_id
from backstock.core import clock
from backstock.core.models import User
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import Keyed
from backstock.desk.figures import day_text, moment_text
from backstock.desk.parts import Action, Empty, Text, Tone
from backstock.desk.policies.changes import compare
from backstock.desk.policies.editing import rows_of
from backstock.desk.policies.findings import findings
from backstock.desk.policies.names import book_on, names_for
from backstock.desk.policies.naming import terms_of_code, version_name
from backstock.desk.policies.shown import columns_of, parts_of, table_of
from backstock.desk.tables import Column, Filter, Table
from backstock.partners.queries import matching_partners, partners_by_id
from backstock.policies.commands.approve_draft import ApproveDraft, approve_draft
from backstock.policies.commands.discard_draft import DiscardDraft, discard_draft
from backstock.policies.commands.publish import two_needed
from backstock.policies.models import PolicyDraft, PolicyVersion
from backstock.policies.queries import draft_of, draft_published_as, policies_by_id, policy_on

STATES: Mapping[str, tuple[Text, Tone]] = {
    "open": (pgettext_lazy("policy", "Draft"), "neutral"),
    "submitted": (pgettext_lazy("policy", "To approve"), "warning"),
    "coming": (pgettext_lazy("policy", "Coming"), "info"),
    "in_force": (pgettext_lazy("policy", "In force"), "good"),
    "past": (pgettext_lazy("policy", "Past"), "neutral"),
    "discarded": (pgettext_lazy("policy", "Put aside"), "neutral"),
    "published": (pgettext_lazy("policy", "Published"), "good"),
}
FIND_MOST = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A version or a draft of the list."""

    code: str
    name: str
    state: str
    valid_from: date | None
    who: str
    at: datetime
    rows: int
    href: str


def people(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of users; 0 is the program itself."""
    wanted = set(ids) - {0}
    found = {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}
    return {0: _("the program"), **found}


def state_of(version: PolicyVersion, in_force: int, today: date) -> str:
    """Return how a version stands."""
    if version.pk == in_force:
        return "in_force"
    return "coming" if version.valid_from > today else "past"


def _rows(today: date, in_force: int) -> list[Row]:
    versions = list(PolicyVersion.objects.order_by("-valid_from", "-pk"))
    drafts = list(PolicyDraft.objects.filter(version_id=0).order_by("-changed_at", "-pk"))
    who = people([*(each.published_by_id for each in versions), *(pk for each in drafts for pk in each.writers)])
    return [
        *(
            Row(
                each.number, each.name or each.number, each.state, each.valid_from,
                _(", ").join(who.get(pk, str(pk)) for pk in each.writers), each.changed_at, len(rows_of(each.terms)),
                reverse("policy_draft" if each.state != "open" else "policy_draft_edit", args=[each.number]),
            )
            for each in drafts
        ),
        *(
            Row(
                f"v{each.pk}", version_name(each.pk), state_of(each, in_force, today), each.valid_from,
                who.get(each.published_by_id, str(each.published_by_id)), each.published_at, len(rows_of(each.terms)),
                reverse("policy_page", args=[each.pk]),
            )
            for each in versions
        ),
    ]  # fmt: skip


@page("policies.save_draft", "policies.publish")
def policy_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List drafts and versions, the newest first."""
    today = clock.today(company().timezone)
    now = policy_on(today)
    table = Table[Row](
        name="policies", title=gettext_lazy("Return policy"), rows=lambda: _rows(today, now.version_id), row_id=lambda row: row.code,
        columns=(
            Column(key="name", label=gettext_lazy("Policy"), value=lambda row: row.name, link=lambda row: row.href),
            Column(
                key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: str(STATES[row.state][0]),
                tone=lambda row: STATES[row.state][1],
            ),
            Column(key="from", label=gettext_lazy("Holds from"), kind="day", value=lambda row: row.valid_from),
            Column(key="rows", label=gettext_lazy("Rows"), kind="number", value=lambda row: row.rows),
            Column(key="who", label=gettext_lazy("By whom"), value=lambda row: row.who),
            Column(key="at", label=pgettext_lazy("telling", "When"), kind="moment", value=lambda row: row.at),
        ),
        filters=(
            Filter(
                key="state", label=gettext_lazy("State"), choices=[(code, said[0]) for code, said in STATES.items() if code != "published"],
                apply=lambda rows, value: [row for row in rows if row.state == value],
            ),
        ),
        actions=(
            Action(label=gettext_lazy("Change the policy"), href=reverse("policy_new"), icon="edit"),
            Action(label=gettext_lazy("Try it on the past"), href=reverse("policy_trial"), icon="history"),
            Action(label=gettext_lazy("What is in force"), href=reverse("policy_page", args=[now.version_id]), icon="eye"),
        ),
        empty=Empty(
            title=gettext_lazy("No version yet"), explanation=gettext_lazy("The product's own default decides: a person looks at every return."),
        ),
    )  # fmt: skip
    return table.respond(request, "desk/policies/list.html", {"heading": _("Return policy")})


def _others(but: str) -> list[tuple[str, str]]:
    """Offer what a policy may be compared with."""
    drafts = [
        (each.number, each.name or each.number)
        for each in PolicyDraft.objects.filter(closed_at=None).order_by("-pk")[:50]
    ]
    pks = PolicyVersion.objects.order_by("-valid_from", "-pk").values_list("pk", "valid_from")[:100]
    versions = [(f"v{pk}", f"{version_name(pk)} · {day_text(day)}") for pk, day in pks]
    return [each for each in [*drafts, *versions, ("v0", version_name(0))] if each[0] != but]


@page("policies.save_draft", "policies.publish")
def policy_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Show a version: its table, terms and exceptions, and what it changed."""
    found = policies_by_id([pk]).get(pk)
    if found is None:
        raise Http404
    today = clock.today(company().timezone)
    now, row = policy_on(today), PolicyVersion.objects.filter(pk=pk).first()
    before = (
        PolicyVersion.objects.filter(valid_from__lte=row.valid_from, pk__lt=pk).order_by("-valid_from", "-pk").first()
        if row
        else None
    )
    names = names_for(found.terms, before.terms if before else {}, book=book_on(today))
    draft = draft_published_as(pk)
    who = people([row.published_by_id if row else 0, *(draft.writers if draft else ())])
    context: dict[str, Any] = {
        "heading": version_name(pk), "pk": pk, "pk_text": str(pk), "code": f"v{pk}", "columns": columns_of(found.terms), "rows": table_of(found.terms, names),
        "parts": parts_of(found.terms, names), "state": STATES[state_of(row, now.version_id, today)] if row else STATES["in_force" if not now.version_id else "past"],
        "valid_from": day_text(row.valid_from) if row else "", "published": moment_text(row.published_at) if row else "",
        "publisher": who.get(row.published_by_id, "") if row else "",
        "writers": _(", ").join(who.get(each, "") for each in draft.writers) if draft else "",
        "is_now": pk == now.version_id, "may_edit": actor.may("policies.save_draft"), "others": _others(f"v{pk}"),
        "changes": compare(before.terms if before else {}, found.terms, names) if row else [],
        "before": version_name(before.pk if before else 0),
    }  # fmt: skip
    return render(request, "desk/policies/page.html", context)


@page("policies.save_draft", "policies.publish")
def policy_compare(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what differs between two versions or drafts."""
    today = clock.today(company().timezone)
    codes = request.GET.get("a", "") or f"v{policy_on(today).version_id}", request.GET.get("b", "") or "v0"
    (old, before), (new, after) = (terms_of_code(code) for code in codes)
    names = names_for(after, before, book=book_on(today))
    context = {
        "heading": _("%(old)s and %(new)s") % {"old": old, "new": new}, "old": old, "new": new, "a": codes[0], "b": codes[1],
        "changes": compare(before, after, names), "others": _others(""),
    }  # fmt: skip
    return render(request, "desk/policies/compare.html", context)


@page("policies.save_draft", "policies.publish")
def policy_draft(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show a draft to whoever approves it: what it changes, what is odd, what it says."""
    draft, context, status = draft_of(number), dict[str, Any](), 200
    form, do = Keyed(request.POST or None), request.POST.get("do", "")
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _decide(request, actor, do, form.cleaned_data["key"], number)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
    today = clock.today(company().timezone)
    now, book = policy_on(today), book_on(today)
    base = policies_by_id([draft.based_on_id]).get(draft.based_on_id, now) if draft.closed_at else now
    names = names_for(draft.terms, base.terms, book=book)
    found = findings(draft.terms, book, names)
    who = people([*draft.writers, draft.submitted_by_id, draft.closed_by_id])
    hands = {*draft.writers, draft.submitted_by_id} - {0}
    context |= {
        "form": Keyed(), "draft": draft, "heading": draft.name or draft.number, "state": STATES[draft.state], "columns": columns_of(draft.terms),
        "rows": table_of(draft.terms, names, found), "parts": parts_of(draft.terms, names), "findings": [f for f in found if not f.row],
        "changes": compare(base.terms, draft.terms, names), "base": version_name(base.version_id),
        "writers": _(", ").join(who.get(pk, "") for pk in draft.writers), "submitter": who.get(draft.submitted_by_id, ""),
        "may_edit": actor.may("policies.save_draft") and draft.closed_at is None,
        "may_approve": draft.state == "submitted" and actor.may("policies.publish"),
        "own": actor.user_id in hands and two_needed(today, hands),
    }  # fmt: skip
    return render(request, "desk/policies/draft.html", context, status=status)


def _decide(request: HttpRequest, actor: Actor, do: str, key: str, number: str) -> HttpResponseBase:
    """Approve or discard the revision that was seen."""
    sent = request.POST.get("revision", "")
    revision = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    if do == "approve":
        approve_draft(ApproveDraft(draft=number, revision=revision), actor=actor, key=key)
        messages.success(request, _("Published."))
        return redirect("policy_page", draft_of(number).version_id)
    discard_draft(DiscardDraft(draft=number, revision=revision), actor=actor, key=key)
    messages.success(request, _("Put aside."))
    return redirect("policy_list")


@page("policies.save_draft")
def policy_find(request: HttpRequest, actor: Actor, fact: str) -> JsonResponse:
    """Answer what fits what somebody types into a picker: products or customers by code and name."""
    text = request.GET.get("q", "").strip()[:100]
    found: list[tuple[str, str]] = []
    if fact == "sku" and text and actor.may("catalog.view"):
        ids = matching_products(text, FIND_MOST)
        by_id = products_by_id(ids)
        found = [(by_id[pk].sku, f"{by_id[pk].name} ({by_id[pk].sku})") for pk in ids if pk in by_id]
    elif fact == "customer" and text and actor.may("partners.view"):
        ids = matching_partners(text, 50)
        rows = partners_by_id(ids)
        found = [(rows[pk].code, f"{rows[pk]} ({rows[pk].code})") for pk in ids if pk in rows and rows[pk].is_customer]
    return JsonResponse({"found": [{"value": value, "label": label} for value, label in found[:FIND_MOST]]})
