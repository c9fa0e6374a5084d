"""A candidate beside the live model: what got better and worse, and whether it may go live."""
