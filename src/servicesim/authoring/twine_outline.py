"""A story as an encounter has it: which passages are scenes and which endings, what the customer says there, and the replies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from servicesim.authoring import twine_marks as marks
from servicesim.authoring.twine import MAX_ALL, Passage, Story
from servicesim.authoring.twine_lines import Dropped, Link, Marked
from servicesim.authoring.twine_names import Names, slugged
from servicesim.authoring.twine_text import taken_apart

SPECIAL_NAMES = frozenset((
    "StoryTitle", "StoryData", "StoryInit", "StoryMenu", "StoryCaption", "StoryBanner", "StoryAuthor", "StorySubtitle", "StoryShare",
    "StoryInterface", "StorySettings", "StoryIncludes", "StoryStylesheet", "StoryDisplayTitle", "StoryLoadingScreen", "StorySave",
    "StorySidebar", "PassageHeader", "PassageFooter", "PassageReady", "PassageDone", "UserScript", "UserStylesheet",
))  # fmt: skip
SPECIAL_TAGS = frozenset((
    "script", "stylesheet", "style", "widget", "header", "footer", "startup", "init", "debug-header", "debug-footer", "debug-startup",
    "annotation", "twine.image", "twine.private",
))  # fmt: skip
MEDIA_TAGS = ("twine.image", "twine.audio", "twine.video", "twine.vtt", "twine.font")


@dataclass(slots=True)
class Said:
    """One of the lines that the customer may speak in a scene: its words, and what a mark says of it."""

    words: list[str] = field(default_factory=list)
    condition: str = ""
    acts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ReplyFound:
    """A link as a reply."""

    link: Link
    id: str = ""
    acts: list[str] | None = None
    condition: str = ""
    why: str = ""
    deed: bool = False


@dataclass(slots=True)
class Place:
    """A passage as a scene or an ending."""

    passage: Passage
    ends: bool
    id: str
    said: list[Said]
    replies: list[ReplyFound]
    dropped: tuple[Dropped, ...]
    title: str = ""
    stage: str = ""
    happens: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole story so; `places` has what a name leads to, and the first of two passages of one name."""

    story: Story
    start: Place | None
    found: tuple[Place, ...]
    places: dict[str, Place]
    twice: tuple[Place, ...]
    left_out: tuple[Passage, ...]
    too_much: tuple[Passage, ...]
    head: marks.Head


def outline(story: Story) -> Outline:
    """The scenes, endings and replies of a story."""
    kept, too_much = _as_many_as_fit([passage for passage in story.passages if not _is_special(passage) and marks.HEAD_TAG not in passage.tags])
    left_out = tuple(passage for passage in story.passages if _is_special(passage))
    named = next((passage for passage in kept if passage.name == (story.start or "Start")), kept[0] if kept else None)
    of_scenes, of_endings = Names("scene"), Names("ending")
    found: list[Place] = []
    for passage in kept:
        place = _place(passage, story.format)
        place.ends = not place.replies and passage is not named
        place.id = (of_endings if place.ends else of_scenes).named(passage.name, place.id)
        found.append(place)
    places, twice = dict[str, Place](), list[Place]()
    for place in found:
        if places.setdefault(place.passage.name, place) is not place:
            twice.append(place)
    head = next((marks.read_head(passage.text) for passage in story.passages if marks.HEAD_TAG in passage.tags), {})
    start = next((place for place in found if place.passage is named), None)
    return Outline(story, start, tuple(found), places, tuple(twice), left_out, too_much, head)


def _as_many_as_fit(passages: list[Passage]) -> tuple[list[Passage], tuple[Passage, ...]]:
    """The passages that are looked at, and those that are too many."""
    sums = accumulate(len(passage.text) + len(passage.name) for passage in passages)
    fit = sum(length <= MAX_ALL for length in sums)
    return passages[:fit], tuple(passages[fit:])


def _is_special(passage: Passage) -> bool:
    tags = {tag.lower() for tag in passage.tags}
    return passage.name in SPECIAL_NAMES or not tags.isdisjoint(SPECIAL_TAGS) or any(tag.startswith(MEDIA_TAGS) for tag in tags)


def _place(passage: Passage, format_: str) -> Place:
    taken = taken_apart(passage.text, format_)
    reading = _Reading(passage, taken.dropped)
    for line in taken.lines:
        reading.read(line)
    return reading.finished()


class _Reading:
    """Goes through the lines of one passage: first what the customer says, then each reply with what belongs to it."""

    def __init__(self, passage: Passage, dropped: tuple[Dropped, ...]) -> None:
        self._place = Place(passage, False, "", [Said()], [], dropped)

    def finished(self) -> Place:
        place, names = self._place, Names("reply")
        place.said = [one for one in place.said if any(one.words) or one.condition] or place.said[:1]
        for reply in place.replies:
            words, target = reply.link.words, reply.link.target or ""
            reply.id = names.named(words if slugged(words) or not target else target, reply.link.name)
        return place

    def read(self, line: tuple[str | Link | Marked, ...]) -> None:
        if line and isinstance(line[0], Marked):
            self._mark(line[0])
            return
        links = [part for part in line if isinstance(part, Link)]
        self._place.replies += [ReplyFound(link) for link in links]
        said = "".join(part for part in line if isinstance(part, str))
        if not links:
            self._words(said)
        elif any(character.isalnum() for character in said):
            # A link within a sentence: without its words the sentence would have a hole.
            self._words("".join(part if isinstance(part, str) else part.words if isinstance(part, Link) else "" for part in line))

    def _words(self, words: str) -> None:
        self._place.said[-1].words.append(words)

    def _mark(self, mark: Marked) -> None:
        if self._place.replies and mark.word in marks.OF_REPLIES:
            self._of_reply(self._place.replies[-1], mark)
            return
        match mark.word:
            case marks.ID:
                self._place.id = mark.more
            case marks.TITLE:
                self._place.title = mark.more
            case marks.STAGE:
                self._place.stage = mark.more
            case marks.HAPPENS:
                self._place.happens += _names(mark.more)
            case marks.IF | marks.ELSE:
                self._place.said.append(Said(condition=mark.more if mark.word == marks.IF else ""))
            case marks.ACTS:
                self._place.said[-1].acts += _names(mark.more)
            case _:
                self._words(mark.more)

    def _of_reply(self, reply: ReplyFound, mark: Marked) -> None:
        match mark.word:
            case marks.ACTS:
                reply.acts = list(_names(mark.more))
            case marks.IF:
                reply.condition = mark.more
            case marks.WHY:
                reply.why = mark.more
            case _:
                reply.deed = True


def _names(text: str) -> Iterator[str]:
    """The names in a list with commas, such as acts; `none` names none."""
    return (name for name in (part.strip() for part in text.split(",")) if name and name != "none")
