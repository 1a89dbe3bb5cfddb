"""One pack of the law: every rule with its article, source and days; what nobody checked is corrected here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from backstock.catalog.models import Category
from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import Keyed, PickField, TextLine
from backstock.desk.law.wording import KINDS, language, law_name, length_text, says, source_text, valid_text
from backstock.desk.parts import Action, Empty
from backstock.desk.tables import Column, Filter, Table
from backstock.policies.commands.publish_law import publish_law
from backstock.policies.law import PACKS, LawBook, Pack, Rule, pack_of
from backstock.policies.queries import law_on

FIELDS = ("days", "months", "article", "source", "is_verified", "is_on", "since", "until", "categories")


def book_today() -> LawBook:
    """Return what the company says of the law today."""
    own = company()
    return law_on(clock.today(own.timezone), own.law)


def _pack(law: str, book: LawBook) -> Pack:
    pack = pack_of(law, book.facts(law))
    if pack is None:
        raise Http404
    return pack


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of the list."""

    rule: Rule
    law: str
    is_changed: bool

    @property
    def is_editable(self) -> bool:
        return self.rule.kind == "exception" or not PACKS[self.law].rule(self.rule.code).is_verified  # type: ignore[union-attr] # it is one of its rules


def _checked(row: Row) -> str:
    if row.is_changed:
        return _("Checked by us") if row.rule.is_verified else _("Corrected by us")
    return pgettext("law", "Checked") if row.rule.is_verified else _("Not checked")


def _applied(rule: Rule) -> str:
    if not rule.is_enforced:
        return pgettext("law", "to be read")
    return pgettext("law", "on") if rule.is_on else pgettext("law", "off")


FILTERS = (
    Filter(
        key="kind", label=gettext_lazy("Kind"), choices=[*KINDS.items()],
        apply=lambda found, value: [row for row in found if row.rule.kind == value],
    ),
    Filter(
        key="checked", label=pgettext_lazy("law", "Checked"),
        choices=[("yes", pgettext_lazy("law", "Checked")), ("no", gettext_lazy("Not checked"))],
        apply=lambda found, value: [row for row in found if row.rule.is_verified == (value == "yes")],
    ),
)  # fmt: skip


@page("policies.publish_law", "policies.publish")
def law_pack(request: HttpRequest, actor: Actor, law: str) -> HttpResponseBase:
    """List the rules of a pack."""
    book = book_today()
    pack, facts = _pack(law, book), book.facts(law)
    rows = [Row(rule, law, bool(facts.get(rule.code))) for rule in pack.rules]
    may = actor.may("policies.publish_law")
    table = Table[Row](
        name="law", title=law_name(law), rows=lambda: rows, row_id=lambda row: row.rule.code, page_size=100,
        search=lambda found, text: [r for r in found if text.lower() in f"{says(r.rule)} {r.rule.article} {r.rule.source}".lower()],
        search_hint=gettext_lazy("Words or article"),
        columns=(
            Column(
                key="says", label=gettext_lazy("What it says"), value=lambda row: says(row.rule),
                link=lambda row: reverse("law_rule", args=[law, row.rule.code]) if may and row.is_editable else "",
            ),
            Column(key="kind", label=gettext_lazy("Kind"), kind="label", value=lambda row: words.word(KINDS, row.rule.kind)),
            Column(key="length", label=gettext_lazy("How long"), value=lambda row: length_text(row.rule)),
            Column(key="article", label=gettext_lazy("Article"), value=lambda row: row.rule.article),
            Column(key="source", label=gettext_lazy("Source"), value=lambda row: source_text(row.rule)),
            Column(key="valid", label=gettext_lazy("In force"), value=lambda row: valid_text(row.rule)),
            Column(
                key="checked", label=pgettext_lazy("law", "Checked"), kind="badge", value=_checked,
                tone=lambda row: "good" if row.rule.is_verified else "warning",
            ),
            Column(
                key="on", label=pgettext_lazy("law", "Applied"), kind="badge",
                value=lambda row: _applied(row.rule),
                tone=lambda row: "info" if row.rule.is_enforced and row.rule.is_on else "neutral",
            ),
        ),
        filters=FILTERS,
        actions=(Action(label=gettext_lazy("Markets and laws"), href=reverse("law_markets"), icon="settings"),),
        empty=Empty(title=_("No rules"), explanation=_("This law says nothing about returns.")),
    )  # fmt: skip
    return table.respond(request, "desk/law/pack.html", {"heading": law_name(law)})


class RuleForm(Keyed):
    """What a company corrects of a rule."""

    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=0, max_value=3_650, required=False)
    months = forms.IntegerField(label=gettext_lazy("Months"), min_value=0, max_value=120, required=False)
    article = TextLine(label=gettext_lazy("Article"))
    source = TextLine(label=gettext_lazy("Source"), help_text=gettext_lazy("Where it was read, and when."))
    since = forms.DateField(
        label=gettext_lazy("In force from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("In force until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    categories = PickField(
        label=gettext_lazy("Only goods of these categories"), help_text=gettext_lazy("None: goods of every category.")
    )
    is_verified = forms.BooleanField(label=gettext_lazy("Checked against the text of the law"), required=False)
    is_on = forms.BooleanField(label=gettext_lazy("Apply it"), required=False)

    def __init__(self, *args: Any, rule: Rule, shipped: Rule, **kwargs: Any) -> None:
        start = {name: getattr(rule, name) for name in FIELDS} | {"categories": sorted(rule.categories)}
        super().__init__(*args, initial=start, **kwargs)
        self.shipped = shipped
        known = {each.code: each.called(language()) for each in Category.objects.order_by("code")}
        known |= {code: code for code in rule.categories if code not in known}
        self.fields["categories"].choices = [*known.items()]  # type: ignore[attr-defined]
        if shipped.is_verified:
            for name in FIELDS:
                if name != "categories":
                    del self.fields[name]
            self.fields["categories"].label = _("Which of our categories are meant")
            self.fields["categories"].help_text = _("None: it takes nobody's right away by itself.")
        if not shipped.categories and shipped.kind != "exception":
            del self.fields["categories"]
        for name in ("days", "months"):
            if name in self.fields and not getattr(shipped, name) and not getattr(rule, name):
                del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """Return what differs from what is shipped."""
        found: dict[str, Any] = {}
        for name in self.fields.keys() - {"key"}:
            value, before = self.cleaned_data[name], getattr(self.shipped, name)
            if name == "categories":
                value, before = sorted(value), sorted(before)
            if value != before and value not in (None, ""):
                found[name] = value.isoformat() if name in ("since", "until") else value
        return found


def publish(facts: dict[str, Any], book: LawBook, name: str, actor: Actor, key: str) -> None:
    """Publish the law as it is said today, with one rule changed."""
    terms = {**book.terms, "facts": {**book.terms.get("facts", {}), name: facts}}
    if not facts:
        del terms["facts"][name]
    publish_law(publish_law.parse({"terms": terms}), actor=actor, key=key)


@page("policies.publish_law")
def law_rule(request: HttpRequest, actor: Actor, law: str, code: str) -> HttpResponseBase:
    """Correct a rule that nobody checked, or say which categories an exception is about."""
    book = book_today()
    rule, shipped = _pack(law, book).rule(code), PACKS[law].rule(code)
    if rule is None or shipped is None or not Row(rule, law, False).is_editable:
        raise Http404
    form, context, status = RuleForm(request.POST or None, rule=rule, shipped=shipped), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                publish(form.facts(), book, f"{law}.{code}", actor, form.cleaned_data["key"])
                messages.success(request, _("It holds for returns that are asked for from today on."))
                return redirect("law_pack", law)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
    context |= {
        "heading": says(rule),
        "law": law_name(law),
        "rule": rule,
        "form": form,
        "back": reverse("law_pack", args=[law]),
    }
    return render(request, "desk/law/rule.html", context, status=status)
