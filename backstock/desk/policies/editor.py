"""The editor of a policy: table, terms, findings, one case, the past, and publishing, all on one page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.core import clock
from backstock.core.errors import InvalidInput, UnknownDocument
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.policies import trial, trying
from backstock.desk.policies.acting import add_exception, chosen_hit, obey, opening, part_form, take_in
from backstock.desk.policies.changes import compare
from backstock.desk.policies.editing import rows_of
from backstock.desk.policies.files import table_in
from backstock.desk.policies.findings import ROWS_AT_ONCE, findings
from backstock.desk.policies.names import Names, book_on, names_for
from backstock.desk.policies.shown import columns_of, parts_of, table_of
from backstock.desk.policies.state import State
from backstock.desk.policies.storing import discard, publish, save, submit
from backstock.policies.commands.publish import two_needed
from backstock.policies.law import LawBook
from backstock.policies.models import PolicyDraft
from backstock.policies.queries import Policy, draft_of, policies_by_id, policy_on

STORES = {"save": save, "submit": submit, "publish": publish, "discard": discard}
PARTS = ("try", "case", "trial", "check")


class Editor:
    """One request to the editor."""

    def __init__(self, request: HttpRequest, actor: Actor, state: State) -> None:
        own = company()
        self.request, self.actor, self.state = request, actor, state
        self.today: date = clock.today(own.timezone)
        self.now: Policy = policy_on(self.today)
        self.book: LawBook = book_on(self.today)
        self.names: Names = names_for(state.terms, self.now.terms, book=self.book)
        self.data = request.POST if request.method == "POST" else None
        self.do = request.POST.get("do", "") if self.data is not None else ""
        self.context: dict[str, Any] = {}
        self.http_code = 200

    def answer(self) -> HttpResponseBase:
        """Take the open part in, obey the button, and show the editor again."""
        state, form = self.state, None
        if self.data is not None:
            form = part_form(state, self.names, self.data)
            chosen_hit(state, self.data)
            if self.do != "cancel" and not take_in(state, form):
                self.http_code = 422
                return self.show(form)
            try:
                if (gone := self.act()) is not None:
                    return gone
            except REFUSALS as error:
                self.context["refusal"], self.http_code = tell(error), status_of(error)
        if (fresh := part_form(state, self.names)) is not None and state.focus:
            fresh.lead(state.focus)
        return self.show(fresh)

    def act(self) -> HttpResponseBase | None:
        """Do what the button says; gives the address to go to where something was stored."""
        if self.do in STORES:
            return self.store()
        if self.do == "import":
            file = self.request.FILES.get("file")
            if file is None:
                raise InvalidInput(field=_("File"), problem=_("choose one"))
            imported = table_in(file.name or "", file.read())
            self.state.change({**self.state.terms, "table": imported} if imported["rows"] else self.state.terms)
            self.state.opened = ""
        elif self.do == "exception":
            if not add_exception(self.state, self.request.POST):
                raise InvalidInput(field=_("Exception"), problem=_("choose for what"))
        elif self.do == "cancel":
            self.state.opened = ""
        else:
            obey(self.state, self.do)
        # What was brought in, or just chosen, has names as well.
        self.names = names_for(self.state.terms, self.now.terms, book=self.book)
        return None

    def store(self) -> HttpResponseBase:
        """Save, submit, publish or discard."""
        address, said = STORES[self.do](self.state, self.actor, self.today)
        messages.success(self.request, said)
        if self.request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": address})
        return redirect(address)

    def show(self, form: Any) -> HttpResponse:
        """Show the editor, or for htmx only what changed."""
        state, terms = self.state, self.state.terms
        look = len(rows_of(terms)) <= ROWS_AT_ONCE or self.do == "check"
        found = findings(terms, self.book, self.names) if look else []
        writers = {self.actor.user_id or 0}
        may_publish = self.actor.may("policies.publish")
        self.context |= {
            "state": state, "form": form, "columns": columns_of(terms), "rows": table_of(terms, self.names, found),
            "parts": parts_of(terms, self.names), "findings": [each for each in found if not each.row], "looked": look,
            "stopping": sum(each.tone == "bad" for each in found), "odd": len(found),
            "changes": compare(self.now.terms, terms, self.names), "now": self.now, "today": self.today.isoformat(),
            "may_publish": may_publish and not two_needed(self.today, writers), "may_approve": may_publish,
            "address": self.request.path, "heading": state.name or _("Return policy"),
        }  # fmt: skip
        self.context["panels"] = self.panels(found)
        part = bool(self.request.headers.get("HX-Request"))
        shown = "desk/policies/editor_part.html" if part else "desk/policies/editor.html"
        return render(self.request, shown, self.context, status=self.http_code)

    def panels(self, found: list[Any]) -> dict[str, Any]:
        """Return the panels of one case and of the past, with what came of them when they were asked."""
        sent = self.data if self.data is not None else None
        facts: Any = None
        if self.do.startswith("case|") and self.do[5:].isdigit() and int(self.do[5:]) < len(found):
            facts, sent = dict(found[int(self.do[5:])].case), None
        case_form = trying.CaseForm(sent, names=self.names, facts=facts)
        since_form = trial.TrialForm(self.data, today=self.today)
        panels: dict[str, Any] = {"case": case_form, "since": since_form}
        if self.do == "try" and self.http_code == 200:
            self.try_case(case_form, panels)
        elif facts is not None:
            case = trying.case_of_facts(facts, self.today)
            panels["tried"] = trying.tried(self.state.terms, case, self.book, self.names)
        if self.do == "trial" and self.http_code == 200 and since_form.is_valid():
            since = since_form.cleaned_data["since"] or self.today.replace(year=self.today.year - 1, day=1)
            panels["trial"] = trial.shown(self.now.terms, self.state.terms, since, self.today, self.book, self.names)
        return panels

    def try_case(self, form: trying.CaseForm, panels: dict[str, Any]) -> None:
        """Try the line of a sale, or typed facts; what is wrong stands at its field."""
        if not form.is_valid():
            self.http_code = 422
            return
        facts, number = form.facts(), form.cleaned_data["sale"]
        try:
            case = (
                trying.case_of_sale(number, form.cleaned_data["line"], facts, self.book, self.today)
                if number
                else trying.case_of_facts(facts, self.today)
            )
        except UnknownDocument:
            case = None
        if case is None:
            form.add_error("sale", _("There is no such line of a sale."))
            self.http_code = 422
            return
        if number:
            position = form.cleaned_data["line"]
            panels["case"] = trying.CaseForm(names=self.names, facts={**case.facts, "sale": number, "line": position})
        panels["tried"] = trying.tried(self.state.terms, case, self.book, self.names)


def _version(pk: int) -> Policy:
    found = policies_by_id([pk]).get(pk)
    if found is None:
        raise Http404
    return found


@page("policies.save_draft")
def policy_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Begin a draft with a version: `?from=7`, else the one in force; nothing is kept before it is saved."""
    if request.method == "POST":
        return Editor(request, actor, State.sent(request.POST)).answer()
    asked = request.GET.get("from", "")
    start = _version(int(asked)) if asked.isdigit() and len(asked) < 19 else policy_on(clock.today(company().timezone))
    state = State(dict(start.terms), based_on=start.version_id)
    opening(state, request.GET)
    return Editor(request, actor, state).answer()


@page("policies.save_draft")
def draft_edit(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Go on with a draft."""
    draft: PolicyDraft = draft_of(number)
    if draft.closed_at is not None:
        return redirect(reverse("policy_draft", args=[number]))
    if request.method == "POST":
        return Editor(request, actor, State.sent(request.POST)).answer()
    state = State.of_draft(draft)
    opening(state, request.GET)
    return Editor(request, actor, state).answer()
