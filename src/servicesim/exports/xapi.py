"""An attempt as xAPI statements, in the frame of cmi5: what a learning record store is told. Pure: the same attempt gives the same bytes.

    initialized, answered (each reply), scored (each principle), passed or failed, completed, terminated

The actor is an account that bears the learner's random id and no name. An id follows from the attempt and what is told, for what was
judged from the version of the principles too; so to send a statement again is harmless.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from servicesim.assessment.told import number
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.errors import UsageError
from servicesim.exports.rows import Ended, principle_scores, title_of
from servicesim.exports.text import clean
from servicesim.scenario.model import Reply, Scene

HOME = "https://servicesim.invalid"
"""The address that stands for an organisation which names none of its own."""

_OURS = uuid5(NAMESPACE_URL, "https://servicesim.invalid/attempts/")
_VERBS = "http://adlnet.gov/expapi/verbs/"
_ACTIVITIES = "http://adlnet.gov/expapi/activities/"
_CMI5 = {"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}
_MOVE_ON = {"id": "https://w3id.org/xapi/cmi5/context/categories/moveon"}
_SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

Statement = dict[str, Any]


def statements(row: Ended, events: Sequence[Event], home: str = HOME) -> list[Statement]:
    """All that is told of an attempt that has ended, in the order in which it is to be sent."""
    return list(_Attempt(row, home).statements(events))


def write(file: BinaryIO, rows: Iterable[tuple[Ended, Sequence[Event]]], home: str) -> int:
    """Write the statements of these attempts as JSON Lines; how many there were."""
    count = 0
    for row, events in rows:
        told = statements(row, events, home)
        file.write("".join(f"{as_text(one)}\n" for one in told).encode())
        count += len(told)
    return count


def as_text(statement: Statement) -> str:
    """The one form in which a statement is written and sent."""
    return _JSON.encode(statement)


def demand_home(home: str) -> str:
    """The address without a slash at its end; raises UsageError if it is none."""
    try:
        parts = urlsplit(home)
        right = parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment and home.isascii()
    except ValueError:
        right = False
    if not right or not home.isprintable() or " " in home:
        raise UsageError(f"{home!r} is no web address; write it like https://training.example.com")
    return home.rstrip("/")


class _Attempt:
    """What is the same in all statements about one attempt is made once."""

    def __init__(self, row: Ended, home: str) -> None:
        attempt = row.attempt
        self.row, self.home = row, home
        self._encounter = f"{home}/encounters/{_part(attempt.scenario)}"
        self._actor = {"objectType": "Agent", "account": {"homePage": f"{home}/learners", "name": attempt.learner}}
        self._registration = str(uuid5(_OURS, attempt.id))
        self._grouping = {"grouping": [{"objectType": "Activity", "id": self._encounter}]}
        self._extensions = {
            _SESSION: attempt.id,
            f"{home}/extensions/principles": attempt.principles_hash,
            f"{home}/extensions/untimed": attempt.untimed,
            f"{home}/extensions/reviewed": row.reviewed,
        }
        self._ended = _time(row.result.ended)

    def statements(self, events: Sequence[Event]) -> Iterator[Statement]:
        result = self.row.result
        spent = {"duration": _duration(events[-1].at if events else 0.0)}
        yield self._about_encounter("initialized", self._at(0.0))
        for number_, event in enumerate(events):
            if isinstance(event, ReplyChosen):
                yield self._answered(number_, event)
        for name, score in principle_scores(self.row).items():
            yield self._scored(name, score)
        verdict, conduct = "passed" if result.passed else "failed", Fraction(result.conduct)
        judged = {"success": result.passed, "score": _score(f"{conduct.numerator}/{100 * conduct.denominator}")} | spent
        yield self._about_encounter(verdict, result.ended, judged, judged=True, moves_on=True)
        yield self._about_encounter("completed", result.ended, {"completion": True} | spent, moves_on=True)
        yield self._about_encounter("terminated", result.ended, spent)

    def _about_encounter(
        self, verb: str, at: int, result: dict[str, Any] | None = None, *, judged: bool = False, moves_on: bool = False
    ) -> Statement:
        definition = {"type": f"{_ACTIVITIES}simulation", "name": self._in_its_language(self.row.scenario.title)}
        activity = {"objectType": "Activity", "id": self._encounter, "definition": definition}
        categories = [_CMI5, _MOVE_ON] if moves_on else [_CMI5]
        return self._statement("passed-or-failed" if judged else verb, verb, activity, at, result, categories, judged=judged)

    def _answered(self, number_: int, event: ReplyChosen) -> Statement:
        scene = self.row.scenario.scenes[event.scene]
        activity = {
            "objectType": "Activity",
            "id": f"{self._encounter}/scenes/{_part(event.scene)}",
            "definition": {
                "type": f"{_ACTIVITIES}cmi.interaction",
                "interactionType": "choice",
                "name": self._in_its_language(event.scene),
                "choices": [{"id": one.id, "description": self._in_its_language(_words(one))} for one in _once_each(scene)],
            },
        }
        return self._statement(f"answered/{number_}", "answered", activity, self._at(event.at), {"response": event.reply}, [])

    def _scored(self, name: str, score: dict[str, Any]) -> Statement:
        activity = {
            "objectType": "Activity",
            "id": f"{self.home}/principles/{_part(name)}",
            "definition": {"type": f"{_ACTIVITIES}objective", "name": {"en": _clean(title_of(self.row, name))}},
        }
        extensions = {f"{self.home}/extensions/{part}": score[part] for part in ("kept", "broken", "owed")}
        result = {"score": _score(str(score["score"])), "extensions": extensions}
        return self._statement(f"scored/{name}", "scored", activity, self.row.result.ended, result, [], judged=True)

    def _statement(
        self, key: str, verb: str, activity: dict[str, Any], at: int, result: dict[str, Any] | None, categories: list[dict[str, str]],
        *, judged: bool = False,
    ) -> Statement:  # fmt: skip
        attempt = self.row.attempt
        version = f"/{attempt.principles_hash}" if judged else ""
        return {
            "id": str(uuid5(_OURS, f"{attempt.id}/{key}{version}")),
            "actor": self._actor,
            "verb": {"id": f"{_VERBS}{verb}", "display": {"en": verb}},
            "object": activity,
            **({"result": result} if result else {}),
            "context": self._context(categories),
            "timestamp": self._ended if at == self.row.result.ended else _time(at),
        }

    def _context(self, categories: list[dict[str, str]]) -> dict[str, Any]:
        attempt = self.row.attempt
        return {
            "registration": self._registration,
            "contextActivities": self._grouping | ({"category": categories} if categories else {}),
            "platform": "ServiceSim",
            "language": attempt.language,
            "revision": attempt.scenario_hash,
            "extensions": self._extensions,
        }

    def _at(self, seconds: float) -> int:
        """When something happened: the encounter's own clock stands still while it is put aside, so never after its end."""
        return min(self.row.attempt.started + round(seconds * 1000), self.row.result.ended)

    def _in_its_language(self, text: str) -> dict[str, str]:
        return {self.row.scenario.locale: _clean(text)}


_clean = lru_cache(maxsize=4096)(clean)


def _once_each(scene: Scene) -> Iterator[Reply]:
    return iter({reply.id: reply for reply in scene.replies}.values())


def _words(reply: Reply) -> str:
    return reply.say or reply.do or reply.id


@lru_cache(maxsize=4096)
def _part(name: str) -> str:
    """A name as one step of an address."""
    return quote(name, safe="")


@lru_cache(maxsize=4096)
def _score(exact: str) -> dict[str, int | float]:
    """A share of 1, rounded down; whole points beside it, as some stores take no others."""
    share = Fraction(exact)
    return {"scaled": number(share, 4), "raw": int(share * 100), "min": 0, "max": 100}


def _duration(seconds: float) -> str:
    return f"PT{max(0.0, seconds):.2f}S"


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


