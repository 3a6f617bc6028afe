"""Ids for what a story calls by any name: valid, each only once, and the same whenever the story is read again."""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

from servicesim.scenario.model import ID, MOVES

LONGEST = 40
_LETTERS = str.maketrans({"ı": "i", "ə": "e", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "&": " and ", "'": "", "’": ""})
_OTHER = re.compile(r"[^a-z0-9]+")


class Names:
    """The ids that were given in one place, such as the replies of a scene."""

    def __init__(self, kind: str) -> None:
        self._kind, self._given = kind, set[str]()
        self._last = dict[str, int]()  # the number that the last of several alike was given

    def named(self, text: str, given: str = "") -> str:
        """An id for this text; `given` is taken if it can be one."""
        wanted = given if _possible(given) else self._made(text)
        name, number = wanted, self._last.get(wanted, 1)
        while name in self._given:
            number += 1
            name = f"{wanted[: LONGEST - 1 - len(str(number))]}-{number}"
        self._given.add(name)
        self._last[wanted] = number
        return name

    def _made(self, text: str) -> str:
        slug = slugged(text)
        if not slug:
            # Not a number in order: that would change with every passage that is put in before.
            return f"{self._kind}-{crc32(text.encode('utf-8', 'surrogatepass')):08x}" if text.strip() else self._kind
        return slug if _possible(slug) else f"{self._kind}-{slug}"[:LONGEST].rstrip("-")


def slugged(text: str) -> str:
    """The words of a text in small letters, digits and hyphens; empty if it has none that can be written so."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    words = _OTHER.sub("-", "".join(one for one in plain if not unicodedata.combining(one))).strip("-").split("-")
    slug = ""
    for word in words:
        if slug and len(slug) + 1 + len(word) > LONGEST:
            break
        slug = f"{slug}-{word}" if slug else word[:LONGEST]
    return slug


def _possible(name: str) -> bool:
    return len(name) <= 60 and ID.fullmatch(name) is not None and name not in MOVES
