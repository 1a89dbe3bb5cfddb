"""The desk's pages of customers and suppliers."""
