"""`servicesim rescore`: whose result would change under other principles, and by how much?"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from servicesim import settings
from servicesim.assessment.told import number
from servicesim.commands import chosen
from servicesim.commands.counting import Counting, counting
from servicesim.commands.places import RECORDS
from servicesim.commands.telling import on_one_line, say
from servicesim.records.place import Place
from servicesim.scenario import loading

if TYPE_CHECKING:
    from servicesim.records.attempt import Attempt
    from servicesim.records.notes import Rescored
    from servicesim.records.records import Records
    from servicesim.records.rescoring import JudgedAnew, NotJudged, Rescoring
    from servicesim.records.rot import Rot

AT_ONCE = 500  # results that are kept in one transaction

Who = Callable[["Attempt"], str]


@click.command()
@click.option("--principles", "file", metavar="NEW", required=True, help="The principles file to judge by.")
@RECORDS
@click.option("--keep", is_flag=True, help="Keep these results beside the ones that were given.")
@click.option("--with-names", is_flag=True, help="Tell who each person is; without it, a learner id stands for them.")
@click.option("--json", "wants_json", is_flag=True, help="Print the changes as JSON.")
def command(file: str, folder: Place | None, keep: bool, with_names: bool, wants_json: bool) -> int:
    """Judge every attempt that has ended by another principles file, and say whose result would change and by how much.

    Nothing is changed. With --keep the new results are kept beside those that were given, which stay what they are.
    Practice is left out. Exit code 0: all were judged; 1: some cannot be, and it is said why.

    \b
    Example: servicesim rescore --principles principles.yaml
    """
    from servicesim.records import open_records
    from servicesim.records.rescoring import Rescoring

    principles, folder = loading.demand_principles(chosen.principles_path(file)), folder or settings.home()
    with ExitStack() as stores, counting("judged anew") as line:
        records = stores.enter_context(open_records(folder, read_only=not keep))
        who = _named(stores, folder) if with_names else _learner
        rescoring = Rescoring(records, principles, wants_scores=keep)
        judged = _kept(records, rescoring) if keep else iter(rescoring)
        return (_as_json if wants_json else _as_lines)(line(judged), line, who, rescoring.principles_hash, keep)


def _learner(attempt: Attempt) -> str:
    return f"learner {attempt.learner}"


def _named(stores: ExitStack, folder: Place) -> Who:
    from servicesim.records import open_people

    people = {person.learner: person for person in stores.enter_context(open_people(folder, read_only=True)).known()}

    def named(attempt: Attempt) -> str:
        person = people.get(attempt.learner)
        return _learner(attempt) if person is None else f"{person.id} ({person.name})"

    return named


def _kept(records: Records, rescoring: Rescoring) -> Iterator[Any]:
    """The same, each on the disk before the next some hundreds are judged."""
    from servicesim.records.rescoring import JudgedAnew

    at, waiting = time.time_ns() // 1_000_000, list[tuple[str, "Rescored"]]()
    records.keep_text("principles", rescoring.text)
    for one in rescoring:
        if isinstance(one, JudgedAnew):
            waiting.append(one.as_kept(rescoring.principles_hash, at))
        if len(waiting) == AT_ONCE:
            records.keep_rescored(waiting)
            waiting.clear()
        yield one
    if waiting:
        records.keep_rescored(waiting)


@dataclass(slots=True)
class _Sums:
    """What changes, all in all."""

    judged: int = 0
    changed: int = 0
    total: Fraction = Fraction(0)
    least: Fraction = Fraction(0)
    most: Fraction = Fraction(0)
    would_pass: int = 0
    would_fail: int = 0

    def add(self, one: JudgedAnew) -> None:
        """Count one."""
        self.judged += 1
        self.changed += one.changed
        # Rounded to a millionth: exact sums of many fractions grow without end.
        self.total += Fraction(round(one.by * 1_000_000), 1_000_000)
        self.least, self.most = min(self.least, one.by), max(self.most, one.by)
        self.would_pass += one.passed and not one.before.passed
        self.would_fail += one.before.passed and not one.passed


def _as_lines(judged: Iterable[Any], line: Counting, who: Who, _: str, keep: bool) -> int:
    from servicesim.exports.clock import Clock
    from servicesim.records.rescoring import JudgedAnew

    sums, reasons, clock = _Sums(), Counter[str](), Clock(None)
    for one in judged:
        if not isinstance(one, JudgedAnew):
            reasons[_why(one)] += 1
            continue
        sums.add(one)
        if one.changed:
            line.clear()
            say(on_one_line(f"{one.attempt.scenario}, {clock.text(one.attempt.started)}, {who(one.attempt)}: {_told(one)}"))
    line.clear()
    for why, count in reasons.items():
        say(on_one_line(f"{count} not judged: {why}"))
    say(_summary(sums))
    if keep:
        say(f"kept beside the results that were given: {sums.judged} (what was kept before stays)")
    elif sums.changed:
        say("nothing was changed; --keep keeps these results beside those that were given")
    return 1 if reasons else 0


def _why(one: NotJudged | Rot) -> str:
    return one.why


def _told(one: JudgedAnew) -> str:
    before, after = number(Fraction(one.before.conduct)), number(one.conduct)
    # The difference of what is shown: 51.859 -> 52.861 shows as 51.85 -> 52.86, and nobody should have to wonder.
    conducts = f"{before} -> {after} ({after - before:+.2f})"
    if one.passed == one.before.passed:
        return conducts
    return f"{conducts}, {'passes' if one.passed else 'passes no longer'}"


def _summary(sums: _Sums) -> str:
    told = f"{sums.judged} result{'' if sums.judged == 1 else 's'}: {sums.judged - sums.changed} as before, {sums.changed} would change"
    if not sums.changed:
        return told
    mean = sums.total / sums.judged
    spread = f"conduct by {float(mean):+.2f} on average, from {float(sums.least):+.2f} to {float(sums.most):+.2f}"
    return f"{told}; {spread}; {sums.would_pass} would pass that did not, {sums.would_fail} would not that did"


def _as_json(judged: Iterable[Any], _: Counting, who: Who, principles_hash: str, keep: bool) -> int:
    """One object, a line for each change, written as they come."""
    from servicesim.records.rescoring import JudgedAnew, NotJudged

    sums, missing = _Sums(), list[dict[str, str | None]]()
    click.echo(f'{{"principles_sha256": "{principles_hash}",\n"changes": [', nl=False)
    for one in judged:
        if not isinstance(one, JudgedAnew):
            missing.append({"attempt": one.attempt.id if isinstance(one, NotJudged) else None, "why": one.why})
            continue
        sums.add(one)
        if one.changed:
            click.echo(f"{',' if sums.changed > 1 else ''}\n {json.dumps(_change(one, who))}", nl=False)
    counts = {"judged": sums.judged, "changed": sums.changed, "would_pass": sums.would_pass, "would_fail": sums.would_fail}
    click.echo(f'\n],\n"not_judged": {json.dumps(missing)},\n"counts": {json.dumps(counts)},\n"kept": {json.dumps(keep)}}}')
    return 1 if missing else 0


def _change(one: JudgedAnew, who: Who) -> dict[str, Any]:
    before = {"conduct": number(Fraction(one.before.conduct)), "passed": one.before.passed}
    after = {"conduct": number(one.conduct), "passed": one.passed}
    told = {"attempt": one.attempt.id, "encounter": one.attempt.scenario, "who": who(one.attempt)}
    return {**told, "before": before, "after": after, "by": round(float(one.by), 4)}
