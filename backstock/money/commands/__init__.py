"""What changes accounts and periods."""
