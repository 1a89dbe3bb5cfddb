"""Goods at the dock: scans, parcels, labels, and goods whose owner nobody knows yet."""
