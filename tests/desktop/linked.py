"""An organisation without a network: what it has published, and a server that judges when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop.seat import GOOD, LATE_PARCEL, Seat, script_of, seated
from servicesim.connection.told import Programmes
from servicesim.desktop.desk import Desk
from servicesim.encounter.edition import in_language
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings
from servicesim.encounter.transcript import from_lines, to_lines
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
    felt: dict[str, Feelings] = field(default_factory=dict)
    assigned: Programmes = field(default_factory=Programmes)

    def people(self) -> frozenset[str]:
        return self.learners

    def offers(self, learner: str) -> tuple[Offered, ...]:
        self.asked.append("offers")
        return tuple(Offered(script.scenario.id, script.scenario.locale, script) for script in self.published)

    def programmes(self, learner: str) -> Programmes:
        return self.assigned

    def ticket(self, learner: str, scenario: str, language: str, remembers: Sequence[str] = ()) -> Ticket:
        self.asked.append(" ".join(("ticket", scenario, language, *remembers)))
        script = next(script for script in self.published if script.scenario.id == scenario).started(remembers)
        number = sum(asked.startswith("ticket") for asked in self.asked)
        return Ticket(f"{ATTEMPT[:-1]}{number}", scenario, fingerprint(script.text), fingerprint(script.principles_text), 7, language, 0, 1)

    def begun(self, attempt_id: str, ticket: Ticket) -> None:
        self.asked.append(f"begun {attempt_id}")

    def happened(self, attempt_id: str) -> None:
        self.asked.append(f"happened {attempt_id}")

    def standing(self, learner: str) -> Standing:
        return self.stands

    def feelings(self, attempt_id: str) -> Feelings | None:
        return self.felt.get(attempt_id)

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
        seat.sit(NAMES[seat.way.words.language])
        company.learners = frozenset({seat.desk.learner})
        seat.desk.organised.look()
        yield seat, company


# -- a walk through every screen of a connected desk ------------------------------------------------------------------------

NAMES = {"en": "Robin Reed", "tr": "Ayşegül İpekçioğlu", "az": "Gülnarə Əliyeva", "fa": "سارا کاوه", "he": "נועה לוי"}
REFUSED = "Event 4 cannot follow event 3."


def walk(seat: Seat, company: Company) -> Iterator[str]:
    """The name of each screen, while it is shown."""
    full = seat_script(seat)
    company.published = (sealed_of(full),)
    company.stands = replace(OFFLINE, waiting=2)
    seat.way.home()
    seat.stage.wait(0.1)
    yield "home, offline"
    company.stands = Standing()
    company.tell()
    seat.stage.wait(0.1)
    yield "home, connected"
    cards = seat.screen.cards
    seat.screen.open(next(one.entry for one in cards if one.entry.practice))
    seat.stage.wait(0.1)
    yield "briefing, practice only"
    seat.way.brief(company.published[0])
    seat.stage.wait(0.1)
    yield "briefing, sealed"
    company.stands = replace(OFFLINE, waiting=1)
    finish(seat, company)
    yield "ended, offline"
    seat.way.history()
    seat.stage.wait(0.1)
    yield "history, waiting"
    company.stands = Standing()
    finish(seat, company)
    yield "ended, being worked out"
    company.stands = OFFLINE
    company.judge(seat.desk, full, ATTEMPT[:-1] + "2", kept=Kept(("satisfaction",), late=True), conduct="71/1", passed=False)
    seat.stage.wait(0.1)
    yield "ended, judged"
    seat.way.history()
    seat.stage.wait(0.1)
    seat.screen.open(seat.screen.portion.entries[0], seat.screen.ways.debrief)
    seat.stage.wait(0.1)
    yield "history, offline"
    company.stands = Standing()
    seat.screen.open(seat.screen.portion.entries[0], seat.screen.ways.debrief)
    seat.stage.wait(0.1)
    yield "debrief, with what differs"
    finish(seat, company)
    company.kept[ATTEMPT[:-1] + "3"] = Kept(refused=REFUSED)
    company.tell()
    seat.stage.wait(0.1)
    yield "ended, not taken"


def seat_script(seat: Seat) -> Script:
    """The late parcel in the language of the window."""
    found = in_language(script_of(LATE_PARCEL), seat.way.words.language)
    assert found is not None
    return found


def finish(seat: Seat, company: Company, replies: tuple[str, ...] = GOOD) -> None:
    """To the end of the sealed edition, and one look further; all but the last reply quicker than anybody could give it."""
    take_up(seat, company, *replies[:-1])
    seat.reply(replies[-1])
    seat.until(lambda: bool(seat.playing.ended))
    seat.stage.press("enter")
    seat.stage.wait(0.1)


def take_up(seat: Seat, company: Company, *replies: str) -> None:
    """In the middle of what the organisation has published, after replies quicker than anybody could give them."""
    (script,) = company.published
    opened = seat.desk.begin(script, ticket=company.ticket(seat.desk.learner, script.scenario.id, script.scenario.locale))
    lines = tuple(to_lines(rehearse(Encounter(script, seed=7, pace=2.0), replies).events))
    seat.desk.records.begin(opened.attempt, lines)
    seat.way.converse(replace(opened, lines=lines), pace=2.0)
    seat.stage.settle()
