"""Plausible trainees, drawn from a seed: who they are, how they play and learn, and the records that this leaves.

    folder = store(attempts=10_000)                          # records.db and people.db, made once in a process
    keep(tmp_path, script, plays(script, attempts=200))      # another folder, another number

Everything follows from the seed, the learner ids too. Plays go through the engine with the times of a person; results
are those of `result_of` (a test holds that), added up by `Tally`, which takes a thirtieth of the time.
"""

from __future__ import annotations

import atexit
import json
import math
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import islice, repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, func, select

from servicesim.assessment.assess import DELIGHTED_FROM, DISSATISFIED_BELOW, exactly
from servicesim.assessment.opportunity import owed
from servicesim.assessment.tally import Tally
from servicesim.assessment.told import number
from servicesim.commands import chosen
from servicesim.encounter import rules
from servicesim.encounter.encounter import began
from servicesim.encounter.events import Event, Listening, ReplyChosen
from servicesim.encounter.script import Option, Script
from servicesim.encounter.situation import Phase, Situation, opening
from servicesim.encounter.transcript import to_line
from servicesim.records import Attempt, People, Result, open_people, open_records, tables
from servicesim.records import people as people_module
from servicesim.records.chain import head, links, seal
from servicesim.records.store import Store

SEED = 20_260_105
FIRST_MONDAY = 1_767_571_200_000  # 2026-01-05, midnight UTC
DAY = 86_400_000  # milliseconds
WEEKS = 26
HABITS = ("apologises-early", "interrupts", "forgets-to-thank", "pleases", "hurries")
LANGUAGES = ("en", "de", "tr", "fa", "he")

_NAMES = {
    "en": (("Grace", "Owen", "Hannah", "Liam", "Niamh", "Samuel"), ("Whitfield", "O’Brien", "Baptiste", "Clarke", "Nguyen-Hall")),
    "de": (("Anneliese", "Jürgen", "Mareike", "Tomasz", "Sören", "Katarzyna"), ("Müller", "von Stein", "Großmann", "Wójcik", "Öztürk")),
    "tr": (("Aylin", "Çağrı", "Şebnem", "İbrahim", "Gülşah", "Emre"), ("Duman", "Yıldız", "Öğüt", "Işık", "Karaağaç")),
    "fa": (("لیلا", "آرش", "مهسا", "کیان", "نازنین", "رضا"), ("کریمی", "نوری", "حسینی‌پور", "رستمی", "پاک‌نژاد")),
    "he": (("נועה", "אורי", "תמר", "יואב", "מיכל", "דוד"), ("לוי", "כהן", "בן־דוד", "אברהמי", "שחר")),
    "more": (("Nguyễn Thị", "Chinwe", "Priya", "María José", "Wei", "Tala"), ("Hương", "Okafor", "Raghunathan", "Núñez", "Zhang", "Nasser")),
}
_TEAMS = (
    "Desk 1", "Desk 2", "Phone North", "Phone South", "Old Market", "Airport", "Mall", "Bahnhofstraße", "Kadıköy",
    "Online", "خیابان آزادی", "Night shift",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody who learns: `skill` and `listening` as log-odds before any practice, `learning` what each doubling of it adds."""

    id: str
    name: str
    team: str
    language: str
    skill: float
    listening: float
    learning: float
    habits: frozenset[str]
    untimed: bool
    week: int


@dataclass(frozen=True, slots=True)
class Played:
    """One attempt of a trainee, as far as it went."""

    trainee: Trainee
    attempt: Attempt
    events: tuple[Event, ...]
    result: Result | None


@cache
def shipped(scenario: str = "late-parcel") -> Script:
    """A shipped encounter, read once in a process."""
    return chosen.script(scenario)


# --- people ----------------------------------------------------------------------------------------------------------


def trainees(*, seed: int = SEED) -> Iterator[Trainee]:
    """People without end, in six to twelve teams; the last team has few."""
    draw = random.Random(f"people {seed}")
    teams = list(_TEAMS[: draw.randint(6, len(_TEAMS) - 1)])
    size = {team: draw.choice((1, 2, 2, 3)) for team in teams}
    mood = {team: draw.gauss(0, 0.35) for team in teams}
    few = _TEAMS[-1]
    count = 0
    while True:
        team = few if count in (7, 19, 31) else draw.choices(teams, [size[team] for team in teams])[0]
        yield _trainee(draw, count, team, mood.get(team, -0.5))
        count += 1


def _trainee(draw: random.Random, count: int, team: str, mood: float) -> Trainee:
    language = draw.choices(LANGUAGES, (10, 4, 3, 3, 2))[0]
    first, last = _NAMES["more" if language == "en" and draw.random() < 0.5 else language]
    return Trainee(
        id=f"{1000 + count}",
        name=f"{draw.choice(first)} {draw.choice(last)}",
        team=team,
        language=language,
        skill=draw.gauss(0.38, 0.3) + 0.4 * mood,
        listening=draw.gauss(0.2, 1.0) + mood,
        learning=max(0.05, draw.gauss(0.3, 0.15)),
        habits=frozenset(habit for habit in HABITS if draw.random() < 0.2),
        untimed=draw.random() < 0.06,
        week=min(WEEKS - 2, int(draw.expovariate(0.12))),
    )


# --- what they play --------------------------------------------------------------------------------------------------


def plays(script: Script, *, attempts: int, seed: int = SEED) -> Iterator[Played]:
    """That many attempts, person by person: practice among them, some abandoned, some untimed, most people more than once."""
    judge, count = _judge(script), 0
    for trainee in trainees(seed=seed):
        for played in _career(judge, trainee, random.Random(f"{seed} {trainee.id}")):
            yield played
            count += 1
            if count == attempts:
                return


def _career(judge: _Judge, trainee: Trainee, draw: random.Random) -> Iterator[Played]:
    """One person's attempts, from the first week on; who has passed mostly stops."""
    learner, before = f"{draw.getrandbits(128):032x}", 0
    at = FIRST_MONDAY + trainee.week * 7 * DAY + draw.randrange(5) * DAY
    while True:
        at += 8 * 3_600_000 + draw.randrange(9 * 3_600_000)
        played = _played(judge, trainee, learner, draw, before, at)
        yield played
        before += 1
        at += draw.choice((1, 1, 2, 3, 7, 14)) * DAY - at % DAY
        while (at // DAY + 3) % 7 > 4:  # The first of January 1970 was a Thursday; nobody trains at weekends.
            at += DAY
        if at > FIRST_MONDAY + WEEKS * 7 * DAY or draw.random() < _stops(played, before):
            return


def _stops(played: Played, before: int) -> float:
    if played.attempt.practice:
        return 0.05
    if played.result is not None and played.result.passed:
        return 0.6
    return 0.08 + 0.03 * before


def _played(judge: _Judge, trainee: Trainee, learner: str, draw: random.Random, before: int, at: int) -> Played:
    script, untimed = judge.script, trainee.untimed or draw.random() < 0.02
    attempt = Attempt(
        f"{draw.getrandbits(64):016x}", learner, script.scenario.id, script.fingerprint, script.principles_fingerprint,
        rules.VERSION, draw.randrange(1 << 31), untimed, draw.random() < 0.18, trainee.language, at,
    )  # fmt: skip
    patience = draw.randint(0, 7) if draw.random() < 0.04 else 1_000  # replies until they leave it
    playing = _Playing(judge, trainee, before, attempt, draw).play(patience)
    events, situation = tuple(playing.events), playing.situation
    result = judge.result(events, situation, ended=at + round(events[-1].at * 1000)) if situation.ended else None
    return Played(trainee, attempt, events, result)


class _Playing:
    """One attempt under way: what this trainee does, and when.

    It goes by the rules of play and leaves out what `Encounter` sees to besides: ten thousand attempts are half a million moves.
    """

    def __init__(self, judge: _Judge, trainee: Trainee, before: int, attempt: Attempt, draw: random.Random) -> None:
        practised = trainee.learning * math.log2(1 + before)
        self._judge, self._habits, self._draw = judge, trainee.habits, draw
        self._fading = 0.75**before  # of habits
        self._skill = max(0.0, trainee.skill + practised)
        self._listens = 1 / (1 + math.exp(-trainee.listening - 1.5 * practised))
        self._speed = draw.gauss(0.7 if "hurries" in trainee.habits else 1.3, 0.25)
        self.events: list[Event] = []
        self.situation = opening(judge.script)
        self._take(began(judge.script, seed=attempt.seed, untimed=attempt.untimed))

    def play(self, patience: int) -> _Playing:
        """To its end, or for as many replies as there is patience."""
        while (phase := self.situation.phase) is not Phase.ENDED and patience >= 0:
            match phase:
                case Phase.WAITING | Phase.LEFT_WAITING:
                    patience -= 1
                    if patience >= 0:
                        self._answer()
                case Phase.PAUSING:
                    self._hear()
                case _:
                    self._speech_goes_on()
        return self

    @property
    def _at(self) -> float:
        return self.events[-1].at

    def _advance(self, by: float) -> None:
        """What comes by itself until then."""
        while (event := rules.due(self.situation, by)) is not None:
            self.events.append(event)
            self.situation = self.situation.after(event)

    def _take(self, event: Event) -> None:
        """An event, and what follows from it at once."""
        self.events.append(event)
        self.situation = self.situation.after(event)
        self._advance(event.at)

    def _move(self, move: Callable[..., Event], *asked: str, at: float) -> None:
        """A move of the trainee's, after what comes before it."""
        at = max(round(at, 3), self._at)
        self._advance(at)
        self._take(move(self.situation, *asked, at))

    def _speech_goes_on(self) -> None:
        coming = rules.due(self.situation, math.inf)
        often = 0.09 * self._fading if "interrupts" in self._habits else 0.006
        if self.situation.phase is Phase.SPEAKING and self._draw.random() < often and rules.may_interrupt(self.situation):
            self._move(rules.interrupt, at=self._at if coming is None else (self.situation.since + coming.at) / 2)
        elif coming is None:
            self._move(rules.move_on, at=self._at + self._draw.uniform(1.0, 5.0))
        else:
            self._take(coming)

    def _hear(self) -> None:
        draw, since = self._draw, self.situation.since
        reaction = draw.lognormvariate(-0.7, 0.35)
        if draw.random() < self._listens and (self.situation.untimed or reaction < 1.1):
            slips = draw.random() < 0.12 / (1 + self._skill)
            how: Listening = draw.choice(("yes", "no")) if slips else "go-on"
            self._move(rules.listen, how, at=since + reaction)
        coming = rules.due(self.situation, math.inf)
        if coming is None:
            self._move(rules.move_on, at=self._at + draw.uniform(0.5, 4.0))
        else:
            self._take(coming)

    def _answer(self) -> None:
        draw = self._draw
        if draw.random() < 0.3 * self._listens and rules.listening_offered(self.situation):
            self._move(rules.listen, "go-on", at=self._at + 0.4)
        takes = 1.5 + draw.lognormvariate(self._speed, 0.45) + 0.4 * len(self.situation.stage.options)
        at = self._at + takes
        self._advance(at)
        options = rules.offered(self.situation)
        if options:  # Else patience ran out, and the customer has gone on.
            self._move(rules.reply, self._choice(options), at=at)

    def _choice(self, options: Sequence[Option]) -> str:
        scene = self.situation.stage.name
        weights = [math.exp(self._skill * self._judge.worth[scene, option.reply.id] + self._leaning(option)) for option in options]
        return self._draw.choices([option.reply.id for option in options], weights)[0]

    def _leaning(self, option: Option) -> float:
        """What a habit makes of a reply."""
        acts, said = set(option.reply.acts), self.situation.said
        script, leaning = self._judge.script, 0.0
        summarised = said & script.bit.get("confirm-summary", 0)
        if "apologises-early" in self._habits and "apologise" in acts and not summarised:
            leaning += 1.2
        if "forgets-to-thank" in self._habits and acts & {"thank", "thank-for-telling"}:
            leaning -= 1.0
        if "pleases" in self._habits and acts & {"compensate", "defer-compensation", "overpromise"}:
            leaning += 0.8
        return leaning * self._fading


# --- how they are judged ---------------------------------------------------------------------------------------------


@cache  # by the script itself: what replies are worth takes a second or two to find out
def _judge(script: Script) -> _Judge:
    return _Judge(script)


class _Judge:
    """What a reply is worth to somebody who knows the trade, and the results of plays."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._tally = Tally(script)
        self._told: dict[object, tuple[Fraction, str]] = {}
        self._score = cache(self._write_score)
        self.worth = {(stage.name, option.reply.id): 0.0 for stage in script.stages for option in stage.options}
        self._learn_worth(random.Random("worth"), rounds=5, plays=250)

    def _learn_worth(self, draw: random.Random, *, rounds: int, plays: int) -> None:
        """By how much plays that give a reply end better than others in its scene, in steps of 5 points of conduct.

        Each round trusts more in what the rounds before have shown, since good ways are seldom found by chance.
        """
        ends: dict[tuple[str, str], list[float]] = {place: [] for place in self.worth}
        for trust in range(rounds):
            for _ in range(plays):
                events = self._tried(draw, trust)
                conduct = float(self._tally.conduct(events))
                for event in events:
                    if isinstance(event, ReplyChosen):
                        ends[event.scene, event.reply].append(conduct)
            self.worth = {(scene, reply): self._above(ends, scene, reply) for scene, reply in ends}

    def _above(self, ends: dict[tuple[str, str], list[float]], scene: str, reply: str) -> float:
        means = [sum(here) / len(here) for place, here in ends.items() if place[0] == scene and here]
        mine = ends[scene, reply]
        above = sum(mine) - len(mine) * sum(means) / len(means) if mine else 0.0
        return max(-3.0, min(3.0, above / (len(mine) + 5) / 5))  # What few plays have shown counts for less.

    def _tried(self, draw: random.Random, trust: int) -> list[Event]:
        """A play of replies alone: three of four by what is known of them, the others by chance."""
        situation, events = opening(self.script), list[Event]()
        event: Event | None = began(self.script)
        while event is not None:
            events.append(event)
            situation = situation.after(event)
            event = rules.due(situation, event.at if situation.phase is Phase.WAITING else math.inf)
            if event is None and situation.phase is Phase.WAITING:
                scene, options = situation.stage.name, rules.offered(situation)
                known = trust if draw.random() < 0.75 else 0
                weights = [math.exp(known * self.worth[scene, option.reply.id]) for option in options]
                given = draw.choices(options, weights)[0].reply.id
                event = rules.reply(situation, given, round(events[-1].at + 2, 3))
        return events

    def result(self, events: Sequence[Event], situation: Situation, *, ended: int) -> Result:
        """As `result_of`, from the tally."""
        conduct, principles = self._told_of(events, untimed=situation.untimed)
        reached = conduct >= self.script.scenario.pass_mark
        satisfaction, ending = situation.feelings.satisfaction, situation.ending
        happy = "delighted" if satisfaction >= DELIGHTED_FROM and reached else "satisfied"
        return Result(
            ended=ended,
            ending=ending,
            conduct=f"{conduct.numerator}/{conduct.denominator}",
            passed=reached and ending is not None and not self.script.ending(ending).failed,
            outcome="dissatisfied" if satisfaction < DISSATISFIED_BELOW else happy,
            satisfaction=satisfaction,
            **situation.feelings._asdict(),
            principles=principles,
        )

    def _told_of(self, events: Sequence[Event], *, untimed: bool) -> tuple[Fraction, str]:
        """Conduct, and the scores as JSON; both are found once for all plays that come to the same."""
        counts, marks = self._tally.counts(events), tuple(self._marks(events))
        key = tuple(counts), marks, untimed
        if key not in self._told:
            rated = [tuple(exactly(mark) for marked, mark in marks if marked == name) for name in self._tally.names]
            scores = (self._score(place, *both, rated[place], untimed) for place, both in enumerate(counts))
            self._told[key] = self._tally.conduct(events), f"{{{','.join(sorted(scores))}}}"
        return self._told[key]

    def _marks(self, events: Sequence[Event]) -> Iterator[tuple[str, float]]:
        for event in events:
            if isinstance(event, ReplyChosen):
                yield from self.script.options[event.scene][event.reply].reply.marks.items()

    def _write_score(self, place: int, by_rule: int, against: int, rated: tuple[Fraction, ...], untimed: bool) -> str:
        name = self._tally.names[place]
        principle = self.script.principles.principles[name]
        kept, broken = by_rule + sum(rated, Fraction(0)), against + sum((1 - mark for mark in rated), Fraction(0))
        score = Fraction(0) if owed(principle, name, self.script, untimed=untimed) else None
        if kept + broken:
            score = min(Fraction(1), kept / (kept + broken) / exactly(principle.enough))
        shown = None if score is None else number(score, 4)
        told = {"broken": number(broken, 4), "kept": number(kept, 4), "score": shown}
        return f'"{name}":{json.dumps(told, separators=(",", ":"))}'


# --- where it is kept ------------------------------------------------------------------------------------------------


def keep(folder: Path, script: Script, played: Iterable[Played]) -> int:
    """Keep plays in a records folder; how many there were.

    The rows are those that `Records.begin` and `append` write (a test holds that), but thousands in one transaction: to
    ask and to wait for the disk at each of them would take minutes.
    """
    count = 0
    with open_people(folder) as people, open_records(folder) as records:
        records.keep_text("scenario", script.text)
        records.keep_text("principles", script.principles_text)
        with people._store.writing() as who, records._store.writing() as what:
            known, rest = set[str](), iter(played)
            while some := list(islice(rest, 500)):
                _enrol(People(_Within(people._store, who)), known, some)  # type: ignore[arg-type]
                _insert(what, some)
                count += len(some)
    return count


class _Within:
    """A store that is written in a transaction which goes on."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self.path, self._connection = store.path, connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        yield self._connection


def _enrol(people: People, known: set[str], some: Iterable[Played]) -> None:
    """Enrol those who are new, under the learner ids that the seed gives, where the game draws them by chance."""
    for one in some:
        if one.trainee.id not in known:
            known.add(one.trainee.id)
            who, learner = one.trainee, one.attempt.learner
            with patch.object(people_module, "secrets", SimpleNamespace(token_hex=lambda _, learner=learner: learner)):
                assert people.enrol(who.id, who.name, who.team, who.language) == learner


def _insert(connection: Connection, some: Sequence[Played]) -> None:
    first = connection.execute(select(func.coalesce(func.max(tables.attempts.c.number), 0))).scalar_one() + 1
    attempts, events, results = list[tuple[Any, ...]](), list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    for attempt, one in enumerate(some, first):
        lines, before = [_line(event) for event in one.events], head(one.attempt)
        chain = list(links(before, 0, lines))
        attempts.append((attempt, *astuple(one.attempt), before))
        events += zip(repeat(attempt), range(len(lines)), lines, chain)
        if one.result is not None:
            results.append((attempt, *astuple(one.result), seal(chain[-1], one.result)))
    file = connection.connection.driver_connection
    assert isinstance(file, sqlite3.Connection)
    for table, rows in ((tables.attempts, attempts), (tables.events, events), (tables.results, results)):
        columns = [column.name for column in table.c]
        # SQLAlchemy, which takes a dictionary for each row, would need three times as long.
        file.executemany(f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)


def _line(event: Event) -> str:
    """As `to_line`, which is asked once for what differs in its time only."""
    at, *what = event
    kind: Any = type(event)
    before, after = _around(kind, tuple(what))
    return f"{before}{at!r}{after}"


@lru_cache(maxsize=10_000)
def _around(kind: Any, what: tuple[object, ...]) -> tuple[str, str]:
    before, _, after = to_line(kind(_SOME_TIME, *what)).partition(repr(_SOME_TIME))
    return before, after


_SOME_TIME = 0.123


def store(*, attempts: int = 10_000, seed: int = SEED, scenario: str = "late-parcel") -> Path:
    """A records folder with this many attempts, made once in a process; read it, or copy it with `copied`."""
    return _store(attempts, seed, scenario)


def copied(folder: Path, *, attempts: int = 10_000, seed: int = SEED, scenario: str = "late-parcel") -> Path:
    """The same in a folder of its own, to be changed."""
    return Path(shutil.copytree(_store(attempts, seed, scenario), folder, dirs_exist_ok=True))


@cache
def _store(attempts: int, seed: int, scenario: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="servicesim-trainees-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    script = shipped(scenario)
    keep(folder, script, plays(script, attempts=attempts, seed=seed))
    return folder
