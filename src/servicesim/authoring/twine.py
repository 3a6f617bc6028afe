"""A Twine story as it was read: its passages, and where in the file each of them stands.

    stories, findings = read(Path("umbrella.twee"))

Reading is total: any bytes give stories or findings. Nothing in a story is ever run, and nothing is fetched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from servicesim import platform
from servicesim.scenario.authored import START, sayable
from servicesim.scenario.characters import visible
from servicesim.scenario.findings import Finding, Place, Severity

MAX_BYTES = 16 << 20  # a published story carries the whole program that plays it
MAX_PASSAGES = 1_000
MAX_TEXT = 100_000  # characters of one passage that are looked at
MAX_ALL = 400_000  # characters of all passages of a story together, scripts and style sheets aside
MAX_STORIES = 20

CODES: dict[str, str] = {
    "T001": "No story in the file",
    "T002": "A damaged story",
    "T003": "A story without a start",
    "T004": "Two passages of one name",
    "T005": "A link to a passage that is not there",
    "T006": "A link whose way is worked out in the story",
    "T007": "A link out of the story",
    "T008": "A passage that nothing leads to",
    "T009": "A passage with one link",
    "T010": "A macro is left out",
    "T011": "A variable is left out",
    "T012": "A condition is left out",
    "T013": "A picture or sound is left out",
    "T014": "A passage is left out",
    "T015": "Formatting is left out",
    "T016": "A passage without words",
    "T017": "More than an encounter can hold",
    "T018": "Characters are left out",
    "T019": "A story without an ending",
    "T020": "What a story does not say",
}


class Lines:
    """Where the lines of a file begin: from an offset to a place."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at, self._line = 0, 1  # where the last one was: mostly the next one is near

    def place(self, offset: int) -> Place:
        """The place of a character of the file."""
        first, last = sorted((self._at, offset))
        between = self._text.count("\n", first, last)
        self._line += between if offset >= self._at else -between
        self._at = offset
        return Place(self._line, offset - self._text.rfind("\n", 0, offset))


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage: its name, tags and text; `shifts` tells which character of the file each character of the text is."""

    name: str
    tags: tuple[str, ...]
    text: str
    header: Place
    lines: Lines = field(repr=False)
    shifts: tuple[tuple[int, int], ...] = ((0, 0),)  # from an offset in the text to one in the file, in order

    def place(self, offset: int) -> Place:
        """Where a character of the text stands in the file."""
        at, in_file = self.shifts[bisect_right(self.shifts, (offset, 1 << 60)) - 1]
        return self.lines.place(in_file + offset - at)


@dataclass(frozen=True, slots=True)
class Story:
    """One story: what it is called, the format it is written for, where it starts, and its passages in the file's order."""

    title: str
    format: str
    start: str  # the name of a passage; empty if none is named
    passages: tuple[Passage, ...]
    place: Place = START


@dataclass(frozen=True, slots=True)
class StoryFile:
    """What became of a file: the stories in it, what is wrong with its form, and its text."""

    name: str
    stories: tuple[Story, ...]
    findings: list[Finding]
    text: str = field(default="", repr=False)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; empty if there is none."""
        lines = self.text.split("\n", number)
        return lines[number - 1] if 0 < number <= len(lines) else ""


def found(code: str, file: str, place: Place, message: str, hint: str, severity: Severity = "warning") -> Finding:
    """A finding in a story; what it quotes is short and hides nothing."""
    return Finding(code, severity, file, place.line, place.column, sayable(message), sayable(hint))


def read(path: Path) -> StoryFile:
    """The stories in a file. That it cannot be read is a finding as well."""
    name = visible(str(path))
    try:
        data = platform.read_beginning(path, MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else getattr(error, "strerror", None) or "its name cannot be used"
        return _unusable(name, "F001", f"the file cannot be read: {why}", "check its name and place")
    if data is None:
        return _unusable(name, "F001", "this is not a file that can be read", "name a story, such as umbrella.twee or umbrella.html")
    return parse(data, name)


def parse(data: bytes | str, name: str = "<text>") -> StoryFile:
    """The same for what is already in memory."""
    if isinstance(data, str):
        return _parse_text(data, name)
    if len(data) > MAX_BYTES:
        return _unusable(name, "F002", "the file is larger than 16 MiB", "take the pictures and sounds out of the story, and publish it again")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in data[:4] and data.count(b"\0") * 3 >= len(data)):
        return _unusable(name, "F003", "the file is saved as UTF-16", "save it as UTF-8")
    try:
        return _parse_text(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        before = _one_kind_of_break(data[: error.start].decode("utf-8"))
        place = Lines(before).place(len(before))
        return _unusable(name, "F003", f"the byte {data[error.start]:02X} here is not UTF-8", "save the file as UTF-8", place)


def _unusable(name: str, code: str, message: str, hint: str, place: Place = START) -> StoryFile:
    return StoryFile(name, (), [found(code, name, place, message, hint, "error")])


def _one_kind_of_break(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


_STORY = re.compile(r"<tw-storydata[\s>/]", re.IGNORECASE)
_HEADER = re.compile(r"^::", re.MULTILINE)
_OLD_STORY = re.compile(r"""<div\s[^<>]{0,200}\bid=["']?store-?area\b""", re.IGNORECASE)


def _parse_text(text: str, name: str) -> StoryFile:
    from servicesim.authoring import twine_html, twine_twee

    text = _one_kind_of_break(text.removeprefix("\ufeff"))
    if _STORY.search(text):
        stories, findings = twine_html.stories(text, name)
    elif _HEADER.search(text):
        story, findings = twine_twee.story(text, name)
        stories = [story]
    else:
        return StoryFile(name, (), [_no_story(text, name)], text)
    told = [one for one in stories if one.passages]
    if not told:
        findings = [*findings, found("T001", name, stories[0].place if stories else START, "there is no passage in this file", "publish the story from Twine again, or export it as Twee", "error")]
    return StoryFile(name, tuple(told), findings, text)


def _no_story(text: str, name: str) -> Finding:
    place = START
    if _OLD_STORY.search(text):
        return found("T001", name, place, "this story was published by Twine 1", "import it into Twine 2, and publish it from there", "error")
    if text.lstrip()[:1] in ("{", "["):
        return found("T001", name, place, "this is JSON and not a story that can be read", "export the story from Twine as Twee, or publish it to a file", "error")
    return found("T001", name, place, "this file holds no Twine story", "name a Twee file, whose passages begin with '::', or a story that Twine published as HTML", "error")
