"""A transcript cut into turns: what happens from one reply to the next, as one number that rules are stepped by.

A turn without listening, interruptions and silences is one number: all that the speech and the reply bring. In any other
turn each event that brings something is a number of its own, so that numbers stay few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from servicesim.assessment.rules import Automaton
from servicesim.assessment.trace import acts_of
from servicesim.encounter.events import Event, Listened, ReplyChosen, SpeechBegan, SpeechEnded
from servicesim.encounter.script import Script

Acts = tuple[str, ...]
_BUT_TIME = slice(1, None)  # of an event
Offers = Callable[[frozenset[str]], int]  # what some scenes offer to the rules, as bits


class Turns:
    """The turns of many transcripts of one script; `lists` holds the acts that each number stands for, 0 for none."""

    def __init__(self, script: Script, rules: Iterable[Automaton], offers: Offers) -> None:
        self.script, self._offers = script, offers
        self._meant = {act for rule in rules for act in rule.meaning}
        self.lists: list[Acts] = [()]
        self._numbers: dict[Acts, int] = {(): 0}
        self._always = offers(frozenset())
        self._nowhere = _Place(self, "", (), 0)
        self._speeches = _Speeches(self)
        self._others: dict[object, int] = {}

    def number(self, acts: Iterable[str]) -> int:
        """The number of some acts, as far as they mean anything to a rule."""
        meant = tuple(filter(self._meant.__contains__, acts))
        if meant not in self._numbers:
            self._numbers[meant] = len(self.lists)
            self.lists.append(meant)
        return self._numbers[meant]

    def of(self, events: Sequence[Event]) -> tuple[list[int], int]:
        """What the events bring, and what the scenes that they visit offer to the rules, as bits."""
        # This runs once for each event of a hundred thousand transcripts: look-ups, and hardly a call.
        numbers, offers, speeches, others, here = list[int](), self._always, self._speeches, self._others, self._nowhere
        for event in events:
            kind = type(event)
            if kind is ReplyChosen:
                numbers.append(here[event[2]])  # type: ignore[index, misc]
                here = here.alone
            elif kind is SpeechEnded and here.heard is not None:
                here = here.heard
            else:
                if here.due:
                    numbers.append(here.due)
                if kind is SpeechBegan:
                    here = speeches[event[_BUT_TIME]]  # type: ignore[index]
                    offers |= here.offers
                    continue
                here = here.alone
                key = event[1] if kind is Listened else kind  # type: ignore[misc]
                number = here.ends if kind is SpeechEnded else others.get(key)
                if number is None:
                    number = others[key] = self.number(acts_of(self.script, event, "", 0))
                if number:
                    numbers.append(number)
        if here.due:
            numbers.append(here.due)
        return numbers, offers

    def speech(self, scene: str, line: int) -> _Place:
        """Where a turn has come to when this line of this scene begins."""
        began = tuple(acts_of(self.script, SpeechBegan(0.0, scene, line), scene, line))
        ended = tuple(acts_of(self.script, SpeechEnded(0.0), scene, line))
        offers, ends = self._offers(frozenset((scene,))), self.number(ended)
        place = _Place(self, scene, began, ends, offers)
        place.heard = _Place(self, scene, (*began, *ended), ends, offers)
        place.alone = place.heard.alone = _Place(self, scene, (), ends, offers)
        return place


class _Speeches(dict[tuple[str, int], "_Place"]):
    """Where turns begin, by scene and line, worked out when it is first asked for."""

    __slots__ = ("_turns",)

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def __missing__(self, began: tuple[str, int]) -> _Place:
        place = self[began] = self._turns.speech(*began)
        return place


class _Place(dict[str, int]):
    """Where a turn has come to: what each reply makes of it, by the reply's id, worked out when it is first asked for."""

    __slots__ = ("_acts", "_scene", "_turns", "alone", "due", "ends", "heard", "offers")

    def __init__(self, turns: Turns, scene: str, acts: Acts, ends: int, offers: int = 0) -> None:
        self._turns, self._scene, self._acts = turns, scene, acts
        self.offers, self.ends = offers, ends
        self.due = turns.number(acts)  # what has happened and was not told yet
        self.heard: _Place | None = None  # the same when the speech has ended; None if that is told by itself
        self.alone: _Place = self  # the same scene when all was told

    def __missing__(self, reply: str) -> int:
        chosen = acts_of(self._turns.script, ReplyChosen(0.0, self._scene, reply), self._scene, 0)
        number = self[reply] = self._turns.number((*self._acts, *chosen))
        return number
