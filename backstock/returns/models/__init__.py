"""The tables of returns, one file per matter: the return itself first."""

from backstock.returns.models.rma import Return, ReturnEvent, ReturnLine, ReturnPiece

__all__ = ["Return", "ReturnEvent", "ReturnLine", "ReturnPiece"]
