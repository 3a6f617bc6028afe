"""What stands at the head of every page: which attempts it is about, by whose clock, and when it was made."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from servicesim import __version__
from servicesim.exports.clock import Clock
from servicesim.exports.filters import Filter
from servicesim.exports.report.words import Words, bdi


def made(words: Words, clock: Clock, at: int) -> Markup:
    """When a page was made (UTC milliseconds), and by which version."""
    return words("made", when=words.moment(at, clock), version=__version__)


def which(words: Words, wanted: Filter) -> Markup:
    """Which attempts of each person count."""
    return words(f"which-{wanted.attempts}")


def selected(words: Words, wanted: Filter, clock: Clock) -> list[Markup]:
    """The rest of the filter, part by part; of whom a page is, it says itself."""
    return list(_selected(words, wanted, clock)) or [words("filter-none")]


def _selected(words: Words, wanted: Filter, clock: Clock) -> Iterator[Markup]:
    for encounter in wanted.encounters:
        yield words("filter-encounter", id=encounter)
    if wanted.team is not None:
        yield words("filter-team", team=wanted.team) if wanted.team else words("no-team")
    if wanted.since is not None:
        yield words("filter-since", day=words.day_of(wanted.since, clock))
    if wanted.until is not None:
        yield words("filter-until", day=words.day_of(wanted.until - 1, clock))
    if wanted.with_practice:
        yield words("filter-practice")


def days(words: Words, clock: Clock, at: int) -> Markup:
    """Whose clock tells the days."""
    if clock.zone is not None:
        return words("clock-utc")
    return words("clock-local", offset=bdi(words.digits(clock.offset(at)), direction="ltr"))
