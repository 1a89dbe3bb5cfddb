"""A small Chinese trading company with a year of trade, made by the product's own commands and repeatable."""
