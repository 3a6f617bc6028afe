"""kill -9 of the real game while it plays itself off screen: what it had shown is there, it resumes right there, and it plays on to its end.

A server imports the game once and forks a life for each request. A life opens the real records, resumes the attempt that was left in the
middle or begins one, and plays through the very screens by random keys, with the pen on its own thread. It says what it resumed
with, and after each picture how many events that shows. The model is the rules of play, applied to the lines on the disk
by another process. The negative control shows what is not yet written.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from benchmarks.reliability_report import Failing, Report
from servicesim.commands import chosen
from servicesim.desktop.app import Way
from servicesim.desktop.desk import Desk
from servicesim.desktop.playing import Playing
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.keys import KEYS
from servicesim.desktop.screens.self_rating import SelfRating
from servicesim.desktop.stage import Stage
from servicesim.encounter import rules
from servicesim.encounter.encounter import replayed
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Situation
from servicesim.encounter.transcript import from_lines
from servicesim.errors import ServicesimError
from servicesim.records import Attempt, Pen, Result, open_records
from servicesim.records.results import result_of

KILLS = 200
CONTROL_KILLS = 20
SCENARIO = "late-parcel"
PERSON = "1042"
LATE = 0.1  # seconds that the control writes after it has shown
MOST_PICTURES = 4_000


def run(scale: float, seed: int) -> Report:
    """200 kills, and 20 of a game that shows before it writes."""
    began = time.perf_counter()
    if not hasattr(os, "fork"):
        return Report("kill -9 of the game", "none", "this system cannot fork lives", "", 0.0, False)
    kills = max(2, round(KILLS * scale))
    real = _kill(kills, seed, control=False)
    control = _kill(max(2, round(CONTROL_KILLS * scale)), seed, control=True)
    return Report(
        "kill -9 of the game",
        f"{real.kills} kills, {real.resumed} resumed, {real.ended} played to the end, {real.shown} events shown",
        f"{len(real.faults)} lost or otherwise" + "".join(f"; {fault}" for fault in real.faults[:3]),
        f"shown before the commit: caught in {len(control.faults)} of {control.kills}",
        time.perf_counter() - began,
        not real.faults and bool(control.faults) and bool(real.ended) and bool(real.resumed),
    )


@dataclass(slots=True)
class _Tally:
    kills: int = 0
    resumed: int = 0
    ended: int = 0
    shown: int = 0
    faults: list[str] = field(default_factory=list)


def _kill(kills: int, seed: int, *, control: bool) -> _Tally:
    """Attempts, each killed one to five times and then played to its end, until there were enough kills."""
    tally, failing = _Tally(), Failing("game-kills")
    cases = iter(f"{seed}:{number}" for number in range(kills))
    with tempfile.TemporaryDirectory() as base, _server() as server:
        for number, case in enumerate(cases if control else failing.first(cases)):
            if tally.kills >= kills:
                break
            faults = list(_attempt(server, Path(base, str(number)), case, tally, control=control))
            if faults:
                tally.faults.append(f"{case}: {faults[0]}")
            if faults and not control:
                failing.keep(case, faults[0])
    return tally


def _attempt(server: subprocess.Popen[str], folder: Path, case: str, tally: _Tally, *, control: bool) -> Iterator[str]:
    """One attempt from its beginning to its end, through some kills; yields what is wrong."""
    chance = random.Random(case)
    for _ in range(chance.randint(1, 5)):
        awaited = chance.choice((1, 2, 4) if control else (0, 1, 2, 4, 8, 12))
        life = _Life(f"{case}/{chance.random()}", folder, early=control)
        tally.kills += _until_killed(server, life, awaited, 0.0 if control else chance.uniform(0, 0.03 if awaited else 1.0))
        tally.shown += life.shown
        tally.resumed += bool(life.resumed)
        faults = list(life.faults())
        yield from faults
        if faults or _is_over(folder):
            break
    if control or faults:
        return
    if not _is_over(folder):
        last = _Life(f"{case}/last", folder, early=False)
        _until_killed(server, last, MOST_PICTURES, 0.0)
        yield from last.faults()
    tally.ended += _is_over(folder)
    yield from _kept_wrongly(folder)


@dataclass(slots=True)
class _Life:
    """What one life was asked and what it said."""

    case: str
    folder: Path
    early: bool
    said: list[str] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    shown: int = 0
    digest: str = ""
    conduct: str = ""

    def hear(self, line: str) -> None:
        """What a life says: `shows EVENTS DIGEST`, `resumed EVENTS DIGEST`, `ended CONDUCT`, `failed WHY`."""
        self.said = line.split()
        match self.said:
            case ["shows", events, digest]:
                self.shown, self.digest = int(events), digest
            case ["resumed", *told]:
                self.resumed = told
            case ["ended", conduct]:
                self.conduct = conduct

    def faults(self) -> Iterator[str]:
        """What of that is not so on the disk."""
        if self.said[:1] == ["failed"]:
            yield " ".join(self.said)
        try:
            kept = _kept(self.folder)
        except ServicesimError as failure:
            yield f"cannot be read: {failure}"
            return
        if kept is None:
            if self.shown:
                yield f"{self.shown} events were shown, and no attempt is kept"
            return
        script, _, events, result = kept
        if self.conduct and (result is None or result.conduct != self.conduct):
            yield f"the debrief said {self.conduct}, and {result} is kept"
        if len(events) < self.shown:
            yield f"{self.shown} events were shown, {len(events)} are kept"
        elif self.shown and digest(replayed(script, events[: self.shown])) != self.digest:
            yield f"what was shown after {self.shown} events is not what the rules make of them"
        if self.resumed and digest(replayed(script, events[: int(self.resumed[0])])) != self.resumed[1]:
            yield f"it resumed after {self.resumed[0]} events with something else"


def _kept(folder: Path) -> tuple[Script, Attempt, list[Event], Result | None] | None:
    """The attempt that is on the disk, played again by the rules."""
    if not (folder / "records.db").exists():
        return None
    script = chosen.script(SCENARIO)
    with open_records(folder) as records:
        for attempt, result in records.attempts(with_practice=True):
            events = list(from_lines(records.lines(attempt.id)))
            replayed(script, events)
            return script, attempt, events, result
    return None


def _is_over(folder: Path) -> bool:
    kept = _kept(folder)
    return kept is not None and kept[3] is not None


def _kept_wrongly(folder: Path) -> Iterator[str]:
    script, _, events, result = _kept(folder) or (None, None, [], None)
    if script is None or result is None:
        yield "it does not come to its end"
    elif result_of(script, events, ended=result.ended) != result:
        yield "the result is not what the transcript amounts to"


def digest(situation: Situation) -> str:
    """Everything about a situation, in a few letters; by names, since numbers go by the order in a file, and a kept text has another."""
    script = situation.script
    facts = sorted(zip(script.facts, map(int, situation.facts), strict=True))
    visits = sorted(zip(script.number, situation.visits, strict=True))
    said = sorted(act for act, bit in script.bit.items() if situation.said & bit)
    speech = (script.stages[situation.speech.scene].name, *situation.speech[1:]) if situation.speech else None
    reply = situation.chosen.reply.id if situation.chosen else None
    rest = [getattr(situation, name) for name in ("phase", "since", "feelings", "untimed", "pace", "seed", "ending")]
    return hashlib.sha256(repr([facts, visits, said, speech, reply, *rest]).encode()).hexdigest()[:16]


def _until_killed(server: subprocess.Popen[str], life: _Life, awaited: int, pause: float) -> bool:
    """Let it live until it has shown so much, and a moment longer; whether it was killed."""
    to_server, from_server = _pipes(server)
    to_server.write(f"{'early' if life.early else 'true'} {life.case} {life.folder}\n")
    to_server.flush()
    pid = int(from_server.readline().split()[1])
    heard = 0
    while heard < awaited and (line := from_server.readline()) != "died\n":
        life.hear(line)
        heard += line.startswith("shows")
    killed = heard == awaited
    if killed:
        time.sleep(pause)
        # It may have come to its end meanwhile.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while (line := from_server.readline()) != "died\n":
            life.hear(line)
    return killed and life.said[:1] != ["ended"]


@contextmanager
def _server() -> Iterator[subprocess.Popen[str]]:
    root = str(Path(__file__).parent.parent)
    environment = os.environ | {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root, env=environment) as server:
        try:
            yield server
        finally:
            _pipes(server)[0].close()


def _pipes(server: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert server.stdin is not None
    assert server.stdout is not None
    return server.stdin, server.stdout


# What follows runs in the server and in the lives


def serve() -> None:
    """Fork a life for every line on standard input; say its birth and its death on standard output."""
    chosen.script(SCENARIO)
    for request in sys.stdin:
        how, case, folder = request.rstrip("\n").split(" ", 2)
        born = os.fork()
        if born == 0:
            _live(Path(folder), random.Random(case), early=how == "early")
        os.waitpid(born, 0)
        _say("died")


def _say(text: str) -> None:
    # One write of a few bytes into a pipe is never torn, and nothing stays in a buffer of ours.
    os.write(1, f"{text}\n".encode())


def _live(folder: Path, draw: random.Random, *, early: bool) -> None:
    _say(f"born {os.getpid()}")
    try:
        with Stage.create_null((640, 360), records=False) as stage, Desk(folder) as desk:
            if early:
                desk.pen = EarlyPen(Pen(desk.records))
            _play(stage, desk, draw)
    except Exception as failure:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        _say(f"failed {type(failure).__name__} {failure}")
    finally:
        os._exit(1)


class EarlyPen:
    """The pen of the negative control: says that it has written, and writes a little later."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> Future[None]:
        """As `Pen.begin`."""
        return self.pen.begin(attempt, lines)

    def write(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> Future[None]:
        """As `Pen.write`, but for the answer."""
        self.pen._thread.submit(time.sleep, LATE)
        self.pen.write(attempt_id, first_seq, lines, result)
        told: Future[None] = Future()
        told.set_result(None)
        return told

    def close(self) -> None:
        """As `Pen.close`."""
        self.pen.close()


def _play(stage: Stage, desk: Desk, draw: random.Random) -> None:
    """Resume, or begin by the briefing; then play by keys until the debrief."""
    script = chosen.script(SCENARIO)
    desk.known_as(PERSON, "en")
    way = Way(stage, desk, pace=2.0, frame=0.5, seed=draw.randrange(1000))
    opened = way.stopped(script)
    if opened is None:
        way.brief(script)
        stage.press("enter")
        _until(stage, lambda: isinstance(stage.screen, Conversation))
    else:
        way.converse(opened)
    screen = stage.screen
    assert isinstance(screen, Conversation)
    if opened is not None:
        _say(f"resumed {len(opened.lines)} {digest(screen.playing.situation)}")
    _converse(stage, screen.playing, draw)
    stage.wait(1.0)
    stage.press("enter")
    _until(stage, lambda: isinstance(stage.screen, SelfRating))
    stage.press("enter")
    _until(stage, lambda: isinstance(stage.screen, Debrief))
    debrief = stage.screen
    assert isinstance(debrief, Debrief)
    conduct = debrief.assessment.conduct
    _say(f"ended {conduct.numerator}/{conduct.denominator}")


def _until(stage: Stage, condition: Callable[[], bool]) -> None:
    """Let time pass until something is so."""
    for _ in range(MOST_PICTURES):
        if condition():
            return
        stage.wait(0.05)
        time.sleep(0.001)
    raise TimeoutError(f"{type(stage.screen).__name__} stays")


def _converse(stage: Stage, playing: Playing, draw: random.Random) -> None:
    shown = 0
    for _ in range(MOST_PICTURES):
        stage.wait(0.5)
        stage.settle()
        if len(playing.events) > shown:
            shown = len(playing.events)
            _say(f"shows {shown} {digest(playing.situation)}")
        if playing.trouble:
            raise playing.trouble
        if playing.ended:
            return
        if playing.busy:
            time.sleep(0.0005)
        elif (keys := _keys(playing.situation)) and draw.random() < 0.4:
            stage.press(draw.choice(keys))
    raise TimeoutError("the encounter does not end")


def _keys(situation: Situation) -> list[str]:
    """The keys that do something now."""
    return [
        *(str(number) for number in range(1, 1 + len(rules.offered(situation)))),
        *(KEYS[move] for move in rules.moves(situation) if move in KEYS),
    ]


if __name__ == "__main__":
    serve()
