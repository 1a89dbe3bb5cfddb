"""The tree of categories, the classes of taxes and the levels of prices: each a list with a form beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.catalog.commands.arrange import arrange_categories, arrange_price_levels, arrange_tax_classes
from backstock.catalog.models import Category, Named, PriceLevel, TaxClass
from backstock.catalog.tree import category_tree
from backstock.core.amounts import E6, decimal_text
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.catalog.listing import category_choices, language
from backstock.desk.fields import Keyed, ScaledField, TextLine, chosen
from backstock.desk.parts import Text


class ArrangeForm(Keyed):
    """One row by its code; a code that is new is added."""

    code = TextLine(label=pgettext_lazy("row", "Code"), most=60, required=True)
    name_zh = TextLine(label=gettext_lazy("Chinese name"), most=100)
    name_en = TextLine(label=gettext_lazy("English name"), most=100)
    position = forms.IntegerField(
        label=gettext_lazy("Position"), required=False, min_value=0, max_value=1_000_000,
        help_text=gettext_lazy("The smallest comes first."),
    )  # fmt: skip
    archived = forms.BooleanField(label=pgettext_lazy("row", "Archived"), required=False)

    def asked(self) -> dict[str, Any]:
        """Return the input of the command."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return data | {"position": data["position"] or 0}


class CategoryForm(ArrangeForm):
    """A category and where it lies."""

    parent = forms.ChoiceField(label=gettext_lazy("Lies in"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = chosen(category_choices(), gettext_lazy("the top"))
        cast(forms.ChoiceField, self.fields["parent"]).choices = choices


class TaxClassForm(ArrangeForm):
    """A class of taxes with its rate."""

    rate = ScaledField(label=gettext_lazy("Rate %"), required=True)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["rate"].most = E6  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        found = super().asked()
        return found | {"rate_e6": found.pop("rate")}


@dataclass(frozen=True, slots=True)
class Kind:
    """What is arranged: its table, form and command."""

    label: Text
    model: type[Named]
    form: type[ArrangeForm]
    run: Any
    explained: Text
    rows: Callable[[], list[tuple[int, Named, str]]]


def _plain(model: type[Named]) -> Callable[[], list[tuple[int, Named, str]]]:
    def rows() -> list[tuple[int, Named, str]]:
        found = model._default_manager.order_by("position", "code")
        return [(0, row, f"{decimal_text(row.rate_e6, 4)} %" if isinstance(row, TaxClass) else "") for row in found]

    return rows


def _tree() -> list[tuple[int, Named, str]]:
    return [(node.depth, node.row, "") for node in category_tree(archived=True)]


KINDS = {
    "categories": Kind(
        gettext_lazy("Categories"), Category, CategoryForm, arrange_categories,
        gettext_lazy("Products name a category by its code; policies and reports use the same code."), _tree,
    ),
    "tax-classes": Kind(
        gettext_lazy("Tax classes"), TaxClass, TaxClassForm, arrange_tax_classes,
        gettext_lazy("A new rate holds at once for all products of the class that state no rate of their own."),
        _plain(TaxClass),
    ),
    "levels": Kind(
        gettext_lazy("Price levels"), PriceLevel, ArrangeForm, arrange_price_levels,
        gettext_lazy("Customers of a level pay its prices; who has none pays the product's own price."),
        _plain(PriceLevel),
    ),
}  # fmt: skip


def initial_of(row: Named | None) -> dict[str, Any]:
    """Return what the form shows at first."""
    if row is None:
        return {}
    found: dict[str, Any] = {name: getattr(row, name) for name in ("code", "name_zh", "name_en", "position")}
    found["archived"] = row.archived_at is not None
    if isinstance(row, Category):
        found["parent"] = row.parent.code if row.parent else ""
    if isinstance(row, TaxClass):
        found["rate"] = row.rate_e6
    return found


@page("catalog.view")
def arrange(request: HttpRequest, actor: Actor, kind: str) -> HttpResponseBase:
    """Show what is arranged, and change or add one row."""
    if kind not in KINDS:
        raise Http404
    of, status = KINDS[kind], 200
    address = reverse("catalog_arrange", args=[kind])
    row = of.model._default_manager.filter(code=request.GET.get("code", "")).first()
    context: dict[str, Any] = {
        "kind": of,
        "address": address,
        "row": row,
        "kinds": [(k, each.label) for k, each in KINDS.items()],
    }
    form = of.form(request.POST if request.method == "POST" else None, initial=initial_of(row))
    if row is not None:
        form.fields["code"].widget.attrs["readonly"] = True
    if request.method == "POST":
        may_or_refuse(actor, "catalog.arrange")
        status = 422
        if form.is_valid():
            try:
                of.run(of.run.parse(form.asked()), actor=actor, key=f"arrange-{form.cleaned_data['key']}")
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("%(code)s is saved.") % {"code": form.cleaned_data["code"]})
                return redirect(address)
    rows = [(depth * 2, each, each.called(language()), more) for depth, each, more in of.rows()]
    context |= {"form": form, "rows": rows, "may": actor.may("catalog.arrange"), "here": kind}
    return render(request, "desk/catalog/arrange.html", context, status=status)
