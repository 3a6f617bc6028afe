"""`servicesim verify`: is this number right?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicesim import settings
from servicesim.commands.counting import Counting, counting
from servicesim.commands.places import RECORDS
from servicesim.commands.telling import on_one_line, say
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.records.organisation_rot import Unsigned
    from servicesim.records.records import Records
    from servicesim.records.rot import Rot
    from servicesim.records.verifying import Judged, Verified

    Found = Iterable[Verified | Rot | Unsigned]
    Beside = Callable[[Records], Iterator[Rot | Unsigned]]

MOST = 20  # that are printed one by one; `--json` has them all
STATES = ("REPLAY_VERIFIED", "CLIENT_ATTESTED", "BROKEN")
BY_A_SERVER = "SERVER_VERIFIED"  # told only where there are such attempts


@click.command()
@RECORDS
@click.option("--json", "wants_json", is_flag=True, help="Print every attempt as JSON.")
def command(folder: Place | None, wants_json: bool) -> int:
    """Play every attempt again by the texts that it was played by, and compare the result with the one that is kept.

    REPLAY_VERIFIED: the transcript keeps to the rules and gives the same result. SERVER_VERIFIED: it keeps to the rules, and the
    organisation's server signed the result. CLIENT_ATTESTED: whole, but it cannot be played again or judged here.
    BROKEN: something is not as it was written. Exit code 0: nothing is broken; 1: something is.

    \b
    Example: servicesim verify
    """
    from servicesim.records import open_people, open_records
    from servicesim.records.people import SCHEMA
    from servicesim.records.verifying import verified

    folder = folder or settings.home()
    with ExitStack() as stores, counting("played again") as line:
        records = stores.enter_context(open_records(folder, read_only=True))
        # Records that were collected from other desks may lie without people.
        there = SCHEMA.is_at(folder)
        people = stores.enter_context(open_people(folder, read_only=True)) if there else None
        judged, beside = stores.enter_context(_judged(folder))
        found = chain(line(verified(records, people, judged)), beside(records))
        return (_as_json if wants_json else _as_lines)(found, line)


@contextmanager
def _judged(place: Place) -> Iterator[tuple[Judged, Beside]]:
    """What servers said of the attempts at this place: an organisation's own, or those that a desk was connected to.

    And what has rotted in what an organisation keeps beside its records.
    """
    from servicesim.connection.verdicts import judged_by_servers
    from servicesim.records.organisation import SCHEMA, open_organisation

    if SCHEMA.is_at(place):
        with open_organisation(place, read_only=True) as organisation:
            yield organisation.judged, organisation.verify_rot
    else:
        assert isinstance(place, Path), "a database has an organisation"
        with judged_by_servers(place) as judged:
            yield judged, lambda records: iter(())


def _as_lines(found: Found, line: Counting) -> int:
    from servicesim.records.rot import Rot
    from servicesim.records.verifying import Verified

    states, reasons, damage, unsigned = Counter[str](), Counter[str](), 0, 0
    for one in found:
        if isinstance(one, Rot):
            damage += 1
            told = f"DAMAGED {one}"
        elif not isinstance(one, Verified):
            unsigned, told = unsigned + 1, ""
        else:
            states[one.state] += 1
            reasons[one.why] += one.state == "CLIENT_ATTESTED"
            told = f"BROKEN attempt {one.attempt.id} at {one.attempt.scenario}: {one.why}" if one.state == "BROKEN" else ""
        if told and damage + states["BROKEN"] <= MOST:
            line.clear()
            say(on_one_line(told))
    line.clear()
    if damage + states["BROKEN"] > MOST:
        say(f"and {damage + states['BROKEN'] - MOST} more, all of which --json tells")
    for why, count in (+reasons).items():
        say(on_one_line(f"CLIENT_ATTESTED {_attempts(count)}: {why}"))
    if unsigned:
        say(f"{_attempts(unsigned)} ended without a signed result so far: the server signs as soon as the desk asks again")
    say(f"{_attempts(states.total())}: " + ", ".join(f"{states[state]} {state}" for state in _told(states)) + _damaged(damage))
    return 1 if damage or states["BROKEN"] else 0


def _as_json(found: Found, _: Counting) -> int:
    """One object, a line for each attempt, written as they come."""
    from servicesim.records.rot import Rot
    from servicesim.records.verifying import Verified

    states, damage, unsigned = Counter[str](), list[dict[str, str]](), list[str]()
    click.echo('{"attempts": [', nl=False)
    for one in found:
        if isinstance(one, Rot):
            damage.append({"where": one.where, "why": one.why})
            continue
        if not isinstance(one, Verified):
            unsigned.append(one.attempt)
            continue
        comma = "," if states.total() else ""
        states[one.state] += 1
        told = {"attempt": one.attempt.id, "encounter": one.attempt.scenario, "state": one.state, "why": one.why}
        click.echo(f"{comma}\n {json.dumps(told)}", nl=False)
    counts = {state: states[state] for state in _told(states)}
    waiting = f'"unsigned": {json.dumps(unsigned)},\n' if unsigned else ""
    click.echo(f'\n],\n"damage": {json.dumps(damage)},\n{waiting}"counts": {json.dumps(counts)}}}')
    return 1 if damage or states["BROKEN"] else 0


def _told(states: Counter[str]) -> tuple[str, ...]:
    return (STATES[0], *((BY_A_SERVER,) if states[BY_A_SERVER] else ()), *STATES[1:])


def _attempts(count: int) -> str:
    return f"{count} attempt{'' if count == 1 else 's'}"


def _damaged(count: int) -> str:
    return "" if not count else f"; {count} other {'thing is' if count == 1 else 'things are'} damaged"
