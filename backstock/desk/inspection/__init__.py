"""The desk's pages of inspections: the rules that inspectors work by, and what was found."""
