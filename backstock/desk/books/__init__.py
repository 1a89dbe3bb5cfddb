"""Pages of the bookkeeper: red invoices."""
