"""The page of the dock's rules: how long goods without an owner wait, and who may let in how much without a sale."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.models import RoleGrant
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import AmountField, Keyed
from backstock.returns.commands.set_dock_rules import RoleLimit, SetDockRules, set_dock_rules
from backstock.returns.dock.blind_limits import APPROVE
from backstock.returns.models import BlindLimit, DockRules


class Rules(Keyed):
    """The days, and a limit for each role that approves; empty is no limit."""

    unclaimed_days = forms.IntegerField(
        label=gettext_lazy("Days that goods without an owner wait"), min_value=0, max_value=3650,
        help_text=gettext_lazy("Only then are they kept, donated or scrapped. Back to the sender they go at any time."),
    )  # fmt: skip

    def __init__(self, *args: Any, digits: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in approving():
            self.fields[f"limit_{role}"] = AmountField(label=words.word(words.ROLES, role), digits=digits)

    def limits(self) -> tuple[RoleLimit, ...]:
        """Return the limits that were typed."""
        found = {
            name.removeprefix("limit_"): value for name, value in self.cleaned_data.items() if name.startswith("limit_")
        }
        return tuple(RoleLimit(role=role, limit_cents=cents) for role, cents in found.items() if cents is not None)


def approving() -> list[str]:
    """Return the roles that may approve returns."""
    return sorted(set(RoleGrant.objects.filter(permission__in=APPROVE).values_list("role", flat=True)))


@page("returns.set_dock_rules")
def dock_rules(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show and change the rules."""
    rules, context, status = DockRules.objects.first() or DockRules(), dict[str, Any](), 200
    start = {"unclaimed_days": rules.unclaimed_days}
    start |= {f"limit_{row.role}": row.limit_cents for row in BlindLimit.objects.all()}
    form = Rules(request.POST if request.method == "POST" else None, initial=start, digits=company().currency_digits)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            wanted = SetDockRules(unclaimed_days=form.cleaned_data["unclaimed_days"], blind_limits=form.limits())
            try:
                set_dock_rules(wanted, actor=actor, key=form.cleaned_data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("The rules hold from now on."))
                return redirect("dock_rules")
    return render(request, "desk/dock/rules.html", context | {"form": form}, status=status)
