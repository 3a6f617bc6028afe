"""An organisation without a network: what it has published, and a server that judges when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop.seat import LATE_PARCEL, Seat, script_of, seated
from servicesim.desktop.desk import Desk
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.errors import NotReached
from servicesim.records.attempt import Result
from servicesim.records.results import result_of
from servicesim.records.tickets import Ticket
from servicesim.scenario.model import fingerprint
from servicesim.scenario.sealed import sealed

ATTEMPT = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True)
class Offered:
    scenario: str
    language: str
    script: Script


@dataclass(frozen=True)
class Standing:
    online: bool = True
    waiting: int = 0
    told: str = ""


OFFLINE = Standing(False, told="the server does not answer")


@dataclass(frozen=True)
class Kept:
    differences: tuple[str, ...] = ()
    late: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Debriefed:
    script: Script
    result: Result
    kept: Kept = Kept()


@dataclass
class Company:
    """A link; `asked` is all that it was asked for, in order."""

    published: tuple[Script, ...] = ()
    learners: frozenset[str] = frozenset()
    stands: Standing = Standing()
    kept: dict[str, Kept] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heard: list[Callable[[], None]] = field(default_factory=list)
    full: dict[str, Script] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)

    def people(self) -> frozenset[str]:
        return self.learners

    def offers(self, learner: str) -> tuple[Offered, ...]:
        self.asked.append("offers")
        return tuple(Offered(script.scenario.id, script.scenario.locale, script) for script in self.published)

    def ticket(self, learner: str, scenario: str, language: str) -> Ticket:
        self.asked.append(f"ticket {scenario} {language}")
        script = next(script for script in self.published if script.scenario.id == scenario)
        number = sum(asked.startswith("ticket") for asked in self.asked)
        return Ticket(f"{ATTEMPT[:-1]}{number}", scenario, fingerprint(script.text), fingerprint(script.principles_text), 7, language, 0, 1)

    def begun(self, attempt_id: str, ticket: Ticket) -> None:
        self.asked.append(f"begun {attempt_id}")

    def happened(self, attempt_id: str) -> None:
        self.asked.append(f"happened {attempt_id}")

    def standing(self, learner: str) -> Standing:
        return self.stands

    def verdict(self, attempt_id: str) -> Kept | None:
        return self.kept.get(attempt_id)

    def debrief(self, attempt_id: str) -> Debriefed:
        self.asked.append(f"debrief {attempt_id}")
        if not self.stands.online:
            raise NotReached("the server does not answer")
        return Debriefed(self.full[attempt_id], self.results[attempt_id], self.kept[attempt_id])

    def subscribe(self, callback: Callable[[], None]) -> None:
        self.heard.append(callback)

    # -- what the server does -----------------------------------------------------------------------------------------

    def judge(self, desk: Desk, full: Script, attempt_id: str = ATTEMPT, *, kept: Kept = Kept(), **changes: Any) -> None:
        """The verdict comes, and with it the result."""
        lines = desk.records.lines(attempt_id)
        result = replace(result_of(full, list(from_lines(lines)), ended=1_000_000), **changes)
        desk.records.append(attempt_id, len(lines), [], result)
        self.full[attempt_id], self.results[attempt_id], self.kept[attempt_id] = full, result, kept
        self.tell()

    def tell(self) -> None:
        """Something is new."""
        for callback in self.heard:
            callback()


def sealed_of(script: Script) -> Script:
    """What a desk gets of it."""
    return Script(*sealed(script.scenario, script.principles, b"a secret of the server"))


@contextmanager
def connected(home: Path, files: list[Path] | None = None, published: list[Script] | None = None, **more: Any) -> Iterator[tuple[Seat, Company]]:
    """Somebody at a connected desk, at home; the organisation has published the late parcel."""
    company = Company(tuple(map(sealed_of, published or [script_of(LATE_PARCEL)])))
    with seated(home, files if files is not None else [LATE_PARCEL], link=company, **more) as seat:
        seat.sit()
        company.learners = frozenset({seat.desk.learner})
        seat.desk.organised.look()
        yield seat, company
