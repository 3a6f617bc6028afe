"""From a story to a skeleton: a scenario file with the story's scenes and replies, to be filled in, and what the story does not say.

    for skeleton in skeletons(twine.read(Path("umbrella.twee")), "umbrella"):
        print(skeleton.text, skeleton.findings)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from servicesim.authoring import twine_marks as marks
from servicesim.authoring.twine import StoryFile, found
from servicesim.authoring.twine_amiss import amiss
from servicesim.authoring.twine_names import Names, slugged
from servicesim.authoring.twine_outline import Outline, Place, ReplyFound, Said, outline
from servicesim.authoring.twine_yaml import cleaned, comment, fitting, scalar
from servicesim.scenario.findings import Finding, in_order
from servicesim.scenario.findings import Place as Spot
from servicesim.scenario.model import CHANNELS
from servicesim.scenario.names import placeholders, unknown_placeholder
from servicesim.scenario.source import MAX_BYTES

MOST_WORDS = 160_000  # bytes that customers and trainees say
MOST_REPLIES = 2_000
MOST_COMMENTS = 120_000  # characters in which what is left out is quoted
THE_END = "the-end"
TODO = "TODO:"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What becomes of one story: the text of a scenario file, and what was found in the story."""

    id: str
    title: str
    text: str
    findings: list[Finding]
    scenes: int
    replies: int
    endings: int


def skeletons(file: StoryFile, stem: str) -> Iterator[Skeleton]:
    """A skeleton of each story in a file; `stem` is what a story without a title is called."""
    ids = Names("story")
    for story in file.stories:
        plan = outline(story)
        title = cleaned(story.title)[0] or stem
        given = str(plan.head.get("id", ""))
        id_ = ids.named(title if slugged(title) else stem, given or ("story" if slugged(title) == "principles" else ""))
        yield _Writing(plan, file.name, id_, title).skeleton()


class _Writing:
    """Writes one skeleton, and finds what cannot go into it."""

    def __init__(self, plan: Outline, file: str, id_: str, title: str) -> None:
        self._plan, self._file, self._id, self._title = plan, file, id_, title
        self._words_left, self._comments_left, self._replies_left = MOST_WORDS, MOST_COMMENTS, MOST_REPLIES
        self._findings: list[Finding] = []
        self._endings = Names("ending")
        self._missing = dict[str, str]()  # endings for what links lead to and the story does not have
        self._replies = 0
        for place in plan.found:
            if place.ends:
                self._endings.named(place.id, place.id)

    def skeleton(self) -> Skeleton:
        scenes = "".join(self._scene(place) for place in self._scenes())
        endings = "".join(self._ending(place) for place in self._plan.found if place.ends)
        endings += "".join(self._missing_ending(id_, words) for words, id_ in self._missing.items())
        text = f"{self._head()}scenes:\n{scenes}\nendings:\n{endings}"
        if len(text.encode()) > MAX_BYTES:
            # The limits above are made for this not to happen; a file that nobody can read would be worse.
            self._find("T017", self._plan.story.place, "what stands in this story is more than a scenario file can hold", "split the story into several", error=True)
            text = ""
        findings = in_order([*amiss(self._plan, self._file), *self._findings])
        ended = sum(place.ends for place in self._plan.found) + len(self._missing)
        return Skeleton(self._id, self._title, text, findings, len(self._scenes()), self._replies, ended)

    def _scenes(self) -> list[Place]:
        """The start first, then the others as they stand in the story."""
        scenes = [place for place in self._plan.found if not place.ends]
        return sorted(scenes, key=lambda place: place is not self._plan.start)

    # --- the head ----------------------------------------------------------------------------------------------------

    def _head(self) -> str:
        head, start = self._plan.head, self._plan.start
        channel = head.get("channel")
        lines = [
            "# A skeleton, made from a Twine story: the scenes and the words are there, the training is not.",
            "# Write where it says TODO, look with 'servicesim check', and delete these lines when you are done.",
            "servicesim: 1",
            f"id: {self._id}",
            f"title: {scalar(self._clean(self._title, self._plan.story.place)[:200], 0)}",
            self._text_field("summary", f"{TODO} who comes, and what about? One or two sentences."),
            *(() if channel in CHANNELS else ("# TODO: in-person, phone, chat or email",)),
            f"channel: {channel if channel in CHANNELS else 'phone'}",
            f"locale: {self._locale()}",
            self._text_field("company", f"{TODO} the name of the business"),
            *([f"pass: {head['pass']}"] if "pass" in head else []),
            *([f"learn: {_flow(head['learn'])}"] if "learn" in head else ["# TODO: learn: [the principles that this encounter is about]"]),
            *self._customer(),
            *([f"facts: {_flow(head['facts'])}"] if head.get("facts") else []),
            f"start: {start.id if start else ''}",
            *([f"leaves: {scalar(str(head['leaves']), 0)}"] if "leaves" in head else []),
            "",
        ]
        return "\n".join(lines) + "\n"

    def _text_field(self, key: str, todo: str) -> str:
        given = self._clean(str(self._plan.head.get(key, "")), self._plan.story.place)
        return f"{key}: {scalar(fitting(given or todo)[0], 0)}"

    def _customer(self) -> list[str]:
        if isinstance(self._plan.head.get("customer"), dict):
            return [f"customer: {_flow(self._plan.head['customer'])}"]
        return [
            "customer:",
            f'  name: "{TODO} the name of the customer"',
            "  # TODO: hostile, unfriendly, indifferent, uninformed, supporter, fan or wavering",
            "  type: indifferent",
            "  # TODO: what the customer expects and has got so far, 0-100, and how angry they are, 0-5",
            "  expects: 50",
            "  received: 50",
        ]

    def _locale(self) -> str:
        given = str(self._plan.head.get("locale", ""))
        if given.replace("-", "").isalnum() and given.isascii() and given[:2].islower() and len(given) < 12:
            return scalar(given, 0)
        said = "".join(place.passage.text[:2_000] for place in self._plan.found[:50])
        signs = {"fa": "پچژگکی", "he": "אבגדהו", "az": "ə", "tr": "ğışİ"}
        return next((locale for locale, letters in signs.items() if sum(map(said.count, letters)) > 2), "en")

    # --- scenes ------------------------------------------------------------------------------------------------------

    def _scene(self, place: Place) -> str:
        written = f"  {place.id}:\n{self._about(place, 4)}"
        if place.stage:
            written += f"    do: {scalar(self._text(place.stage, place), 4)}\n"
        if place.happens:
            written += f"    happens: {_flow(place.happens)}\n"
        return f"{written}{self._speech(place)}    replies:\n{self._offered(place)}"

    def _about(self, place: Place, indent: int) -> str:
        """What the story has here and the skeleton has not, as comments."""
        name = place.passage.name
        told = comment(f"the passage '{cleaned(name)[0]}'", indent, 300) if name != place.id else ""
        for one in place.dropped:
            told += self._comment(f"left out: {one.written}", indent)
        return told

    def _comment(self, text: str, indent: int) -> str:
        if self._comments_left <= 0:
            return ""
        # A long piece of many short lines would be mostly signs and spaces of the comments.
        told = comment(text if text.count("\n") < 200 else json.dumps(text, ensure_ascii=False), indent, min(4_000, self._comments_left))
        self._comments_left -= len(told)
        if self._comments_left <= 0:
            self._find("T017", self._plan.story.place, "more is left out of this story than the skeleton can quote", "keep the story, and look there for the rest")
        return told

    def _speech(self, place: Place) -> str:
        said = [(one, self._said(one, place)) for one in place.said]
        if len(said) == 1 and not said[0][0].acts and not said[0][0].condition:
            return f"    customer: {scalar(said[0][1], 4)}\n"
        return "    customer:\n" + "".join(
            f"      - {f'if: {scalar(self._text(one.condition, place), 8)}' + chr(10) + '        ' if one.condition else ''}"
            f"say: {scalar(words, 8)}\n{f'        acts: {_flow(one.acts)}' + chr(10) if one.acts else ''}"
            for one, words in said
        )

    def _said(self, said: Said, place: Place) -> str:
        return self._text("\n".join(said.words), place) or f"{TODO} what does the customer say here?"

    def _offered(self, place: Place) -> str:
        replies = place.replies[: self._replies_left]
        self._replies_left -= len(replies)
        if len(replies) < len(place.replies):
            self._find("T017", place.passage.place(place.replies[len(replies)].link.at), f"the story has more than {MOST_REPLIES:,} links; from here on they are left out", "split the story into several")
        if replies:
            return "".join(self._reply(reply, place) for reply in replies) + "\n"
        self._replies += 1
        end = self._missing.setdefault("", self._endings.named(THE_END)) if "" not in self._missing else self._missing[""]
        return f'      - id: todo\n        say: "{TODO} what does the trainee say?"\n        acts: []\n        end: {end}\n\n'

    def _reply(self, reply: ReplyFound, place: Place) -> str:
        self._replies += 1
        key = "do" if reply.deed else "say"
        words = self._text(reply.link.words, place) or f"{TODO} what does the trainee say?"
        written = f"      - id: {reply.id}\n"
        if reply.condition:
            written += f"        if: {scalar(self._text(reply.condition, place), 8)}\n"
        written += f"        {key}: {scalar(words, 8)}\n"
        written += f"        acts: {_flow(reply.acts)}\n" if reply.acts is not None else "        acts: []  # TODO: what does this reply do?\n"
        if reply.why:
            written += f"        why: {scalar(self._text(reply.why, place), 8)}\n"
        return f"{written}        {self._leads(reply)}\n"

    def _leads(self, reply: ReplyFound) -> str:
        target = reply.link.target
        place = self._plan.places.get(target) if target is not None else None
        if place is not None:
            return f"{'end' if place.ends else 'go'}: {place.id}"
        words = f"missing: {target}" if target is not None else "worked out"
        if words not in self._missing:
            self._missing[words] = self._endings.named(words)
        return f"end: {self._missing[words]}"

    # --- endings -----------------------------------------------------------------------------------------------------

    def _ending(self, place: Place) -> str:
        title = self._clean(place.title or place.passage.name, place.passage.header)[:200] or f"{TODO} what is this ending called?"
        written = f"  {place.id}:\n{self._about(place, 4)}    title: {scalar(title, 4)}\n"
        said = self._text("\n".join(words for one in place.said for words in one.words), place)
        if marks.FAILED_TAG in place.passage.tags:
            written += "    failed: true\n"
        elif not place.title:
            written += "    # TODO: failed: true, if nobody can pass who comes here\n"
        return f"{written}    customer: {scalar(said, 4)}\n" if said else written

    def _missing_ending(self, id_: str, words: str) -> str:
        name = self._clean(words.removeprefix("missing: "), self._plan.story.place)[:150]
        title = f"the story has no passage '{name}'" if words.startswith("missing: ") else "the story does not say where this leads" if words else "how does it end?"
        return f"  {id_}:\n    title: {scalar(f'{TODO} {title}', 4)}\n"

    # --- texts -------------------------------------------------------------------------------------------------------

    def _text(self, text: str, place: Place) -> str:
        """Words of a passage as the file can hold them."""
        kept = self._clean(text, place.passage.header)
        room = max(0, self._words_left)
        fits = fitting(kept)[0].encode()[:room].decode("utf-8", "ignore").rstrip()
        self._words_left -= len(fits.encode())
        if len(fits) < len(kept):
            self._find("T017", place.passage.header, f"the words of '{place.passage.name}' are cut after {len(fits):,} characters", "say it in fewer words, or in several passages")
        return fits

    def _clean(self, text: str, spot: Spot) -> str:
        kept, gone = cleaned(text)
        if gone:
            self._find("T018", spot, f"the character U+{ord(gone):04X} cannot be used and is left out", "nothing is to be done, unless a word looks wrong now")
        if unknown_placeholder(kept):
            kept = _without_braces(kept)
            self._find("T018", spot, "a brace stands for nothing here and became a bracket", "write it in another way, if it should be seen")
        return kept

    def _find(self, code: str, spot: Spot, message: str, hint: str, *, error: bool = False) -> None:
        one = found(code, self._file, spot, message, hint, "error" if error else "warning")
        if one not in self._findings:
            self._findings.append(one)


_BRACE = re.compile("|".join((*map(re.escape, placeholders()), "[{}]")))


def _without_braces(text: str) -> str:
    """Round brackets for braces that name nothing."""
    return _BRACE.sub(lambda found_: {"{": "(", "}": ")"}.get(found_[0], found_[0]), text)


def _flow(value: object) -> str:
    """Names or simple fields as they stand on one line."""
    if isinstance(value, list) and all(isinstance(one, str) and slugged(one) == one for one in value):
        return f"[{', '.join(value)}]"
    return json.dumps(value, ensure_ascii=True)
