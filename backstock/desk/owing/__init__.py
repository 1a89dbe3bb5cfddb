"""The desk's pages of money: who owes whom, receipts and payments, accounts, the end of a period."""
