"""The languages that an encounter can be played in: its own, and those into which it is translated whole.

Beside `FOLDER/late-parcel.yaml` lie `FOLDER/languages/LANGUAGE/late-parcel.po`, with the scenario's id for a name, and
`principles.po` of `FOLDER/principles.yaml`. A translation in which something is missing, or does not fit, is not offered: an
encounter is never played half in one language and half in another.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from servicesim.languages import LANGUAGES
from servicesim.scenario import po
from servicesim.scenario.authored import Source, sayable
from servicesim.scenario.characters import described, refused
from servicesim.scenario.findings import Finding, Severity, errors, in_order
from servicesim.scenario.model import Scenario, segments
from servicesim.scenario.names import placeholders, unknown_placeholder
from servicesim.scenario.po import Entry, Po
from servicesim.scenario.principles import Principles
from servicesim.scenario.source import MAX_SCALAR
from servicesim.scenario.translated import language_of, texts, texts_of_principles, translated

FOLDER = "languages"
NOT_OFFERED = "until then the encounter is not offered in this language"
AS_WRITTEN = "until then these are shown as they were written"
MERGE = "bring the file up to date: servicesim translate merge"
STILL_THE_SAME = 0.5  # how alike the text of now and the one that was translated have to be

CODES: dict[str, str] = {
    "L001": "a translation file that cannot be read",
    "L002": "a translation with other stops",
    "L003": "a translation with other values in braces",
    "L004": "a translation that cannot be used",
    "L005": "a translation that is not whole",
    "L006": "a translation of another text",
    "L007": "a translation of a text that is gone",
}


def file_of(folder: Path, name: str, language: str) -> Path:
    """Where the translation of this name into a language lies, for an original in this folder."""
    return folder / FOLDER / language / f"{name}.po"


@dataclass(frozen=True)
class Edition:
    """One translation of a scenario or of principles: what it says, and what is missing in it or wrong."""

    language: str
    source: Source
    asked: Mapping[str, str]
    """The texts of the original."""
    said: dict[str, str] = field(default_factory=dict)
    """The translations that fit."""
    to_check: tuple[str, ...] = ()
    """The keys of those that somebody should look at again."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """The keys of what is not translated, or in a way that does not fit."""
        return [key for key in self.asked if key not in self.said]

    @property
    def is_offered(self) -> bool:
        """Whether an encounter can be played in it."""
        return not errors(self.findings) and not self.missing


def editions(scenario: Scenario, folder: Path) -> dict[str, Edition]:
    """The translations of a scenario that lie in the folder of its file, by language."""
    own = language_of(scenario)
    found = ((language, edition_in(scenario, folder, language)) for language in LANGUAGES if language != own)
    return {language: one for language, one in found if one is not None}


def edition_in(scenario: Scenario, folder: Path, language: str) -> Edition | None:
    """The translation of a scenario into one language; None where there is no file of it."""
    file = file_of(folder, scenario.id, language)
    return edition(po.read(file), texts(scenario), language) if os.path.isfile(file) else None


def editions_of_principles(principles: Principles, original: Path) -> dict[str, Edition]:
    """The translations of principles that lie beside their file, by language."""
    asked = texts_of_principles(principles)
    files = {language: file_of(original.parent, original.stem, language) for language in LANGUAGES}
    return {
        language: edition(po.read(file), asked, language, AS_WRITTEN) for language, file in files.items() if os.path.isfile(file)
    }


def played_in(scenario: Scenario, edition: Edition) -> Scenario:
    """The scenario in the language of an edition that is offered."""
    return translated(scenario, edition.said, edition.language)


# --- what is missing or wrong ----------------------------------------------------------------------------------------


def edition(file: Po, asked: Mapping[str, str], language: str, until: str = NOT_OFFERED) -> Edition:
    """What a file says of these texts in a language; `until` is what becomes of one that is not whole."""
    found, said = [*file.source.findings, *_other_language(file, language)], dict[str, str]()
    for key, text in asked.items():
        entry = file.entries.get(key)
        if entry is not None and entry.said.strip():
            faults = list(_faults(entry, text, file.source.name))
            found += faults
            if not errors(faults) and _still_the_same(entry.made_from, text):
                said[key] = entry.said
    found += [*_gone(file, asked), *_missing(file, asked, until)]
    return Edition(language, file.source, asked, said, _to_check(file, asked), in_order(found))


def _other_language(file: Po, language: str) -> Iterator[Finding]:
    if file.short_language not in ("", language):
        hint = f"write Language: {language}, or put it into the folder of its language"
        yield file.finding(1, f"the file says that its language is '{file.language}'", hint)


def _to_check(file: Po, asked: Mapping[str, str]) -> tuple[str, ...]:
    entries = ((key, file.entries[key]) for key in asked if key in file.entries)
    return tuple(key for key, entry in entries if entry.said.strip() and (entry.fuzzy or entry.text != asked[key]))


def _still_the_same(was: str, text: str) -> bool:
    return was == text or SequenceMatcher(None, was, text, autojunk=False).ratio() >= STILL_THE_SAME


def _missing(file: Po, asked: Mapping[str, str], until: str) -> Iterator[Finding]:
    """L005: not everything is translated; told once, for there may be hundreds."""
    missing = [key for key in asked if key not in file.entries or not file.entries[key].said.strip()]
    if missing and not file.source.findings:
        first = file.entries.get(missing[0])
        verb = "is" if len(missing) == 1 else "are"
        message = f"{len(missing)} of {len(asked)} texts {verb} not translated; the first is '{missing[0]}'"
        yield _finding("L005", "warning", file.source.name, first.line if first else 1, message, until)


def _gone(file: Po, asked: Mapping[str, str]) -> Iterator[Finding]:
    """L007: keys that no text has any more."""
    for key, entry in file.entries.items():
        if key not in asked and entry.said.strip():
            yield _finding("L007", "warning", file.source.name, entry.line, f"no text has the key '{key}' any more", MERGE)


def _faults(entry: Entry, text: str, file: str) -> Iterator[Finding]:
    """What is wrong with one translation."""

    def finding(code: str, message: str, hint: str, severity: Severity = "error") -> Finding:
        return _finding(code, severity, file, entry.line, f"'{entry.key}': {message}", hint)

    yield from (finding("L004", message, hint) for message, hint in _unusable(entry.said))
    wrong = unknown_placeholder(entry.said)
    wanted, held = _inserted(text), _inserted(entry.said)
    if wrong and not unknown_placeholder(text):
        yield finding("L003", f"'{wrong}' means nothing", f"possible are: {', '.join(placeholders())}")
    elif wanted != held:
        yield finding("L003", f"the original holds {_listed(wanted)}, the translation {_listed(held)}", "write the braces as they stand in the original")
    if _is_speech(entry.key):
        yield from (finding("L002", message, hint) for message, hint in _other_stops(entry.said, text))
    if entry.text != text:
        yield finding("L006", "the original has changed since", MERGE, "warning")
    elif not _still_the_same(entry.made_from, text):
        yield finding("L006", "it was translated from quite another text", "translate it anew, and take the mark 'fuzzy' away", "warning")


def _unusable(said: str) -> Iterator[tuple[str, str]]:
    if len(said) > MAX_SCALAR:
        yield f"it has {len(said):,} characters, at most {MAX_SCALAR:,} are possible", "shorten it"
    character = refused(said)
    if character:
        _, what, hint = described(character)
        yield f"{what} cannot stand here", hint


def _inserted(text: str) -> set[str]:
    return {brace for brace in placeholders() if brace in text}


def _listed(braces: set[str]) -> str:
    return ", ".join(brace for brace in placeholders() if brace in braces) or "nothing in braces"


def _is_speech(key: str) -> bool:
    """Whether it is something that a customer says with natural stops in it."""
    parts = key.split("/")
    return parts[0] == "scenes" and len(parts) > 2 and parts[2] == "says"


def _other_stops(said: str, text: str) -> Iterator[tuple[str, str]]:
    parts, wanted = segments(said), len(segments(text)) - 1
    if "" in parts:
        yield "a stop '|' stands between two parts of a speech", "remove the bar that has nothing before or after it"
    elif len(parts) - 1 != wanted:
        yield f"the original has {_stops(wanted)}, the translation {_stops(len(parts) - 1)}", "put a bar ' | ', with spaces around it, where the original has one"


def _stops(number: int) -> str:
    return f"{number} stop{'' if number == 1 else 's'} '|'"


def _finding(code: str, severity: Severity, file: str, line: int, message: str, hint: str) -> Finding:
    return Finding(code, severity, file, line, 1, sayable(message), sayable(hint))
