"""Pages about the law: markets and packs, corrected facts, running clocks, what was late, what was noted at a purchase."""
