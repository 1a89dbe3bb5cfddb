"""Receiving by scan: one page for many returns; each scan is kept at once, one press books them all."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backstock.catalog.queries import lot_codes, products_by_id
from backstock.core.amounts import E4, MAX_QUANTITY_E4, scaled
from backstock.core.commands import Refused
from backstock.core.errors import InvalidInput
from backstock.core.permissions import Actor
from backstock.core.together import as_one
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.dock.meaning import Scanning
from backstock.desk.dock.showing import LABELS, MODES, Answer, context_of
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.scan import DropScans, ScanGoods, drop_scans, scan_goods
from backstock.returns.dock.scanning import Board, Group, board_of
from backstock.warehouse.queries import warehouses_in_use


class Asked:
    """What one request asks of the dock."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self.actor, self.said = actor, request.POST
        self.key = self.text("key")[:100] or uuid.uuid4().hex
        self.board = board_of(actor.user_id or 0)

    def text(self, name: str) -> str:
        return self.said.get(name, "").strip()[:200]

    @property
    def found(self) -> str:
        return self.text("found") if self.text("found") in LABELS else "received"

    @property
    def quantity_e4(self) -> int:
        """Return the number that was typed, one where none was."""
        text = self.text("quantity")
        if not text:
            return E4
        try:
            number = scaled(text.removeprefix("-"), 4)
        except ValueError:
            raise InvalidInput(field=_("Quantity"), problem=text[:20]) from None
        if number > MAX_QUANTITY_E4:
            raise InvalidInput(field=_("Quantity"), problem=text[:20])
        return -number if text.startswith("-") else number

    def scan(self) -> Answer:
        """Do what was scanned."""
        code = self.text("code")
        if not code:
            return Answer(said="")
        found = self.found if self.found in MODES else "received"
        return Scanning(self.actor, self.board, self.key, found, self.quantity_e4).scan(code)

    def add(self) -> Answer:
        """Count goods by a button: which return, which goods, how many more or fewer."""
        wanted = ScanGoods(
            document=self.text("document"), sku=self.text("sku") or None, quantity_e4=self.quantity_e4,
            lot=self.text("lot") or None, serial=self.text("serial") or None, found=self.found,  # type: ignore[arg-type]
        )  # fmt: skip
        scan_goods(wanted, actor=self.actor, key=self.key)
        return Answer(said=_("%(number)s: counted.") % {"number": self.text("document")})

    def empty(self) -> Answer:
        """Write down that the parcel of a return held nothing of what is still expected."""
        group = next((g for g in self.board.groups if g.rma.row.number == self.text("document")), None)
        lines = {} if group is None else {line.row.product_id: line.row.product.sku for line in group.rma.lines}
        wanted = [
            ScanGoods(document=self.text("document"), sku=sku, quantity_e4=left, found="empty")
            for pk, sku in lines.items()
            if group is not None and (left := group.left_e4(pk)) > 0
        ]
        scan_goods.batch(wanted, actor=self.actor, keys=[f"{self.key}:{each.sku}" for each in wanted])
        return Answer(tone="warning", said=_("%(number)s: the parcel was empty.") % {"number": self.text("document")})

    def drop(self) -> Answer:
        """Throw away what was scanned for one return."""
        drop_scans(DropScans(documents=(self.text("document"),)), actor=self.actor, key=self.key)
        return Answer(said=_("%(number)s: put aside, nothing was booked.") % {"number": self.text("document")})

    def post(self) -> Answer:
        """Book everything that was scanned; a return that is refused stays with its reason."""
        may_or_refuse(self.actor, "returns.receive")
        groups = [group for group in self.board.groups if group.counted]
        inputs, keys = receipts(groups, self.text("warehouse") or None), [round_key(self.actor, g) for g in groups]
        answer = Answer()
        with as_one():
            outcomes = receive_return.batch(inputs, actor=self.actor, keys=keys, mode="each")
            for wanted, outcome in zip(inputs, outcomes, strict=True):
                if isinstance(outcome, Refused):
                    answer.refusals[wanted.document] = tell(outcome.error)
                else:
                    answer.booked.append(wanted.document)
            if answer.booked:
                drop_scans(DropScans(documents=tuple(answer.booked)), actor=self.actor, key=f"{keys[0]}:dropped")
        return summed_up(answer)


def summed_up(answer: Answer) -> Answer:
    """Say how many receipts were booked and how many were not."""
    done, refused = len(answer.booked), len(answer.refusals)
    said = (
        [ngettext("%(count)s return booked in.", "%(count)s returns booked in.", done) % {"count": done}]
        if done
        else []
    )
    if refused:
        answer.tone = "bad"
        said.append(ngettext("%(count)s was refused and stays here with its reason.", "%(count)s were refused and stay here with their reasons.", refused) % {"count": refused})  # fmt: skip
    answer.said = " ".join(said) or _("Nothing was scanned yet.")
    return answer


def round_key(actor: Actor, group: Group) -> str:
    """Name these very scans: the same ones sent twice are booked once, one scan more is another receipt."""
    return f"dock:{actor.user_id or 0}:{group.rma.row.pk}:{max(scan.pk for scan in group.scans)}"


def receipts(groups: list[Group], warehouse: str | None) -> list[ReceiveReturn]:
    """Turn what was scanned into one receipt per return."""
    codes = lot_codes(scan.lot_id for group in groups for scan in group.counted)
    products = products_by_id(scan.product_id for group in groups for scan in group.counted)
    found = []
    for group in groups:
        lines = []
        for scan in group.counted:
            product, code = products[scan.product_id], codes.get(scan.lot_id, "")
            by_serial = product.tracking == "serial"
            lines.append(
                ReceiveLine(
                    sku=product.sku, quantity_e4=scan.quantity_e4, found=scan.found,  # type: ignore[arg-type]
                    lot=None if by_serial else code or None, serials=(code,) if by_serial and code else (),
                )
            )  # fmt: skip
        parcel = group.parcel.number if group.parcel else None
        found.append(
            ReceiveReturn(document=group.rma.row.number, warehouse=warehouse, parcel=parcel, lines=tuple(lines))
        )
    return found


DOES: Mapping[str, Callable[[Asked], Answer]] = {
    "scan": Asked.scan, "add": Asked.add, "empty": Asked.empty, "drop": Asked.drop, "post": Asked.post,
}  # fmt: skip


@page("returns.receive", "returns.scan")
def dock(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Take one scan after the other; asked by a script only the board comes back."""
    answer, status = Answer(), 200
    if request.method == "POST":
        try:
            asked = Asked(request, actor)
            answer = DOES.get(request.POST.get("do", "scan"), Asked.scan)(asked)
        except REFUSALS as error:
            answer, status = Answer(tone="bad", refusal=tell(error)), status_of(error)
    board: Board = board_of(actor.user_id or 0)
    context: dict[str, Any] = context_of(board, answer)
    context["key"] = uuid.uuid4().hex
    context["warehouse"] = request.POST.get("warehouse", "")[:60]
    context["warehouses"] = warehouses_in_use()
    context["modes"] = [(mode, LABELS[mode][0]) for mode in MODES]
    context["mode"] = request.POST.get("found", "") if request.POST.get("found", "") in MODES else "received"
    if request.headers.get("X-Part") == "board":
        return render(request, "desk/dock/board.html", context)
    return render(request, "desk/dock/receive.html", context, status=status)
