"""Where and in which language customers are written to; addresses stay with the partner, where they can be erased."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.notifications.models import Preference
from backstock.partners.models import Contact, Partner

LANGUAGES = ("zh", "en")


def addresses(partner_ids: Iterable[int]) -> dict[int, str]:
    """Return the e-mail address of partners: their own, else that of their first contact who has one."""
    wanted = set(partner_ids)
    contacts = Contact.objects.filter(partner__in=wanted).exclude(email="").order_by("is_default", "-pk")
    found = dict(contacts.values_list("partner_id", "email"))
    own = Partner.objects.filter(pk__in=wanted).exclude(email="").values_list("pk", "email")
    return {pk: email for pk, email in (found | dict(own)).items() if "@" in email}


def reachable(partner_ids: Iterable[int]) -> set[int]:
    """Return the partners who have an address and want letters."""
    wanted = set(partner_ids)
    silent = Preference.objects.filter(partner_id__in=wanted, wants_mail=False).values_list("partner_id", flat=True)
    return addresses(wanted).keys() - set(silent)


def preference_of(partner_id: int) -> Preference:
    """Return how a customer is written to, as shipped where nothing was said."""
    return Preference.objects.filter(partner_id=partner_id).first() or Preference(partner_id=partner_id)
