"""
What services need from outside, as Protocols: the store, the words, the time.

One module a subject. What belongs to one part of the desk stands with that part
(bot/casework/desk.py and others); `bot.casework.ports.units` puts all of it together.
"""
