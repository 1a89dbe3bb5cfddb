"""Flows are changed by publishing another version."""
