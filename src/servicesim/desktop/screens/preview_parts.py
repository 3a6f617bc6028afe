"""The parts of the preview: what the customer feels, how principles stand, how it ended, what is wrong in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from servicesim.assessment.assess import CRITICAL_CAP, Assessment, PrincipleScore, Standing
from servicesim.assessment.told import number
from servicesim.desktop.access import Role, State
from servicesim.desktop.arrangement import Column, Divider, Row, Space
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.cards import draw_choice_ground
from servicesim.desktop.chip import Chip
from servicesim.desktop.label import Label, heading
from servicesim.desktop.look import Look
from servicesim.desktop.paragraph import Align, Paragraph
from servicesim.desktop.previewing import Answer, Reason, Rehearsed, Rehearsing, Stop
from servicesim.desktop.retold import Turn
from servicesim.desktop.safe_text import isolated, safe_text
from servicesim.desktop.screens.friend import told_to_friends
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.theme import Tone
from servicesim.desktop.wayfinding import MOST_TRIES
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import Words, reads
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.rules import SpokenOut
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings
from servicesim.scenario.findings import Finding

_SHORT = 12  # letters of a name that surely fit in one line
_COUNT = 44  # design units for how often a scene has spoken
MOST_FINDINGS = 20  # that are listed; `check` has them all
_STANDINGS: Mapping[Standing, tuple[str, Tone]] = {
    "broken": ("standing-broken", "broken"),
    "open": ("standing-open", "pending"),
    "kept": ("standing-kept", "kept"),
    "not-yet": ("standing-not-yet", "neutral"),
}
_STOPS = {
    "over": "preview-stop-over",
    "elsewhere": "preview-stop-elsewhere",
    "gone": "preview-stop-gone",
    "closed": "preview-stop-closed",
    "no-scene": "preview-stop-no-scene",
}
_FEELINGS = ("expects", "received", "satisfaction", "trust", "anger")  # as they are called in the file


# --- numbers ---------------------------------------------------------------------------------------------------------


def feelings(words: Words, played: Rehearsed) -> Iterator[Widget]:
    """Each feeling as a number, and what the last move did to it."""
    now, before = played.situation.feelings, played.before or played.situation.feelings
    for name in _FEELINGS:
        value, was = _feeling(now, name), _feeling(before, name)
        yield _row(name, words.number(value), _change(words, value - was), width=36)


def _feeling(feelings: Feelings, name: str) -> int:
    return int(getattr(feelings, name))


def _change(words: Words, by: int) -> str:
    return words.digits(f"{by:+d}") if by else ""


def facts(words: Words, now: Mapping[str, bool | int]) -> Iterator[Widget]:
    """Each fact as it is now, as it would stand in the file."""
    if now:
        yield heading(words("preview-facts"), "small")
        yield Column(*(_row(name, as_written(value)) for name, value in now.items()), gap=0.25)


def as_written(value: bool | int) -> str:
    """A fact's value as it stands in a file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _row(name: str, value: str, change: str = "", *, width: float | None = None) -> Row:
    by = (Label(isolated(change), "small", ink="accent"),) if change else ()
    now = Label(isolated(value), "small", bold=True, align="end", width=width)
    return Row(Label(isolated(name), "small", ink="ink_soft", grow=1), *by, now, gap=1)


# --- principles ------------------------------------------------------------------------------------------------------


def standings(words: Words, script: Script, now: Mapping[str, Standing]) -> Iterator[Widget]:
    """How each principle stands: first those that the encounter is about."""
    about, others = _parted(script, list(now))
    for title, names in ((words("briefing-about"), about), (words("preview-others"), others)):
        if names:
            yield heading(title, "small")
            yield Column(*(_standing(words, script, name, now[name]) for name in names), gap=0.75)


def _parted(script: Script, names: Sequence[str]) -> tuple[list[str], list[str]]:
    learn = script.scenario.learn
    return [name for name in learn if name in names], [name for name in names if name not in learn]


def _standing(words: Words, script: Script, name: str, standing: Standing) -> Row:
    key, tone = _STANDINGS[standing]
    return _principle(words, script, name, Chip(words(key), tone))


def _principle(words: Words, script: Script, name: str, chip: Chip) -> Row:
    title = safe_text(words.taught(script).principles[name].title)
    return Row(Label(title, "small", direction=reads(title), grow=1), chip, gap=1)


def summary(words: Words, script: Script, assessment: Assessment) -> Iterator[Widget]:
    """How it went, in short."""
    tone: Tone = "kept" if assessment.passed else "broken"
    shown = Label(words.number(assessment.shown), "title", bold=True, ink=tone)
    verdict = Chip(words("passed" if assessment.passed else "not-passed"), tone)
    yield Row(shown, Label(words("conduct-of"), "small", ink="ink_soft", grow=1), verdict, gap=1)
    mark = words("pass-mark", points=script.scenario.pass_mark)
    yield Label(f"{mark} · {words(f'outcome-{assessment.outcome}')}", "small", ink="ink_soft")
    yield from _reasons(words, script, assessment)
    yield from _told_to_friends(words, script, assessment)
    judged = {name: score for name, score in assessment.principles.items() if score.score is not None}
    for name in sorted(judged, key=lambda name: judged[name].score or 0):
        yield from _score(words, script, name, judged[name])


def _reasons(words: Words, script: Script, assessment: Assessment) -> Iterator[Widget]:
    for name in assessment.capped_by:
        capped = words("capped", points=CRITICAL_CAP, principle=words.taught(script).principles[name].title)
        yield Label(capped, "small", ink="broken", direction=words.direction)
    if assessment.conduct >= script.scenario.pass_mark and not assessment.passed:
        yield Label(words("pass-ending"), "small", ink="broken")


def _told_to_friends(words: Words, script: Script, assessment: Assessment) -> Iterator[Widget]:
    if assessment.ending is not None:
        said, direction = told_to_friends(words, script, assessment, words("preview-trainee"))
        yield Label(words("friend-heading", customer=script.scenario.customer.name), "small", ink="ink_soft", direction=words.direction)
        yield Label(words("quoted", text=said), "small", direction=direction)


def _score(words: Words, script: Script, name: str, score: PrincipleScore) -> Iterator[Widget]:
    lost = score.owed or bool(score.broken)
    kept, whole = number(score.kept, 1), number(score.kept + score.broken, 1)
    share = words("owed") if score.owed else words("share-kept", kept=kept, all=whole)
    yield Divider()
    yield _principle(words, script, name, Chip(share, "broken" if lost else "kept"))
    for reason in dict.fromkeys(one.reason for one in score.evidence if one.verdict == "broken"):
        yield Label(words.because(reason, script), "caption", ink="ink_soft", direction=words.direction)


# --- replies ---------------------------------------------------------------------------------------------------------


def note(words: Words, script: Script, answer: Answer) -> str:
    """What stands below a reply: what it does and where it leads, and first why it is not offered if it is not."""
    reply = answer.option.reply
    acts = ", ".join(isolated(act) for act in reply.acts) or words("preview-no-acts")
    way = words("preview-ends", ending=reply.end) if reply.end else words("preview-leads", scene=reply.go)
    closed = words("preview-not-offered")
    return "\n".join((*(f"{closed} {reason(words, why)}" for why in answer.reasons), f"{acts} · {way}"))


def reason(words: Words, why: Reason) -> str:
    """Why a reply is not offered, in the terms of the file."""
    if isinstance(why, SpokenOut):
        return words("preview-spoken-out", scene=why.scene, times=why.times)
    now = [words("preview-is-now", name=name, value=as_written(value)) for name, value in why.values]
    return f"{isolated(why.condition)} – {'; '.join(now)}"


# --- what is wrong, and what could not be played ---------------------------------------------------------------------


def trouble(words: Words, rehearsing: Rehearsing, file: Path) -> Iterator[Widget]:
    """The errors of a file that cannot be played."""
    found = rehearsing.errors
    key = "preview-errors-first" if rehearsing.script is None else "preview-errors"
    said = words(key, file=file.name, count=len(found))
    yield Row(Sign("warning", "danger"), Label(said, "body", bold=True, ink="danger", direction=words.direction, grow=1), gap=1.5)
    for finding in found[:MOST_FINDINGS]:
        yield _finding(words, finding, file, ink="ink")
    if len(found) > MOST_FINDINGS:
        yield Label(words("preview-more", count=len(found) - MOST_FINDINGS), "small", ink="ink_soft")


def warnings(words: Words, found: Sequence[Finding], file: Path) -> Iterator[Widget]:
    """What should be mended too, said quietly; first what is in the file itself."""
    for finding in sorted(found, key=lambda finding: _of_another_file(finding, file))[:MOST_FINDINGS]:
        yield _finding(words, finding, file, ink="ink_soft")
    if len(found) > MOST_FINDINGS:
        yield Label(words("preview-more", count=len(found) - MOST_FINDINGS), "small", ink="ink_soft")


def _of_another_file(finding: Finding, file: Path) -> bool:
    return Path(finding.file).name != file.name


def _finding(words: Words, finding: Finding, file: Path, *, ink: str) -> Row:
    place = words("preview-place", line=finding.line)
    if _of_another_file(finding, file):
        place = f"{isolated(Path(finding.file).name)} · {place}"
    said = safe_text(f"{finding.code}  {finding.message}" + (f"; {finding.hint}" if finding.hint else ""))
    where = Label(place, "small", bold=ink == "ink", ink=ink)
    # Findings are worded in English: on a page that reads leftward they stand beside their place all the same.
    align: Align = "end" if words.direction == "rtl" else "start"
    return Row(where, Label(said, "small", ink=ink, direction="ltr", align=align, grow=1), gap=1.5, across="start")


def notices(words: Words, rehearsing: Rehearsing) -> Iterator[Widget]:
    """What is special about the play that is shown."""
    played, course = rehearsing.played, rehearsing.course
    if played is None:
        return
    if rehearsing.start_is_bare:
        yield _notice(words, bare(words, rehearsing.script, course.start or "", sure=course.sure))
    if played.stop is not None:
        yield _notice(words, stopped(words, played.stop))
    if played.left_out:
        yield _notice(words, words("preview-left-out", moves=", ".join(str(move) for move in played.left_out)))


def bare(words: Words, script: Script | None, start: str, *, sure: bool) -> str:
    """Why the play begins in the middle."""
    return words("preview-bare", scene=start) if sure else words("preview-bare-unsure", scene=start, count=2 * MOST_TRIES)


def stopped(words: Words, stop: Stop) -> str:
    """Where a play could not be played again to its end, and why."""
    move = str(stop.move) if stop.move.name else stop.move.scene
    said = words(_STOPS[stop.why], move=move, done=stop.done, of=stop.of, here=stop.here)
    return " ".join((said, *(reason(words, why) for why in stop.reasons)))


def _notice(words: Words, text: str) -> Widget:
    said = Label(text, "small", ink="pending", direction=words.direction, grow=1)
    return Row(Sign("info", "pending", side=20), said, gap=1, across="start")


def why(text: str) -> Widget:
    """The feedback of a reply, below it."""
    said = Label(text, "small", ink="accent", direction=reads(text), grow=1)
    return Row(Space(width=72), Sign("info", "accent", side=18), said, gap=1, across="start")


# --- the conversation ---------------------------------------------------------------------------------------------


def with_stations(turn: Turn) -> Turn:
    """The turn with its stations as they are written."""
    if turn.who != "customer":
        return turn
    return replace(turn, segments=(*(f"{segment} |" for segment in turn.segments[:-1]), *turn.segments[-1:]))


def feedback(script: Script, events: Sequence[Event], fill: Callable[[str], str]) -> Iterator[str]:
    """What the file says about each reply that was given; nothing where it says nothing."""
    for event in events:
        if isinstance(event, ReplyChosen):
            yield fill(script.stage(event.scene).by_id[event.reply].reply.why or "")


class Log(ScrollArea):
    """The conversation: it makes do with a little room where there is much else."""

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        return super().measure(look, width)[0], look.px(96)


class Snug(ScrollArea):
    """As high as what is inside, up to a limit; beyond that it scrolls."""

    def __init__(self, child: Widget, *, most: float, name: str) -> None:
        super().__init__(child, grow=0, name=name)
        self.most = most

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        natural, height = self.child.size(look, width)
        return natural, min(height, look.px(self.most))


# --- the list of scenes ----------------------------------------------------------------------------------------------


class SceneRow(Widget):
    """One scene in the list. There may be a thousand: its text is laid out when it is seen, or where it is long."""

    role: ClassVar[Role] = "option"
    focusable: ClassVar[bool] = True

    def __init__(self, scene: str, on_press: Callable[[], None]) -> None:
        super().__init__(name=scene)
        self.on_press, self.chosen, self.spoken = on_press, False, ""

    def activate(self) -> None:
        self.on_press()

    @property
    def value(self) -> str:
        return self.spoken

    @property
    def states(self) -> Iterator[State]:
        yield from super().states
        if self.chosen:
            yield "selected"

    def measure(self, look: Look, width: int) -> tuple[int, int]:
        least = look.px(look.theme.target)
        if len(self.name) <= _SHORT:
            return width, least
        return width, max(least, self._text(look, width).height + 2 * look.gap(1))

    def draw(self, canvas: Canvas) -> None:
        look, colours = canvas.look, canvas.look.colours
        draw_choice_ground(canvas, self, chosen=self.chosen)
        inside = self.rect.inflate(-2 * look.gap(1.5), 0)
        name, spoken = self._text(look, self.rect.w), look.paragraph(self.spoken, "caption")
        canvas.text(name, (look.left(inside, name.width), inside.centery - name.height // 2), colours.ink, box=self.rect)
        canvas.text(spoken, (look.left(inside, spoken.width, "end"), inside.centery - spoken.height // 2), colours.ink_soft, box=self.rect)

    def _text(self, look: Look, width: int) -> Paragraph:
        return look.paragraph(isolated(self.name), "small", width - 2 * look.gap(1.5) - look.px(_COUNT))
