"""`servicesim translate`: encounters and principles in other languages, as gettext PO files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicesim import shipped
from servicesim.commands.chosen import scenario_path
from servicesim.commands.telling import complain, named, on_one_line, say
from servicesim.errors import FilesHaveFindings, UsageError
from servicesim.languages import LANGUAGES
from servicesim.scenario.findings import errors

if TYPE_CHECKING:
    from servicesim.authoring.translating import Change, Conflict, Original
    from servicesim.scenario.editions import Edition

ONLY = click.option(
    "--language", "languages", type=click.Choice(list(LANGUAGES)), multiple=True, help="Only this language; may be given several times."
)
PATHS = click.argument("paths", metavar="PATH...", nargs=-1, required=True)


@click.group()
def command() -> None:
    """Translate encounters and principles: write the files for translators, keep them up to date, see what is left to do.

    The translation of scenarios/late-parcel.yaml into Persian lies in scenarios/languages/fa/late-parcel.po, which any PO editor opens.

    \b
    Example: servicesim translate extract scenarios/late-parcel.yaml --language fa
             servicesim translate merge scenarios
             servicesim translate status
    """


@command.command()
@PATHS
@ONLY
def extract(paths: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Write the files for translators of each PATH: a scenario, a principles file, a programme, or a folder of them.

    One that is there already is brought up to date, as by merge.

    \b
    Example: servicesim translate extract scenarios/late-parcel.yaml --language fa --language he
    """
    from servicesim.authoring.translating import bring_up_to_date

    for one in _originals(paths):
        for language in languages or LANGUAGES:
            if language in languages or language != one.language:
                _tell_change(bring_up_to_date(one, language))


@command.command()
@PATHS
@ONLY
@click.option("--drop-obsolete", "drop", is_flag=True, help="Drop what no text asks for any more.")
@click.option("--into", metavar="ORIGINAL", help="Take the PO files that translators sent back into the translations of this scenario or principles file.")
@click.option("--theirs", is_flag=True, help="With --into: where both have translated a text anew, take the one that was sent back.")
def merge(paths: tuple[str, ...], languages: tuple[str, ...], drop: bool, into: str | None, theirs: bool) -> None:
    """Bring translations up to date after the original has changed.

    New texts are empty in the file. Where a text was corrected, its translation stays, marked 'fuzzy', with the text that it was
    made from beside it. Texts that were moved or renamed are found again. What no text asks for any more is kept at the end of the file.

    With --into, the PATHs are PO files that translators sent back. Nothing is lost: where a text is translated here and there in
    two ways, both are told, one is taken, and the other is kept as a comment.

    \b
    Example: servicesim translate merge scenarios
             servicesim translate merge returned.po --into scenarios/late-parcel.yaml
    """
    if into is None:
        if theirs:
            raise UsageError("--theirs is for what was sent back: give --into ORIGINAL too")
        _merge_all(paths, languages, drop=drop)
    else:
        if drop:
            raise UsageError("--drop-obsolete and --into do not go together: use one after the other")
        _take_all_in(paths, into, languages, theirs=theirs)


def _merge_all(paths: tuple[str, ...], languages: tuple[str, ...], *, drop: bool) -> None:
    from servicesim.authoring.translating import bring_up_to_date

    changes = [
        bring_up_to_date(one, language, drop=drop)
        for one in _originals(paths)
        for language in languages or LANGUAGES
        if one.file(language).is_file()
    ]
    if not changes:
        raise UsageError("nothing is translated there yet; to begin: servicesim translate extract")
    for change in changes:
        _tell_change(change)


def _take_all_in(paths: tuple[str, ...], into: str, languages: tuple[str, ...], *, theirs: bool) -> None:
    from servicesim.authoring.translating import language_of_returned, original, take_in

    if len(languages) > 1:
        raise UsageError("a file that was sent back is in one language: give --language once")
    for path in paths:
        if not Path(path).is_file():
            raise UsageError(f"there is no file {named(path)}; name the PO file that was sent back")
        one = original(_path(into))
        change, conflicts = take_in(Path(path), one, languages[0] if languages else language_of_returned(Path(path)), theirs=theirs)
        for conflict in conflicts:
            _tell_conflict(conflict)
        _tell_change(change)


@command.command()
@click.argument("paths", metavar="[PATH...]", nargs=-1)
@ONLY
def status(paths: tuple[str, ...], languages: tuple[str, ...]) -> int:
    """See how far each translation is, what does not fit, and in which languages an encounter is offered.

    Without PATH, of the encounters that come with ServiceSim. Exit code 1: something that is translated does not fit.

    \b
    Example: servicesim translate status scenarios --language fa
    """
    wrong = False
    for one in _originals(paths or (str(shipped.scenarios()),)):
        say(f"{named(one.path)}: {len(one.texts)} texts{'' if one.is_principles else f', written in {LANGUAGES.get(one.language, one.language)}'}")
        for language in languages or LANGUAGES:
            edition = one.editions.get(language)
            if edition is not None:
                say("\n".join(_edition_told(one, edition)))
                wrong = wrong or bool(errors(edition.findings))
            elif language != one.language:
                say(f"  {language}  not begun")
    return 1 if wrong else 0


def _edition_told(one: Original, edition: Edition) -> Iterator[str]:
    """A line for an edition, and one for each thing in it that does not fit."""
    done, all_ = len(edition.said), len(edition.asked)
    counts = [f"{edition.language}  {100 * done // max(1, all_):>3} %", f"{done} translated"]
    counts += [f"{len(edition.to_check)} to check"] if edition.to_check else []
    counts += [f"{len(edition.missing)} missing"] if edition.missing else []
    if not one.is_principles:
        counts.append("offered" if edition.is_offered else "not offered")
    yield f"  {', '.join(counts)}"
    yield from (f"    {on_one_line(str(finding))}" for finding in edition.findings if finding.code != "L005")


def _originals(paths: tuple[str, ...]) -> Iterator[Original]:
    """What can be translated at these places; a folder stands for all that it holds, and a file in it that cannot be used is told."""
    from servicesim.authoring.translating import original

    for name in paths:
        if not Path(name).is_dir():
            yield original(_path(name))
            continue
        inside = sorted(path for path in Path(name).glob("*.y*ml") if path.is_file())
        if not inside:
            raise UsageError(f"there is no scenario file in {named(name)}")
        for path in inside:
            try:
                yield original(path)
            except FilesHaveFindings:
                complain(f"{named(path)}: it cannot be used; servicesim check says why")


def _path(name: str) -> Path:
    return Path(name) if Path(name).is_file() else scenario_path(name)


def _tell_change(change: Change) -> None:
    what = "written" if change.is_new else "as it was" if change.is_same else "brought up to date"
    left = change.texts - change.translated - change.to_check
    counts = [f"{change.translated} of {change.texts} texts translated"]
    counts += [f"{change.to_check} to check"] if change.to_check else []
    counts += [f"{left} to translate"] if left else []
    counts += [f"{change.obsolete} that no text asks for any more"] if change.obsolete else []
    say(on_one_line(f"{named(change.file)}: {what}; {', '.join(counts)}"))


def _tell_conflict(conflict: Conflict) -> None:
    say(on_one_line(f"{conflict.key}: translated in two ways; taken: {conflict.kept} | kept as a comment: {conflict.other}"))
