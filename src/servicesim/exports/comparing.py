"""Whether a store keeps the statement that we sent: what a store may add, drop or write in another way makes no difference.

xAPI 1.0.3, part two, 2.3.1 (statements are immutable, apart from these) and part three, 2.1 (a conflict is about the rest).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

_ADDED = {"stored", "authority", "version", "attachments"}
_DURATION = re.compile(r"P(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)")
_MISSING = object()


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The parts of a statement that say something else there than here; none if it is the same."""
    return list(_different(_plain(ours), _plain(theirs)))


def _different(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*ours, *theirs}):
        if ours.get(name, _MISSING) != theirs.get(name, _MISSING):
            yield name


def _plain(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The statement in one of the forms that mean the same."""
    kept = {name: value for name, value in statement.items() if name not in _ADDED or (name == "attachments" and value)}
    plain = {name: _value(name, value) for name, value in kept.items()}
    if isinstance(verb := plain.get("verb"), dict):
        plain["verb"] = {"id": verb.get("id")}  # How it is displayed belongs to the verb, not to the statement.
    return plain


def _value(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: _value(key, one) for key, one in value.items()}
        return _activity(inner) if name in ("object", "activity") else _agent(inner) if name in ("actor", "instructor") else _in_context(name, inner)
    match name, value:
        case "timestamp", str():
            return _moment(value)
        case "duration", str():
            return _seconds(value)
        case ("id" | "registration"), str():
            return value.lower() if re.fullmatch(r"[0-9A-Fa-f-]{36}", value) else value
    return value


def _in_context(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """Activities stand in no order, and one may stand without a list."""
    if name != "contextActivities":
        return value
    return {kind: sorted((_activity(one) for one in _listed(some)), key=lambda one: str(one.get("id"))) for kind, some in value.items() if some}


def _listed(some: Any) -> list[dict[str, Any]]:
    return [one for one in (some if isinstance(some, list) else [some]) if isinstance(one, dict)]


def _activity(value: dict[str, Any]) -> dict[str, Any]:
    """What an activity is called and looks like belongs to the activity, not to the statement."""
    plain = {key: one for key, one in value.items() if key != "definition"}
    return {"objectType": "Activity"} | plain


def _agent(value: dict[str, Any]) -> dict[str, Any]:
    return {"objectType": "Agent"} | value


def _moment(text: str) -> Any:
    """To the millisecond, in whatever zone it is written."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


def _seconds(text: str) -> Any:
    """To a hundredth; what is no duration of ours stays a text."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return text
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return round((hours * 60 + minutes) * 6000 + seconds * 100)
