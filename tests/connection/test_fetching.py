"""Editions come from a server that may be anything: only what is sealed, whole and playable is ever offered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from exports.kept import late_parcel
from servicesim.connection import said
from servicesim.connection.editions import Scripts, script_of
from servicesim.connection.fetching import Fetching, free_tickets
from servicesim.connection.said import Encounters, SealedText, Tickets
from servicesim.connection.wire import Refused
from servicesim.encounter.script import Script
from servicesim.errors import VerificationFailed
from servicesim.records import open_records
from servicesim.records.connected import Connected, open_connected
from servicesim.scenario.model import canonical_scenario, fingerprint
from servicesim.scenario.sealed import sealed

LEYLA = "1" * 32
DAY = 86_400_000


@dataclass(slots=True)
class Wire:
    """A server of a few lines, with one encounter."""

    texts: dict[str, str]
    edition: str
    principles: str
    scenario: str = "late-parcel"
    language: str = "en"
    etag: str = '"1"'
    asked: list[str] = field(default_factory=list)
    given: int = 0
    assigned: str = ""

    def encounters(self, etag: str) -> tuple[Encounters, str] | None:
        self.asked.append(f"encounters {etag}")
        if etag == self.etag:
            return None
        one = {"scenario": self.scenario, "title": "The coat", "languages": {self.language: {"edition": self.edition, "principles": self.principles}}}
        return Encounters.model_validate({"encounters": [one]}), self.etag

    def text(self, name: str) -> SealedText:
        self.asked.append(f"text {name[:4]}")
        if name not in self.texts:
            raise Refused(404, "no encounter that was published here has such a text")
        return SealedText(kind="scenario", body=self.texts[name])

    def programmes(self) -> str:
        return self.assigned

    def tickets(self, editions: list[str], starts: object = ()) -> Tickets:
        self.asked.append(f"tickets {len(editions)}")
        self.given += 1
        row = {"scenario": "late-parcel", "principles": self.principles, "seed": 7, "language": "en", "opens": 0, "closes": 30 * DAY}
        return Tickets.model_validate({"tickets": [{**row, "attempt": f"a-{self.given}", "edition": edition} for edition in (*editions, "f" * 64)]})


@pytest.fixture(scope="module")
def edition() -> Script:
    return Script(*sealed(late_parcel().scenario, late_parcel().principles, b"0123456789abcdef"))


@pytest.fixture
def wire(edition: Script) -> Wire:
    texts = {fingerprint(text): text for text in (edition.text, edition.principles_text)}
    return Wire(texts, fingerprint(edition.text), fingerprint(edition.principles_text))


@dataclass(slots=True)
class Desk:
    fetching: Fetching
    connected: Connected
    log: list[str]
    time: list[int]

    def fetch(self) -> list[str]:
        """Fetch; the encounters that are on offer then."""
        self.fetching.fetch()
        return [offer.scenario for offer in self.connected.offers(LEYLA)]

    def tickets(self) -> list[str]:
        return [ticket.attempt for ticket in free_tickets(self.fetching.records, self.connected, LEYLA)]


@pytest.fixture
def desk(tmp_path: Path, wire: Wire) -> Iterator[Desk]:
    log, time = list[str](), [0]
    with ExitStack() as stores:
        records, connected = stores.enter_context(open_records(tmp_path)), stores.enter_context(open_connected(tmp_path))
        fetching = Fetching(LEYLA, wire, records, connected, Scripts(connected), lambda: time[0], log.append)  # type: ignore[arg-type]
        yield Desk(fetching, connected, log, time)


def test_texts_are_fetched_once_and_an_unchanged_list_costs_one_question(desk: Desk, wire: Wire) -> None:
    assert desk.fetch() == ["late-parcel"]
    assert wire.asked == ["encounters ", f"text {wire.edition[:4]}", f"text {wire.principles[:4]}", "tickets 1"]
    wire.asked.clear()
    assert desk.fetch() == ["late-parcel"]
    assert wire.asked == ['encounters "1"']
    assert desk.tickets() == ["a-1"]
    assert Scripts(desk.connected).of(wire.edition, wire.principles).scenario.sealed is not None


def test_a_ticket_is_replaced_before_it_closes(desk: Desk, wire: Wire) -> None:
    desk.fetch()
    desk.time[0] = 14 * DAY
    desk.fetch()
    assert desk.tickets() == ["a-1"]
    desk.time[0] = 16 * DAY
    desk.fetch()
    assert desk.tickets() == ["a-1", "a-2"]


def spoilt_text(wire: Wire, change: Callable[[str], str], *, of: str = "edition") -> None:
    """The server offers another text, under its own hash."""
    text = change(wire.texts[getattr(wire, of)])
    setattr(wire, of, fingerprint(text))
    wire.texts[fingerprint(text)] = text


def another_edition() -> str:
    """Of the same encounter, sealed with another secret: it could be played."""
    return canonical_scenario(sealed(late_parcel().scenario, late_parcel().principles, b"fedcba9876543210")[0])


SPOILS: dict[str, Callable[[Wire], None]] = {
    "not there": lambda wire: wire.texts.pop(wire.edition) and None,
    "another text than its hash": lambda wire: wire.texts.update({wire.edition: "{}"}),
    "another edition than its hash": lambda wire: wire.texts.update({wire.edition: another_edition()}),
    "no JSON": lambda wire: spoilt_text(wire, lambda text: text[:-1]),
    "deep": lambda wire: spoilt_text(wire, lambda text: "[" * 100_000),
    "a list": lambda wire: spoilt_text(wire, lambda text: "[]"),
    "not in its one form": lambda wire: spoilt_text(wire, lambda text: " " + text),
    "an unknown field": lambda wire: spoilt_text(wire, lambda text: '{"aaa":1,' + text[1:]),
    "a scene that is not there": lambda wire: spoilt_text(wire, lambda text: text.replace('"start":"', '"start":"no-')),
    "too long": lambda wire: spoilt_text(wire, lambda text: text + " " * (1 << 20)),
    "principles that lack an act": lambda wire: spoilt_text(wire, lambda text: '{"acts":{},"principles":{},"servicesim":1}', of="principles"),
    "principles of nothing": lambda wire: spoilt_text(wire, lambda text: "null", of="principles"),
    "the full scenario": lambda wire: spoilt_text(wire, lambda text: late_parcel().text),
    "another encounter": lambda wire: setattr(wire, "scenario", "wrong-drill"),
    "another language": lambda wire: setattr(wire, "language", "fa"),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_what_cannot_be_played_is_left_out_and_logged_and_asked_for_again(desk: Desk, wire: Wire, spoil: str) -> None:
    good = replace(wire, texts=dict(wire.texts))
    SPOILS[spoil](wire)
    assert desk.fetch() == []
    assert "is left out: " in desk.log[0]
    assert not any("Traceback" in entry for entry in desk.log)
    wire.texts, wire.edition, wire.principles, wire.scenario, wire.language = good.texts, good.edition, good.principles, good.scenario, good.language
    assert desk.fetch() == ["late-parcel"]


def test_a_list_that_is_no_list_is_refused() -> None:
    good = {"scenario": "late-parcel", "title": "The coat", "languages": {"en": {"edition": "e" * 64, "principles": "e" * 64}}}
    assert said.read(Encounters, json.dumps({"encounters": [good]})) is not None
    for spoilt in ({"scenario": "../up"}, {"title": 7}, {"title": "x" * 3_000}, {"languages": []}, {"languages": {"../en": good["languages"]}}):
        assert said.read(Encounters, json.dumps({"encounters": [good | spoilt]})) is None


def test_damaged_texts_are_told_in_words(edition: Script) -> None:
    with pytest.raises(VerificationFailed, match="cannot be played by this version of ServiceSim"):
        script_of(edition.text, "{}")
    assert canonical_scenario(script_of(edition.text, edition.principles_text).scenario) == edition.text
