"""What a report was asked for: a period or a day, as of which instant, and its filters; the address says all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from backstock.core import clock
from backstock.core.models import Company
from backstock.core.spans import next_month
from backstock.desk.access import company
from backstock.desk.parts import Text

YEARS = range(1900, 9000)


@dataclass(frozen=True, slots=True)
class Choice:
    """One select of a report; the first option holds when nothing is asked for."""

    key: str
    label: Text
    options: Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Preset:
    """A period with a name, and the address that asks for it."""

    label: str
    href: str
    is_chosen: bool


@dataclass(slots=True)
class Asked:
    """One request for a report, read once."""

    request: HttpRequest
    own: Company
    first: date
    last: date
    known: datetime | None = None
    chosen: dict[str, str] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    # Free parameters that lead here from another report: product, account …
    more: dict[str, str] = field(default_factory=dict)
    # A report on the end of one day has no beginning.
    one_day: bool = False
    problem: str = ""

    @property
    def currency(self) -> tuple[str, int]:
        """Return the company's currency as tables want it."""
        return self.own.currency, self.own.currency_digits

    @property
    def selects(self) -> list[tuple[Choice, str]]:
        """Return each select with what is chosen of it."""
        return [(choice, self.chosen[choice.key]) for choice in self.choices]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return everything that the address has to say."""
        days = [("on", f"{self.last}")] if self.one_day else [("from", f"{self.first}"), ("to", f"{self.last}")]
        usual = {choice.key: choice.options[0][0] for choice in self.choices}
        picked = [(key, value) for key, value in self.chosen.items() if value != usual.get(key)]
        return [*days, *self.knowing, *picked, *((k, v) for k, v in self.more.items() if v)]

    @property
    def knowing(self) -> list[tuple[str, str]]:
        """Return the instant as the address says it."""
        return [("known", self.known_text)] if self.known else []

    @property
    def known_text(self) -> str:
        """Write the instant in the company's time, with its distance to UTC: it means the same for ever."""
        return self.instant.isoformat() if self.known else ""

    @property
    def instant(self) -> datetime:
        """Return as of when the answer holds, in the company's time."""
        return (self.known or clock.now()).astimezone(ZoneInfo(self.own.timezone))

    @property
    def told_at(self) -> str:
        """Write as of when this answer holds, to the second."""
        return self.instant.strftime("%Y-%m-%d %H:%M:%S")

    @property
    def lasting_href(self) -> str:
        """Return the address under which this very answer stays."""
        return self.href(known=self.instant.isoformat())

    @property
    def today_href(self) -> str:
        """Return the address that asks as of now."""
        return self.href(known="")

    def href(self, path: str = "", **changes: object) -> str:
        """Return the address of this report, or one beside it, with some of what was asked for changed."""
        asked = {**dict(self.kept), **{name.rstrip("_"): str(value) for name, value in changes.items()}}
        return f"{path or self.request.path}?{urlencode({name: value for name, value in asked.items() if value})}"

    def days_href(self, path: str, **more: object) -> str:
        """Return the address of another report for the same days and instant."""
        days = {"from_": self.first, "to": self.last}
        asked = {**days, **dict(self.knowing), **more}
        return f"{path}?{urlencode({name.rstrip('_'): str(value) for name, value in asked.items() if value not in ('', None)})}"

    @property
    def presets(self) -> list[Preset]:
        """Offer the usual periods."""
        today = clock.today(self.own.timezone)
        month = today.replace(day=1)
        last_month = (month - timedelta(days=1)).replace(day=1)
        if self.one_day:
            ends = [
                (_("Today"), today), (_("End of last month"), month - timedelta(days=1)),
                (_("End of last year"), date(today.year - 1, 12, 31)),
            ]  # fmt: skip
            return [Preset(label, self.href(on=day), self.last == day) for label, day in ends]
        periods = [
            (_("This month"), month, month_end(month)), (_("Last month"), last_month, month_end(last_month)),
            (_("This year"), date(today.year, 1, 1), date(today.year, 12, 31)),
            (_("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        ]  # fmt: skip
        return [
            Preset(label, self.href(from_=first, to=last), (self.first, self.last) == (first, last))
            for label, first, last in periods
        ]

    @property
    def span_text(self) -> str:
        """Write the days that the report is about."""
        return f"{self.last}" if self.one_day else f"{self.first} – {self.last}"


def month_end(month: date) -> date:
    """Return the last day of a month."""
    return next_month(month) - timedelta(days=1)


def asked(
    request: HttpRequest,
    choices: Sequence[Choice] = (),
    more: Sequence[str] = (),
    one_day: bool = False,
    newest: Callable[[date], date | None] = lambda today: today,
) -> Asked:
    """Read what a report was asked for; what cannot be read is told, and the usual stands for it.

    The usual is the month of the `newest` day on which there is something, without one this month.
    """
    own = company()
    today = clock.today(own.timezone)
    said = request.GET
    problems: list[str] = []

    def day(key: str, usual: date) -> date:
        return _read(said.get(key, ""), usual, problems, _("a day such as 2026-01-31"), date.fromisoformat)

    month = (today if said.get("from") or said.get("to") else newest(today) or today).replace(day=1)
    first, last = day("from", month), day("to", month_end(month))
    if one_day:
        first = last = day("on", today)
    first, last = min(first, last), max(first, last)
    known = _read(
        said.get("known", ""), None, problems, _("an instant such as 2026-01-31T18:00"), datetime.fromisoformat
    )
    if known is not None:
        known = known if known.tzinfo else known.replace(tzinfo=ZoneInfo(own.timezone))
    chosen = {}
    for choice in choices:
        value = said.get(choice.key, "")
        chosen[choice.key] = value if value in {key for key, _label in choice.options} else choice.options[0][0]
    return Asked(
        request=request, own=own, first=first, last=last, known=known, chosen=chosen, choices=choices,
        more={key: said.get(key, "").strip()[:60] for key in more}, one_day=one_day,
        problem=_("Not understood: %(problems)s.") % {"problems": ", ".join(problems)} if problems else "",
    )  # fmt: skip


def _read[Kind](text: str, usual: Kind, problems: list[str], hint: str, parse: Callable[[str], Kind]) -> Kind:
    if not text:
        return usual
    try:
        found = parse(text)
    except ValueError:
        found = None
    if found is None or getattr(found, "year", 0) not in YEARS:
        problems.append(f"“{text[:40]}” ({hint})")
        return usual
    return found
