"""Programs ask: the same commands and queries as the pages, as JSON."""
