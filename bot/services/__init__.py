"""What the house does for a buyer, one unit of work each."""
