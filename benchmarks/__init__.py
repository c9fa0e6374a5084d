"""How well the house understands, how fast it answers, what memory it takes: `make bench`."""
