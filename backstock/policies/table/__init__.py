"""The policy as a table: rows of conditions and what follows, one of which decides about a line of a return. Pure."""
