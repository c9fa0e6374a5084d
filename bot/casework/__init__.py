"""The pure core: what an order, a case, a decision and a remedy are. Standard library only."""
