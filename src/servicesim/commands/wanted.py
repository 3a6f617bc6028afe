"""Which attempts a command is about: the options that ask for them, and the filter that comes of what was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from servicesim.commands.places import HELP, PLACE
from servicesim.commands.telling import named
from servicesim.errors import UsageError
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.exports.clock import Clock
    from servicesim.exports.filters import Filter, Which

Command = TypeVar("Command", bound=Callable[..., Any])

WHICH = ("all", "first", "best", "last")


def asks_which(unless_said: str) -> Callable[[Command], Command]:
    """The options that say which attempts; `unless_said` tells which of each person count if `--attempts` is not given."""
    options = (
        click.option("--encounter", "encounters", multiple=True, metavar="ID", help="This encounter only; may be repeated."),
        click.option("--programme", metavar="NAME", help="The encounters of this programme (an id or a file)."),
        click.option("--person", metavar="ID", help="This person only, by the id that the company uses."),
        click.option("--team", help="This team only."),
        click.option("--since", metavar="DAY", help="Attempts that began on this day or later, as 2026-10-01."),
        click.option("--until", metavar="DAY", help="Attempts that began on this day or earlier."),
        click.option("--attempts", "which", type=click.Choice(WHICH), help=f"Which attempt of each person at each encounter; {unless_said} if not said."),
        click.option("--with-practice", is_flag=True, help="Practice attempts too."),
    )  # fmt: skip

    def with_options(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return with_options


def asks_where(command: Command) -> Command:
    """The options that say whose clock tells the days, and where the records are."""
    times = click.option("--times", type=click.Choice(["local", "utc"]), default="local", show_default=True, help="Whose clock tells days and times.")
    records = click.option("--records", type=PLACE, help=HELP)
    return times(records(command))


def filter_of(folder: Place, asked: dict[str, Any], clock: Clock, *, attempts: Which, passed: bool | None = None) -> Filter:
    """The filter that was asked for; `attempts` says which count if nothing was said. Raises UsageError where it makes no sense."""
    from servicesim.exports.filters import Filter

    wanted = Filter(
        encounters=encounters_of(asked["encounters"], asked["programme"]),
        learner=None if asked["person"] is None else learner_of(folder, asked["person"]),
        team=asked["team"],
        since=None if asked["since"] is None else clock.day_began(asked["since"]),
        until=None if asked["until"] is None else clock.day_ended(asked["until"]),
        attempts=asked["which"] or attempts,
        passed=passed,
        with_practice=asked["with_practice"],
    )
    if wanted.since is not None and wanted.until is not None and wanted.since >= wanted.until:
        raise UsageError("--until comes before --since: no attempt can have begun then")
    return wanted


def encounters_of(named: tuple[str, ...], programme: str | None) -> tuple[str, ...]:
    """The encounters that were named, one by one or as those of a programme; raises UsageError where both were."""
    if programme is None:
        return named
    if named:
        raise UsageError("--programme stands for all its encounters: leave out --encounter, or --programme")
    from servicesim.commands import chosen
    from servicesim.scenario.programmes import demand_programme

    return demand_programme(chosen.programme_path(programme)).encounters


def learner_of(folder: Place, person: str) -> str:
    """The random id of whoever has this id of the company's; raises UsageError if nobody has it."""
    from servicesim.records import open_people

    with open_people(folder, read_only=True) as people:
        known = people.named(person)
    if known is None:
        raise UsageError(f"nobody is kept here as '{named(person)}'; write the id that the company uses for them")
    return known.learner


def began(moment: int) -> int:
    """What a bar of progress is told of an attempt is when it began."""
    return moment
