"""The desk's pages around telling: the notes of a reader, the outbox to customers, and who is told what."""
