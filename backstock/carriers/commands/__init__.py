"""Carriers are written down, and retired; never deleted."""
