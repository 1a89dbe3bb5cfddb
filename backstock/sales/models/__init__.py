"""What was offered, sold, picked, shipped, billed and paid: everything a return has to fit to."""

from backstock.sales.models.papers import Invoice, InvoiceLine, Payment, SaleTender, Shipment, ShipmentLine
from backstock.sales.models.pick import PickLine, PickList
from backstock.sales.models.quote import Quote, QuoteDiscount, QuoteLine
from backstock.sales.models.sale import Sale, SaleDiscount, SaleLine, SalePiece

__all__ = [
    "Invoice", "InvoiceLine", "Payment", "PickLine", "PickList", "Quote", "QuoteDiscount", "QuoteLine", "Sale", "SaleDiscount",
    "SaleLine", "SalePiece", "SaleTender", "Shipment", "ShipmentLine",
]  # fmt: skip
