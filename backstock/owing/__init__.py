"""Who owes whom: open items, receipts and payments with what they settle, opening items, write-offs, statements."""
