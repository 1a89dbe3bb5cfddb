"""Who decides, by when, and which papers it takes: what the rules, the law and the flow ask of a return."""
