"""The books: what the two ledgers say, by period, product, partner and account; read only."""
