"""How good a model is: figures computed from its predictions, as text, JSON and a page."""
