"""The search table of products with the words of those that are there, and a place in the tree for every category."""

from itertools import batched

from django.db import migrations

from backstock.core.search import Index, compact

SEARCH = Index("catalog_product_search")


def create(apps, schema_editor):
    SEARCH.create(schema_editor)
    product, category = apps.get_model("catalog", "Product"), apps.get_model("catalog", "Category")
    rows = product.objects.values_list("pk", "sku", "name", "spec", "brand").order_by("pk")
    for chunk in batched(rows.iterator(), 1000):
        SEARCH.write({pk: " ".join([*said, compact(said[0])]) for pk, *said in chunk}, fresh=True)
    codes = product.objects.exclude(category="").order_by("category").values_list("category", flat=True).distinct()
    category.objects.bulk_create([category(code=code) for code in codes])


def drop(apps, schema_editor):
    SEARCH.drop(schema_editor)
    apps.get_model("catalog", "Category").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_tree_barcodes_prices_pictures")]
    operations = [migrations.RunPython(create, drop)]
