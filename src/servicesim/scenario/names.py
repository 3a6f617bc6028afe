"""Names that a scenario may use: what is inserted in texts, portraits, and files of sound."""

from __future__ import annotations

import re

PORTRAITS = (
    "default", "leyla", "murad", "zahra", "avi", "dina", "grace", "tomas", "mei", "omid", "yusuf", "amina", "ingrid", "noa", "kenji",
)  # fmt: skip

_INSERTED = ("trainee", "customer", "company")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_SOUND = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/){0,4}[a-z0-9][a-z0-9_-]*\.(?:ogg|wav)")
_DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))))


def placeholders() -> tuple[str, ...]:
    """What may stand in braces in a text."""
    return tuple(f"{{{name}}}" for name in _INSERTED)


def unknown_placeholder(text: str) -> str:
    """The first brace, or braced word, that means nothing; empty if all is well."""
    return next((found for found in _BRACES.findall(text) if found not in placeholders()), "")


def inserted(text: str, *, trainee: str, customer: str, company: str) -> str:
    """The text with its braced words replaced; the values are put in as they are, so isolate them before."""
    values = {"{trainee}": trainee, "{customer}": customer, "{company}": company}
    return _BRACES.sub(lambda match: values.get(match[0], match[0]), text)


def asset_problem(name: str) -> str:
    """Why a sound cannot be named so; empty if it can."""
    if not _SOUND.fullmatch(name):
        return "small letters, digits, - and _, at most four folders deep, ending in .ogg or .wav"
    words = name.rsplit(".", 1)[0].split("/")
    return "some systems keep that name for a device" if _DEVICES.intersection(words) else ""
