"""What stands at the head and foot of every paper, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import files
from backstock.core.permissions import Actor
from backstock.core.pictures import CONTENT_TYPE, SMALL_VARIANT, keep_picture
from backstock.desk.access import REFUSALS, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.documents.commands.set_letterhead import FIELDS, SetLetterhead, set_letterhead
from backstock.documents.models import letterhead


class LetterheadForm(Keyed):
    """The company as its papers show it."""

    name_zh = TextLine(label=gettext_lazy("Company name in Chinese"))
    name_en = TextLine(label=gettext_lazy("Company name in English"))
    address_zh = TextLine(label=gettext_lazy("Address in Chinese"), most=300)
    address_en = TextLine(label=gettext_lazy("Address in English"), most=300)
    returns_to_zh = TextLine(
        label=gettext_lazy("Where returns are sent, in Chinese"), most=300,
        help_text=gettext_lazy("Only when it is not the address above."),
    )  # fmt: skip
    returns_to_en = TextLine(label=gettext_lazy("Where returns are sent, in English"), most=300)
    phone = TextLine(label=gettext_lazy("Phone"), most=60)
    email = TextLine(label=gettext_lazy("E-mail"))
    tax_number = TextLine(label=gettext_lazy("Tax number"), most=40)
    footer_zh = TextLine(label=gettext_lazy("Last line of each page, in Chinese"), most=300)
    footer_en = TextLine(label=gettext_lazy("Last line of each page, in English"), most=300)
    logo = forms.FileField(
        label=gettext_lazy("Logo"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        help_text=gettext_lazy("JPEG, PNG or WebP; it is shown 13 mm high."),
    )  # fmt: skip
    without_logo = forms.BooleanField(label=gettext_lazy("Print without the logo"), required=False)


@page("documents.set_letterhead")
def letterhead_page(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the letterhead, or replace it."""
    head = letterhead()
    if request.method == "POST":
        form = LetterheadForm(request.POST, request.FILES)
    else:
        form = LetterheadForm(initial={name: getattr(head, name) for name in FIELDS})
    context: dict[str, Any] = {"form": form, "logo": head.logo_hash, "heading": _("Letterhead")}
    if request.method != "POST":
        return render(request, "desk/papers/letterhead.html", context)
    status = 422
    if form.is_valid():
        typed = form.cleaned_data
        try:
            logo = "" if typed["without_logo"] else head.logo_hash
            if file := typed["logo"]:
                logo = keep_picture(file.read(), file.name or "")
            wanted = {name: typed[name] for name in FIELDS if name != "logo_hash"}
            set_letterhead(SetLetterhead(logo_hash=logo, **wanted), actor=actor, key=typed["key"])
        except REFUSALS as error:
            context["refusal"], status = tell(error), status_of(error)
        else:
            messages.success(request, _("The letterhead is set. New prints show it."))
            return redirect("letterhead")
    return render(request, "desk/papers/letterhead.html", context, status=status)


@page("documents.set_letterhead")
def letterhead_logo(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Send the logo as it is set."""
    logo = letterhead().logo_hash
    if not files.is_kept(logo):
        raise Http404
    return HttpResponse(b"".join(files.read(logo, SMALL_VARIANT)), content_type=CONTENT_TYPE)
