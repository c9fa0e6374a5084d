"""How fast the house answers, and how much memory it takes: `make bench`."""
