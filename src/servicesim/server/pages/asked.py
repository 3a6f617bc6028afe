"""Which attempts a page is about: what was asked for in its address, and the filter that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from markupsafe import Markup

from servicesim import shipped
from servicesim.errors import UsageError
from servicesim.exports.clock import Clock
from servicesim.exports.filters import WHICH, Filter
from servicesim.exports.report.contents import By
from servicesim.exports.report.words import Words
from servicesim.scenario.loading import PRINCIPLES_FILE
from servicesim.server.house import House, house_of
from servicesim.server.pages.planned import programme_of, programme_paths
from servicesim.server.pages.sheet import words_for

CLOCK = Clock(None)
"""The server's own: rollups are kept by it."""
Short = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as it was written; `filter` is None where some of it makes no sense, and `errors` says what."""

    by: By
    encounter: str
    programme: str
    team: str
    since: str
    until: str
    attempts: str
    encounters: list[tuple[str, str]]
    programmes: list[tuple[str, str]]
    teams: list[tuple[str, str]]
    whichs: list[tuple[str, Markup]]
    filter: Filter | None = None
    errors: dict[str, Markup] = field(default_factory=dict)

    def query(self, **more: str) -> str:
        """The same again for an address, with more."""
        own = {name: getattr(self, name) for name in ("by", "encounter", "programme", "team", "since", "until", "attempts")}
        return urlencode({name: value for name, value in (own | more).items() if value})


def asking(
    request: Request, by: Short = "team", encounter: Short = "", programme: Short = "", team: Short = "", since: Short = "", until: Short = "", attempts: Short = "first",
) -> Asked:  # fmt: skip
    """What a page was asked for, with all that could be asked for."""
    house, words = house_of(request), words_for(request)
    given = {"encounter": encounter, "programme": programme, "team": team, "since": since, "until": until, "attempts": attempts}
    wanted, errors = filter_of(house, words, given)
    return Asked(
        **given,
        by="cohort" if by == "cohort" else "team",
        encounters=[(name, name) for name in encounters_known(house)],
        programmes=[(name, name) for name in programme_paths(house)],
        teams=[(name, name) for name in house.people.team_names()],
        whichs=[(which, words(f"which-{which}")) for which in WHICH],
        filter=None if errors else wanted,
        errors=errors,
    )


def filter_of(house: House, words: Words, given: dict[str, str]) -> tuple[Filter, dict[str, Markup]]:
    """The filter of what was given, and what of it makes no sense, each by the name of its field."""
    errors, days = dict[str, Markup](), dict[str, int | None]()
    for name, moment in (("since", CLOCK.day_began), ("until", CLOCK.day_ended)):
        try:
            days[name] = moment(given[name]) if given[name] else None
        except (UsageError, OverflowError, ValueError, OSError):
            days[name], errors[name] = None, words("error-day", example="2026-10-31")
    since, until = days["since"], days["until"]
    if since is not None and until is not None and since >= until:
        errors["until"] = words("error-until")
    if given["attempts"] not in WHICH:
        errors["attempts"] = words("error-choice")
    if given["programme"] and given["encounter"]:
        errors["programme"] = words("error-programme-or-encounter")
    encounters: tuple[str, ...] = (given["encounter"],) if given["encounter"] else ()
    if given["programme"] and not errors:
        plan = programme_of(house, given["programme"], words.language)
        if plan is None:
            errors["programme"] = words("error-choice")
        else:
            encounters = plan.programme.encounters
    if errors:
        return Filter(), errors
    which: Any = given["attempts"]
    return Filter(encounters, team=given["team"] or None, since=since, until=until, attempts=which), errors


def encounters_known(house: House) -> list[str]:
    """The encounters that came with ServiceSim and those that were ever published here."""
    own = (path.stem for path in shipped.scenarios().glob("*.yaml") if path.name != PRINCIPLES_FILE)
    return sorted({*own, *(version.scenario for version in house.organisation.versions())})
