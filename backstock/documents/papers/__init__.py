"""What each paper says: one file per paper, and what they share."""
