"""What changes sales, in the order in which it happens: sell, ship, invoice, pay."""
