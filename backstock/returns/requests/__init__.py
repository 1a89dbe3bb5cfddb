"""What a customer asks for: read, matched to what was sold, checked and written."""
