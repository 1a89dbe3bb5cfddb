"""Goods asked back by the company, and how much a customer may send back."""
