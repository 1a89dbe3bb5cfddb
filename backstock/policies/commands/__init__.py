"""What changes the policy."""
