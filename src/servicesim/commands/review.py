"""`servicesim review`: a human's word beside a result, before it leaves as failed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

import click

from servicesim.commands.person import opened
from servicesim.commands.places import RECORDS
from servicesim.commands.telling import named, on_one_line, say
from servicesim.errors import UsageError
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.exports.filters import Filter
    from servicesim.exports.rows import Ended
    from servicesim.records.attempt import Attempt, Result
    from servicesim.records.inspecting import Kept
    from servicesim.records.notes import ReviewVerdict
    from servicesim.records.people import People, Person
    from servicesim.records.records import Records

NOBODY = "Trainee"  # in a transcript without names
WITH_NAMES = click.option("--with-names", is_flag=True, help="Tell who each person is; without it, a learner id stands for them.")
Counts = dict[str, "Ended | None"]
"""Which attempt of somebody counts at an encounter, by the word that asks for it: first, best or last."""


_DECISIONS = {"--stands", "--set-aside", "--to-look-at"}


class Reviewing(click.Group):
    """Lists what is to be decided about if nothing else is said, and decides if an attempt is named first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            names_one = bool(args) and not args[0].startswith("-")
            args = ["decide" if names_one or not _DECISIONS.isdisjoint(args) else "list", *args]
        return super().parse_args(ctx, args)


@click.command(cls=Reviewing)
def command() -> None:
    """Decide about results that were failed: they stand, are set aside, or are to be looked at.

    Without more, it lists the attempts that nobody has decided about. An attempt that is named gets a decision.

    \b
    Example: servicesim review
             servicesim review show ATTEMPT
             servicesim review ATTEMPT --stands
             servicesim review ATTEMPT --set-aside --note "The sound failed."
    """


@command.command("list")
@click.option("--all", "wants_all", is_flag=True, help="Every attempt that has ended: passed ones, and what is decided, too.")
@click.option("--encounter", metavar="ID", help="This encounter only.")
@click.option("--team", help="This team only.")
@WITH_NAMES
@RECORDS
def list_attempts(wants_all: bool, encounter: str | None, team: str | None, with_names: bool, folder: Place | None) -> None:
    """The failed attempts that nobody has decided about, and all that are to be looked at; oldest first, practice left out.

    \b
    Example: servicesim review list --encounter late-parcel
    """
    from servicesim.exports.filters import Filter

    wanted = Filter(encounters=() if encounter is None else (encounter,), team=team)
    with opened(folder) as (records, people):
        count = 0
        for row in _to_decide(records, people, wanted, wants_all=wants_all, with_names=with_names):
            say(on_one_line(_line(row)))
            count += 1
    what = "" if wants_all else " to decide about"
    say(f"{count:,} attempt{'' if count == 1 else 's'}{what}" + ("; what happened in one says: servicesim review show ATTEMPT" if count else ""))


@command.command()
@click.argument("attempt", metavar="ATTEMPT")
@WITH_NAMES
@RECORDS
def show(attempt: str, with_names: bool, folder: Place | None) -> None:
    """Everything that happened in ATTEMPT word by word, and each verdict with its moment and its reason.

    \b
    Example: servicesim review show ATTEMPT
    """
    from servicesim.commands.retelling import Retelling

    with opened(folder) as (records, people):
        kept, retelling = _kept(records, attempt), Retelling(records)
        person = people.person(kept.attempt.learner) if with_names else None
        say(on_one_line(retelling.headline(kept.attempt)))
        say(on_one_line(f"  {_whose(kept.attempt, person)}"))
        if kept.rot is not None:
            say(on_one_line(f"  not as it was written: {kept.rot}"))
        trainee = person.name if person is not None else NOBODY
        for part in (retelling.result(kept.result), retelling.notes(attempt), ["", *retelling.transcript(kept, trainee)], ["", *retelling.verdicts(kept)]):
            for line in part:
                say(on_one_line(f"  {line}" if line else ""))


@command.command()
@click.argument("attempt", metavar="ATTEMPT")
@click.option("--stands", is_flag=True, help="The result is right.")
@click.option("--set-aside", is_flag=True, help="The result does not count: say why in a note.")
@click.option("--to-look-at", is_flag=True, help="Somebody has to look at it again.")
@click.option("--note", default="", help="Why, in your own words; do not name the person.")
@click.option("--by", metavar="NAME", help="Who decides; the system's user, if not said.")
@RECORDS
def decide(attempt: str, note: str, by: str | None, folder: Place | None, **decisions: bool) -> None:
    """Write down what you decide about ATTEMPT. What was decided before stays; the last word holds.

    The word "decide" may be left out.

    \b
    Example: servicesim review decide ATTEMPT --set-aside --note "The sound failed."
    """
    from servicesim.exports.handover import who

    verdict, note, by = _verdict(decisions), note.strip(), who() if by is None else by.strip()
    if verdict == "set-aside" and not note:
        raise UsageError('an attempt is set aside for a reason: add --note "why"')
    if not by:
        raise UsageError("say who decides: --by NAME")
    with opened(folder, read_only=False) as (records, people):
        judged, result = _judged(records, attempt)
        before = _counting(records, people, judged)
        records.review(attempt, at=time.time_ns() // 1_000_000, by=by, note=note, verdict=verdict)
        after = _counting(records, people, judged)
        left = sum(export.at >= result.ended for export in records.export_log())
    for line in (_decided(judged, verdict, by, note), *_changed(judged, before, after), *_handed_over(left)):
        say(on_one_line(line))


def _verdict(decisions: dict[str, bool]) -> ReviewVerdict:
    from servicesim.records.notes import ReviewVerdict

    asked = [verdict for verdict in get_args(ReviewVerdict) if decisions[verdict.replace("-", "_")]]
    if len(asked) != 1:
        raise UsageError("say one of --stands, --set-aside and --to-look-at")
    verdict: ReviewVerdict = asked[0]
    return verdict


def _judged(records: Records, attempt: str) -> tuple[Attempt, Result]:
    found = records.attempt(attempt)
    if found is None:
        raise UsageError(f"no attempt is kept here as '{named(attempt)}'; which there are, says: servicesim review")
    judged, result = found
    if result is None:
        raise UsageError(f"attempt {named(attempt)} has not ended: there is no result to decide about")
    return judged, result


def _kept(records: Records, attempt: str) -> Kept:
    judged, _ = _judged(records, attempt)
    return next(kept for kept in records.kept(judged.learner) if kept.attempt.id == attempt)


# --- listed ----------------------------------------------------------------------------------------------------------


def _to_decide(records: Records, people: People, wanted: Filter, *, wants_all: bool, with_names: bool) -> Iterator[Ended]:
    """Failed ones first, each oldest first."""
    from dataclasses import replace

    from servicesim.exports.ended import ended

    for passed in (False, True):
        for row in ended(records, people, replace(wanted, passed=passed), with_names=with_names):
            undecided = row.review is None and not passed
            if wants_all or undecided or (row.review is not None and row.review.verdict == "to-look-at"):
                yield row


def _line(row: Ended) -> str:
    from servicesim.exports.clock import Clock
    from servicesim.exports.rows import principle_scores

    day, scores = Clock(None).text(row.attempt.started)[:10], principle_scores(row)
    broken = [name for name, one in scores.items() if one["broken"]]
    avoided = [name for name, one in scores.items() if one["owed"]]
    told = [
        f"{row.attempt.id}: {row.attempt.scenario}, {day}, {_whose(row.attempt, row.person)}",
        _conduct(row),
        f"broken: {', '.join(broken)}" if broken else "",
        f"avoided: {', '.join(avoided)}" if avoided else "",
        f"{row.review.verdict} ({row.review.by}{f': {row.review.note}' if row.review.note else ''})" if row.review else "",
    ]
    return "; ".join(part for part in told if part)


def _conduct(row: Ended) -> str:
    from servicesim.exports.rows import COLUMNS
    from servicesim.exports.rows import told as cells

    told: dict[str, Any] = dict(zip((column.name for column in COLUMNS), cells(row), strict=True))
    return f"conduct {told['conduct']} (pass mark {told['pass_mark']}), {'passed' if told['passed'] else 'not passed'}"


def _whose(attempt: Attempt, person: Person | None) -> str:
    return f"{person.id} ({person.name})" if person is not None and person.id else f"learner {attempt.learner}"


# --- decided ---------------------------------------------------------------------------------------------------------


def _counting(records: Records, people: People, attempt: Attempt) -> Counts:
    from servicesim.exports.ended import ended
    from servicesim.exports.filters import WHICH, Filter

    theirs = [Filter(encounters=(attempt.scenario,), learner=attempt.learner, attempts=which) for which in WHICH if which != "all"]
    return {wanted.attempts: next(ended(records, people, wanted), None) for wanted in theirs}


def _decided(attempt: Attempt, verdict: ReviewVerdict, by: str, note: str) -> str:
    means = {
        "stands": "the result stands, and files say that it was reviewed",
        "set-aside": "set aside: never the first, the best or the last one that counts",
        "to-look-at": "to be looked at: until somebody decides, files say that nobody has",
    }
    return f"attempt {attempt.id} at {attempt.scenario}, by {by}: {means[verdict]}{f'; {note}' if note else ''}"


def _changed(attempt: Attempt, before: Counts, after: Counts) -> Iterator[str]:
    """Which attempts count instead; nothing for practice, which never does."""
    for which, row in after.items():
        was, now = (one.attempt.id if one is not None else None for one in (before[which], row))
        if was != now:
            told = "none" if row is None else f"attempt {now}, {_conduct(row)}"
            yield f"the {which} one of learner {attempt.learner} that counts there is now {told}"


def _handed_over(exports: int) -> Iterator[str]:
    if exports:
        yield f"not reached: what was handed over since it ended ({exports} in the log of exports); hand it over again"
