"""What changes sales, in the order in which it happens: quote, confirm, sell, pick, ship, sign, invoice, pay, close."""
