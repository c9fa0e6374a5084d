"""Where a trainer works: what the model makes of messages, and how good that is."""
