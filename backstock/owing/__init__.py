"""What partners owe us and we owe them: money on account, open items, ageing, statements, write-offs."""
