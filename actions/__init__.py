"""Rasa's custom actions: they translate, call a service, and return events."""
