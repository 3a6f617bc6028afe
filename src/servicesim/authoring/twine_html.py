"""Reading what Twine 2 published, and its archives: `<tw-storydata>` with `<tw-passagedata>` in it.

Only these two tags are looked at, and by the text between them: nothing else of the page is taken for anything.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from servicesim.authoring.twine import MAX_PASSAGES, MAX_STORIES, MAX_TEXT, Lines, Passage, Story, found
from servicesim.scenario.findings import Finding

_STORY = re.compile(r"<tw-storydata(?=[\s>/])", re.IGNORECASE)
_STORY_ENDS = re.compile(r"</tw-storydata\s*>", re.IGNORECASE)
_PASSAGE = re.compile(r"<tw-passagedata(?=[\s>/])", re.IGNORECASE)
_PASSAGE_ENDS = re.compile(r"</tw-passagedata\s*>|<tw-passagedata(?=[\s>/])", re.IGNORECASE)
_CODE = re.compile(r"<(script|style)\b[^<>]{0,500}>", re.IGNORECASE)
_CODE_ENDS = {kind: re.compile(f"</{kind}", re.IGNORECASE) for kind in ("script", "style")}
_LONGEST_TAG = 20_000
# Possessive throughout: a quote that is never closed is told so in one look.
_TAG = re.compile(r"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w-]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
# No longer than any name or number of a character is.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")


@dataclass(frozen=True, slots=True)
class _Tag:
    attributes: dict[str, str]
    start: int
    end: int


def stories(text: str, name: str) -> tuple[list[Story], list[Finding]]:
    """The stories in a page, and what is wrong with its form."""
    reading = _Reading(text, name)
    return list(reading.stories()), reading.findings


def unescaped(text: str) -> str:
    """A text with its entities replaced, as many times as they are written: once."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


class _Reading:
    def __init__(self, text: str, name: str) -> None:
        self._text, self._name, self._lines = text, name, Lines(text)
        self.findings: list[Finding] = []

    def stories(self) -> Iterator[Story]:
        tags = []
        for found_ in _STORY.finditer(self._text):
            tags.append(found_.start())
            if len(tags) > MAX_STORIES:
                self._find("T017", tags.pop(), f"the file has more than {MAX_STORIES} stories; from here on they are left out", "export fewer of them")
                break
        for start, limit in zip(tags, [*tags[1:], len(self._text)], strict=True):
            tag = self._tag(_STORY, start)
            if tag is None:
                self._cut(start, "this story's first tag does not end")
                continue
            yield self._story(tag, limit)

    def _story(self, tag: _Tag, limit: int) -> Story:
        ends = _STORY_ENDS.search(self._text, tag.end, limit)
        if ends is None:
            self._cut(tag.start, f"the story '{tag.attributes.get('name', '')}' is cut off: its end is missing")
        passages = dict[str, Passage]()  # by pid; one that is missing gets a name of its own
        for number, (pid, passage) in enumerate(self._passages(tag.end, ends.start() if ends else limit)):
            passages[pid if pid and pid not in passages else f" {number}"] = passage
        start = passages.get(tag.attributes.get("startnode", ""))
        attributes = tag.attributes
        title = " ".join(attributes.get("name", "").split())
        return Story(title, attributes.get("format", ""), start.name if start else "", tuple(passages.values()), self._lines.place(tag.start))

    def _passages(self, at: int, end: int) -> Iterator[tuple[str, Passage]]:
        for number, start in enumerate(_starts(self._text, at, end)):
            if number == MAX_PASSAGES:
                self._find("T017", start, f"the story has more than {MAX_PASSAGES:,} passages; from here on they are left out", "split the story into several")
                return
            tag = self._tag(_PASSAGE, start)
            if tag is None or tag.end > end:
                self._cut(start, "this passage's tag does not end")
                return
            yield tag.attributes.get("pid", ""), self._passage(tag, end)

    def _passage(self, tag: _Tag, end: int) -> Passage:
        name = " ".join(tag.attributes.get("name", "").split())
        ends = _PASSAGE_ENDS.search(self._text, tag.end, end)
        if ends is None or ends[0][1] != "/":
            self._cut(tag.start, f"the passage '{name}' is cut off: its end is missing")
        stop = ends.start() if ends else end
        if stop - tag.end > MAX_TEXT:
            self._find("T017", tag.end + MAX_TEXT, f"the passage '{name}' is longer than {MAX_TEXT:,} characters; the rest is left out", "shorten it")
        text, shifts = _content(self._text, tag.end, min(stop, tag.end + MAX_TEXT))
        return Passage(name, tuple(tag.attributes.get("tags", "").split()), text.rstrip(), self._lines.place(tag.start), self._lines, shifts)

    def _tag(self, kind: re.Pattern[str], start: int) -> _Tag | None:
        """The tag that begins here; None if it does not end."""
        named = kind.match(self._text, start)
        ends = _TAG.match(self._text, named.end(), named.end() + _LONGEST_TAG) if named else None
        if named is None or ends is None:
            return None
        attributes = dict[str, str]()
        for key, *values in _ATTRIBUTE.findall(self._text[named.end() : ends.end() - 1]):
            attributes.setdefault(key.lower(), unescaped("".join(values)))
        return _Tag(attributes, start, ends.end())

    def _cut(self, offset: int, message: str) -> None:
        self._find("T002", offset, message, "publish the story from Twine again, or fetch the whole file")

    def _find(self, code: str, offset: int, message: str, hint: str) -> None:
        self.findings.append(found(code, self._name, self._lines.place(offset), message, hint))


def _starts(text: str, at: int, end: int) -> Iterator[int]:
    """Where passages begin, past the scripts and styles that come first and may speak of anything."""
    endless = set[str]()
    while (tag := _PASSAGE.search(text, at, end)) is not None:
        code = _CODE.search(text, at, tag.start())
        kind = code[1].lower() if code else ""
        if code and kind not in endless:
            closes = _CODE_ENDS[kind].search(text, code.end(), end)
            if closes is None:
                endless.add(kind)
            else:
                at = closes.end()
                continue
        yield tag.start()
        # A passage has no tags in it: whatever its text looks like is written with entities.
        closed = _PASSAGE_ENDS.search(text, tag.end(), end)
        at = end if closed is None else closed.end() if closed[0][1] == "/" else closed.start()


def _content(text: str, start: int, end: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A passage's text with its entities replaced, and which character of the file each of its characters is."""
    pieces, shifts, length, at = list[str](), [(0, start)], 0, start
    for entity in _ENTITY.finditer(text, start, end):
        stands_for = html.unescape(entity[0])
        pieces += [text[at : entity.start()], stands_for]
        length += entity.start() - at + len(stands_for)
        at = entity.end()
        shifts.append((length, at))
    pieces.append(text[at:end])
    return "".join(pieces), tuple(shifts)
