"""Companies that are there already get the accounts of accruals and estimates."""

from __future__ import annotations

from typing import Any

from django.db import migrations

# As `money.accounts.CHART` named them when this was written.
ACCOUNTS = (
    (27, "accrued_credits", "224190", "其他应付款—预提退货款", "Accrued credit notes"),
    (28, "accrued_goods", "122190", "其他应收款—待收退货", "Accrued goods to come back"),
    (29, "expected_returns", "500103", "主营业务收入—预计退货", "Expected returns"),
    (30, "expected_returns_cost", "540103", "主营业务成本—预计退货", "Cost of expected returns"),
)


def add(apps: Any, schema_editor: Any) -> None:
    """Add what is missing where there is a chart; codes that the company uses itself get a letter behind."""
    account = apps.get_model("money", "Account")
    known = dict(account.objects.values_list("pk", "code"))
    if not known:
        return
    account.objects.bulk_create(
        account(
            pk=pk, role=role, code=f"{code}R" if code in known.values() else code, name_zh=zh, name_en=en, parent_id=0,
            currency="", may_be_negative=False,
        )
        for pk, role, code, zh, en in ACCOUNTS if pk not in known
    )  # fmt: skip


class Migration(migrations.Migration):
    """Rows only."""

    dependencies = [("money", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
