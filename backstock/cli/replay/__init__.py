"""The scenario language: an adapter that maps each verb to one command or query and does no business arithmetic."""
