"""The file of evidence about an order: one HTML page that needs nothing else."""
