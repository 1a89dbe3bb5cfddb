"""What changes customers and suppliers."""
