"""What returned goods are worth: the cost at which that very line, lot or serial left; or today's, when the company says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from backstock.catalog.models import Lot
from backstock.core.amounts import half_up, line_cents
from backstock.core.commands import Batch
from backstock.core.reading import prepared
from backstock.returns.errors import SerialAlreadyReturned
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import ReturnPiece
from backstock.returns.postings import returning_cost
from backstock.sales.models import SalePiece
from backstock.stock.errors import CostRequired
from backstock.stock.places import CUSTOMER
from backstock.stock.sheet import Sheet


def _is_serial(piece: ReturnPiece) -> bool:
    return bool(piece.lot_id) and piece.product.tracking == "serial"


def _sold_pieces(line_ids: Collection[int]) -> QuerySet[SalePiece]:
    pieces = SalePiece.objects.filter(line_id__in=line_ids).select_related("line__sale")
    return pieces.order_by("pk").select_for_update(of=("self",))


class Returning:
    """The sold pieces behind returns, locked, with the counters that goods coming back change."""

    def __init__(self, batch: Batch[Any], returns: Iterable[LoadedReturn]) -> None:
        self.batch, self.company = batch, batch.company
        returns = list(returns)
        lines = {line.row.sale_line_id for rma in returns for line in rma.lines} - {0}
        self.pieces = {piece.pk: piece for piece in prepared(_sold_pieces, lines)}
        self.sheet = Sheet(batch.journal, self.company.cost_method)
        blind = [piece for rma in returns for line in rma.lines for piece in line.pieces if not piece.sale_piece_id]
        if self.company.return_cost == "current":
            blind = [piece for rma in returns for piece in rma.pieces]
        serials = [piece for rma in returns for piece in rma.pieces if _is_serial(piece)]
        if serials:
            self.sheet.lock_stock((p.product_id for p in serials), [CUSTOMER], (p.lot_id for p in serials))
        if blind:
            self.sheet.lock_sellable_pools(piece.product_id for piece in blind)

    def home_warehouse(self, piece: ReturnPiece) -> int:
        """Return the warehouse from which a piece was sold; 0 for a blind return."""
        sold = self.pieces.get(piece.sale_piece_id)
        return sold.line.sale.warehouse_id if sold else 0

    def take_back(self, line: LoadedLine, piece: ReturnPiece, quantity_e4: int) -> int:
        """Count units of a piece as back and return the value with which they come in."""
        # A serial number comes back only from a customer, whatever other return of it was faster (DESIGN §9.6).
        if _is_serial(piece) and self.sheet.at(piece.product_id, piece.lot_id, CUSTOMER) < quantity_e4:
            serial = Lot.objects.values_list("code", flat=True).get(pk=piece.lot_id)
            raise SerialAlreadyReturned(sku=piece.product.sku, serial=serial)
        sold = self.pieces.get(piece.sale_piece_id)
        if sold is None:
            return self._blind_cost(line, piece, quantity_e4)
        cost = self._original_cost(sold, quantity_e4)
        self.batch.change(sold, open_e4=-quantity_e4, received_e4=quantity_e4)
        self.count_back(sold, cost)
        if self.company.return_cost == "current":
            return self._todays_cost(piece.product_id, quantity_e4, otherwise=cost)
        return cost

    def _group(self, sold: SalePiece) -> list[SalePiece]:
        """Return the pieces that share their cost: the very lot under specific cost, else the line as a whole."""
        if self.company.cost_method == "specific":
            return [sold]
        return [p for p in self.pieces.values() if p.line_id == sold.line_id and p.product_id == sold.product_id]

    def count_back(self, sold: SalePiece, cents: int) -> None:
        """Count original cost as back, or below zero as gone again: the line shares it, each piece up to its own cost."""
        for piece in (sold, *(each for each in self._group(sold) if each is not sold)):
            part = max(-piece.cost_back_cents, min(cents, piece.cost_cents - piece.cost_back_cents))
            if part:
                self.batch.change(piece, cost_back_cents=part)
                cents -= part

    def _original_cost(self, sold: SalePiece, quantity_e4: int) -> int:
        group = self._group(sold)
        cost = returning_cost(
            sum(piece.cost_cents for piece in group),
            sum(piece.shipped_e4 for piece in group),
            sum(piece.received_e4 - piece.sent_back_e4 for piece in group),
            quantity_e4,
            sum(piece.cost_back_cents for piece in group),
        )
        return cost

    def cost_to_forget(self, sold: SalePiece, quantity_e4: int, value_cents: int) -> int:
        """Return how much less of the original cost is back when goods leave us again; call before counting."""
        group = self._group(sold)
        back = sum(piece.cost_back_cents for piece in group)
        if self.company.return_cost == "original":
            return min(value_cents, back)
        # Today's cost says nothing about the original one, which came back by shares.
        left = returning_cost(
            sum(piece.cost_cents for piece in group),
            sum(piece.shipped_e4 for piece in group),
            sum(piece.received_e4 - piece.sent_back_e4 for piece in group) - quantity_e4,
            0,
            0,
        )
        return max(0, back - left)

    def cost_to_remember(self, sold: SalePiece, quantity_e4: int, value_cents: int) -> int:
        """Return how much more of the original cost is back when goods that were sent back never left; call before counting."""
        if self.company.return_cost == "original":
            return min(value_cents, sum(piece.cost_cents - piece.cost_back_cents for piece in self._group(sold)))
        return self._original_cost(sold, quantity_e4)

    def _todays_cost(self, product_id: int, quantity_e4: int, otherwise: int | None) -> int:
        held_e4, value = self.sheet.sellable_worth(product_id)
        if held_e4:
            return half_up(value * quantity_e4, held_e4)
        if otherwise is None:
            raise CostRequired(sku=str(product_id))
        return otherwise

    def _blind_cost(self, line: LoadedLine, piece: ReturnPiece, quantity_e4: int) -> int:
        if line.row.unit_cost_e6 is not None:
            return line_cents(quantity_e4, line.row.unit_cost_e6, self.batch.digits)
        return self._todays_cost(piece.product_id, quantity_e4, otherwise=None)

    def give_back(self, piece: ReturnPiece, quantity_e4: int, value_cents: int) -> None:
        """Count units as sent back to the customer, with the value that leaves with them."""
        sold = self.pieces.get(piece.sale_piece_id)
        if sold is not None:
            back = self.cost_to_forget(sold, quantity_e4, value_cents)
            self.batch.change(sold, sent_back_e4=quantity_e4)
            self.count_back(sold, -back)
