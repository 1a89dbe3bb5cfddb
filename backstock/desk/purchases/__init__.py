"""The desk's pages of purchases."""
