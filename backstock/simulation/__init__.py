"""A draft of the policy tried on the company's own past (试算): nothing here writes anything."""
