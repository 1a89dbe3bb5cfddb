"""What a line of the file is: a sale line, a cancellation line, or a line that is reported with its reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

HEADER: Final = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country",
)  # fmt: skip
INVOICE, CODE, DESCRIPTION, QUANTITY, DATE, PRICE, CUSTOMER, COUNTRY = range(len(HEADER))

# Why a line was not placed: code → sentence in English and Chinese.
REASONS: Final = {
    "columns": ("does not have the columns of the header", "列数与表头不符"),
    "encoding": ("holds bytes that are not UTF-8", "含有非 UTF-8 字节"),
    "quotes": ("a quotation mark is never closed", "引号未闭合"),
    "too_long": ("is longer than any line of this format", "行过长"),
    "control_character": ("holds NUL or another control character", "含有 NUL 或其他控制字符"),
    "formula": ("a cell is a formula, not a value", "单元格是公式而不是值"),
    "quantity_not_whole": ("the quantity is not a whole number", "数量不是整数"),
    "price_not_a_number": ("the price is not a number with at most three decimals", "单价不是最多三位小数的数字"),
    "date": ("the date is not YYYY-MM-DD hh:mm, before 1990 or in the future", "日期格式不对、早于 1990 年或在未来"),
    "invoice": ("the invoice number is neither digits nor C and digits", "发票号既不是数字也不是 C 加数字"),
    "code": ("the stock code is missing or not a code", "货号缺失或无效"),
    "customer": ("the customer is not a code", "客户编号无效"),
    "country": ("the country is not a name", "国家名称无效"),
    "absurd": ("quantity, price or amount is beyond anything traded", "数量、单价或金额超出合理范围"),
    "not_goods": ("the code is no goods: postage, fee, voucher, manual entry …", "该代码不是商品（邮费、手续费、礼券、手工录入等）"),
    "quantity_zero": ("the quantity is zero", "数量为零"),
    "negative_price": ("the price is negative: an adjustment, not a sale", "单价为负：属于调整而非销售"),
    "write_off": ("a stock write-off: negative, price 0, no cancellation", "库存核销：数量为负、单价为零且非取消"),
    "stock_correction": ("price 0 and no customer: a stock correction, not a sale", "单价为零且无客户：库存更正而非销售"),
    "negative_sale": ("negative, but not a cancellation", "数量为负但不是取消单"),
    "positive_cancellation": ("a cancellation with a positive quantity", "取消单的数量为正"),
    "changed": (
        "this invoice was imported before with other lines; the lines imported then stay", "该发票此前已导入但内容不同，保留原有内容"
    ),
    "refused": ("the books refused it", "账务规则拒绝"),
}  # fmt: skip
NOT_GOODS: Final = frozenset(
    {
        "POST", "DOT", "M", "C2", "C3", "S", "D", "B", "PADS", "CRUK", "BANK CHARGES", "AMAZONFEE", "ADJUST", "ADJUST2",
        "TEST001", "TEST002", "GIFT",
    }
)  # fmt: skip
# No trader of this kind comes near these; a cell beyond them is a slip.
MOST_PIECES, MOST_PRICE_E3, MOST_AMOUNT_E3 = 1_000_000, 10**9, 10**12
EARLIEST: Final = date(1990, 1, 1)
NO_COUNTRY, WALK_IN = "Unspecified", "WALK-IN"


@dataclass(slots=True, frozen=True)
class Line:
    """A line that can be placed; the price is in thousandths, a cancellation's quantity is negative."""

    number: int
    invoice: str
    code: str
    quantity: int
    price_e3: int
    on: date
    customer: str
    country: str

    @property
    def amount_e3(self) -> int:
        """Quantity × price, exactly."""
        return self.quantity * self.price_e3


@dataclass(slots=True, frozen=True)
class Reported:
    """A line that cannot be placed, and why; without an amount where the file states none that can be read."""

    number: int
    reason: str
    amount_e3: int | None = None
    detail: str = ""


class Unreadable(Exception):
    """A cell is not what its column holds; the argument is the reason."""


@lru_cache(maxsize=8192)
def whole_number(text: str) -> int | None:
    """Read a quantity."""
    return int(text.split(".")[0]) if re.fullmatch(r"[+-]?[0-9]{1,12}(\.0{1,3})?", text) else None


@lru_cache(maxsize=8192)
def thousandths(text: str) -> int | None:
    """Read a price of at most three decimals."""
    found = re.fullmatch(r"([+-]?)([0-9]{1,12})(?:\.([0-9]{1,3})0*)?", text)
    if not found:
        return None
    value = int(found[2]) * 1000 + int((found[3] or "").ljust(3, "0"))
    return -value if found[1] == "-" else value


@lru_cache(maxsize=8192)
def day(text: str) -> date | None:
    """Read the day of a date with its time."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?", text):
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def code_of(text: str) -> str:
    """Return a stock code, kept as it is written; raise Unreadable."""
    code = text.strip()
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z _./-]{0,29}", code):
        raise Unreadable("code")
    return code


@lru_cache(maxsize=8192)
def partner_of(customer: str, country: str) -> tuple[str, str]:
    """Return the customer's code and country; nobody is the walk-in customer of the country; raise Unreadable."""
    country = country.strip() or NO_COUNTRY
    if len(country) > 40 or not re.fullmatch(r"[^\W\d_][\w .,'()&-]*", country):
        raise Unreadable("country")
    customer = customer.strip().removesuffix(".0")
    if not customer:
        return f"{WALK_IN} {country.upper()}", country
    if not re.fullmatch(r"[0-9][0-9A-Za-z]{0,19}", customer):
        raise Unreadable("customer")
    return customer, country


@lru_cache(maxsize=8192)
def is_goods(code: str) -> bool:
    """Tell goods from postage, fees, vouchers and manual entries."""
    return code.upper() not in NOT_GOODS and not code.lower().startswith("gift_")


@lru_cache(maxsize=8192)
def is_formula(text: str) -> bool:
    """Tell a cell that a spreadsheet would compute; a signed number is none."""
    text = text.lstrip()
    if not text.startswith(("=", "+", "-", "@")):
        return False
    return not re.fullmatch(r"[+-]?([0-9.]+|[A-Za-z]+)", text)


def understand(number: int, fields: Sequence[str], problem: str, latest: date) -> Line | Reported:
    """Say what a line is; `problem` is what the reader found wrong with it, `latest` the last possible day."""
    pieces = whole_number(fields[QUANTITY].strip()) if len(fields) == len(HEADER) else None
    price_e3 = thousandths(fields[PRICE].strip()) if len(fields) == len(HEADER) else None
    amount_e3 = None if pieces is None or price_e3 is None or problem else pieces * price_e3
    if problem or len(fields) != len(HEADER):
        return Reported(number, problem or "columns", amount_e3)
    try:
        line = _line(number, fields, pieces, price_e3, latest)
    except Unreadable as unreadable:
        return Reported(number, str(unreadable), amount_e3)
    reason = why_not(line)
    return Reported(number, reason, amount_e3) if reason else line


def _line(number: int, fields: Sequence[str], pieces: int | None, price_e3: int | None, latest: date) -> Line:
    if any(map(is_formula, fields)):
        raise Unreadable("formula")
    if pieces is None:
        raise Unreadable("quantity_not_whole")
    if price_e3 is None:
        raise Unreadable("price_not_a_number")
    on = day(fields[DATE].strip())
    if on is None or not EARLIEST <= on <= latest:
        raise Unreadable("date")
    invoice = fields[INVOICE].strip()
    if not re.fullmatch(r"C?[0-9]{1,15}", invoice):
        raise Unreadable("invoice")
    customer, country = partner_of(fields[CUSTOMER], fields[COUNTRY])
    return Line(number, invoice, code_of(fields[CODE]), pieces, price_e3, on, customer, country)


def why_not(line: Line) -> str:
    """Return why a readable line is neither a sale nor a cancellation of goods; empty when it is."""
    absurd = abs(line.quantity) > MOST_PIECES or abs(line.price_e3) > MOST_PRICE_E3
    if absurd or abs(line.amount_e3) > MOST_AMOUNT_E3:
        return "absurd"
    if not is_goods(line.code):
        return "not_goods"
    if line.quantity == 0:
        return "quantity_zero"
    if line.price_e3 < 0:
        return "negative_price"
    if line.invoice.startswith("C"):
        return "positive_cancellation" if line.quantity > 0 else ""
    if line.quantity < 0:
        return "negative_sale" if line.price_e3 else "write_off"
    if line.price_e3 == 0 and line.customer.startswith(WALK_IN):
        return "stock_correction"
    return ""
