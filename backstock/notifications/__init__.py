"""Tells colleagues and customers what happened: notes in the program, letters by e-mail; both derived from the log."""
