"""Measure: how fast the product is, beside how fast the bare database could be."""
