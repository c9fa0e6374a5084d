"""Who works the outbox off, and who wakes them. The only part of the house that imports huey."""
