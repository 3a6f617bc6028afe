"""What the organisation's server says, read as something that could be anything: of the right kind and size, or not at all."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from servicesim.scenario.authored import sayable
from servicesim.transport import Answer

_MOST_MILLISECONDS = 1 << 53


def _storable(text: str) -> str:
    text.encode()  # half a character cannot be written down; pydantic tells a ValueError
    return text


_Text = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_storable)]
_Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
_AttemptId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
_Learner = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
_Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,512}$")]
_Whole = Annotated[int, Field(ge=0, le=_MOST_MILLISECONDS)]


class Said(BaseModel):
    """A newer server may say more than is known here; that is passed over."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class PublicKey(Said):
    """What the server's signatures are checked with."""

    id: _Key
    public: _Key


class EnrolledPerson(Said):
    """Who plays at this desk."""

    id: _Text
    name: _Text
    team: _Text
    language: _Text
    learner: _Learner


class Enrolled(Said):
    """The answer to a code that works."""

    desk: _Key
    key: _Key
    organisation: _Text
    keys: Annotated[tuple[PublicKey, ...], Field(min_length=1, max_length=100, strict=False)]
    person: EnrolledPerson


class Me(Said):
    """Who the desk's key stands for."""

    organisation: _Text
    person: EnrolledPerson
    keys: Annotated[tuple[PublicKey, ...], Field(min_length=1, max_length=100, strict=False)]
    now: _Whole


class Edition(Said):
    """The sealed texts of an encounter in one language."""

    edition: _Hash
    principles: _Hash


class Published(Said):
    """An encounter that can be played."""

    scenario: _Name
    title: _Text
    languages: Annotated[dict[_Language, Edition], Field(max_length=100)]


class Encounters(Said):
    """All that can be played."""

    encounters: Annotated[tuple[Published, ...], Field(max_length=2_000, strict=False)]


class SealedText(Said):
    """A text of a sealed edition."""

    kind: _Name
    body: str


class TicketSaid(Said):
    """The right to one attempt."""

    attempt: _AttemptId
    scenario: _Name
    edition: _Hash
    principles: _Hash
    seed: Annotated[int, Field(ge=0, lt=1 << 63)]
    language: _Language
    opens: _Whole
    closes: _Whole


class Tickets(Said):
    """Tickets that are open."""

    tickets: Annotated[tuple[TicketSaid, ...], Field(max_length=10_000, strict=False)]


class SignedVerdict(Said):
    """A verdict, which is believed once its signature is checked."""

    body: Annotated[str, StringConstraints(max_length=100_000), AfterValidator(_storable)]
    signature: Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_storable)]


class FeelingsSaid(Said):
    """How the customer feels after what the server has."""

    expects: Annotated[int, Field(ge=0, le=100)]
    received: Annotated[int, Field(ge=0, le=100)]
    trust: Annotated[int, Field(ge=0, le=5)]
    anger: Annotated[int, Field(ge=0, le=5)]


class Progress(Said):
    """How much of an attempt the server has."""

    kept: _Whole
    late: bool
    ended: bool
    feelings: FeelingsSaid | None = None
    verdict: SignedVerdict | None = None


class FullTexts(Said):
    """What an attempt was judged by, once it is over."""

    scenario: str
    principles: str
    verdict: SignedVerdict


class Problem(Said):
    """Why the server does not do what it was asked, in its own words."""

    title: _Text = ""
    detail: _Text = ""
    status: _Whole
    kept: _Whole | None = None

    @property
    def words(self) -> str:
        """What it says, on one line and with nothing hidden in it."""
        return sayable(" ".join((self.detail or self.title or f"{self.status}, without a word").split()))


class VerdictBody(Said):
    """The fields of a verdict's text, by kind."""

    organisation: _Text
    attempt: _AttemptId
    learner: _Learner
    scenario: _Name
    scenario_hash: _Hash
    principles_hash: _Hash
    edition: _Hash
    started: _Whole
    head: _Hash
    seal: _Hash
    ended: _Whole
    ending: _Name | None
    conduct: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}/[1-9][0-9]{0,18}$")]
    passed: bool
    outcome: Annotated[str, StringConstraints(pattern=r"^(dissatisfied|satisfied|delighted)$")]
    satisfaction: int
    expects: int
    received: int
    trust: int
    anger: int
    principles: Annotated[str, StringConstraints(max_length=50_000)]
    late: bool
    at: _Whole
    key: _Key


S = TypeVar("S", bound=Said)


def read(kind: type[S], body: bytes | str) -> S | None:
    """What the server says, as this kind; None where it is not of it. JSON that is too deep is refused by the reader itself."""
    try:
        return kind.model_validate_json(body)
    except (ValidationError, ValueError, RecursionError):
        return None


def problem(answer: Answer) -> Problem | None:
    """What the server says is the problem; None where something else answers that only happens to stand there."""
    told: Any = read(Problem, answer.body)
    return told if told is not None and told.status == answer.status else None
