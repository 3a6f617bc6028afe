"""`servicesim purge`: keep nothing longer than needed."""

from __future__ import annotations

import calendar
import re
import time
from datetime import UTC, datetime, timedelta

import click

from servicesim import settings
from servicesim.commands.at_organisation import organisation_of
from servicesim.commands.counting import counting
from servicesim.commands.person import demand_consent
from servicesim.commands.places import RECORDS
from servicesim.commands.telling import named, on_one_line, say
from servicesim.errors import UsageError
from servicesim.records.place import Place

KEEP_FOR = "keep-for"
_PERIOD = re.compile(r"([1-9][0-9]{0,3})([dmy])")
_WORDS = {"d": "day", "m": "month", "y": "year"}


@click.command()
@click.option("--older-than", metavar="AGE", help="How old, as 24m (months), 90d (days) or 2y (years).")
@click.option("--keep-for", metavar="AGE", help="Settle how long attempts are kept here, for every purge to come; or forever.")
@RECORDS
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(older_than: str | None, keep_for: str | None, folder: Place | None, yes: bool) -> None:
    """Remove attempts that began longer ago, with transcripts, results and reviews.

    Without --older-than, what was settled with --keep-for holds. Of each scored encounter a line without a person stays,
    which is only ever told in groups of five or more.

    \b
    Example: servicesim purge --older-than 24m
             servicesim purge --keep-for 24m
             servicesim purge --yes
    """
    folder = folder or settings.home()
    if keep_for is not None:
        if older_than is not None or yes:
            raise UsageError("--keep-for only settles how long; say servicesim purge afterwards to remove what is older")
        _settle(folder, keep_for)
        return
    age = older_than or _settled(folder)
    _purge(folder, age, cutoff(age, datetime.now(UTC)), yes=yes)


def cutoff(age: str, now: datetime) -> int:
    """When attempts of this age began, in UTC milliseconds; raises UsageError if it is no age."""
    count, unit = _parts(age)
    try:
        before = now - timedelta(days=count) if unit == "d" else _months_before(now, count * (12 if unit == "y" else 1))
    except (OverflowError, ValueError):
        raise UsageError(f"{named(age)} is longer ago than there are dates") from None
    return round(before.timestamp() * 1000)


def _parts(age: str) -> tuple[int, str]:
    found = _PERIOD.fullmatch(age)
    if found is None:
        raise UsageError(f"'{named(age)}' is no age; write it as 24m (months), 90d (days) or 2y (years)")
    return int(found[1]), found[2]


def _months_before(now: datetime, months: int) -> datetime:
    """The same day, or the last of a month that is shorter."""
    month = now.year * 12 + now.month - 1 - months
    year, month = month // 12, month % 12 + 1
    return now.replace(year=year, month=month, day=min(now.day, calendar.monthrange(year, month)[1]))


def in_words(age: str) -> str:
    """An age for people."""
    count, unit = _parts(age)
    return f"{count} {_WORDS[unit]}{'' if count == 1 else 's'}"


def _settle(folder: Place, age: str) -> None:
    from servicesim.records import open_people

    if age != "forever":
        _parts(age)
    with open_people(folder) as people:
        people.keep(KEEP_FOR, age)
    if age == "forever":
        say("settled: attempts are kept until somebody asks for a purge")
    else:
        say(f"settled: attempts are kept for {in_words(age)}; servicesim purge removes what is older, nothing was removed yet")


def _settled(folder: Place) -> str:
    from servicesim.records import open_people

    with open_people(folder, read_only=True) as people:
        age = people.settled(KEEP_FOR)
    if age is None or age == "forever":
        raise UsageError("how old? Say --older-than 24m, or settle it for good with --keep-for 24m")
    return age


def _purge(folder: Place, age: str, until: int, *, yes: bool) -> None:
    from servicesim.exports import rollups
    from servicesim.exports.clock import Clock
    from servicesim.records import open_people, open_records

    day, at = Clock(None).text(until)[:10], time.time_ns() // 1_000_000
    with open_records(folder) as records, open_people(folder) as people, organisation_of(folder, read_only=False) as organisation:
        old = [attempt.id for attempt, _ in records.attempts(until=until, with_practice=True)]
        unused = [] if organisation is None else organisation.unused_tickets(until=until)
        if not old and not unused:
            say(f"nothing is older than {in_words(age)} (began before {day})")
            return
        attempts = f"{len(old)} attempt{'' if len(old) == 1 else 's'}"
        tickets = f" and {len(unused)} unused ticket{'' if len(unused) == 1 else 's'}" if unused else ""
        demand_consent(f"Remove {attempts} that began before {day}, older than {in_words(age)},{tickets} for good?", yes=yes)
        # What belongs to attempts first: if the power fails in between, the attempts can still be found.
        if organisation is not None:
            organisation.purge([*old, *unused], at=at)
        with counting("removed") as line:
            records.purge(line(old), at=at)
        rollups.keep_up(records, people)
        backups = records.forget_backups()
        if organisation is not None:
            backups += organisation.forget_backups()
            organisation.note("command line", "purge", day, at=at)
    say(f"{attempts} removed that began before {day}, with transcripts, results and reviews")
    if unused:
        say(f"removed too:{tickets.removeprefix(' and')} that closed before then")
    say("of each scored encounter a line without a person stays; it is only ever told in groups of 5 or more")
    if backups:
        say(on_one_line(f"removed too, since they still held them: {', '.join(backup.name for backup in backups)}"))
