"""Running the house's processes: started together, restarted when they die, never left behind."""
