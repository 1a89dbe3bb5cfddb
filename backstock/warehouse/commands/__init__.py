"""What changes the company's set-up and its warehouses."""
