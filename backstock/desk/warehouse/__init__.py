"""Pages of the warehouse: what lies where, transfers, adjustments, counts, assembly, expiry, minimum stock."""
