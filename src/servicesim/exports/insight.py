"""What trainees really did in an encounter: how each reply fared, and how far each principle measures one thing.

For trainers who mend an encounter, not for judging people. The observations are attempts that ended and were no practice;
by default the first of each person, since second attempts know the debrief and are no observations by themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from servicesim.assessment.assess import automata
from servicesim.encounter.events import SpeechBegan
from servicesim.encounter.script import Script
from servicesim.exports.measures import (
    FEWEST_SHOWN,
    Estimate,
    Pairs,
    Sums,
    alpha,
    correlation,
    mean,
    point_biserial,
    share,
)
from servicesim.exports.opportunities import Opportunities
from servicesim.exports.played import Decision, Sat, decisions

Place = tuple[str, str]  # a scene and a reply
_Reached = tuple[int, float]  # what principles weigh, and what was reached of that
Row = tuple[tuple[str, float], ...]  # of one attempt: in which scenes a principle came up, and how far it was kept there


@dataclass(frozen=True, slots=True)
class ReplySeen:
    """How a reply fared. Each attempt counts once: the first time that the reply was offered to it."""

    scene: str
    reply: str
    offered: int
    chosen: int | None
    share: Estimate | None
    """How many of those who were offered it gave it, 0-1."""
    seconds: float | None
    """The median time from the end of the speech to this reply; untimed attempts are left out."""
    conduct: Estimate | None
    """The mean conduct of attempts that gave it."""
    discrimination: Estimate | None
    """The correlation of giving it with conduct in all that no reply of the scene bears on: above 0, good trainees give it."""


@dataclass(frozen=True, slots=True)
class SceneSeen:
    """How a scene fared: `kept` is the share of what was at stake there that an attempt kept, 0-1 (low is difficult)."""

    scene: str
    attempts: int
    kept: Estimate | None
    replies: tuple[ReplySeen, ...]


@dataclass(frozen=True, slots=True)
class PrincipleSeen:
    """How a principle fared: its score (0-1), how far its scenes measure one thing, and how it goes with the rest."""

    principle: str
    title: str
    attempts: int
    score: Estimate | None
    scenes: tuple[str, ...]
    """The scenes between which `alpha` was found: those where it comes up in half of the attempts or more."""
    alpha: Estimate | None
    with_rest: Estimate | None
    """The correlation of its score with conduct in all other principles."""


@dataclass(frozen=True, slots=True)
class Insight:
    """All that was seen; what would rest on too few attempts is None."""

    attempts: int
    people: int
    conduct: Estimate | None
    alpha: Estimate | None
    """Between the principles that the encounter is about."""
    about: tuple[str, ...]
    scenes: tuple[SceneSeen, ...]
    principles: tuple[PrincipleSeen, ...]


def insight(script: Script, sats: Iterable[Sat]) -> Insight:
    """What was seen in these attempts, told by the scenes, replies and principles of `script`."""
    seen = _Seen(script)
    for sat in sats:
        seen.add(sat)
    return Insight(
        attempts=seen.conduct.n,
        people=len(seen.people),
        conduct=_shown_mean(seen.conduct, len(seen.people)),
        alpha=alpha([seen.items[name] for name in seen.about], seen.item_totals),
        about=seen.about,
        scenes=tuple(seen.scene(stage.name) for stage in script.stages),
        principles=tuple(seen.principle(name) for name in seen.names),
    )


# --- one attempt after the other -------------------------------------------------------------------------------------


class _Few:
    """How many people there were, as far as it matters: whether they are too few to show anything of them."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: set[str] = set()

    def add(self, person: str) -> None:
        if len(self._known) < FEWEST_SHOWN:
            self._known.add(person)

    def __bool__(self) -> bool:
        return len(self._known) < FEWEST_SHOWN


@dataclass(slots=True)
class _Reply:
    """What has been added up of a reply."""

    people: _Few = field(default_factory=_Few)
    givers: _Few = field(default_factory=_Few)
    offered: int = 0
    with_rest: Pairs = field(default_factory=Pairs)
    conduct: Sums = field(default_factory=Sums)
    tenths: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class _Scene:
    """What has been added up of a scene."""

    people: _Few = field(default_factory=_Few)
    attempts: int = 0
    kept: Sums = field(default_factory=Sums)


@dataclass(slots=True)
class _Principle:
    """What has been added up of a principle."""

    people: _Few = field(default_factory=_Few)
    scores: Sums = field(default_factory=Sums)
    with_rest: Pairs = field(default_factory=Pairs)
    rows: Counter[Row] = field(default_factory=Counter)


class _Seen:
    """All that has been added up."""

    def __init__(self, script: Script) -> None:
        taught = script.principles.principles
        self._script = script
        self.names = [name for name, one in taught.items() if one.applies(name, script.scenario)]
        self.about = tuple(name for name in self.names if name in script.scenario.learn)
        self._weights = {name: taught[name].weight for name in self.names}
        self.people: set[str] = set()
        self.conduct, self.item_totals = Sums(), Sums()
        self.items = {name: Sums() for name in self.about}
        self._replies = {(stage.name, option.reply.id): _Reply() for stage in script.stages for option in stage.options}
        self._scenes = {stage.name: _Scene() for stage in script.stages}
        self._principles = {name: _Principle() for name in self.names}
        self._touched = {stage.name: _touched(script, stage.name) for stage in script.stages}

    def add(self, sat: Sat) -> None:
        """One more attempt."""
        self.people.add(sat.learner)
        self.conduct.add(sat.conduct)
        reached = self._reached(sat, sat.scores)
        self._add_items(sat)
        self._add_replies(sat, reached)
        self._add_opportunities(sat)
        for name in self.names:
            self._add_principle(sat, name, reached)

    def _add_items(self, sat: Sat) -> None:
        scores = [sat.scores.get(name) for name in self.about]
        whole = [score for score in scores if score is not None]
        if whole and len(whole) == len(scores):
            self.item_totals.add(sum(whole))
            for name, score in zip(self.about, whole, strict=True):
                self.items[name].add(score)

    def _add_replies(self, sat: Sat, reached: _Reached) -> None:
        met = set[Place]()
        for decision in decisions(sat.script, sat.events):
            rest = self._rest(sat, reached, self._touched.get(decision.scene, ()))
            for name in decision.offered:
                place = decision.scene, name
                if place not in met and place in self._replies:
                    met.add(place)
                    self._add_choice(sat, decision, self._replies[place], rest, given=name == decision.reply)

    def _add_choice(self, sat: Sat, decision: Decision, reply: _Reply, rest: float | None, *, given: bool) -> None:
        reply.offered += 1
        reply.people.add(sat.learner)
        if rest is not None:
            reply.with_rest.add(given, rest)
        if given:
            reply.givers.add(sat.learner)
            reply.conduct.add(sat.conduct)
            if decision.seconds is not None:
                reply.tenths[round(decision.seconds * 10)] += 1

    def _add_opportunities(self, sat: Sat) -> None:
        by_scene: dict[str, Sums] = defaultdict(Sums)
        by_principle: dict[str, dict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
        for one in _opportunities(sat.script).of(sat.events):
            if one.scene is not None:
                by_scene[one.scene].add(one.kept)
                by_principle[one.principle][one.scene].add(one.kept)
        for name in {event.scene for event in sat.events if isinstance(event, SpeechBegan)} & self._scenes.keys():
            scene = self._scenes[name]
            scene.people.add(sat.learner)
            scene.attempts += 1
            if name in by_scene:
                scene.kept.add(by_scene[name].mean)
        for name, scenes in by_principle.items():
            if name in self._principles:
                self._principles[name].rows[tuple(sorted((scene, kept.mean) for scene, kept in scenes.items()))] += 1

    def _add_principle(self, sat: Sat, name: str, reached: _Reached) -> None:
        score = sat.scores.get(name)
        if score is None:
            return
        principle = self._principles[name]
        principle.people.add(sat.learner)
        principle.scores.add(score)
        rest = self._rest(sat, reached, (name,))
        if rest is not None:
            principle.with_rest.add(score, rest)

    def _reached(self, sat: Sat, names: Iterable[str]) -> _Reached:
        """What these principles had to give, those that came up, and what was reached of it."""
        came_up = [(self._weights[name], score) for name in names if (score := sat.scores.get(name)) is not None and name in self._weights]
        return sum(weight for weight, _ in came_up), sum(weight * score for weight, score in came_up)

    def _rest(self, sat: Sat, reached: _Reached, without: Iterable[str]) -> float | None:
        """Conduct in all other principles; None if none of them came up."""
        less, less_reached = self._reached(sat, without)
        return 100 * (reached[1] - less_reached) / (reached[0] - less) if reached[0] > less else None

    # What it comes to

    def scene(self, name: str) -> SceneSeen:
        """A scene with its replies."""
        seen, stage = self._scenes[name], self._script.stage(name)
        kept = None if seen.people else mean(seen.kept, top=1.0)
        return SceneSeen(name, seen.attempts, kept, tuple(self._reply(name, option.reply.id) for option in stage.options))

    def _reply(self, scene: str, name: str) -> ReplySeen:
        seen = self._replies[scene, name]
        return ReplySeen(
            scene=scene,
            reply=name,
            offered=seen.offered,
            chosen=None if seen.people else seen.conduct.n,
            share=None if seen.people else share(seen.conduct.n, seen.offered),
            seconds=None if seen.givers or seen.tenths.total() < FEWEST_SHOWN else _median(seen.tenths) / 10,
            conduct=None if seen.givers else mean(seen.conduct),
            discrimination=point_biserial(seen.with_rest),
        )

    def principle(self, name: str) -> PrincipleSeen:
        """A principle."""
        seen = self._principles[name]
        scenes = _scenes_in_half(seen.rows)
        return PrincipleSeen(
            principle=name,
            title=self._script.principles.principles[name].title,
            attempts=seen.scores.n,
            score=None if seen.people else mean(seen.scores, top=1.0),
            scenes=scenes,
            alpha=_alpha_between(scenes, seen.rows),
            with_rest=correlation(seen.with_rest),
        )


def _shown_mean(sums: Sums, people: int) -> Estimate | None:
    return mean(sums) if people >= FEWEST_SHOWN else None


def _touched(script: Script, scene: str) -> set[str]:
    """The principles that any reply of a scene bears on: a choice among them must not be compared with itself."""
    replies = [option.reply for option in script.stage(scene).options]
    acts = {act for reply in replies for act in reply.acts}
    marked = {name for reply in replies for name in reply.marks}
    taught = script.principles.principles
    return marked | {name for name, one in taught.items() if any(acts & rule.meaning.keys() for rule in automata(one, script))}


def _median(counted: Counter[int]) -> float:
    """The median of values that were counted."""
    half, below = counted.total() / 2, 0
    values = sorted(counted)
    for value, following in zip(values, [*values[1:], values[-1]], strict=True):
        below += counted[value]
        if below == half:
            return (value + following) / 2
        if below > half:
            return value
    raise ValueError("there is no median of nothing")


def _scenes_in_half(rows: Counter[Row]) -> tuple[str, ...]:
    """The scenes where a principle comes up in half of the attempts or more."""
    met: Counter[str] = Counter()
    for row, times in rows.items():
        for scene, _ in row:
            met[scene] += times
    return tuple(scene for scene, times in sorted(met.items()) if times >= rows.total() / 2)


def _alpha_between(scenes: tuple[str, ...], rows: Counter[Row]) -> Estimate | None:
    """Alpha with these scenes as items, of the attempts in which all of them came up."""
    items, totals = [Sums() for _ in scenes], Sums()
    for row, times in rows.items():
        kept = dict(row)
        if len(scenes) < 2 or not kept.keys() >= set(scenes):
            continue
        scores = [kept[scene] for scene in scenes]
        for sums, score in zip((*items, totals), (*scores, sum(scores)), strict=True):
            sums.n, sums.total, sums.squares = sums.n + times, sums.total + times * score, sums.squares + times * score * score
    return alpha(items, totals)


@lru_cache(maxsize=64)
def _opportunities(script: Script) -> Opportunities:
    return Opportunities(script)

