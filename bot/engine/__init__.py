"""What runs inside Rasa's own process, on Python 3.10: its ears, its short memory, its calls."""
