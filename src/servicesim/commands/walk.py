"""`servicesim walk`: play walkthroughs, and compare what comes of them with what is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from difflib import unified_diff
from functools import cache
from itertools import zip_longest
from pathlib import Path

import click

from servicesim import platform
from servicesim.authoring import coverage, walkthrough
from servicesim.authoring.coverage import Coverage
from servicesim.commands import chosen
from servicesim.commands.telling import complain, named, on_one_line, say
from servicesim.encounter.script import Script
from servicesim.errors import FilesHaveFindings, ServicesimError, UsageError

Scripts = Callable[[str, Path], Script]  # the scenario of that name, for a walkthrough in that folder


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--update", is_flag=True, help="Write down what comes of them now.")
@click.option("--coverage", "covers", is_flag=True, help="Tell what of each scenario none of them sees.")
def command(files: tuple[str, ...], update: bool, covers: bool) -> int:
    """Play each walkthrough FILE and compare what comes of it with what is written there. A folder stands for all *.walk in it.

    Exit code 0: as written; 1: something else came of one; 2: one cannot be read or played. The others are played all
    the same. With --coverage nothing is compared, and what no walkthrough sees is no failure.

    \b
    Example: servicesim walk tests/walkthroughs/expert-rider.walk
             servicesim walk --coverage tests/walkthroughs
    """
    if "" in files:
        raise UsageError("a file is missing: name a walkthrough, such as expert.walk")
    if update and covers:
        raise UsageError("--update and --coverage do not go together: use one after the other")
    scripts = cache(_script)
    return _cover(files, scripts) if covers else _each(files, lambda path: _walk(path, scripts, update=update))


def _each(files: tuple[str, ...], use: Callable[[Path], int]) -> int:
    """Use every walkthrough, whatever became of the one before it; the worst exit code."""
    return max([_told(name, use) for name in files])


def _told(name: str, use: Callable[[Path], int]) -> int:
    try:
        paths = _walks(Path(name))
    except UsageError as error:
        complain(on_one_line(f"{named(name)}: {error}"))
        return error.exit_code
    return max([_used(path, use) for path in paths])


def _used(path: Path, use: Callable[[Path], int]) -> int:
    try:
        return use(path)
    except FilesHaveFindings as error:
        complain(f"{named(path)}: its scenario cannot be played:\n{error}")
        return error.exit_code
    except ServicesimError as error:
        complain(on_one_line(f"{named(path)}: {error}"))
        return error.exit_code


def _walks(path: Path) -> list[Path]:
    """The file, or every walkthrough in the folder."""
    if not os.path.isdir(path):
        return [path]
    try:
        walks = sorted(path.glob("*.walk"))
    except OSError as error:
        raise UsageError(f"the folder cannot be read: {error.strerror}") from error
    if not walks:
        raise UsageError("there is no walkthrough in this folder; the name of one ends in .walk")
    return walks


def _script(scenario: str, folder: Path) -> Script:
    """The scenario that a walkthrough names: a file beside it before one in the folder where the command is used."""
    for name in (scenario, f"{scenario}.yaml"):
        if name.endswith((".yaml", ".yml")) and os.path.isfile(folder / name):
            return chosen.script(str(folder / name))
    return chosen.script(scenario)


# --- compared with what is written -----------------------------------------------------------------------------------


def _walk(path: Path, scripts: Scripts, *, update: bool) -> int:
    written = walkthrough.written_in(path)
    walk = walkthrough.read(written)
    now = walkthrough.refreshed(walk, scripts(walk.scenario, path.parent))
    if now == written:
        say(f"{named(path)}: as written")
        return 0
    if update:
        platform.write_atomically(path, now.encode())
        say(f"{named(path)}: written anew")
        return 0
    say(on_one_line(f"{named(path)}: {_parting(walk.expected, walkthrough.read(now).expected)}"))
    say("\n".join(_difference(path, written, now)))
    return 1


def _parting(written: str, now: str) -> str:
    """In one sentence: at which moment what is written and what comes of it now part, and how they go on."""
    if not written.strip():
        return "nothing is written yet of what comes of it; --update writes it"
    for one, other in zip_longest(written.splitlines(), now.splitlines()):
        if one != other:
            break
    (at, was), (at_now, is_) = _moment(one), _moment(other)
    where = f"at {at or at_now}" if at or at_now else "in how it is judged"
    later = f" at {at_now}" if at and at_now and at != at_now else ""
    return f"they part {where}: written {was}, now {is_}{later}"


def _moment(line: str | None) -> tuple[str, str]:
    """When a line happened, if it says so, and what it tells."""
    if line is None:
        return "", "nothing more"
    at, _, what = line.partition("  ")
    timed = at.replace(":", "").replace(".", "").isdecimal()
    what = (what if timed else line).strip()
    return at if timed else "", f"'{what}'" if what else "the end"


def _difference(path: Path, written: str, now: str) -> Iterator[str]:
    heads = f"{named(path)} (written)", f"{named(path)} (now)"
    return unified_diff(written.splitlines(), now.splitlines(), *heads, lineterm="")


# --- coverage --------------------------------------------------------------------------------------------------------


def _cover(files: tuple[str, ...], scripts: Scripts) -> int:
    """Tell of every scenario what the walkthroughs have seen; what they have not is no failure."""
    covered: dict[tuple[str, str], Coverage] = {}

    def add(path: Path) -> int:
        walk = walkthrough.read(walkthrough.written_in(path))
        script = scripts(walk.scenario, path.parent)
        covered.setdefault((script.fingerprint, script.principles_fingerprint), Coverage(script)).add(walk)
        return 0

    code = _each(files, add)
    for one in filter(lambda one: one.walks, covered.values()):
        say("\n".join(coverage.told(one)))
    return code
