"""The desk's pages of sales."""
