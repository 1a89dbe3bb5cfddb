"""The desk's pages around papers: one PDF, many at once, and the letterhead."""
