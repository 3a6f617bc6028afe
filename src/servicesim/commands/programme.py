"""`servicesim programme`: the plan of a programme, where somebody stands in it, and where everybody does."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicesim import settings
from servicesim.commands import chosen
from servicesim.commands.paper import Paper
from servicesim.commands.places import HELP, PLACE
from servicesim.commands.telling import complain, named, on_one_line, say, say_json
from servicesim.errors import UsageError
from servicesim.records.place import Place, is_address
from servicesim.scenario import programmes
from servicesim.scenario.programme import encounter_file

if TYPE_CHECKING:
    from servicesim.assessment.standing import Standing
    from servicesim.exports.standings import Stands
    from servicesim.scenario.programme import Plan


@click.command()
@click.argument("programme", metavar="[NAME]", required=False)
@click.option("--as", "person", metavar="ID", help="Where this person stands, by the id that the company uses.")
@click.option("--play", "plays", is_flag=True, help="With --as: play what comes next, in the window.")
@click.option("--everyone", is_flag=True, help="Where everybody stands who has begun it.")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), help="With --everyone: write a CSV file, a line for each person and step.")
@click.option("--with-names", is_flag=True, help="With -o: tell who each person is; without it, a learner id stands for them.")
@click.option("--json", "wants_json", is_flag=True, help="Print everything as JSON.")
@click.option("--records", type=PLACE, help=HELP)
def command(
    programme: str | None, person: str | None, plays: bool, everyone: bool, path: Path | None, with_names: bool, wants_json: bool, records: Place | None,
) -> None:  # fmt: skip
    """Show a programme (an id or a file): what it asks for, or where people stand in it. Without NAME, all programmes are listed.

    \b
    Example: servicesim programme first-week
             servicesim programme first-week --as 1042
             servicesim programme first-week --as 1042 --play
             servicesim programme first-week --everyone -o first-week.csv
    """
    _demand_sense(programme, person, plays=plays, everyone=everyone, path=path, with_names=with_names)
    if programme is None:
        _list(wants_json=wants_json)
        return
    file, folder = chosen.programme_path(programme), records or settings.home()
    plan = programmes.demand_plan(file)
    if plays and person is not None:
        _play(plan, file, folder, person)
    elif everyone:
        _tell_everyone(plan, folder, path, with_names=with_names, wants_json=wants_json)
    elif person is not None:
        _tell_person(plan, folder, person, wants_json=wants_json)
    else:
        _tell_plan(plan, wants_json=wants_json)


def _demand_sense(programme: str | None, person: str | None, *, plays: bool, everyone: bool, path: Path | None, with_names: bool) -> None:
    """Raises UsageError where one option does not go with another."""
    if programme is None and (person is not None or everyone):
        raise UsageError("which programme? servicesim programme lists them")
    if everyone and person is not None:
        raise UsageError("--as is one person, --everyone all: use one of them")
    if plays and person is None:
        raise UsageError("who plays? add --as ID")
    if path is not None and not everyone:
        raise UsageError("-o goes with --everyone")
    if with_names and path is None:
        raise UsageError("--with-names goes with -o: what is printed here names people anyway")


def today() -> date:
    """The day by this computer's clock."""
    return date.today()


# --- what there is ---------------------------------------------------------------------------------------------------


def _list(*, wants_json: bool) -> None:
    known = [programmes.demand_programme(path) for path in programmes.programme_files()]
    if wants_json:
        say_json({"programmes": [{"programme": one.id, "title": one.title, "summary": one.summary, "steps": len(one.steps)} for one in known]})
        return
    for one in known:
        say(on_one_line(f"{one.id}: {one.title}. {one.summary} ({len(one.steps)} encounters)"))


def _tell_plan(plan: Plan, *, wants_json: bool) -> None:
    from servicesim.commands.standing_words import plan_as_json, plan_lines

    if wants_json:
        say_json(plan_as_json(plan))
        return
    paper = Paper()
    paper.line((plan.programme.title, "bold"), f" ({plan.programme.id}): {plan.programme.summary}")
    for line in plan_lines(plan):
        paper.line(line)


# --- where people stand ----------------------------------------------------------------------------------------------


def _play(plan: Plan, file: Path, folder: Place, person: str) -> None:
    """Open the window with what comes next, as its customer remembers it; somebody who is not known yet begins."""
    from servicesim.assessment.standing import standing
    from servicesim.commands.certificate import certifier
    from servicesim.commands.linking import linking
    from servicesim.commands.standing_words import next_in_words
    from servicesim.desktop.app import open_encounter
    from servicesim.exports.outgoing import Outgoing

    if is_address(folder):
        raise UsageError("--play keeps what is played in a folder: leave out --records, or name one")
    now = _standing(plan, folder, person) if _is_known(folder, person) else standing(plan, [], today())
    say(on_one_line(next_in_words(now)))
    if now.next.encounter is None or now.next.do == "stuck":
        return
    encounter = encounter_file(now.next.encounter, file)
    script = chosen.script(str(encounter)).started(now.step(now.next.encounter).remembers)
    open_encounter(
        folder, script, person=person, course=plan.programme.id, tell=Outgoing(folder), certify=certifier(folder), linked=partial(linking, folder)
    )


def _is_known(folder: Place, person: str) -> bool:
    from servicesim.records import open_people

    with open_people(folder) as people:
        return people.named(person) is not None


def _standing(plan: Plan, folder: Place, person: str) -> Standing:
    from servicesim.assessment.standing import standing
    from servicesim.commands.wanted import learner_of
    from servicesim.records import open_records
    from servicesim.records.progress import taken

    learner = learner_of(folder, person)
    with open_records(folder, read_only=True) as records:
        attempts = taken(records, plan.programme.encounters, learner=learner).get(learner, [])
    return standing(plan, attempts, today())


def _tell_person(plan: Plan, folder: Place, person: str, *, wants_json: bool) -> None:
    from servicesim.commands.standing_words import standing_as_json, standing_lines

    now = _standing(plan, folder, person)
    if wants_json:
        say_json(standing_as_json(now))
        return
    paper = Paper()
    begun = "not begun" if now.start is None else f"begun on {now.start}"
    paper.line((plan.programme.title, "bold"), on_one_line(f" ({plan.programme.id}), {named(person)}: {_share(now)}, {begun}"))
    for line in standing_lines(now):
        paper.line(line)


def _tell_everyone(plan: Plan, folder: Place, path: Path | None, *, with_names: bool, wants_json: bool) -> None:
    from servicesim.exports.standings import everyone, hand_over
    from servicesim.records import open_people, open_records

    with open_records(folder, read_only=True) as records, open_people(folder, read_only=True) as people:
        stands, known = everyone(records, people, plan, today()), len(people.known())
    if path is not None:
        not_logged = hand_over(path, folder, plan, stands, with_names=with_names)
        say(on_one_line(f"{named(path)}: {_people(len(stands))}"))
        if not_logged:
            complain(on_one_line(f"the log of exports has no line for this: {not_logged}"))
    elif wants_json:
        _say_everyone_as_json(plan, stands)
    else:
        _table(plan, stands, known)


def _say_everyone_as_json(plan: Plan, stands: list[Stands]) -> None:
    from servicesim.commands.standing_words import standing_as_json

    people = [{"learner": one.learner, "person": one.person.id if one.person else None, "team": one.person.team if one.person else None, **standing_as_json(one.standing)} for one in stands]
    say_json({"programme": plan.programme.id, "people": people})


def _table(plan: Plan, stands: list[Stands], known: int) -> None:
    """A line for each person: how far they are, what is overdue, which promises were broken, and what comes next."""
    paper = Paper()
    paper.line((plan.programme.title, "bold"), f" ({plan.programme.id}): {_people(len(stands))} have begun it" if len(stands) != 1 else f" ({plan.programme.id}): 1 person has begun it")
    rows = [_row(one) for one in stands]
    heads = ("person", "name", "team", "begun", "done", "overdue", "promises", "next")
    if rows:
        wide = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        for count, row in enumerate([heads, *rows]):
            text = "  ".join(cell.ljust(room) for cell, room in zip(row, wide, strict=True)).rstrip()
            paper.line((text, "dim") if count == 0 else on_one_line(text))
    others = known - sum(one.person is not None for one in stands)
    if others:
        paper.line(f"{_people(others)} known here {'has' if others == 1 else 'have'} not begun it")


def _row(one: Stands) -> tuple[str, ...]:
    now, person = one.standing, one.person
    overdue = [step.encounter for step in now.steps if step.state in ("overdue", "used-up")]
    kept = [step.appointment.verdict for step in now.appointments if step.appointment is not None]
    promises = ", ".join(f"{kept.count(verdict)} {verdict}" for verdict in ("kept", "broken") if verdict in kept)
    whose = (person.id, person.name, person.team) if person is not None else (f"learner {one.learner}", "", "")
    return *whose, str(now.start), f"{now.done} of {len(now.needed)}", ", ".join(overdue) or "–", promises or "–", now.next.encounter or now.next.do


def _share(now: Standing) -> str:
    return f"{now.done} of {len(now.needed)} done ({now.percent} %)"


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"
