"""The search table of partners with the words and keys of those that are there."""

from itertools import batched

from django.db import migrations

from backstock.core.search import Index, endings
from backstock.partners.duplicates import name_key, phone_key

SEARCH = Index("partners_partner_search")


def create(apps, schema_editor):
    SEARCH.create(schema_editor)
    partner = apps.get_model("partners", "Partner")
    for chunk in batched(partner.objects.order_by("pk").iterator(), 1000):
        for row in chunk:
            row.name_key, row.phone_key = name_key(row.name), phone_key(row.phone)
        partner.objects.bulk_update(chunk, ["name_key", "phone_key"])
        words = {row.pk: " ".join([row.code, row.name, row.email, endings(row.phone)]) for row in chunk}
        SEARCH.write(words, fresh=True)


def drop(apps, schema_editor):
    SEARCH.drop(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_contacts_addresses_and_keys")]
    operations = [migrations.RunPython(create, drop)]
