"""Pages of flows: which there are, what one asks in sentences, and how it is changed."""
