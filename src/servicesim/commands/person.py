"""`servicesim person`: what is kept of somebody, to be shown or erased."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicesim import settings
from servicesim.commands import at_organisation
from servicesim.commands.at_organisation import organisation_of
from servicesim.commands.places import RECORDS
from servicesim.commands.telling import named, on_one_line, say, say_json
from servicesim.errors import UsageError
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.commands.retelling import Retelling
    from servicesim.records.inspecting import Kept
    from servicesim.records.notes import Export
    from servicesim.records.organisation import Organisation
    from servicesim.records.people import People, Person
    from servicesim.records.records import Records


@click.group()
def command() -> None:
    """Show or erase what is kept of a person.

    \b
    Example: servicesim person show 1042
             servicesim person erase 1042
             servicesim person list
    """


@command.command("list")
@RECORDS
def list_people(folder: Place | None) -> None:
    """Who is kept here, and how many attempts of theirs.

    \b
    Example: servicesim person list
    """
    with opened(folder) as (records, people):
        counts, known = records.counts(), people.known()
    for person in known:
        say(on_one_line(f"{person.id}, {person.name}{f', {person.team}' if person.team else ''}: {_attempts(counts.pop(person.learner, 0))}"))
    say(f"{len(known)} {'person' if len(known) == 1 else 'people'}")
    if counts:
        say(f"and {_attempts(sum(counts.values()))} of learners who are not known by name")


@command.command()
@click.argument("person_id", metavar="ID")
@RECORDS
@click.option("--json", "wants_json", is_flag=True, help="As JSON, to be taken elsewhere.")
def show(person_id: str, folder: Place | None, wants_json: bool) -> None:
    """Everything that is kept about the person with this ID, as the person may read it.

    \b
    Example: servicesim person show 1042
    """
    with opened(folder) as (records, people), organisation_of(folder or settings.home()) as organisation:
        person = _known(people, organisation, person_id)
        (_show_json if wants_json else _show)(records, organisation, person)


@command.command()
@click.argument("person_id", metavar="ID")
@RECORDS
@click.option(
    "--results", type=click.Choice(["purge", "keep"]), default="purge", show_default=True,
    help="Whether the attempts are removed too, or stay under a random id that nobody can be found by.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(person_id: str, folder: Place | None, results: str, yes: bool) -> None:
    """Erase the name, the id and the team of the person with this ID, and the attempts too.

    Of each scored encounter a line without a person stays, which is only ever told in groups of five or more. At an organisation
    codes, desks, account and sessions go too, and its log of who did what stays.

    \b
    Example: servicesim person erase 1042
    """
    from servicesim.exports import rollups

    place, at, noted = folder or settings.home(), time.time_ns() // 1_000_000, 0
    with opened(folder, read_only=False) as (records, people), organisation_of(place, read_only=False) as organisation:
        person = _known(people, organisation, person_id)
        kept = list(records.kept(person.learner))
        attempts, exports = [one.attempt.id for one in kept], len(_exports_of(records, kept))
        sent = records.sent_of(person.learner)
        also = f" and {_attempts(len(attempts))}" if results == "purge" else ""
        demand_consent(on_one_line(f"Erase {_named(person)}{also} for good?"), yes=yes)
        # The desks first, so that nothing more comes; the person last: if the power fails in between, the rest can still be found.
        if organisation is not None:
            noted = len(at_organisation.lines_about(organisation, person))
            organisation.erase(person.id, person.learner, at=at, keep_attempts=results == "keep")
        if results == "purge":
            records.purge(attempts, at=at)
        if person.learner:
            people.erase(person.learner)
        rollups.keep_up(records, people)
        backups = [*people.forget_backups(), *(records.forget_backups() if results == "purge" else [])]
        if organisation is not None:
            backups += organisation.forget_backups()
            organisation.note("command line", "erase", person.learner or person.id, at=at)
    _tell_erased(person, attempts, results, backups, exports)
    for line in () if organisation is None else at_organisation.tell_erased(person, noted):
        say(on_one_line(line))
    for line in _sent(sent):
        say(on_one_line(f"not reached: {line} under the learner id {person.learner}; ask those who run it to delete them"))


def demand_consent(question: str, *, yes: bool) -> None:
    """Ask on a terminal; raises UsageError where nobody can be asked, and Abort where the answer is no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{question} Nothing was done; add --yes to do it")
    click.confirm(question, abort=True)


@contextmanager
def opened(folder: Place | None, *, read_only: bool = True) -> Iterator[tuple[Records, People]]:
    """What is kept in a folder, or in the usual one."""
    from servicesim.records import open_people, open_records

    folder = folder or settings.home()
    with ExitStack() as stores:
        people = stores.enter_context(open_people(folder, read_only=read_only))
        yield stores.enter_context(open_records(folder, read_only=read_only)), people


def _known(people: People, organisation: Organisation | None, person_id: str) -> Person:
    person = people.named(person_id) or at_organisation.known_by_account(organisation, person_id)
    if person is None:
        raise UsageError(f"nobody is kept here as '{named(person_id)}'; who is, says: servicesim person list")
    return person


def _named(person: Person) -> str:
    return f"{person.id} ({person.name or 'an account only'})"


def _attempts(count: int) -> str:
    return f"{count} attempt{'' if count == 1 else 's'}"


# --- shown -----------------------------------------------------------------------------------------------------------


def _show(records: Records, organisation: Organisation | None, person: Person) -> None:
    from servicesim.commands.retelling import Retelling

    say(on_one_line(_named(person)))
    for what, value in (("team", person.team), ("language", person.language), ("learner id in the records", person.learner)):
        say(on_one_line(f"  {what}: {value or 'none'}"))
    retelling, attempts = Retelling(records), _in_order(records, person)
    for kept in attempts:
        say("")
        for line in _attempt(retelling, kept, person):
            say(on_one_line(line))
    say(f"\n{_attempts(len(attempts))} kept")
    there = () if organisation is None else at_organisation.lines(organisation, person)
    for line in (*_exports(_exports_of(records, attempts)), *_sent(records.sent_of(person.learner)), *there):
        say(on_one_line(line))


def _in_order(records: Records, person: Person) -> list[Kept]:
    return sorted(records.kept(person.learner), key=lambda kept: (kept.attempt.started, kept.attempt.id))


def _attempt(retelling: Retelling, kept: Kept, person: Person) -> Iterator[str]:
    from servicesim.commands.retelling import scores

    yield retelling.headline(kept.attempt)
    if kept.rot is not None:
        yield f"  not as it was written: {kept.rot}"
    told = retelling.result(kept.result), scores(kept.result), retelling.notes(kept.attempt.id), retelling.transcript(kept, person.name)
    yield from (f"  {line}" for part in told for line in part)


def _exports_of(records: Records, attempts: Iterable[Kept]) -> list[Export]:
    """What was handed over since the first of the attempts had ended."""
    first = min((kept.result.ended for kept in attempts if kept.result is not None), default=None)
    return [] if first is None else [export for export in records.export_log() if export.at >= first]


def _exports(log: list[Export]) -> Iterator[str]:
    """Which of them held the person cannot be told for sure: the log keeps filters, not people."""
    from servicesim.exports.clock import Clock

    if not log:
        yield "nothing was handed over since the first result"
        return
    yield "handed over since the first result (each held it, unless its filter left it out):"
    for one in log:
        names = "with names" if one.with_names else "without names"
        yield f"  {Clock(None).text(one.at)} by {one.who}: {one.kind}, {one.rows} rows, {names}; {one.filter}"


def _sent(sent: dict[str, int]) -> Iterator[str]:
    """What a learning record store was told of somebody."""
    for place, count in sent.items():
        yield f"{count} statement{'' if count == 1 else 's'} sent to {place}"


def _show_json(records: Records, organisation: Organisation | None, person: Person) -> None:
    kept = _in_order(records, person)
    there = {} if organisation is None else {"organisation": at_organisation.as_json(organisation, person)}
    say_json({
        "person": asdict(person),
        "attempts": [_as_json(records, one) for one in kept],
        "exports": [asdict(export) for export in _exports_of(records, kept)],
        "statements_sent": records.sent_of(person.learner),
        **there,
    })


def _as_json(records: Records, kept: Kept) -> dict[str, Any]:
    id, came = kept.attempt.id, records.collected(kept.attempt.id)
    return {
        **asdict(kept.attempt),
        "result": None if kept.result is None else asdict(kept.result),
        "reviews": [asdict(review) for review in records.reviews(id)],
        "rescored": [asdict(other) for other in records.rescored(id)],
        "collected": None if came is None else asdict(came),
        "transcript": [_line(line) for line in kept.lines],
        "damage": kept.rot,
    }


def _line(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, TypeError):
        return str(line)


# --- erased ----------------------------------------------------------------------------------------------------------


def _tell_erased(person: Person, attempts: list[str], results: str, backups: list[Path], exports: int) -> None:
    say(on_one_line(f"{_named(person)}: name, id, team and language are erased"))
    if results == "purge":
        say(f"{_attempts(len(attempts))} removed, with transcripts, results and reviews")
        say("of each scored encounter a line without a person stays; it is only ever told in groups of 5 or more")
    else:
        say(f"{_attempts(len(attempts))} stay under the random id {person.learner}, which leads to nobody any more")
    if backups:
        say(on_one_line(f"removed too, since they still held it: {', '.join(backup.name for backup in backups)}"))
    if exports:
        say(f"not reached: copies of your own, and what was handed over ({exports} in the log of exports); ask those who have it")
