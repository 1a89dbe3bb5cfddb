"""The file for a batch transfer: which refund goes to whose account. Account numbers are personal data, seen by who pays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from backstock.core.currencies import digits_of
from backstock.core.numbers import document_id
from backstock.desk import exports
from backstock.partners.queries import partners_by_id
from backstock.refunds.models import Refund
from backstock.returns.models import Return


def bank_file(
    rows: QuerySet[Refund], numbers: Sequence[str], kind: Literal["xlsx", "csv"] = "xlsx"
) -> HttpResponseBase:  # fmt: skip
    """Hand refunds out; the first column is what the bank's statement names them by. What was paid is not paid again."""
    ids = [pk for number in numbers if (pk := document_id("F", number)) is not None]
    wanted = list(rows.filter(pk__in=ids, status="sent").order_by("pk"))
    payees = partners_by_id({row.note.customer_id for row in wanted})
    heads = (
        _("Refund"), _("Customer"), _("Amount"), _("Currency"), _("Return"), _("Account holder"), _("Bank and branch"),
        _("Account number"),
    )  # fmt: skip
    values: list[list[exports.Export]] = [
        [
            row.number, str(payee), exports.Number(row.amount_cents, digits_of(row.note.currency)), row.note.currency,
            Return(pk=row.rma_id).number, payee.bank_holder or payee.name, payee.bank_name, payee.bank_account,
        ]
        for row in wanted
        for payee in [payees[row.note.customer_id]]
    ]  # fmt: skip
    return exports.respond(kind, "refunds-to-pay", heads, values)
