"""The explorer: goes through a scenario from its beginning, and makes of it the world of all places that a play can come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.hearing import END, Ear, GoesOn, MayReply, Mood, Past, Speech, always
from servicesim.analysis.relevance import Relevant, relevant
from servicesim.analysis.tracks import Piece
from servicesim.analysis.world import Choice, Close, Place, Turn, World, following
from servicesim.assessment.trace import GOES_ON, REPLY_BEGINS, REPLY_ENDS
from servicesim.encounter.rules import ANGER_TO_LEAVE
from servicesim.encounter.script import MOST_INTERRUPTIONS, MOST_SILENCES, Option, Script, Stage
from servicesim.encounter.situation import Feelings, Phase, Situation, changed, felt, opening, visited
from servicesim.scenario.graph import MOST_SPEECHES
from servicesim.scenario.principles import ACTS_OF_PLAY

MOST_PLACES = 200_000  # beyond, memory would be the limit


class _Standing(NamedTuple):
    """A situation as far as it is relevant."""

    scene: int
    feelings: Feelings
    facts: tuple[int, ...]
    said: int
    visits: bytes


@dataclass(slots=True)
class _Met:
    """What exploring has met."""

    lines: set[tuple[str, int]] = field(default_factory=set)
    replies: set[tuple[str, str]] = field(default_factory=set)
    withheld: set[tuple[str, str]] = field(default_factory=set)
    endings: set[str | None] = field(default_factory=set)


def explored(script: Script, budget: Budget, *, perfect: bool = False, untimed: bool = False) -> World:
    """The world of a scenario, for any listening or for perfect listening; raises TooMuch."""
    return _Explorer(script, perfect=perfect, untimed=untimed).explore(budget)


class _Explorer:
    """Finds places from the beginning on, and puts them together from the end."""

    def __init__(self, script: Script, *, perfect: bool, untimed: bool = False) -> None:
        self.script, self.untimed = script, untimed
        self.relevant = relevant(script)
        self.ear = Ear((), lambda one, other: False, perfect=perfect)
        self.met = _Met()
        self._speeches: dict[tuple[int, int, bool], Speech] = {}
        self._kinds: dict[object, int] = {}
        self._pieces: dict[tuple[int, str], Piece] = {}
        self._begins = [Piece((script.speaks,), visits=stage.name) for stage in script.stages]
        self._closes: dict[str | None, Close] = {}
        self._merged: dict[object, Place | Turn] = {}
        self._heard: dict[Speech, list[tuple[GoesOn, Past]]] = {}

    def explore(self, budget: Budget) -> World:
        """Depth first: a place is made when all that it leads to has been."""
        begun = opening(self.script)
        first = self._entered(self.script.start, begun.feelings, begun.facts, 0, begun.visits)
        made: dict[tuple[_Standing, int], Place] = {}
        waiting = [first]
        open_: dict[tuple[_Standing, int], _Sketch] = {}
        while waiting:
            if len(made) > MOST_PLACES or budget.spent:
                raise TooMuch
            key = waiting[-1]
            if key in made:
                waiting.pop()
            elif key not in open_:
                open_[key] = sketch = self._sketched(*key)
                waiting += [ahead for ahead in sketch.ahead() if ahead not in made]
            else:
                made[key] = self._made(open_.pop(key), made)
                waiting.pop()
        return self._world(made[first])

    def _world(self, start: Place) -> World:
        met = self.met
        return World(tuple(_in_order(start)), frozenset(met.lines), frozenset(met.replies), frozenset(met.withheld), frozenset(met.endings))

    # --- forwards ---

    def _entered(self, scene: int, feelings: Feelings, facts: tuple[int, ...], said: int, visits: bytes) -> tuple[_Standing, int]:
        """The standing when a scene's speech begins, and its line."""
        visits = visited(visits, scene)
        stage = self.script.stages[scene]
        here = self._situation(_Standing(scene, feelings, facts, said, visits))
        line = next(number for number, spoken in enumerate(stage.lines) if spoken.holds is None or spoken.holds(here))
        said |= self.script.bit_of_speaking
        self.met.lines.add((stage.name, line))
        return self._projected(scene, feelings, facts, said, visits), line

    def _projected(self, scene: int, feelings: Feelings, facts: tuple[int, ...], said: int, visits: bytes) -> _Standing:
        matters = self.relevant[scene]
        return _Standing(scene, matters.of_feelings(feelings), matters.of_facts(facts), said & matters.acts, matters.of_visits(visits))

    def _situation(self, standing: _Standing) -> Situation:
        """Enough of a situation for conditions to read."""
        _, feelings, facts, said, visits = standing
        return Situation(self.script, Phase.WAITING, 0.0, feelings, facts, said, visits)

    def _sketched(self, standing: _Standing, line: int) -> _Sketch:
        """A place with its turns, where what follows is still named by its standing."""
        stage = self.script.stages[standing.scene]
        quiet = stage.on_silence is not None and standing.visits[stage.on_silence] < MOST_SPEECHES
        speech = self._speech(stage, line, quiet)
        mood = Mood(standing.feelings, standing.said)
        options = tuple(option for option in stage.options if option.target is None or standing.visits[option.target] < MOST_SPEECHES)
        shut = set[Mood]()
        if any(option.holds is None for option in options):
            heard = self._heard.get(speech)
            if heard is None:
                heard = self._heard[speech] = self._pasts(speech, always)
        else:
            heard = self._pasts(speech, self._asks(speech, mood, standing, options, shut))
        ways: dict[tuple[GoesOn, Mood | None], _Ahead] = {}
        for on, now in dict.fromkeys((on, speech.mood_after(mood, past)) for on, past in heard):
            ways[on, now] = self._way(on, standing._replace(feelings=now.feelings, said=now.said), stage, options)
        return _Sketch(standing, line, speech, mood, ways, frozenset(shut))

    def _pasts(self, speech: Speech, may_reply: MayReply) -> list[tuple[GoesOn, Past]]:
        return [(one.on, one.past) for one in self.ear.heard(speech, (), may_reply)]

    def _asks(self, speech: Speech, mood: Mood, standing: _Standing, options: tuple[Option, ...], shut: set[Mood]) -> MayReply:
        """Whether any reply is offered; the moods in which none is are added to `shut`."""
        known: dict[Past, bool] = {}

        def may_reply(past: Past) -> bool:
            if past not in known:
                now = speech.mood_after(mood, past)
                known[past] = bool(self._offered(standing._replace(feelings=now.feelings, said=now.said), options))
                if not known[past]:
                    shut.add(now)
                    self._withheld(standing, options, ())
            return known[past]

        return may_reply

    def _offered(self, standing: _Standing, options: tuple[Option, ...]) -> tuple[Option, ...]:
        here = self._situation(standing)
        return tuple(option for option in options if option.holds is None or option.holds(here))

    def _way(self, on: GoesOn, standing: _Standing, stage: Stage, options: tuple[Option, ...]) -> _Ahead:
        _, feelings, facts, said, visits = standing
        if on == "leave":
            return self._close(self.script.scenario.leaves)
        if on == "go":
            assert stage.on_silence is not None
            return self._entered(stage.on_silence, feelings, facts, said, visits)
        offered = self._offered(standing, options)
        self._withheld(standing, options, offered)
        return [(option, self._after(option, standing)) for option in offered]

    def _withheld(self, standing: _Standing, options: tuple[Option, ...], offered: tuple[Option, ...]) -> None:
        if len(offered) < len(options):
            scene = self.script.stages[standing.scene].name
            self.met.withheld.update((scene, option.reply.id) for option in options if option not in offered)

    def _after(self, option: Option, standing: _Standing) -> tuple[_Standing, int] | Close:
        """What follows a reply."""
        _, feelings, facts, said, visits = standing
        self.met.replies.add((self.script.stages[standing.scene].name, option.reply.id))
        feelings = felt(feelings, option.effects)
        leaves = self.script.scenario.leaves
        if feelings.anger >= ANGER_TO_LEAVE and leaves is not None:
            return self._close(leaves)
        if option.target is None:
            return self._close(option.reply.end)
        return self._entered(option.target, feelings, changed(facts, option.sets), said | option.bits, visits)

    def _close(self, ending: str | None) -> Close:
        self.met.endings.add(ending)
        if ending not in self._closes:
            self._closes[ending] = Close(ending, ending is not None and not self.script.ending(ending).failed)
        return self._closes[ending]

    def _speech(self, stage: Stage, line: int, quiet: bool) -> Speech:
        key = (stage.number, line, quiet)
        if key not in self._speeches:
            self._speeches[key] = _speech(self.script, stage, line, quiet, self.relevant[stage.number], self._kinds, untimed=self.untimed)
        return self._speeches[key]

    # --- backwards ---

    def _made(self, sketch: _Sketch, made: dict[tuple[_Standing, int], Place]) -> Place:
        """The place that a sketch stands for; the same one for all that no future tells apart."""
        stage = self.script.stages[sketch.standing.scene]
        ways: dict[tuple[GoesOn, Mood | None], Turn | Place | Close] = {}
        for way, ahead in sketch.ways.items():
            ways[way] = self._leads(ahead, stage, made)
        mood: Mood | None = sketch.mood
        kinds = {on: leads for (on, _), leads in ways.items()}
        if not sketch.shut and all(leads is kinds[on] for (on, _), leads in ways.items()):
            mood, ways = None, {(on, None): leads for on, leads in kinds.items()}
        key = (stage.number, sketch.line, sketch.speech, mood, frozenset(ways.items()), sketch.shut)
        if key not in self._merged:
            self._merged[key] = Place(stage.name, sketch.line, self._begins[stage.number], sketch.speech, mood, ways, sketch.shut)
        place = self._merged[key]
        assert isinstance(place, Place)
        return place

    def _leads(self, ahead: _Ahead, stage: Stage, made: dict[tuple[_Standing, int], Place]) -> Turn | Place | Close:
        if isinstance(ahead, Close):
            return ahead
        if isinstance(ahead, tuple):
            return made[ahead]
        choices = tuple(
            Choice(option.reply.id, self._piece(stage, option), after if isinstance(after, Close) else made[after]) for option, after in ahead
        )
        key = (stage.number, choices)
        if key not in self._merged:
            self._merged[key] = Turn(stage.name, choices)
        return self._merged[key]

    def _piece(self, stage: Stage, option: Option) -> Piece:
        key = (stage.number, option.reply.id)
        if key not in self._pieces:
            acts = (REPLY_BEGINS, *option.reply.acts, REPLY_ENDS)
            self._pieces[key] = Piece(acts, marks=tuple(option.reply.marks.items()))
        return self._pieces[key]


_Ahead = list[tuple[Option, "tuple[_Standing, int] | Close"]] | tuple[_Standing, int] | Close


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A place whose ways still lead to standings."""

    standing: _Standing
    line: int
    speech: Speech
    mood: Mood
    ways: dict[tuple[GoesOn, Mood | None], _Ahead]
    shut: frozenset[Mood]

    def ahead(self) -> Iterator[tuple[_Standing, int]]:
        """The places that it leads to."""
        for way in self.ways.values():
            if isinstance(way, list):
                yield from (after for _, after in way if not isinstance(after, Close))
            elif isinstance(way, tuple):
                yield way


def _speech(script: Script, stage: Stage, line: int, quiet: bool, matters: Relevant, kinds: dict[object, int], *, untimed: bool) -> Speech:
    spoken = stage.lines[line]
    parts = len(spoken.segments) if script.stations else 1
    after: GoesOn = "go" if quiet else "leave" if script.scenario.leaves is not None else "reply"
    told = script.feel_of_play | {"silence": stage.silence_effects, END: spoken.effects}
    effects = {act: effects for act, effects in told.items() if matters.reads(effects)}
    said = {act: script.bit[act] for act in ACTS_OF_PLAY} | {END: spoken.bits}
    bits = {act: bits & matters.acts for act, bits in said.items() if bits & matters.acts}
    # Without a clock nobody waits in silence, and a segment is cut before the next one is asked for, or never.
    cuts = 0 if script.written or (untimed and len(spoken.segments) == 1) else MOST_INTERRUPTIONS
    return Speech(
        kind=kinds.setdefault((parts, cuts, after, tuple(effects.items()), tuple(bits.items()), matters.feelings), len(kinds)),
        stations=parts - 1,
        signs=script.listening,
        cuts=cuts,
        silences=0 if script.written or untimed else MOST_SILENCES,
        after_silences=after,
        ends=Piece((GOES_ON, *spoken.acts)),
        effects=effects,
        bits=bits,
        relevant=matters.feelings,
        cut_early=not (untimed and script.stations),
    )


def _in_order(start: Place) -> list[Place]:
    """Every place after all that it leads to."""
    told, done, waiting = list[Place](), set[Place](), [start]
    while waiting:
        place = waiting[-1]
        ahead = [one for one in following(place) if one not in done]
        if place in done or not ahead:
            waiting.pop()
            if place not in done:
                done.add(place)
                told.append(place)
        else:
            waiting += ahead
    return told
