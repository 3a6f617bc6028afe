"""Translations for tests: every text in other letters, with its stops and braces."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from servicesim.authoring.translating import Original, original
from servicesim.authoring.translations import empty, merged, written

_KEPT = re.compile(r"(\{[a-z]+\}|\s\|\s)")


def other_letters(text: str) -> str:
    """A text as another language might say it: `I left. | It was red.` becomes `İ LEFT. | İT WAS RED.`."""
    return "".join(part if _KEPT.fullmatch(part) else part.replace("i", "İ").upper() for part in _KEPT.split(text))


def translate(path: Path, language: str, say: Callable[[str, str], str] = lambda key, text: other_letters(text)) -> Original:
    """Write the translation of a scenario or of principles beside it; `say` gives what is said for a key and its text."""
    one = original(path)
    catalog = merged(empty(language), one.texts, one.notes)
    for message in catalog:
        if message.id:
            message.string = say(str(message.context), str(message.id))
    one.file(language).parent.mkdir(parents=True, exist_ok=True)
    one.file(language).write_text(written(catalog), encoding="utf-8")
    return original(path)
