"""Between the forms of the steps and the commands: what a form starts with, and the input it becomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from backstock.core.amounts import decimal_text
from backstock.core.commands import Command
from backstock.core.errors import QuantityRequired
from backstock.desk import words
from backstock.desk.fields import Keyed
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.returns.goods import Goods
from backstock.desk.returns.inspect_form import InspectGoods, OpinionGoods
from backstock.desk.returns.sending import SendingHead
from backstock.desk.returns.step_forms import GoodsForm
from backstock.returns.commands.approve import ApproveLine, ApproveReturn, RejectReturn, approve_return, reject_return
from backstock.returns.commands.cancel import CancelReturn, CloseReturn, cancel_return, close_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.second_opinion import GiveSecondOpinion, give_second_opinion
from backstock.returns.quality.inspection import rules_for

type Wanted = tuple[Command[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What a form of goods in quarantine shows beside them: what was found, (quantity, value) by line, the currency."""

    # Piece → (verdict, grade) → quantity.
    verdicts: Mapping[int, Mapping[tuple[str, str], int]] = field(default_factory=dict)
    values: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    currency: tuple[str, int] = ("CNY", 2)
    # The rules of inspections that hold today.
    terms: Mapping[str, Any] = field(default_factory=dict)

    def suggestions(self, goods: Goods) -> Mapping[str, str]:
        """Return what the company's rules suggest for each grade of such goods."""
        return rules_for(self.terms, goods.product.category).suggestions

    def found(self, goods: Goods) -> dict[tuple[str, str], int]:
        """Return what the inspection found of some goods: (verdict, grade) → quantity."""
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for piece in goods.pieces:
            for verdict, quantity_e4 in self.verdicts.get(piece.pk, {}).items():
                sums[verdict] += quantity_e4
        return {verdict: quantity_e4 for verdict, quantity_e4 in sorted(sums.items()) if quantity_e4 > 0}

    def cost(self, goods: Goods) -> int | None:
        """Return what the goods left cost, where they are all that their lines hold."""
        held = [self.values.get(line, (0, 0)) for line in goods.line_ids]
        alone = len({piece.lot_id for piece in goods.pieces}) == 1 and not goods.product.is_kit
        waiting = goods.count(lambda piece: piece.to_dispose_e4 + piece.to_inspect_e4)
        if not alone or sum(quantity for quantity, _value in held) != waiting or not waiting:
            return None
        return sum(value for _quantity, value in held) * goods.left_e4 // waiting


def whole(goods: Goods, shelf: Shelf) -> dict[str, Any]:
    return {"quantity": decimal_text(goods.left_e4, 4)}


def all_arrived(goods: Goods, shelf: Shelf) -> dict[str, Any]:
    return {"received": decimal_text(goods.left_e4, 4)}


def nothing_yet(goods: Goods, shelf: Shelf) -> dict[str, Any]:
    return {}


def one_verdict(goods: Goods, shelf: Shelf) -> dict[str, Any]:
    return {"quantity_1": decimal_text(goods.left_e4, 4)}


def by_verdict(goods: Goods, shelf: Shelf) -> dict[str, Any]:
    """Propose the shelf for what came back as new, and the way home for what was refused."""
    accepted, refused = goods.count(lambda p: p.accepted_left_e4), goods.count(lambda p: p.rejected_left_e4)
    grades = {grade or "A" for verdict, grade in shelf.found(goods) if verdict == "accepted"}
    # One grade has one suggestion; pieces of several are for a person to split.
    proposed = shelf.suggestions(goods).get(grades.pop(), "") if len(grades) == 1 else ""
    parts = [(quantity, to) for quantity, to in ((accepted, proposed), (refused, "send_back")) if quantity]
    found: dict[str, Any] = {}
    for n, (quantity, to) in enumerate(parts, 1):
        found |= {f"quantity_{n}": decimal_text(quantity, 4), f"to_{n}": to}
    return found


def to_approve(goods: Goods, shelf: Shelf) -> str:
    return _("Asked back: %(quantity)s") % {"quantity": goods.left}


def to_receive(goods: Goods, shelf: Shelf) -> str:
    hint = _("Still expected: %(quantity)s") % {"quantity": goods.left}
    if missing := goods.count(lambda piece: piece.missing_e4):
        gone = quantity_text(missing, goods.product.unit)
        hint = words.listed([hint, _("booked as missing: %(quantity)s") % {"quantity": gone}])
    return hint


def to_inspect(goods: Goods, shelf: Shelf) -> str:
    return _("To inspect: %(quantity)s") % {"quantity": goods.left}


def to_place(goods: Goods, shelf: Shelf) -> str:
    unit, cost = goods.product.unit, shelf.cost(goods)
    said = [_("To place: %(quantity)s") % {"quantity": goods.left}]
    for (verdict, grade), quantity_e4 in shelf.found(goods).items():
        judged = ", ".join(filter(None, [words.word(words.VERDICTS, verdict), words.word(words.GRADES, grade)]))
        said.append(f"{quantity_text(quantity_e4, unit)} {judged}")
    if cost is not None:
        said.append(_("cost %(amount)s") % {"amount": money_text(cost, *shelf.currency)})
    return words.listed(said)


def approval(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    """Authorise everything when nothing was changed, else what was typed in; zero everywhere is not "everything"."""
    asked = [(line, line.cleaned_data["quantity"] or 0) for line in lines]
    if all(quantity == line.cleaned_data["offered"] for line, quantity in asked):
        return approve_return, ApproveReturn(document=number)
    some = tuple(ApproveLine(**line.which(), quantity_e4=quantity) for line, quantity in asked if quantity)
    if not some:
        raise QuantityRequired(document=number)
    return approve_return, ApproveReturn(document=number, lines=some)


def rejection(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    return reject_return, RejectReturn(document=number, reason=head.cleaned_data["reason"])


def cancellation(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    return cancel_return, CancelReturn(document=number, reason=head.cleaned_data["reason"])


def closing(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    return close_return, CloseReturn(document=number, reason=head.cleaned_data["reason"])


def receipt(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    found = [
        ReceiveLine(**line.which(), quantity_e4=line.cleaned_data[how], found=how)
        for line in lines
        for how in ("received", "damaged", "missing")
        if line.cleaned_data[how]
    ]
    data = head.cleaned_data
    if data["wrong_sku"] and data["wrong_quantity"]:
        found.append(ReceiveLine(sku=data["wrong_sku"], quantity_e4=data["wrong_quantity"], found="wrong_item"))
    return receive_return, ReceiveReturn(document=number, warehouse=data["warehouse"] or None, lines=tuple(found))


def inspection(number: str, head: Keyed, lines: Sequence[InspectGoods]) -> Wanted:
    verdicts = [
        InspectLine(
            **line.which(), quantity_e4=part["quantity"], grade=part["grade"], accepted=part["accepted"] != "no",
            **(line.beside() if first else {}),
        )
        for line in lines
        for first, part in line.numbered_parts()
    ]  # fmt: skip
    return inspect_return, InspectReturn(document=number, lines=tuple(verdicts))


def opinion(number: str, head: Keyed, lines: Sequence[OpinionGoods]) -> Wanted:
    said = tuple(line.opinion() for line in lines if line.cleaned_data.get("quantity_1"))
    return give_second_opinion, GiveSecondOpinion(document=number, lines=said)


ON_THE_SHELF = ("restock", "restock_discounted", "repair")


def placing(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    """Place accepted goods first: what goes elsewhere would take them before the refused ones."""
    said = head.cleaned_data
    placed = [
        DisposeLine(
            **line.which(), quantity_e4=part["quantity"], to=part["to"],
            value_cents=part["value"] if part["to"] == "restock_discounted" else None,
            supplier=(said.get("supplier") or None) if part["to"] == "return_to_vendor" else None,
            witness=(said.get("witness") or None) if part["to"] == "scrap" else None,
            ground=said.get("ground") or "" if part["to"] == "scrap" else "",
        )
        for line in lines
        for part in line.parts("to", "value")
    ]  # fmt: skip
    placed.sort(key=lambda line: line.to not in ON_THE_SHELF)
    goes_back = any(line.to == "send_back" for line in placed)
    sending = head.sending(goes_back) if isinstance(head, SendingHead) else None
    return dispose_return, DisposeReturn(document=number, lines=tuple(placed), sending=sending)
