"""Makegood, an after-sales chatbot for marketplace sellers."""
