"""Reading Twee 3: passages that begin with `:: Name [tags] {"position":"1,2"}` at the head of a line."""

from __future__ import annotations

import json
import re
from typing import Any

from servicesim.authoring.twine import MAX_PASSAGES, MAX_TEXT, Lines, Passage, Story, found
from servicesim.scenario.findings import Finding

_HEADER = re.compile(r"^::(?P<rest>.*)$", re.MULTILINE)
_POSITION = re.compile(r"<\d{1,9},\d{1,9}>\s*$")  # as Twee2 writes it


def story(text: str, name: str) -> tuple[Story, list[Finding]]:
    """The story in a Twee file, and what is wrong with its form."""
    reading = _Reading(text, name)
    reading.passages()
    return reading.story(), reading.findings


class _Reading:
    def __init__(self, text: str, name: str) -> None:
        self._text, self._name, self._lines = text, name, Lines(text)
        self._title, self._data = "", dict[str, Any]()
        self._passages: list[Passage] = []
        self.findings: list[Finding] = []

    def story(self) -> Story:
        format_, start = self._data.get("format"), self._data.get("start")
        return Story(
            self._title, format_ if isinstance(format_, str) else "", start if isinstance(start, str) else "",
            tuple(self._passages),
        )  # fmt: skip

    def passages(self) -> None:
        headers = []
        for header in _HEADER.finditer(self._text):
            headers.append(header)
            if len(headers) > MAX_PASSAGES:
                self._find("T017", header.start(), f"the file has more than {MAX_PASSAGES:,} passages; from here on they are left out", "split the story into several")
                break
        self._before(headers[0].start())
        ends = [header.start() for header in headers[1:]]
        for header, end in zip(headers[:MAX_PASSAGES], [*ends, len(self._text)], strict=False):
            self._passage(header, end)

    def _before(self, end: int) -> None:
        before = self._text[:end].strip()
        if before:
            self._find("T002", self._text.index(before[0]), f"before the first passage stands '{before}', which belongs to none", "put it into a passage, or delete it")

    def _passage(self, header: re.Match[str], end: int) -> None:
        name, tags, data = _header(header["rest"])
        if data.strip() and _fields(data) is None:
            self._find("T002", header.start(), f"what follows the name, '{data.strip()}', cannot be read", 'write it as {"position":"100,100"}, or delete it')
        start = min(header.end() + 1, len(self._text))
        text = self._text[start:end].rstrip()
        if len(text) > MAX_TEXT:
            self._find("T017", start + MAX_TEXT, f"the passage '{name}' is longer than {MAX_TEXT:,} characters; the rest is left out", "shorten it")
        match name:
            case "StoryTitle":
                self._title = " ".join(text.split())
            case "StoryData":
                self._story_data(text, header.start())
            case _:
                self._passages.append(Passage(name, tags, text[:MAX_TEXT], self._lines.place(header.start()), self._lines, ((0, start),)))

    def _story_data(self, text: str, at: int) -> None:
        data = _fields(text)
        if data is None:
            self._find("T002", at, "the passage StoryData cannot be read", "export the story from Twine again")
        self._data = data or {}

    def _find(self, code: str, offset: int, message: str, hint: str) -> None:
        self.findings.append(found(code, self._name, self._lines.place(offset), message, hint))


def _fields(text: str) -> dict[str, Any] | None:
    """The fields of a piece of JSON; None if it holds none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _header(rest: str) -> tuple[str, tuple[str, ...], str]:
    """Name, tags and metadata of a header; a backslash takes the next character as it is."""
    name, stop = _until(rest, "[{")
    tags: tuple[str, ...] = ()
    if rest[stop : stop + 1] == "[":
        inside, end = _until(rest[stop + 1 :], "]")
        tags, stop = tuple(inside.split()), stop + 1 + end + 1
    data = _POSITION.sub("", rest[stop:])
    return _POSITION.sub("", name).strip(), tags, data


def _until(text: str, ends: str) -> tuple[str, int]:
    """What stands before the first of these characters, and where that is."""
    taken, at = list[str](), 0
    while at < len(text) and text[at] not in ends:
        at += text[at] == "\\"
        taken.append(text[at : at + 1])
        at += 1
    return "".join(taken), min(at, len(text))
