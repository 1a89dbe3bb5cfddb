"""What may be done with evidence: brought, and erased where the law wants it; never replaced."""
