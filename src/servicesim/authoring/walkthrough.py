"""Walkthroughs: plays of a scenario as plain text, with what is expected of them, for people to read and tests to hold.

    # Somebody who apologises at once.
    scenario: late-parcel
    play: sorry, refund-now
    with: late                      (only if the customer remembers something from before)

    ---
    0:00.0  Leyla Karimova speaks: opening
    ...

What stands above the line `---` is played; what stands below is what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from servicesim import platform
from servicesim.assessment.assess import Assessment, PrincipleScore, assess
from servicesim.assessment.told import number
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import (
    Began,
    Ended,
    Event,
    Interrupted,
    Listened,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    SpeechEnded,
    StationReached,
)
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.scenario.model import Remembered

LINE = "---"
MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Walkthrough:
    """A written play: its head as it stands, which scenario, which moves, and what is expected of them."""

    head: str
    scenario: str
    moves: tuple[str, ...]
    untimed: bool
    expected: str
    remembered: Remembered = ()  # what the customer remembers at the start

    def begun(self, script: Script) -> Encounter:
        """The encounter that it plays, as it begins; raises UsageError if the scenario cannot begin so."""
        return Encounter(script.started(self.remembered), untimed=self.untimed)


def written_in(path: Path) -> str:
    """The text of a walkthrough file; raises UsageError saying why it cannot be read."""
    try:
        data = _bytes(path)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The mark that some editors put first is no part of what the position counts.
        bare = error.object
        raise UsageError(f"line {bare.count(10, 0, error.start) + 1} is not UTF-8; save the file as UTF-8") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"the file cannot be read: {_why(error)}") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes(path: Path) -> bytes:
    data = platform.read_beginning(path, MAX_BYTES + 1)
    if data is None:
        raise UsageError("this is not a file that can be read; name a walkthrough, such as expert.walk")
    if len(data) > MAX_BYTES:
        raise UsageError("the file is larger than 1 MiB; split it into several walkthroughs")
    return data


def _why(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "it is a folder"
        case PermissionError():
            return "you have no right to read it"
        case OSError(strerror=str() as words):
            return words
    return "its name cannot be used"


def read(text: str) -> Walkthrough:
    """The walkthrough in a text; raises UsageError saying what is missing."""
    head, _, expected = text.partition(f"\n{LINE}\n")
    fields: dict[str, str] = {}
    for line in head.splitlines():
        if line.strip() and not line.startswith("#"):
            name, colon, value = line.partition(":")
            if not colon or name not in ("scenario", "play", "untimed", "with"):
                raise UsageError(f"a walkthrough has the lines 'scenario:', 'play:' and perhaps 'untimed: yes' or 'with:'; this is none: {line}")
            fields[name] = f"{fields.get(name, '')} {value}".strip()
    if "scenario" not in fields:
        raise UsageError("a walkthrough says which scenario is played: add a line 'scenario: ID'")
    moves, remembered = (tuple(word.strip() for word in fields.get(name, "").split(",") if word.strip()) for name in ("play", "with"))
    untimed = fields.get("untimed", "no")
    if untimed not in ("yes", "no"):
        raise UsageError(f"'untimed: {untimed}' is not understood; write 'untimed: yes' or 'untimed: no'")
    return Walkthrough(head, fields["scenario"], moves, untimed == "yes", expected, remembered)


def refreshed(walkthrough: Walkthrough, script: Script) -> str:
    """The walkthrough's text with what comes of it now."""
    return f"{walkthrough.head}\n{LINE}\n{played(walkthrough, script)}"


def played(walkthrough: Walkthrough, script: Script) -> str:
    """What comes of the moves: every event, and the assessment."""
    encounter = rehearse(walkthrough.begun(script), walkthrough.moves)
    judged = _without_score if script.scenario.unscored else _assessment
    lines = [*_events(script, encounter.events), "", *judged(assess(script, encounter.events))]
    return "\n".join(lines) + "\n"


def clock(at: float) -> str:
    """Seconds as minutes, seconds and tenths."""
    tenths = int(at * 10 + 1e-6)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _events(script: Script, events: Sequence[Event]) -> Iterator[str]:
    for event in events:
        told = _told(script, event)
        if told:
            yield f"{clock(event.at)}  {told}"


def _told(script: Script, event: Event) -> str:
    match event:
        case SpeechBegan(_, scene, line):
            which = f", line {line + 1}" if len(script.stage(scene).lines) > 1 else ""
            return f"{script.scenario.customer.name} speaks: {scene}{which}"
        case StationReached():
            return "  a station"
        case SegmentBegan(_, segment):
            return f"  part {segment + 1}"
        case Listened(_, how):
            return f"  {how}"
        case Interrupted():
            return "  interrupt"
        case SpeechEnded():
            return "  and waits"
        case SilenceFell():
            return "  silence"
        case ReplyChosen(_, scene, reply):
            acts = ", ".join(script.stage(scene).by_id[reply].reply.acts)
            return f"reply {scene}/{reply}" + (f" ({acts})" if acts else "")
        case Ended(_, ending):
            return f"ended: {ending or 'nothing left to say'}"
        case Began():
            return ""


def _without_score(assessment: Assessment) -> Iterator[str]:
    expects, received, trust, anger = assessment.feelings
    yield f"ending: {assessment.ending or 'none'}"
    yield f"customer: expects {expects}, received {received}, trust {trust}, anger {anger}"


def _assessment(assessment: Assessment) -> Iterator[str]:
    expects, received, trust, anger = assessment.feelings
    yield f"ending: {assessment.ending or 'none'}"
    yield f"conduct: {number(assessment.conduct)}, {'passed' if assessment.passed else 'not passed'}"
    yield f"customer: {assessment.outcome} (expects {expects}, received {received}, trust {trust}, anger {anger})"
    yield ""
    for name, score in assessment.principles.items():
        yield from _principle(name, score)


def _principle(name: str, score: PrincipleScore) -> Iterator[str]:
    if score.score is None:
        return
    share = "owed" if score.owed else f"{number(score.kept)} of {number(score.kept + score.broken)}"
    yield f"{name}: {number(score.score * 100)} ({share})"
    for one in score.evidence:
        if one.verdict == "broken":
            where = f"{one.scene}/{one.reply}" if one.reply else one.scene or "the encounter"
            yield f"  broken at {clock(one.at)} {where}: {one.because}"
