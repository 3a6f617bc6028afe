"""All that is heard of an encounter: the sounds of what happens, the customer's voice, the noise of the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from servicesim.desktop.foley import Foley
from servicesim.desktop.sounds import Sounds
from servicesim.desktop.voices import Recording, Voice
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Situation

Fetched = Callable[[Mapping[str, Recording | None]], None]
Fetch = Callable[[Mapping[str, float], Fetched], None]


class Hearing:
    """Told in each tick where the encounter stands; `fetch` brings voices from the disk off the drawing thread."""

    def __init__(self, sounds: Sounds, script: Script, heard: int, fetch: Fetch) -> None:
        self._sounds, self._fetch = sounds, fetch
        self._foley = Foley(sounds, script, heard)
        self._voice = Voice(sounds, script, fresh=not heard)
        self._phone = script.scenario.channel == "phone"
        self._pictured = -1

    def follow(self, events: Sequence[Event], situation: Situation, now: float) -> Sequence[Event]:
        """What has happened since it was told last; its sounds are due from now on."""
        new = self._foley.follow(events, now)
        if new:
            self._voice.goes_on()
        if self._voice.any and self._sounds.wanted and len(events) != self._pictured:
            self._pictured = len(events)
            if missing := self._voice.wanted(situation):
                self._fetch(missing, self._voice.fetched)
        return new

    def play(self, situation: Situation, at: float, now: float) -> None:
        """Let be heard what is heard at this time."""
        self._foley.play(now)
        self._sounds.hum(self._phone and not situation.ended)
        if self._voice.any:
            self._voice.follow(situation, at)

    def rest(self, situation: Situation) -> None:
        """The clock stands: no voice, no line."""
        self._foley.hush()
        self._sounds.hum(False)
        self._voice.rest(untimed=situation.untimed)

    def leave(self) -> None:
        """Nobody listens any more."""
        self._foley.hush()
        self._sounds.hum(False)
        self._sounds.hush()

    @property
    def next(self) -> float | None:
        """When the next sound is due, in stage seconds."""
        return self._foley.next
