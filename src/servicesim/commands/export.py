"""`servicesim export`: hand the scores to HR."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicesim import settings, shipped
from servicesim.commands.progress import watched
from servicesim.commands.telling import complain, named, on_one_line, say
from servicesim.commands.wanted import asks_where, asks_which, began, filter_of
from servicesim.errors import UsageError
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.exports.columns import Layout
    from servicesim.exports.handover import HandedOver, Order

KINDS = ("csv", "xlsx", "jsonl", "xapi")


@click.command()
@click.option("--format", "kind", type=click.Choice(KINDS), default="csv", show_default=True, help="Which kind of file.")
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), required=True, help="The file to write.")
@asks_which("all")
@click.option("--with-names", is_flag=True, help="Tell who each person is; without it, a learner id stands for them.")
@click.option("--principles/--no-principles", "with_principles", default=None, help="Also a row for each principle: xlsx has them, csv not, if not said.")
@click.option("--columns", "mapping", metavar="MAPPING", help="The columns that another system wants: a YAML file, or moodle.")
@click.option("--home", metavar="URL", help="Your own web address, which xAPI statements bear.")
@asks_where
def command(path: Path, records: Place | None, **asked: Any) -> None:
    """Write one row for each attempt that has ended. An existing file is replaced once the new one is complete.

    A manifest with the number of rows and a checksum is written beside each file.

    \b
    Example: servicesim export --format csv -o scores.csv
             servicesim export --format xlsx --attempts best --since 2026-10-01 -o october.xlsx
             servicesim export --columns moodle --encounter late-parcel --with-names -o grades.csv
    """
    from servicesim.exports.handover import hand_over

    folder = records or settings.home()
    order = _order(path, folder, asked)
    with watched(f"writing {named(path.name)}", began) as watch:
        done = hand_over(order, folder, watch)
    _tell(order, done)


def export(path: Path, folder: Place, *, with_practice: bool = False) -> int:
    """Write the attempts of a records folder to a CSV file with names and nothing beside it; how many there were."""
    from servicesim import platform
    from servicesim.exports import csv
    from servicesim.exports.ended import ended
    from servicesim.exports.filters import Filter
    from servicesim.records import open_people, open_records

    with open_records(folder, read_only=True) as kept, open_people(folder, read_only=True) as people, platform.replacing(path) as file:
        return csv.write(file, ended(kept, people, Filter(with_practice=with_practice), with_names=True))


def _order(path: Path, folder: Place, asked: dict[str, Any]) -> Order:
    from servicesim.exports.clock import clock_of
    from servicesim.exports.columns import EVERYTHING
    from servicesim.exports.handover import Order
    from servicesim.exports.xapi import HOME, demand_home

    kind, mapping, with_principles = asked["kind"], asked["mapping"], asked["with_principles"]
    clock = clock_of(asked["times"])
    layout = EVERYTHING if mapping is None else _layout(mapping)
    order = Order(
        path=path,
        kind=kind,
        filter=filter_of(folder, asked, clock, attempts=layout.attempts or "all", passed=layout.passed),
        layout=layout,
        with_names=asked["with_names"],
        with_principles=kind == "xlsx" if with_principles is None else with_principles,
        clock=clock,
        home=HOME if asked["home"] is None else demand_home(asked["home"]),
    )
    _demand_sense(order, mapping, asked)
    return order


def _demand_sense(order: Order, mapping: str | None, asked: dict[str, Any]) -> None:
    """Raises UsageError where one option does not go with another."""
    if mapping is not None:
        if order.kind not in ("csv", "xlsx"):
            raise UsageError("--columns is for csv and xlsx: the other kinds have one form only")
        if order.layout.names and not order.with_names:
            headings = ", ".join(f"'{heading}'" for heading in order.layout.names)
            raise UsageError(f"the columns of {named(mapping)} tell who somebody is ({headings}): add --with-names if that may be")
        if order.layout.one_encounter and len(order.filter.encounters) != 1:
            raise UsageError(f"{named(mapping)} is for one encounter at a time: add --encounter ID")
    if order.kind == "xapi":
        for option, given in (("--with-names", order.with_names), ("--with-practice", order.filter.with_practice)):
            if given:
                raise UsageError(f"{option} is not for xapi: statements bear a learner id, and are about what counts")
    if asked["home"] is not None and order.kind != "xapi":
        raise UsageError("--home is for --format xapi")
    if order.with_principles and order.kind not in ("csv", "xlsx"):
        raise UsageError("--principles is for csv and xlsx: the other kinds have the principles in them")


def mapping_names() -> list[str]:
    """The mappings that come with ServiceSim."""
    return sorted(path.stem for path in (shipped.assets() / "mappings").glob("*.yaml"))


def _layout(mapping: str) -> Layout:
    from servicesim.exports.columns import demand_layout

    if not os.path.isfile(mapping) and mapping in mapping_names():
        return demand_layout(shipped.assets() / "mappings" / f"{mapping}.yaml")
    if not os.path.exists(mapping):
        near = get_close_matches(mapping, mapping_names(), n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(mapping_names())}; or name a file"
        raise UsageError(f"no mapping of columns is called '{named(mapping)}'; {hint}")
    return demand_layout(Path(mapping))


def _tell(order: Order, done: HandedOver) -> None:
    attempts = f"{done.attempts} {'attempt' if done.attempts == 1 else 'attempts'}"
    for path, manifest in zip(order.paths, done.manifests, strict=True):
        kind = "statements" if order.kind == "xapi" else "principles"
        several = "" if path == order.path and order.kind != "xapi" else f"{manifest.rows} {kind} of "
        say(on_one_line(f"{path}: {several}{attempts}"))
    if done.cut:
        complain(f"{done.cut} texts were too long for a cell, and end with a word that says so; csv and jsonl hold them whole")
    if done.not_logged:
        complain(on_one_line(f"the log of exports has no line for this: {done.not_logged}"))
