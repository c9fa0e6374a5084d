"""The commands of `makegood`, one module a subject; `bot/cli.py` gathers them."""
