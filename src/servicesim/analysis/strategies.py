"""Naive strategies: players who listen perfectly and choose their replies without thinking. None of them should pass.

Perfect listening is a neutral word at every station and nothing else, so that nobody fails merely by not nodding. Where a
strategy cannot decide between replies, every way is followed, and the best that comes of it is what it comes to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from servicesim.analysis.proof import Played
from servicesim.analysis.words import vocabulary
from servicesim.assessment.tally import Tally
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Listened, ReplyChosen
from servicesim.encounter.rehearsal import finish_speech, play
from servicesim.encounter.script import Option, Script
from servicesim.encounter.situation import Phase, Situation

MOST_EVENTS = 10_000  # in all plays of one strategy where replies tie, about 100 plays of 10 scenes; of more, the best that was seen
TELLING = 4  # decisions from which a cue can be learnt
APOLOGY = "apologise"

Choice = Callable[[Sequence[Option]], Sequence[Option]]  # of the replies offered those it likes best, one or more


def strategies(script: Script) -> dict[str, Played]:
    """What each naive strategy comes to, by name; without `most-polite` where the language has no list of polite words."""
    tally = Tally(script)
    return {name: _Trial(script, choose, tally).best() for name, choose in choices(script).items()}


def choices(script: Script) -> dict[str, Choice]:
    """The naive strategies that fit the scenario's language. Where politeness cannot be told, who apologises talks much."""
    words = vocabulary(script.scenario.locale)
    if words is None:
        return {"longest": _longest, "shortest": _shortest, "apologise-first": _apologising(_longest)}
    polite = _most(cache(words.polite))
    return {"longest": _longest, "shortest": _shortest, "most-polite": polite, "apologise-first": _apologising(polite)}


def played_by(script: Script, choose: Choice) -> Played:
    """The best that comes of choosing so: a play that passes before one that does not, then the higher conduct."""
    return _Trial(script, choose, Tally(script)).best()


class _Trial:
    """One strategy at play: first as it comes, then every way that is as good, one choice made otherwise at a time."""

    def __init__(self, script: Script, choose: Choice, tally: Tally) -> None:
        self._script, self._choose, self._tally = script, choose, tally
        self._ways: deque[list[_Way]] = deque()  # of each play, those that were not taken yet
        self._liked: dict[str, str] = {}  # scene to reply in the best play, which is tried first

    def best(self) -> Played:
        """The best play that was seen."""
        encounter: Encounter | None = Encounter(self._script)
        best, events = None, 0
        while encounter is not None and events < MOST_EVENTS:
            ways = list(self._play_out(encounter))
            played, events = self._judged(encounter), events + len(encounter.events)
            if best is None or _worth(played) > _worth(best):
                best, self._liked = played, _replies(encounter)
            if best.passed and best.conduct == 100:
                break
            self._ways.append(ways)
            encounter = self._otherwise()
        assert best is not None  # whatever is chosen, there is a play
        return best

    def _play_out(self, encounter: Encounter) -> Iterator[_Way]:
        """Play to the end; the ways that were as good as the one that was taken."""
        while offered := _heard_out(encounter):
            liked = self._liked.get(encounter.situation.stage.name)
            first, *others = sorted(self._choose(offered), key=lambda option: option.reply.id != liked)
            for other in others:
                yield _Way(encounter, len(encounter.events), encounter.situation, other.reply.id)
            play(encounter, first.reply.id)

    def _judged(self, encounter: Encounter) -> Played:
        conduct, ending = self._tally.conduct(encounter.events), encounter.situation.ending
        ended_well = ending is not None and not self._script.ending(ending).failed
        return Played(conduct, ended_well and conduct >= self._script.scenario.pass_mark, _path(encounter))

    def _otherwise(self) -> Encounter | None:
        """The first play with its last choice made otherwise, then the one before; then the next play; at last None."""
        while self._ways and not self._ways[0]:
            self._ways.popleft()
        return self._ways[0].pop().taken() if self._ways else None


@dataclass(frozen=True, slots=True)
class _Way:
    """A reply that was not given: to which play it belongs, after how many events, and where that stood."""

    encounter: Encounter
    events: int
    situation: Situation
    reply: str

    def taken(self) -> Encounter:
        """The play as it was then, going on with this reply."""
        twin = copy(self.encounter)
        twin.events, twin.situation = self.encounter.events[: self.events], self.situation
        play(twin, self.reply)
        return twin


def _worth(played: Played) -> tuple[bool, Fraction]:
    return played.passed, played.conduct


def _replies(encounter: Encounter) -> dict[str, str]:
    return {event.scene: event.reply for event in encounter.events if isinstance(event, ReplyChosen)}


def _path(encounter: Encounter) -> tuple[str, ...]:
    """The moves of a play in which nothing was done but listening and replying."""
    moves = (event for event in encounter.events if isinstance(event, (Listened, ReplyChosen)))
    return tuple(move.how if isinstance(move, Listened) else move.reply for move in moves)


def _heard_out(encounter: Encounter) -> tuple[Option, ...]:
    """Listen perfectly until the customer has spoken to the end; the replies that are offered then."""
    if encounter.situation.phase is Phase.SPEAKING and encounter.script.stations:
        for _ in encounter.situation.spoken.segments[1:]:
            play(encounter, "go-on")
    finish_speech(encounter)
    return encounter.offered


# --- what they go by -------------------------------------------------------------------------------------------------


def _most(measure: Callable[[str], int]) -> Choice:
    def choose(offered: Sequence[Option]) -> Sequence[Option]:
        most = max(measure(option.reply.words) for option in offered)
        return [option for option in offered if measure(option.reply.words) == most]

    return choose


def _apologising(otherwise: Choice) -> Choice:
    def choose(offered: Sequence[Option]) -> Sequence[Option]:
        return [option for option in offered if APOLOGY in option.reply.acts] or otherwise(offered)

    return choose


_longest = _most(len)
_shortest = _most(lambda words: -len(words))


# --- cues ------------------------------------------------------------------------------------------------------------

Sign = Literal["longest", "shortest", "only-without-harsh-word"]


@dataclass(frozen=True, slots=True)
class Cue:
    """Something about its words that gives the best reply away at every decision; `decisions` are scene and reply."""

    by: Sign
    decisions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Decision:
    """A choice on the way, by the words that were offered."""

    scene: str
    reply: str
    best: str
    others: tuple[str, ...]


def cues(script: Script, best: Sequence[tuple[str, str]]) -> list[Cue]:
    """What gives the best replies away, given as scene and reply on the best play, wherever there was a choice."""
    decisions = [one for one in _decisions(script, best) if one.others]
    if len(decisions) < TELLING:
        return []
    told = tuple((one.scene, one.reply) for one in decisions)
    return [Cue(by, told) for by, shows in _signs(script).items() if all(shows(one) for one in decisions)]


def _decisions(script: Script, best: Sequence[tuple[str, str]]) -> Iterator[_Decision]:
    """The decisions on the way. From where perfect listening does not lead along it, all of a scene's replies count as offered."""
    encounter, follows = Encounter(script), True
    for scene, reply in best:
        written, chosen = script.stage(scene).options, script.stage(scene).by_id[reply]
        offered = _heard_out(encounter) if follows else ()
        follows = any(option is chosen for option in offered)
        if follows:
            play(encounter, reply)
        others = tuple(option.reply.words for option in (offered if follows else written) if option is not chosen)
        yield _Decision(scene, reply, chosen.reply.words, others)


def _signs(script: Script) -> dict[Sign, Callable[[_Decision], bool]]:
    signs: dict[Sign, Callable[[_Decision], bool]] = {
        "longest": lambda one: all(len(one.best) > len(other) for other in one.others),
        "shortest": lambda one: all(len(one.best) < len(other) for other in one.others),
    }
    words = vocabulary(script.scenario.locale)
    if words is not None:
        harsh = cache(words.harsh)
        signs["only-without-harsh-word"] = lambda one: not harsh(one.best) and all(harsh(other) for other in one.others)
    return signs
