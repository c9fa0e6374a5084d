"""
What a message names: order numbers, contacts, amounts, sizes, colours, days.

`patterns` reads data/entities, `tokens` cuts the text, `matching` finds with spaCy, `context` knows
what stands around, `readings` brings what was found to one spelling or turns it down, and `finder`
puts all together. Nothing in here knows Rasa: the component is bot/engine/entity_extractor.py.
"""
