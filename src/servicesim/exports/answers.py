"""What the answer of a learning record store means for the statements that it was sent. Nothing that it says is believed unless it fits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servicesim.exports.comparing import differences
from servicesim.exports.text import clean
from servicesim.transport import Answer as Answer
from servicesim.transport import seconds_asked

_DEEP = 50  # brackets in each other; no statement of ours has so many


@dataclass(frozen=True, slots=True)
class Taken:
    """The store has all of them; `known` if it had them before."""

    known: bool = False


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The store takes none of them, because of at least one; sent again they would not be taken either."""

    words: str
    conflict: bool = False
    """It says that it has another one under the same id, which may not be so."""
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing can be sent as things are; somebody has to settle something first."""

    words: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """It may go well if it is tried again, after so many seconds if the store says so."""

    words: str
    after: float | None = None


Meaning = Taken | NotTaken | Closed | Trouble


def of_post(answer: Answer, ids: Sequence[str], *, now: int) -> Meaning:
    """The answer to statements with these ids; `now` is UTC in milliseconds."""
    match answer.status:
        case 200:
            if _ids(answer.body) == sorted(id.lower() for id in ids):
                return Taken()
            return Trouble(_said(answer, "it answers 200, and not with the ids of what was sent"))
        case 204:
            return Taken()
        case 409:
            return NotTaken(_said(answer), conflict=True)
        case 400 | 413 | 422:
            return NotTaken(_said(answer), too_large=answer.status == 413)
        case _:
            return _otherwise(answer, now)


def of_get(answer: Answer, ours: Mapping[str, Any], conflict: str, *, now: int) -> Meaning:
    """The answer to a question for a statement, which the store would not take because of a conflict."""
    match answer.status:
        case 200:
            theirs = _json(answer.body)
            if not isinstance(theirs, dict) or str(theirs.get("id", "")).lower() != str(ours["id"]).lower():
                return Trouble(_said(answer, "it answers 200, and not with the statement that was asked for"))
            different = differences(ours, theirs)
            return NotTaken(f"another statement is kept there under this id: it differs in {', '.join(different)}") if different else Taken(known=True)
        case 404:
            return NotTaken(f"{conflict} (it has no statement under this id that it would show)")
        case 401 | 403:
            return NotTaken(f"{conflict} (what it has under this id cannot be compared: {answer.status}, the key may not read)")
        case 400 | 405 | 501:
            return NotTaken(f"{conflict} (what it has under this id cannot be compared: {_said(answer)})")
        case _:
            return _otherwise(answer, now)


def _otherwise(answer: Answer, now: int) -> Meaning:
    match answer.status:
        case 401:
            return Closed(_said(answer, "it does not know the key (401): check key and secret"))
        case 403:
            return Closed(_said(answer, "the key may not send statements (403): ask those who run it for the right to write"))
        case 408 | 425 | 429 | 500 | 502 | 503 | 504 | 507 | 509:
            return Trouble(_said(answer), seconds_asked(answer.retry_after, now))
        case status if status >= 500 and status != 501:
            return Trouble(_said(answer), seconds_asked(answer.retry_after, now))
        case status if 300 <= status < 400:
            where = f" to {_words(answer.location)[:200]}" if answer.location else ""
            return Closed(f"it sends us elsewhere ({status}{where}), where nothing is sent unless you settle it with --to")
        case 404 | 405 | 406 | 410 | 415 | 501:
            return Closed(_said(answer, f"there seems to be no learning record store under this address ({answer.status})"))
        case _:
            return Closed(_said(answer, f"it answers in a way that cannot be understood ({answer.status})"))


def _said(answer: Answer, means: str = "") -> str:
    """What the store said, for people: cleaned and on one line, as long as it is."""
    words = _words(answer.body.decode("utf-8", "replace"))
    return f"{means}: {words}" if means and words else means or f"{answer.status}: {words or 'without a word'}"


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", clean(text)).strip()


def _ids(body: bytes) -> list[str] | None:
    told = _json(body)
    if not isinstance(told, list) or not all(isinstance(id, str) for id in told):
        return None
    return sorted(id.lower() for id in told)


def _json(body: bytes) -> Any:
    """What it says; None for what is no JSON, or is so deep that reading it could do harm."""
    deep = 0
    for bracket in re.findall(rb"[\[\]{}]", body):
        deep += 1 if bracket in b"[{" else -1
        if deep > _DEEP:
            return None
    try:
        return json.loads(body)
    except ValueError:
        return None
