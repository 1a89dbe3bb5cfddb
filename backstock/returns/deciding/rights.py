"""Which right by law the lines of a return have when it is about something else: on the day on which it was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backstock.core.commands import Batch
from backstock.policies.law import Asked, LawBook, Right, right_of
from backstock.policies.queries import Policy, laws_on
from backstock.returns.deciding.notices import UNINFORMED, notices_of
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.queries import sale_lines_of


class RightsAnew:
    """What the law says to returns, read once for all of them."""

    def __init__(self, batch: Batch[Any], returns: Iterable[LoadedReturn]) -> None:
        returns = list(returns)
        self._law = batch.company.law
        self._books = laws_on((rma.row.requested_on for rma in returns), self._law)
        self._sold = sale_lines_of(returns)
        self._noted = notices_of({line.sale_id for line in self._sold.values()})

    def of(self, rma: LoadedReturn, line: LoadedLine, wanted: str, policy: Policy) -> Right | None:
        """Return the right that was open for a type of return."""
        sold = self._sold.get(line.row.sale_line_id)
        if sold is None:
            return None
        book = self._books.get(rma.row.requested_on) or LawBook(self._law)
        codes = {code for line_id in (0, sold.pk) for code in self._noted.get((sold.sale_id, line_id), ())}
        asked = Asked(
            type=wanted, channel=sold.sale.channel, category=line.row.product.category,
            is_quality=book.is_quality(line.row.reason, policy.terms.get("reasons")), delivered_on=sold.delivered_last_on,
            exceptions=frozenset(codes - {UNINFORMED}), uninformed=UNINFORMED in codes,
        )  # fmt: skip
        right = right_of(book, asked, rma.row.requested_on)
        return right if right is not None and right.until >= rma.row.requested_on else None
