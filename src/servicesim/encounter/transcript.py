"""The transcript: events as lines of JSON. It is the saved game, the replay and the score's input in one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_type_hints

from servicesim.encounter import events as kinds
from servicesim.encounter.events import KINDS, Event
from servicesim.errors import VerificationFailed

LONGEST = 1e9  # seconds; no encounter lasts so long
_NAMES = {kind: name for name, kind in KINDS.items()}
_FIELDS: dict[str, dict[str, Any]] = {
    name: get_type_hints(kind, vars(kinds)) | {} for name, kind in KINDS.items()
}


class UnreadableTranscript(VerificationFailed):
    """A line of a transcript that is no event."""


def to_line(event: Event) -> str:
    """The event as one line of JSON, without the line break."""
    told: dict[str, Any] = {"event": _NAMES[type(event)], **event._asdict()}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def to_lines(events: Iterable[Event]) -> list[str]:
    """Each event as one line of JSON."""
    return [to_line(event) for event in events]


def from_line(line: str) -> Event:
    """The event in a line; raises UnreadableTranscript naming what is wrong."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableTranscript(f"a line of the transcript is not JSON: {line[:80]!r}") from error
    name = told.pop("event", None) if isinstance(told, dict) else None
    if not isinstance(name, str) or name not in KINDS:
        raise UnreadableTranscript(f"a line of the transcript is no event: {line[:80]!r}")
    return KINDS[name](**_checked(name, told))


def from_lines(lines: Iterable[str]) -> Iterator[Event]:
    """The events in lines of JSON; empty lines are passed over."""
    return (from_line(line) for line in lines if line.strip())


def _checked(name: str, told: dict[str, Any]) -> dict[str, Any]:
    wanted = _FIELDS[name]
    if told.keys() != wanted.keys():
        wrong = ", ".join(sorted(set(told) ^ set(wanted)))
        raise UnreadableTranscript(f"the event '{name}' in the transcript has other fields than it should: {wrong!a:.200}")
    for field, kind in wanted.items():
        value = told[field]
        if type(value) is kind and (kind is not float or -LONGEST < value < LONGEST):
            continue  # Nearly always, and quickly seen.
        if not _is(value, kind):
            raise UnreadableTranscript(f"the event '{name}' in the transcript has a '{field}' that it cannot have")
        if kind is float:
            told[field] = float(value)
    return told


def _is(value: object, kind: Any) -> bool:
    if kind is float:
        # Neither nan nor infinity, which JSON of Python knows, nor a number beyond them, is a time.
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LONGEST
    if isinstance(kind, type):
        return type(value) is kind
    choices = get_args(kind)
    return any(_is(value, choice) if isinstance(choice, type) else value == choice for choice in choices)
