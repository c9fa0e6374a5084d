"""Why the project's files cannot be changed in that way, told to the person who wants it."""

from bot.obstacles import Obstacle


class WrongEdit(Obstacle):
    """Nothing was changed; the text says why and what to do, `code` is for programs."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
