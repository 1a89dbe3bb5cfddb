"""What an inspection finds, and what may not be done with the goods."""
