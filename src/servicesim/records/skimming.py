"""Reading transcripts in bulk for what happened, and not when: in a small part of the time of reading every line as JSON.

A line as we write it begins with its event and its time. What follows the time is one of a few hundred texts, each of which is
read once by `from_line`. A transcript with any line that looks otherwise is read by `from_lines`, so that the same
transcripts are refused in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from servicesim.encounter.events import Event
from servicesim.encounter.transcript import UnreadableTranscript, from_line, from_lines

MOST_KNOWN = 100_000  # ends of lines that are remembered
_LINE = re.compile(r'^\{"event":"([a-z-]+)","at":(?:0|[1-9][0-9]{0,7})(?:\.[0-9]+)?([,}].*)$', re.MULTILINE)

End = tuple[str, str]  # of a line: the event's name, and what follows its time


class Skimmer:
    """Reads many transcripts; equal events are shared between them."""

    def __init__(self) -> None:
        self._known: dict[End, Event] = {}

    def events(self, lines: Sequence[str]) -> list[Event]:
        """The events of a transcript, each as `from_lines` reads it, but at 0 seconds; raises UnreadableTranscript."""
        # The first line has the seed of the play in it: no other is the same.
        rest = lines[1:]
        text = "\n".join(rest)
        ends = _LINE.findall(text)
        if not len(ends) == len(rest) == text.count("\n") + 1:
            return _one_by_one(lines)
        try:
            return [*_one_by_one(lines[:1]), *[self._known[end] for end in ends]]
        except KeyError:
            return _one_by_one(lines) if not self._learn(ends) else self.events(lines)

    def _learn(self, ends: Sequence[End]) -> bool:
        """Read ends of lines that are new; False if one of them is no plain one."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        new = {end: _read(end) for end in ends if end not in self._known}
        self._known |= {end: event for end, event in new.items() if event is not None}
        return None not in new.values()


def _read(end: End) -> Event | None:
    """The event of a line at 0 seconds; None if it cannot be read, or says its time once more."""
    name, rest = end
    try:
        now, later = (from_line(f'{{"event":"{name}","at":{at}{rest}') for at in (0, 1))
    except UnreadableTranscript:
        return None
    return now if (now.at, later.at) == (0.0, 1.0) else None


def _one_by_one(lines: Sequence[str]) -> list[Event]:
    return [event._replace(at=0.0) for event in from_lines(lines)]
