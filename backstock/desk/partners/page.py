"""The page of one customer or supplier, and the pages of duplicates and their merging."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.catalog.tree import price_levels
from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.catalog.listing import language
from backstock.desk.figures import day_text, money_text
from backstock.desk.returns.quotas import shown_uses
from backstock.money.accounts import Role
from backstock.money.queries import partner_balance
from backstock.owing.commands.merge import MergePartner, merge_partner
from backstock.partners.commands.register import ErasePartner, erase_partner
from backstock.partners.commands.revise import ArchivePartner, archive_partner
from backstock.partners.models import Partner
from backstock.partners.queries import addresses_of, contacts_of, merged_codes, same_ones
from backstock.refunds.store_credit import next_expiry

WHY = {
    "tax_number": gettext_lazy("same tax number"),
    "phone_key": gettext_lazy("same phone"),
    "name_key": gettext_lazy("same name"),
}


def figures(partner: Partner) -> list[tuple[str, str, str]]:
    """Say what is owed on each account: label, amount, address of the statement."""
    own = company()
    found = []
    for role, label, sign, side in (
        (Role.receivable, _("Owes us"), 1, "receivable"),
        (Role.payable, _("We owe"), -1, "payable"),
        (Role.store_credit, _("Store credit"), -1, ""),
        (Role.refunds_payable, _("Refunds to pay"), -1, ""),
        (Role.supplier_claims, _("Claims"), 1, ""),
    ):
        cents = sign * partner_balance(partner.pk, role)
        needed = (role is Role.receivable and partner.is_customer) or (role is Role.payable and partner.is_supplier)
        if cents or needed:
            link = reverse("partner_statement", args=[side, partner.code]) if side and "/" not in partner.code else ""
            found.append((label, money_text(cents, own.currency, own.currency_digits), link))
        if role is Role.store_credit and cents > 0 and (first := next_expiry(partner.pk)) is not None:
            day, left_cents, currency = first
            digits = own.currency_digits if currency == own.currency else 2
            found.append(
                (_("of which until %(day)s") % {"day": day_text(day)}, money_text(left_cents, currency, digits), "")
            )
    return found


def facts(partner: Partner) -> list[tuple[str, str]]:
    """Write the partner's own columns in words."""
    own = company()
    levels = {row.code: row.called(language()) for row in price_levels()} if partner.level else {}
    limit = partner.credit_limit_cents
    kinds = [_("Customer")] * partner.is_customer + [_("Supplier")] * partner.is_supplier
    found = [
        (_("Kind"), ", ".join(kinds)),
        (_("Phone"), partner.phone),
        (_("E-mail"), partner.email),
        (_("Address"), partner.address),
        (_("Tax number"), partner.tax_number),
        (_("Bank account"), " ".join(filter(None, (partner.bank_holder, partner.bank_name, partner.bank_account)))),
        (_("Level"), levels.get(partner.level, partner.level)),
        (_("Credit limit"), _("none") if limit is None else money_text(limit, own.currency, own.currency_digits)),
        (_("Days to pay"), str(partner.payment_days) if partner.payment_days else _("at once")),
        (_("Merged from"), ", ".join(merged_codes(partner.pk))),
    ]
    return [(label, text) for label, text in found if text]


@page("partners.view")
def partner_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Show one partner; a duplicate leads to the partner it was merged into."""
    partner = get_object_or_404(Partner, pk=pk)
    if partner.merged_into_id:
        return redirect("partner_page", partner.merged_into_id)
    context = {
        "partner": partner,
        "facts": facts(partner),
        "figures": figures(partner) if actor.may("owing.view") or actor.may("sales.view") else [],
        "quotas": shown_uses(partner) if partner.is_customer and actor.may("returns.view") else [],
        "contacts": contacts_of(pk),
        "addresses": addresses_of(pk),
        "may_revise": actor.may("partners.revise"),
        "may_archive": actor.may("partners.archive"),
        "may_erase": actor.may("partners.erase"),
        "may_sell": actor.may("sales.view") and partner.is_customer,
        "may_buy": actor.may("purchases.view") and partner.is_supplier,
    }
    return render(request, "desk/partners/page.html", context)


@require_POST
@page("partners.archive")
def partner_archive(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Archive a partner or bring them back."""
    partner = get_object_or_404(Partner, pk=pk)
    archived = request.POST.get("archived") == "1"
    archive_partner(ArchivePartner(code=partner.code, archived=archived), actor=actor)
    said = _("%(code)s is archived.") if archived else _("%(code)s is in use again.")
    messages.success(request, said % {"code": partner.code})
    return redirect("partner_page", pk)


@require_POST
@page("partners.erase")
def partner_erase(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Erase somebody's personal data."""
    partner = get_object_or_404(Partner, pk=pk)
    erase_partner(ErasePartner(code=partner.code), actor=actor)
    messages.success(request, _("The personal data of %(code)s is erased.") % {"code": partner.code})
    return redirect("partner_page", pk)


@page("partners.view")
def duplicates(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List pairs of partners that are perhaps one, with why, and merge any two."""
    if request.method == "POST":
        code, into = (request.POST.get(name, "").strip() for name in ("code", "into"))
        key = f"merge-{request.POST.get('key', '')[:60]}"
        merge_partner(MergePartner(code=code, into=into), actor=actor, key=key)
        messages.success(request, _("%(code)s is merged into %(into)s.") % {"code": code, "into": into})
        return redirect("partner_duplicates")
    pairs: list[dict[str, Any]] = [
        {"one": one, "other": other, "why": [WHY[each] for each in why], "key": uuid4().hex}
        for one, other, why in same_ones()
    ]
    context = {"pairs": pairs, "may": actor.may("partners.merge"), "key": uuid4().hex}
    return render(request, "desk/partners/duplicates.html", context)
