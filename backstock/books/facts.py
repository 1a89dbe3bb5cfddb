"""What sales earned, as one stream of facts in SQL: billed lines, lines of credit notes, and the cost that left and came back.

Every fact belongs to a product, customer and salesperson on a business day. A kit earns as the kit that was sold, also for
the cost of its parts. A credit note that was taken back counts below zero on the day when it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from backstock.money.accounts import Role
from backstock.stock.places import CUSTOMER

COLUMNS = (
    "on_day, product_id, customer_id, salesperson_id, document, quantity_e4, revenue_cents, returned_cents, cost_cents"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which rows: of which days, and of ids above and up to these (a watermark, or nothing)."""

    first: date | None = None
    end: date | None = None
    after_log: int = 0
    through_log: int | None = None
    after_invoice: int = 0
    through_invoice: int | None = None
    known: datetime | None = None

    def days(self, column: str) -> str:
        """Return the condition of the days of a column."""
        parts = [f"{column} >= '{self.first}'"] if self.first else []
        parts += [f"{column} < '{self.end}'"] if self.end else []
        return " AND ".join(parts) or "1 = 1"

    def ids(self, column: str, after: int, through: int | None) -> str:
        """Return the condition of the ids of a column."""
        parts = [f"{column} > {after}"] if after else []
        parts += [f"{column} <= {through}"] if through is not None else []
        return " AND ".join(parts) or "1 = 1"

    def logs(self, column: str) -> str:
        """Return the condition of a column that names log rows."""
        return self.ids(column, self.after_log, self.through_log)

    @property
    def instant(self) -> str:
        """Write the instant as this database compares it."""
        return f"'{connection.ops.adapt_datetimefield_value(self.known)}'"


def base_cents(cents: str, rate: str) -> str:
    """Convert an amount (not below zero) half up, like `core.amounts.to_base_cents`, within 64 bits: in three digits and the rest."""
    whole, part = f"({rate} / 1000000000)", f"({rate} % 1000000000)"
    high = f"(({cents}) / 1000 * {part})"
    rest = f"({high} % 1000000 * 1000 + ({cents}) % 1000 * {part} + 500000000) / 1000000000"
    return f"(({cents}) * {whole} + {high} / 1000000 + {rest})"


def converted(cents: str, group: str, order: str) -> str:
    """Convert the lines of a paper so that they add up to what was posted for all of them: each by the sum up to it."""
    upto = f"CAST(SUM({cents}) OVER (PARTITION BY {group} ORDER BY {order}) AS BIGINT)"
    before = f"({upto} - {cents})"
    exact = f"{base_cents(upto, 's.rate_e9')} - {base_cents(before, 's.rate_e9')}"
    return f"CASE COALESCE(s.rate_e9, 1000000000) WHEN 1000000000 THEN {cents} ELSE {exact} END"


def facts(part: Part) -> str:
    """Return the SQL of the facts of a part."""
    return " UNION ALL ".join(
        [_billed(part), _credited(part), _uncredited(part), _cost_of_sales(part), _cost_of_returns(part)]
    )


def _document(letter: str, number: str) -> str:
    """Write a document's number the way `number` of its model does."""
    text = f"CAST({number} AS TEXT)"
    return (
        f"'{letter}' || CASE WHEN {number} < 1000000 THEN SUBSTR('000000' || {text}, -6) ELSE {text} END"
        if connection.vendor == "sqlite"
        else f"'{letter}' || CASE WHEN {number} < 1000000 THEN LPAD({text}, 6, '0') ELSE {text} END"
    )


def _billed(part: Part) -> str:
    known = ""
    if part.known is not None:
        # An invoice does not say when it was written; the revenue that it posted does, in the same order per sale.
        known = f"""
            JOIN (SELECT id, ROW_NUMBER() OVER (PARTITION BY sale_id ORDER BY id) AS n FROM sales_invoice
                  WHERE net_cents + shipping_cents <> 0) AS nth ON nth.id = i.id
            JOIN (SELECT document, n FROM (
                    SELECT document, log_id, MIN(recorded_at) AS recorded_at,
                        ROW_NUMBER() OVER (PARTITION BY document ORDER BY log_id) AS n FROM money_transfer
                    WHERE debit_id = {Role.receivable:d} AND credit_id = {Role.revenue:d} AND mirrors_log_id = 0
                    GROUP BY document, log_id) AS posted WHERE recorded_at <= {part.instant}
                 ) AS told ON told.document = {_document("S", "i.sale_id")} AND told.n = nth.n"""
    return f"""
        SELECT i.invoiced_on AS on_day, l.product_id, s.customer_id, COALESCE(s.salesperson_id, 0) AS salesperson_id,
            {_document("S", "s.id")} AS document, b.quantity_e4,
            {converted("b.net_cents", "b.invoice_id", "b.id")} AS revenue_cents, 0 AS returned_cents, 0 AS cost_cents
        FROM sales_invoice i JOIN sales_invoiceline b ON b.invoice_id = i.id JOIN sales_saleline l ON l.id = b.sale_line_id
        JOIN sales_sale s ON s.id = i.sale_id {known}
        WHERE {part.days("i.invoiced_on")} AND {part.ids("i.id", part.after_invoice, part.through_invoice)}"""


_OF_NOTE = """
    JOIN returns_returnline r ON r.id = c.return_line_id JOIN returns_return a ON a.id = r.rma_id
    LEFT JOIN sales_saleline l ON l.id = r.sale_line_id AND r.sale_line_id <> 0 LEFT JOIN sales_sale s ON s.id = l.sale_id"""


def _noted(sign: str, day: str) -> str:
    cents = converted("c.net_cents", "c.note_id, r.sale_id", "c.id")
    return f"""
        SELECT {day} AS on_day, COALESCE(l.product_id, r.product_id), COALESCE(s.customer_id, a.customer_id), COALESCE(s.salesperson_id, 0),
            {_document("R", "a.id")}, {"-" if not sign else ""}c.quantity_e4, 0, {sign}({cents}), 0"""


def _credited(part: Part) -> str:
    return f"""{_noted("", "n.issued_on")}
        FROM refunds_creditnote n JOIN refunds_creditnoteline c ON c.note_id = n.id {_OF_NOTE} {_known(part, "n.log_id")}
        WHERE n.mirrors_log_id = 0 AND {part.days("n.issued_on")} AND {part.logs("n.log_id")}"""


def _uncredited(part: Part) -> str:
    """The note that takes another back has no lines of its own: those of the other count, on its own day."""
    return f"""{_noted("-", "m.issued_on")}
        FROM refunds_creditnote m JOIN refunds_creditnote n ON n.log_id = m.mirrors_log_id AND n.rma_id = m.rma_id
        JOIN refunds_creditnoteline c ON c.note_id = n.id {_OF_NOTE} {_known(part, "m.log_id")}
        WHERE m.mirrors_log_id <> 0 AND {part.days("m.issued_on")} AND {part.logs("m.log_id")}"""


def _known(part: Part, column: str) -> str:
    return (
        "" if part.known is None else f"JOIN core_commandlog k ON k.id = {column} AND k.recorded_at <= {part.instant}"
    )


def _moved(part: Part, letter: str) -> str:
    known = "" if part.known is None else f" AND g.recorded_at <= {part.instant}"
    return (
        f"(g.target_id = {CUSTOMER} OR g.source_id = {CUSTOMER}) AND SUBSTR(g.document, 1, 1) = '{letter}' "
        f"AND {part.days('g.business_on')} AND {part.logs('g.log_id')}{known}"
    )


# What reached the customer is a cost; what came back takes it off again.
_COST = f"CASE g.target_id WHEN {CUSTOMER} THEN g.source_value_cents ELSE -g.target_value_cents END"


def _cost_of_sales(part: Part) -> str:
    return f"""
        SELECT g.business_on, l.product_id, s.customer_id, COALESCE(s.salesperson_id, 0), g.document, 0, 0, 0, {_COST}
        FROM stock_stockmove g JOIN sales_saleline l ON l.id = g.line_id JOIN sales_sale s ON s.id = l.sale_id
        WHERE {_moved(part, "S")}"""


def _cost_of_returns(part: Part) -> str:
    return f"""
        SELECT g.business_on, COALESCE(l.product_id, r.product_id), COALESCE(s.customer_id, a.customer_id), COALESCE(s.salesperson_id, 0),
            g.document, 0, 0, 0, {_COST}
        FROM stock_stockmove g JOIN returns_returnline r ON r.id = g.line_id JOIN returns_return a ON a.id = r.rma_id
        LEFT JOIN sales_saleline l ON l.id = r.sale_line_id AND r.sale_line_id <> 0 LEFT JOIN sales_sale s ON s.id = l.sale_id
        WHERE {_moved(part, "R")}"""
