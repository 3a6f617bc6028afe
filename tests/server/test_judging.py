"""Whatever can be played is taken, in whatever pieces it comes and whichever process takes them; and judged as it would be here."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from postgres import Postgres
from servicesim import shipped
from servicesim.encounter.encounter import Encounter as Play
from servicesim.encounter.encounter import replayed
from servicesim.encounter.rehearsal import play
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.errors import NotOffered, PlayedElsewhere, StoreUnusable
from servicesim.records import open_people, open_records
from servicesim.records.desks import Desk, Sent, Ticket
from servicesim.records.organisation import open_organisation
from servicesim.records.place import Place
from servicesim.records.results import result_of
from servicesim.records.signed import Signer, new_key, verified_by_server
from servicesim.scenario.loading import demand, shipped_principles
from servicesim.scenario.model import scenario_from_canonical
from servicesim.scenario.principles import principles_from_canonical
from servicesim.server.house import House, ServerSettings
from servicesim.server.judging import Gap, Judging, NotPlayable, Posted
from servicesim.server.publishing import Encounter, publish

Deals = Callable[..., Ticket]
DESK = "counter-3"


@pytest.fixture
def anywhere(either_place: Place, clock: Any) -> Iterator[House]:
    """A house in a folder, and one in PostgreSQL."""
    with _opened(either_place, clock) as house:
        yield house


@contextmanager
def _opened(place: Place, clock: Any) -> Iterator[House]:
    with open_organisation(place) as organisation, open_records(place) as records, open_people(place) as people:
        yield House(organisation, records, people, Signer(new_key()), clock, ServerSettings("Kestrel Parcels"))


@pytest.fixture
def desk(house: House) -> Desk:
    return _desk(house)


def _desk(house: House) -> Desk:
    """Kaveh's desk."""
    code = house.organisation.new_code(house.people.enrol("kaveh", "Kaveh Rahimi", "Airport", "en"), by="farid", at=house.now())
    enrolled = house.organisation.enrol(code, DESK, at=house.now())
    assert enrolled is not None
    return enrolled[0]


def _ticket(house: House, desk: Desk, scenario: str) -> Ticket:
    script = Script(demand(shipped.scenarios() / f"{scenario}.yaml"), shipped_principles())
    version = publish(house, Encounter((("en", script),)), by="leyla")
    (ticket,) = house.organisation.tickets(desk, version.editions, at=house.now(), closes=house.now() + 1_000_000_000)
    return ticket


def _at_random(house: House, ticket: Ticket, *, seed: int, untimed: bool = False) -> Play:
    """A play of the sealed edition, with all that can happen in one."""
    sealed = Script(scenario_from_canonical(house.records.text(ticket.edition)), principles_from_canonical(house.records.text(ticket.principles)))
    drawn = random.Random(seed)
    encounter = Play(sealed, seed=ticket.seed, untimed=untimed, pace=drawn.choice([0.5, 1.0, 1.25, 2.0]))
    while not encounter.ended:
        replies = sorted(option.reply.id for option in encounter.offered)  # the ticket's seed is drawn anew each time
        move = drawn.choice(["go-on", "nod", "yes", "no", "interrupt", "silence", ".", *replies, *replies])
        try:
            play(encounter, move)
        except NotOffered:
            continue
    return encounter


def _sent(house: House, ticket: Ticket) -> Sent:
    sent = house.organisation.sent(ticket.attempt)
    assert sent is not None
    return sent


def _take(house: House, judging: Judging, desk: Desk, ticket: Ticket, lines: list[str], first: int = 0, *, untimed: bool = False) -> Sent:
    return judging.take(desk, _sent(house, ticket), Posted(first, lines[first:] if first else lines, untimed, 0))[0]


def test_a_database_that_goes_away_in_the_middle_loses_nothing(postgres: Postgres, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with _opened(postgres.server, clock) as house:
        desk = _desk(house)
        ticket = _ticket(house, desk, "third-letter")
        clock.pass_by(hours=1)
        lines, judging = to_lines(_at_random(house, ticket, seed=3).events), Judging(house)
        keep_batch = type(house.organisation).keep_batch

        def cut_off(*what: Any) -> Sent:
            """The lines are kept, and then PostgreSQL is gone before they are noted and answered."""
            monkeypatch.undo()
            postgres.cluster.stop()
            try:
                return keep_batch(*what)
            finally:
                postgres.cluster.start()

        for until in (5, len(lines)):
            monkeypatch.setattr(type(house.organisation), "keep_batch", cut_off)
            with pytest.raises(StoreUnusable):
                _take(house, judging, desk, ticket, lines[:until])
            sent = _take(house, judging, desk, ticket, lines[:until])
            assert sent.covered == until
        assert house.records.lines(ticket.attempt) == lines
        assert sent.verdict is not None
        assert sent.verdict == house.organisation.verdict(ticket.attempt)
        assert [(batch.first, batch.count) for batch in house.organisation.batches(ticket.attempt)] == [(0, 5), (5, len(lines) - 5)]


def test_desks_that_send_the_same_in_many_pieces_at_once_are_all_told_the_same(anywhere: House, clock: Any) -> None:
    house, desk = anywhere, _desk(anywhere)
    ticket = _ticket(house, desk, "third-letter")
    clock.pass_by(hours=1)
    lines = to_lines(_at_random(house, ticket, seed=3).events)

    def send(piece: int) -> Sent:
        judging, kept = Judging(house), 0
        while kept < len(lines):
            posted = Posted(kept, lines[kept : kept + piece], False, 0)
            sent, _ = judging.take(desk, _sent(house, ticket), posted)
            kept = posted.first + len(posted.lines)
        return sent

    with ThreadPoolExecutor(4) as desks:
        told = list(desks.map(send, (3, 4, 5, len(lines))))
    assert {one.verdict for one in told} == {house.organisation.verdict(ticket.attempt)}
    assert house.records.lines(ticket.attempt) == lines
    batches = house.organisation.batches(ticket.attempt)
    assert [batch.first for batch in batches[1:]] == [batch.first + batch.count for batch in batches[:-1]]
    assert batches[-1].first + batches[-1].count == len(lines)
    assert house.records.chain(ticket.attempt).whole


@pytest.mark.parametrize("scenario", ["late-parcel", "oak-table", "third-letter", "two-laptops"])
@pytest.mark.parametrize("untimed", [False, True])
def test_whatever_is_played_is_taken_in_pieces_by_any_process_and_judged_right(
    house: House, desk: Desk, clock: Any, scenario: str, untimed: bool
) -> None:
    ticket = _ticket(house, desk, scenario)
    clock.pass_by(hours=5)
    processes, drawn = [Judging(house) for _ in range(3)], random.Random(scenario)
    for seed in range(4):
        encounter = _at_random(house, ticket, seed=seed, untimed=untimed)
        full = processes[0].judge_of(ticket).script
        lines, kept = to_lines(encounter.events), 0
        while kept < len(lines):
            first = max(0, kept - drawn.choice([0, 0, 0, 5]))
            until = min(len(lines), kept + drawn.choice([1, 2, 7, 40]))
            posted = Posted(first, lines[first:until], untimed, 0)
            sent, feelings = drawn.choice(processes).take(desk, _sent(house, ticket), posted)
            kept = max(kept, until)
            assert sent.covered == kept
            assert feelings == replayed(full, encounter.events[:kept]).feelings
        found = house.records.attempt(ticket.attempt)
        assert found is not None
        attempt, result = found
        assert result == result_of(full, encounter.events, ended=house.now())
        assert sent.verdict is not None
        verified_by_server(sent.verdict, {house.signer.key_id: house.signer.public}, attempt, lines)
        (ticket,) = house.organisation.tickets(desk, house.organisation.offered_editions([ticket.edition]), at=house.now(), closes=house.now() + 10**9)
        clock.pass_by(hours=5)


def test_two_processes_that_keep_the_same_at_once_agree(house: House, desk: Desk, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = _ticket(house, desk, "third-letter")
    clock.pass_by(hours=1)
    lines = to_lines(_at_random(house, ticket, seed=1).events)
    here, there = Judging(house), Judging(house)
    begin = type(house.records).begin

    def later(records: Any, *what: Any) -> None:
        """The other process is faster, and a second earlier by its clock."""
        monkeypatch.undo()
        clock.pass_by(seconds=-1)
        _take(house, there, desk, ticket, lines[:3])
        clock.pass_by(seconds=1)
        begin(records, *what)

    monkeypatch.setattr(type(house.records), "begin", later)
    assert _take(house, here, desk, ticket, lines[:3]).covered == 3
    assert house.records.lines(ticket.attempt) == lines[:3]
    assert _take(house, here, desk, ticket, lines).verdict == _take(house, there, desk, ticket, lines).verdict


def test_what_a_process_remembers_is_not_believed_against_what_is_kept(house: House, desk: Desk, clock: Any) -> None:
    ticket = _ticket(house, desk, "third-letter")
    clock.pass_by(hours=1)
    one, other = (to_lines(_at_random(house, ticket, seed=seed).events) for seed in (1, 2))
    same = next(number for number, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs)
    here, there = Judging(house), Judging(house)
    if same:
        _take(house, here, desk, ticket, one[:same])
    _take(house, there, desk, ticket, other[: same + 1])
    with pytest.raises(PlayedElsewhere):
        _take(house, here, desk, ticket, one[: same + 1])
    assert _take(house, here, desk, ticket, other).verdict is not None


def test_a_gap_says_from_where_to_go_on(house: House, desk: Desk, clock: Any) -> None:
    ticket = _ticket(house, desk, "third-letter")
    clock.pass_by(hours=1)
    lines, judging = to_lines(_at_random(house, ticket, seed=1).events), Judging(house)
    with pytest.raises(Gap) as gap:
        _take(house, judging, desk, ticket, lines, 4)
    assert gap.value.kept == 0
    _take(house, judging, desk, ticket, lines[:3])
    with pytest.raises(Gap) as gap:
        _take(house, judging, desk, ticket, lines, 4)
    assert gap.value.kept == 3


def test_an_attempt_goes_on_as_it_began_with_or_without_time_limits(house: House, desk: Desk, clock: Any) -> None:
    ticket = _ticket(house, desk, "third-letter")
    clock.pass_by(hours=1)
    lines, judging = to_lines(_at_random(house, ticket, seed=1).events), Judging(house)
    _take(house, judging, desk, ticket, lines[:3])
    with pytest.raises(NotPlayable, match="another manner"):
        _take(house, judging, desk, ticket, lines, 3, untimed=True)


def test_nothing_is_played_twice_that_was_played_before(house: House, desk: Desk, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = _ticket(house, desk, "late-parcel")
    clock.pass_by(hours=1)
    lines, judging, asked = to_lines(_at_random(house, ticket, seed=1).events), Judging(house), list[int]()
    monkeypatch.setattr("servicesim.server.judging.rules.allows", lambda *_: asked.append(1) or True)
    for number in range(len(lines)):
        judging.take(desk, _sent(house, ticket), Posted(number, lines[number : number + 1], False, 0))
    assert len(asked) <= len(lines) + 1  # the last one once more, by what is kept
    assert not judging._standings


def test_a_ticket_of_texts_that_cannot_be_read_here_is_refused(house: House, desk: Desk, clock: Any) -> None:
    ticket = _ticket(house, desk, "third-letter")
    unknown = house.records.keep_text("scenario", '{"servicesim":9}')
    with pytest.raises(NotPlayable, match="cannot read"):
        Judging(house).judge_of(replace(ticket, scenario_hash=unknown))
