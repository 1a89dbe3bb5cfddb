"""What changes purchases."""
