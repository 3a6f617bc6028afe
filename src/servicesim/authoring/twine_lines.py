"""The lines of a passage: words, links and marks, and what is left when the signs of formatting are taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from servicesim.authoring import twine_marks
from servicesim.authoring.twine_html import unescaped

NO_LINK = "/"  # a name that no reply has
_CODE_TARGET = re.compile(r"\s*(?:[$_][A-Za-z]|\(|<%|previous\(|either\(|setup\.|passage\()")
_MARK = re.compile(r"«([a-z][a-z0-9-]{0,59})»[ ]?")


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, the passage it leads to (None: worked out in the story), and where it stands; `name` if it was given one."""

    words: str
    target: str | None
    at: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of a passage that is left out: the code it is told by, how it was written, and where."""

    code: str
    written: str
    at: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A line `«word» more` in which a story that was written by ServiceSim says what Twine has no place for."""

    word: str
    more: str
    at: int


Line = list[str | Link | Marked]


def split(inside: str) -> tuple[str, str]:
    """Words and target of what stands in a link, as the formats write it."""
    if "->" in inside:
        words, _, target = inside.rpartition("->")
    elif "<-" in inside:
        target, _, words = inside.partition("<-")
    elif "|" in inside:
        words, _, target = inside.partition("|")
    else:
        words = target = inside
    return words, target


def target_of(written: str) -> str | None:
    """The passage that a link names; None if it is worked out in the story, or none is named."""
    if _CODE_TARGET.match(written) or not written.strip():
        return None
    return " ".join(unescaped(written).split()).strip("\"'") if written.strip()[:1] in "\"'" else " ".join(unescaped(written).split())


_ANY_TAG = re.compile(r"<[^<>\n]{0,500}>")


def plain(words: str) -> str:
    """The words of a link without markup."""
    words = _ANY_TAG.sub(" ", words)
    for pair in _PAIRS:
        words = pair.sub(r"\1", words)
    return unescaped(" ".join(words.split()))


_PAIRS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern) for pattern in (
        r"''(.+?)''", r"(?<![:/])//(?!/)(.+?)(?<![:/])//(?!/)", r"\*\*(.+?)\*\*", r"~~(.+?)~~", r"==(.+?)==", r"\^\^(.+?)\^\^", r"(?<!\w)__(.+?)__(?!\w)",
        r"(?<![\w*])\*([^\s*][^*]*)\*(?![\w*])", r"@@(?:[.#\w;:-]*;)?(.+?)@@",
    )
)  # fmt: skip
_HEAD_OF_LINE = re.compile(r"^\s*(?:[!#]{1,6}\s*(?=\S)|[*+-]\s+|>\s+|=+><?=*$|<=+$|---+$)")


class Finished:
    """Lines with their links put in, and without the signs of bold, italics, headings and lists."""

    def __init__(self, links: dict[int, Link], dropped: list[Dropped]) -> None:
        self._links, self._dropped = links, dropped
        self._at = 0

    def line(self, line: Line, at: int, may_be_mark: bool) -> tuple[str | Link | Marked, ...]:
        self._at = at
        parts = [self._put_in(part) if isinstance(part, Link) else part for part in line]
        return tuple((may_be_mark and self._marked(parts)) or self._joined(parts))

    def _put_in(self, link: Link) -> str | Link:
        link = self._links[int(link.words)]
        return f"{link.words} " if link.name == NO_LINK else link

    def _marked(self, parts: Line) -> Line:
        """The line as one that ServiceSim wrote; empty if it is none."""
        words = "".join(part for part in parts if isinstance(part, str))
        links = [part for part in parts if isinstance(part, Link)]
        mark = _MARK.match(words)
        if mark is None:
            return []
        more = unescaped(words[mark.end() :]).strip()
        if links:
            return [replace(links[0], name=mark[1]), *links[1:]] if not more else []
        return [Marked(mark[1], more, self._at)] if mark[1] in twine_marks.WORDS else []

    def _joined(self, parts: Line) -> Line:
        joined: Line = []
        for part in parts:
            if isinstance(part, str) and joined and isinstance(joined[-1], str):
                joined[-1] += part
            else:
                joined.append(part)
        if joined and isinstance(joined[0], str):
            joined[0] = _HEAD_OF_LINE.sub(self._without_sign, joined[0], count=1)
        return [unescaped(self._unformatted(part)) if isinstance(part, str) else part for part in joined]

    def _unformatted(self, words: str) -> str:
        for pair in _PAIRS:
            words = pair.sub(self._without_pair, words)
        return words

    def _without_sign(self, sign: re.Match[str]) -> str:
        if sign[0].strip():
            self._dropped.append(Dropped("T015", sign[0].strip(), self._at))
        return ""

    def _without_pair(self, pair: re.Match[str]) -> str:
        self._dropped.append(Dropped("T015", pair[0], self._at))
        return pair[1]
