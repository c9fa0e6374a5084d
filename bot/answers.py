"""
What trainers wrote for the intents that they added: `templates/<locale>/answers.j2`.

A block is named by its intent, `block__2` is another wording of it. The files are read again when
they change, because trainers write them while the house runs; what cannot be read keeps the words
that were there before, and an answer that cannot be said counts as not written.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Template, TemplateSyntaxError
from jinja2.exceptions import TemplateError

from bot.replies import DEFAULT_LOCALE, BrokenTemplates, MissingWords, Templates, render_wording
from bot.watched import Watched

log = logging.getLogger(__name__)

FILE: Final = "answers.j2"
MOST_BYTES: Final = 512 * 1024
"""More than a thousand answers."""
WRONG: Final = (TemplateError, LookupError, AttributeError, TypeError, ValueError, ArithmeticError)
"""What an answer can run into that somebody wrote by hand."""


class TrainedAnswers:
    """The answers of all languages, in a folder of templates."""

    def __init__(self, templates: Templates, folder: Path) -> None:
        self._templates = templates
        self._files: Mapping[str, Watched[Template | None]] = {
            locale: Watched(folder / locale / FILE, self._read, before=None)
            for locale in {*templates.locales, DEFAULT_LOCALE}
        }

    def find(self, intent: str, locale: str, variant: str) -> str | None:
        """
        The answer in that language, or else in English; None if there is neither.

        The same `variant` always gets the same wording.
        """
        for spoken_in in dict.fromkeys((self._templates.nearest(locale), DEFAULT_LOCALE)):
            if text := self._say(intent, spoken_in, variant):
                return text

        return None

    def check(self) -> None:
        """Read every language's file, so that a broken one stops the start."""
        for watched in self._files.values():
            if error := watched.find_error():
                raise error

    def _say(self, intent: str, locale: str, variant: str) -> str | None:
        template = self._files[locale]()
        if template is None:
            return None
        try:
            return render_wording(template, intent, locale, variant)
        except MissingWords:
            return None
        except WRONG as error:
            log.error("The answer %s in %s cannot be said: %s", intent, locale, error)
            return None

    def _read(self, path: Path) -> Template | None:
        """The file's blocks; None if there is no file, as where no answer was ever added."""
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise BrokenTemplates(f"{path}: larger than {MOST_BYTES // 1024} KiB")
            return self._templates.environment.from_string(content.decode("utf-8"))
        except FileNotFoundError:
            return None
        except TemplateSyntaxError as error:
            raise BrokenTemplates(f"{path}, line {error.lineno}: {error.message}") from error
        except UnicodeDecodeError as error:
            raise BrokenTemplates(f"{path}: not UTF-8 at byte {error.start}") from error
        except RecursionError as error:
            raise BrokenTemplates(f"{path}: nested too deeply") from error
        except OSError as error:
            raise BrokenTemplates(f"{path}: {error.strerror}") from error
