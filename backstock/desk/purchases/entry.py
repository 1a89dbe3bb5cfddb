"""One page for everything that is entered about purchases: a head, rows or given lines, a button, and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from backstock.core.commands import Done
from backstock.desk.access import REFUSALS, status_of, tell
from backstock.desk.fields import Keyed
from backstock.desk.line_editor import LineEditor
from backstock.desk.parts import Text


class GivenLine(forms.Form):
    """What is said of a line that stands on a document already; `title`, `note` and `hint` are shown with it."""

    title = note = hint = ""

    @property
    def shown(self) -> list[forms.BoundField]:
        return self.visible_fields()


class GivenLines:
    """Lines of a document, each with its own small form."""

    wants_more = False

    def __init__(
        self,
        form: type[GivenLine],
        data: QueryDict | None,
        known: Sequence[tuple[dict[str, Any], Callable[[Any], None]]],
        **form_kwargs: Any,
    ) -> None:
        made = formset_factory(form, extra=0)
        initial = [start for start, _ in known]
        self.forms: BaseFormSet[GivenLine] = made(data, initial=initial, prefix="lines", form_kwargs=form_kwargs)
        # What a form is about is posted along: the same form sent twice says the same twice.
        told = {str(start["which"]): tell for start, tell in known}
        for each in self.forms:
            dress = told.get(str(each["which"].value() or ""))
            if dress is not None:
                dress(each)

    @property
    def is_valid(self) -> bool:
        return self.forms.is_valid()


@dataclass(frozen=True, kw_only=True)
class Page:
    """The words around what is entered."""

    heading: Text
    submit: Text
    back: str
    lead: Text = ""
    icon: str = "check"
    danger: bool = False
    # (labels, rows) of a table to look at while typing.
    beside: tuple[Sequence[Text], Sequence[Sequence[str]]] | None = None
    links: Sequence[tuple[str, Text]] = field(default_factory=tuple)


def answer(
    request: HttpRequest, page: Page, head: Keyed, lines: LineEditor | GivenLines | None,
    run: Callable[[], Done], done: Callable[[Done], tuple[str, Text]],
) -> HttpResponseBase:  # fmt: skip
    """Show the form, or run what it says: a refusal keeps what was typed, success leads on with a word."""
    context: dict[str, Any] = {"words": page, "head": head, "suppliers": getattr(head, "suppliers", ())}
    context["editor" if isinstance(lines, LineEditor) else "given"] = lines
    status = 200
    if request.method == "POST":
        status = 200 if lines is not None and lines.wants_more else 422
        said = [head.is_valid(), lines is None or lines.is_valid]
        if all(said):
            try:
                finished = run()
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                href, word = done(finished)
                messages.success(request, str(word))
                return redirect(href)
    return render(request, "desk/purchases/entry.html", context, status=status)
