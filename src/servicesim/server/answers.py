"""What desks are answered, as the interface tells it; a test holds the answers against it. All times are UTC, in milliseconds."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """What is answered has these fields, and may get others later."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Key(Answer):
    """The public half (base64) of an Ed25519 key that signs verdicts."""

    id: str
    public: str


class Person(Answer):
    """Whose desk it is; `learner` is the random id that stands for them in the records."""

    id: str
    name: str
    team: str
    language: str
    learner: str


class Enrolled(Answer):
    """What a desk has to keep; the key is told this once."""

    desk: str
    key: str
    organisation: str
    keys: list[Key]
    person: Person


class Me(Answer):
    """Who sits at the desk, the keys that sign verdicts, the newest first, and the server's time."""

    organisation: str
    person: Person
    desk: str
    keys: list[Key]
    now: int


class Texts(Answer):
    """The hashes (SHA-256) of the two texts that an encounter is played by at a desk."""

    edition: str
    principles: str


class Encounter(Answer):
    """A version of an encounter, and its texts by language."""

    scenario: str
    version: int
    title: str
    languages: dict[str, Texts]


class Encounters(Answer):
    """What is on offer."""

    encounters: list[Encounter]


class Text(Answer):
    """The canonical text of a sealed edition: JSON, of a scenario or of principles."""

    kind: str
    body: str


class Ticket(Answer):
    """The right to one attempt; what comes after `closes` counts, and is marked as late."""

    attempt: str
    scenario: str
    version: int
    edition: str
    principles: str
    seed: int
    language: str
    opens: int
    closes: int


class Tickets(Answer):
    """One for each edition that was asked for and is on offer."""

    tickets: list[Ticket]


class Verdict(Answer):
    """What the server says of an attempt: a JSON text, and the signature (base64) of its UTF-8 bytes."""

    body: str
    signature: str


class Feelings(Answer):
    """How the customer feels: what they expect and have received (0-100), trust and anger (0-5)."""

    expects: int = Field(ge=0, le=100)
    received: int = Field(ge=0, le=100)
    trust: int = Field(ge=0, le=5)
    anger: int = Field(ge=0, le=5)


class Kept(Answer):
    """How many events of an attempt are kept, whether any came late, how the customer feels after the last of them (null where
    nothing was sent and it is not over), and the verdict once it is over."""

    kept: int
    late: bool
    ended: bool
    feelings: Feelings | None
    verdict: Verdict | None


class Debrief(Answer):
    """The full canonical texts of the scenario and its principles, and the verdict."""

    scenario: str
    principles: str
    verdict: Verdict


class Problem(Answer):
    """What went wrong, in plain words; `kept` only where events are missing before those that were sent."""

    type: str
    title: str
    status: int
    detail: str
    kept: int | None = None


_WHY = {
    400: "The content is not JSON, or not as this server reads it",
    401: "No key, or not one of a desk that is still connected",
    403: "A code that does not work",
    404: "There is nothing like it, or it is somebody else's",
    409: "Something else is kept already, or something is missing before it",
    413: "The content is too large",
    422: "What was sent is not possible",
    429: "Too many requests: `Retry-After` tells the seconds",
    503: "The records cannot be reached just now: `Retry-After` tells the seconds",
}


def told(answer: type[Answer], *problems: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What FastAPI is to say of the answers: this one, and these problems beside those that there may always be."""
    kinds: dict[int | str, dict[str, Any]] = {status: {"model": answer, "description": (answer.__doc__ or "").strip()}}
    return kinds | {code: {"description": _WHY[code], "content": _PROBLEM} for code in sorted({422, 429, 503, *problems})}


_PROBLEM = {"application/problem+json": {"schema": Problem.model_json_schema()}}
