"""Put a letter of the outbox into words, at the moment when it leaves; nothing personal was kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from backstock.core.figures import money_text, quantity_text
from backstock.core.models import CommandLog, Company
from backstock.notifications.addresses import addresses, preference_of
from backstock.notifications.models import Letter
from backstock.notifications.ratings import rating_link
from backstock.notifications.texts import filled, texts
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import loaded_return


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words; without an address it cannot leave."""

    to: str
    language: str
    subject: str
    body: str
    link: str = ""

    @property
    def markup(self) -> SafeString:
        """Return the body as HTML: escaped, nothing to load, and no other link than our own."""
        paragraphs = [part.splitlines() for part in self.body.split("\n\n") if part.strip()]
        return format_html_join(
            "\n", "<p>{}</p>", ((format_html_join(_BREAK, "{}", self._linked(lines)),) for lines in paragraphs)
        )

    @property
    def page(self) -> str:
        """Return the whole letter as an HTML document for mail programs."""
        language = {"zh": "zh-CN"}.get(self.language, self.language)
        head = '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>\n<body>\n{}\n</body></html>\n'
        return format_html(head, language, self.subject, self.markup)

    def _linked(self, lines: Iterable[str]) -> list[tuple[str]]:
        """Make our link one that can be followed, wherever it stands in the lines."""
        if not self.link:
            return [(line,) for line in lines]
        anchor = format_html('<a href="{0}">{0}</a>', self.link)
        return [(format_html_join(anchor, "{}", ((part,) for part in line.split(self.link))),) for line in lines]


_BREAK: Final = SafeString("<br>")


def written(letter: Letter) -> Written:
    """Put one letter into words."""
    wish = preference_of(letter.partner_id)
    subject, body = texts()[letter.kind, wish.language]
    values = values_of(letter)
    return Written(
        to=addresses([letter.partner_id]).get(letter.partner_id, "") if wish.wants_mail else "",
        language=wish.language,
        # A subject is one line, whatever names people have.
        subject=" ".join(filled(subject, values).split())[:200],
        body=filled(body, values),
        link=values["link"],
    )


def values_of(letter: Letter) -> Mapping[str, str]:
    """Return what a text may name."""
    rma, event = loaded_return(letter.document), _event(letter)
    row = rma.row
    cents = event.get("total_cents")
    return {
        "number": row.number,
        "customer": row.customer.name or row.customer.code,
        "company": Company.objects.values_list("name", flat=True).first() or "",
        "items": items(rma, received=letter.kind == "goods_received"),
        "reason": str(event.get("reason", "")),
        "amount": money_text(cents, row.currency, row.currency_digits) if isinstance(cents, int) else "",
        "link": rating_link(row.number),
    }


def items(rma: LoadedReturn, received: bool = False) -> str:
    """Name the goods with their quantities: asked back, or arrived."""
    counter = "received_e4" if received else "requested_e4"
    counted = [(line.row.product, line.in_line_units(counter)) for line in rma.lines]
    return ", ".join(
        f"{product.name or product.sku} × {quantity_text(e4, product.unit)}" for product, e4 in counted if e4
    )


def _event(letter: Letter) -> Mapping[str, object]:
    events = CommandLog.objects.values_list("events", flat=True).get(pk=letter.log_id)
    found: Mapping[str, object] = events[letter.position]
    return found
