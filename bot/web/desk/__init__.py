"""The desk: where agents see what waits, take over, decide and give back (docs/DESK.md)."""
