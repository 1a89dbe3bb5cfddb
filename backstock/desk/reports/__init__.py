"""The desk's reports: what the two ledgers say, by period, product, partner and account; every figure leads to its rows."""
