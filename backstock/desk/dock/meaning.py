"""From a scan to what it does: opens returns, counts goods where they belong, or asks which of several is meant."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.catalog.queries import load_catalogue
from backstock.core.amounts import decimal_text
from backstock.core.commands import Refused
from backstock.core.permissions import Actor
from backstock.desk.dock.labels import plate_words
from backstock.desk.dock.showing import LABELS, Answer, Choice
from backstock.desk.figures import day_text, quantity_text
from backstock.returns.commands.announce_parcel import LogParcel, log_parcel
from backstock.returns.commands.scan import ScanGoods, scan_goods
from backstock.returns.dock.plates import read_plate
from backstock.returns.dock.scanning import Board, Goods, Group, Meaning, Waiting, read_code, waiting_for
from backstock.returns.models import Return

MOST_CHOICES = 8


class Scanning:
    """One scan of one person."""

    def __init__(self, actor: Actor, board: Board, key: str, found: str, quantity_e4: int) -> None:
        self.actor, self.board, self.key = actor, board, key
        self.found, self.quantity_e4 = found, quantity_e4

    def scan(self, text: str) -> Answer:
        """Do what the scanned code means; raise what a command refuses."""
        if plate := read_plate(text.strip()):
            href = f"{reverse('dock_goto')}?{urlencode({'code': plate.number})}"
            return Answer(
                tone="warning",
                said=plate_words(plate),
                choices=[Choice(label=_("Go on with it"), detail=plate.document, href=href)],
            )
        meaning = read_code(text)
        if meaning.rma_ids:
            return self._open(meaning)
        if meaning.goods is not None:
            return self._goods(meaning.goods)
        said = _("Nothing open is known by %(code)s.") % {"code": meaning.code}
        if meaning.parcel is not None:
            said = _("The parcel %(code)s belongs to no open return.") % {"code": meaning.code}
        return Answer(tone="bad", said=said, choices=[unclaimed(tracking=meaning.code)])

    def _open(self, meaning: Meaning) -> Answer:
        """Take returns into hand; a parcel that stands here has arrived."""
        parcel = meaning.parcel
        if parcel is not None and not parcel.arrived_on:
            log_parcel(LogParcel(parcel=parcel.number), actor=self.actor, key=f"{self.key}:parcel")
        numbers = [Return(pk=pk).number for pk in reversed(meaning.rma_ids)]
        wanted = [ScanGoods(document=number, parcel=parcel.number if parcel else None) for number in numbers]
        keys = [f"{self.key}:{number}" for number in numbers]
        outcomes = scan_goods.batch(wanted, actor=self.actor, keys=keys, mode="each")
        refused = [each.error for each in outcomes if isinstance(each, Refused)]
        if len(refused) == len(outcomes):
            raise refused[0]
        numbers = [n for n, each in zip(numbers, outcomes, strict=True) if not isinstance(each, Refused)]
        return Answer(said=_("%(numbers)s in hand. Scan the goods.") % {"numbers": ", ".join(reversed(numbers))})

    def _goods(self, goods: Goods) -> Answer:
        current = self.board.current
        if self.found == "wrong_item":
            if current is None:
                return Answer(tone="warning", said=_("Scan the return or its parcel first."))
            return self.add(goods, current.rma.row.number, self._units(goods))
        if goods.product.tracking == "serial" and not goods.serial:
            return Answer(
                tone="bad",
                said=_("%(product)s has serial numbers: scan the number of the piece.")
                % {"product": goods.product.sku},
            )
        waiting = waiting_for(goods, self.actor.user_id or 0)
        if meant := self._meant(waiting, current):
            return self._fill(goods, meant)
        if waiting:
            said = _("Several returns wait for %(product)s. Which one?") % {"product": goods.name}
            choices = [self._choice(goods, each) for each in waiting[:MOST_CHOICES]]
            if (too_many := self._too_many(goods, current)) is not None and not waiting[0].in_hand:
                choices.insert(0, too_many)
            return Answer(tone="warning", said=said, choices=choices)
        return self._nobody(goods, current)

    def _meant(self, waiting: Sequence[Waiting], current: Group | None) -> Waiting | None:
        """Return the one return that is meant: the one in hand, or the only one there is."""
        mine = [each for each in waiting if current and each.row.pk == current.rma.row.pk]
        in_hand = [each for each in waiting if each.in_hand]
        for few in (mine, in_hand, waiting):
            if few:
                return few[0] if len(few) == 1 else None
        return None

    def _units(self, goods: Goods) -> int:
        """Return how many base units were scanned: one of the unit on the label, or as many as were typed."""
        item = load_catalogue(ids=[goods.product.pk]).by_id[goods.product.pk]
        numerator, denominator = item.units.get(goods.unit, (1, 1)) if goods.unit != goods.product.unit else (1, 1)
        return self.quantity_e4 * numerator // denominator

    def _fill(self, goods: Goods, meant: Waiting) -> Answer:
        """Count what the return expects; what is more than that is too much."""
        units, number = self._units(goods), meant.row.number
        fits = min(units, meant.left_e4)
        answer = self.add(goods, number, fits)
        if units > fits:
            self.found = "over"
            self.key += ":over"
            answer = self.add(goods, number, units - fits)
            answer.tone = "warning"
        return answer

    def add(self, goods: Goods, number: str, quantity_e4: int) -> Answer:
        """Count goods for a return."""
        wanted = ScanGoods(
            document=number, sku=goods.product.sku, quantity_e4=quantity_e4, lot=goods.lot or None,
            serial=goods.serial or None, found=self.found,  # type: ignore[arg-type]
        )  # fmt: skip
        done = scan_goods(wanted, actor=self.actor, key=self.key)
        facts = {
            "product": goods.name, "quantity": quantity_text(int(done.answer.get("counted_e4", 0)), goods.product.unit),
            "number": number, "found": str(LABELS[self.found][0]),
        }  # fmt: skip
        said = _("%(number)s: %(product)s, %(quantity)s (%(found)s)") % facts
        return Answer(said=said, tone="good" if self.found == "received" else "warning")

    def _choice(self, goods: Goods, waiting: Waiting) -> Choice:
        left = _("expects %(quantity)s") % {"quantity": quantity_text(waiting.left_e4, goods.product.unit)}
        why = [left, _("parcel is here")] if waiting.parcel_here else [left]
        detail = " · ".join([waiting.customer, *why, day_text(waiting.row.requested_on)])
        return Choice(
            label=waiting.row.number, detail=detail, fields=self._fields(goods, waiting.row.number, self.found)
        )

    def _fields(self, goods: Goods, number: str, found: str) -> dict[str, str]:
        return {
            "document": number, "sku": goods.product.sku, "lot": goods.lot, "serial": goods.serial, "found": found,
            "quantity": decimal_text(self._units(goods), 4), "key": uuid.uuid4().hex,
        }  # fmt: skip

    def _nobody(self, goods: Goods, current: Group | None) -> Answer:
        """Offer what goods that nobody expects may be."""
        if (too_many := self._too_many(goods, current)) is not None and current is not None:
            said = _("%(number)s expects no more of %(product)s.") % {
                "number": current.rma.row.number,
                "product": goods.name,
            }
            return Answer(tone="bad", said=said, choices=[too_many, unclaimed(sku=goods.product.sku)])
        said, choices = _("No open return waits for %(product)s.") % {"product": goods.name}, []
        if current is not None:
            number = current.rma.row.number
            detail = _("It lay in this parcel instead of the right goods.")
            label = _("Something else in %(number)s") % {"number": number}
            choices.append(Choice(label=label, detail=detail, fields=self._fields(goods, number, "wrong_item")))
        return Answer(tone="bad", said=said, choices=[*choices, unclaimed(sku=goods.product.sku)])

    def _too_many(self, goods: Goods, current: Group | None) -> Choice | None:
        """Offer to write goods down as too many, where the return in hand is about them."""
        if current is None or goods.product.pk not in current.product_ids:
            return None
        number = current.rma.row.number
        detail = _("More came than was agreed: it is written down, not booked in.")
        label = _("Too many in %(number)s") % {"number": number}
        return Choice(label=label, detail=detail, fields=self._fields(goods, number, "over"))


def unclaimed(**known: str) -> Choice:
    """Offer to take goods in without an owner, with what is known already."""
    href = f"{reverse('unclaimed_new')}?{urlencode(known)}"
    return Choice(
        label=_("Nobody's: take it in"), detail=_("It waits in quarantine until its owner is found."), href=href
    )
