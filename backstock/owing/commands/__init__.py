"""What changes what partners owe and are owed."""
