"""The words of the interface in one of its languages: English from wording_en.py, the others from assets/languages/*/window.po.

>>> words = words_in("en")
>>> words("best", points=92)
'Best so far: \\u206892\\u2069'
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from servicesim.desktop.bidi import base_direction
from servicesim.desktop.look import Direction
from servicesim.desktop.safe_text import FSI, PDI, isolated, safe_text
from servicesim.desktop.wording_en import ENGLISH
from servicesim.errors import ServicesimError
from servicesim.languages import Texts, Writing, spoken

if TYPE_CHECKING:
    from servicesim.assessment.reasons import Reason
    from servicesim.encounter.script import Script
    from servicesim.scenario.principles import Principles

_LEFTWARD = ("ar", "fa", "he", "ur", "yi", "ckb", "ps", "sd", "ug")
_BRACES = re.compile(r"\{([a-z_]+)\}")


class Words(Writing):
    """The words of one language: `words("begin")`; values are inserted so that they cannot reorder what is around them.

    A text that depends on a number takes it as `count`: `words("more-moments", count=3)`.
    """

    def __init__(self, language: str) -> None:
        self.speak(language)

    def speak(self, language: str) -> None:
        """Be the words of another language; whoever shows some asks for them anew (`Stage.speak`)."""
        super().__init__(language)
        self._texts = Texts(ENGLISH, "window", language)

    def __call__(self, key: str, /, **values: object) -> str:
        count = values.get("count")
        text = self._texts(key, count if isinstance(count, int) else None)
        told = {name: isolated(self.told(value)) for name, value in values.items()}
        return _BRACES.sub(lambda match: told[match[1]], text) if told else text

    def taught(self, script: Script) -> Principles:
        """The principles of an encounter in this language, as far as they are translated."""
        from servicesim.scenario.teaching import told_in  # not needed for the first picture

        return told_in(script.principles, self.language, script.folder)

    def because(self, reason: Reason, script: Script) -> str:
        """Why a verdict is what it is."""
        from servicesim.assessment.reasons import reasons_in

        parts = reasons_in(self.language).parts(reason.told(self.taught(script)))
        return "".join(isolated(text) if authored else text for text, authored in parts)

    @property
    def direction(self) -> Direction:
        """In which direction the interface reads."""
        return direction_of(self.language)

    def told(self, value: object) -> str:
        """A value to insert: a number as the language writes it, anything else as text."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.number(value, 2)
        return str(value)

    def clock(self, seconds: float) -> str:
        """Minutes and seconds."""
        whole = max(0, int(seconds))
        return self.digits(f"{whole // 60}:{whole % 60:02d}")

    def failure(self, failure: ServicesimError) -> str:
        """What went wrong, as a sentence; only the English one has the particulars."""
        key = f"failure-{type(failure).__name__}"
        said = self._texts(key) if self.language != "en" and key in ENGLISH else str(failure)
        sentence = said[:1].upper() + said[1:]
        return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


@cache
def words_in(language: str) -> Words:
    """The words of a language; English where a language is not spoken here."""
    return Words(spoken(language))


def direction_of(locale: str) -> Direction:
    """In which direction a language is read."""
    return "rtl" if locale.split("-")[0].lower() in _LEFTWARD else "ltr"


def reads(text: str) -> Direction:
    """In which direction an authored text is read, by its first strong letter."""
    seen = safe_text(text).replace(FSI, "").replace(PDI, "")  # what is isolated decides here too
    return "rtl" if base_direction(seen) == 1 else "ltr"
