"""The files that translators work in: written from a scenario or from principles, brought up to date, and taken back from translators.

    file = file_for(original, "fa")
    bring_up_to_date(original, "fa")     # new texts are empty in it, changed ones marked, nothing that was translated is lost
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError

from servicesim import platform
from servicesim.authoring.translations import is_translated, merged, read, written
from servicesim.errors import UsageError
from servicesim.languages import LANGUAGES
from servicesim.scenario import loading, po, programmes, source
from servicesim.scenario.editions import Edition, editions, editions_of_principles, file_of
from servicesim.scenario.principles import Principles
from servicesim.scenario.translated import language_of, texts, texts_of_principles
from servicesim.scenario.translators_notes import NOTES_OF_PROGRAMME, notes, notes_of_principles

WRITTEN_IN = "en"  # the language of principles, if nobody asks for their translation into it: their files do not say


@dataclass(frozen=True)
class Original:
    """What is translated: its file, the name of its translations, its texts with notes on them, and the translations there are."""

    path: Path
    name: str
    language: str
    texts: Mapping[str, str] = field(repr=False)
    notes: Mapping[str, str] = field(repr=False)
    editions: Mapping[str, Edition] = field(repr=False)
    is_principles: bool = False
    """What is not translated of principles is shown as written."""

    def file(self, language: str) -> Path:
        """Where its translation into a language lies."""
        return file_of(self.path.parent, self.name, language)


def original(path: Path, principles: Principles | None = None) -> Original:
    """The scenario, the principles or the programme in a file; raises FilesHaveFindings if it cannot be used."""
    if not loading.is_principles_file(path) and programmes.holds_programme(source.read(path)):
        return _programme(path)
    if loading.is_principles_file(path):
        taught = loading.demand_principles(path)
        told, known = texts_of_principles(taught), editions_of_principles(taught, path)
        return Original(path, path.stem, WRITTEN_IN, told, notes_of_principles(taught), known, is_principles=True)
    taught = principles or loading.demand_principles(loading.principles_beside(path))
    scenario = loading.demand(path, taught)
    return Original(path, scenario.id, language_of(scenario), texts(scenario), notes(scenario, taught), editions(scenario, path.parent))


def _programme(path: Path) -> Original:
    programme = programmes.demand_programme(path)
    known = {language: programmes.edition_of_programme(programme, path, language) for language in LANGUAGES}
    there = {language: one for language, one in known.items() if one is not None}
    return Original(path, programme.id, programme.locale.partition("-")[0], programmes.texts_of_programme(programme), NOTES_OF_PROGRAMME, there)


def catalogue(file: Path, language: str) -> Catalog:
    """What a translator's file holds; raises UsageError where it is no such file."""
    try:
        return read(file, language)
    except (PoFileError, UnicodeDecodeError, UnknownLocaleError, ValueError, IndexError, AttributeError) as error:
        raise UsageError(f"{file} cannot be read as a PO file: {error}; nothing in it was changed") from error


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a file: how many of its texts are translated, how many are to be checked, and how many had no place any more."""

    file: Path
    translated: int
    to_check: int
    texts: int
    obsolete: int
    is_new: bool = False
    is_same: bool = False


def bring_up_to_date(one: Original, language: str, *, drop: bool = False) -> Change:
    """Write the file of a language, new or from what it held: nothing that was translated is lost, unless it is dropped as obsolete."""
    file = one.file(language)
    return _write(file, merged(catalogue(file, language), one.texts, one.notes, keep=not drop))


def _write(file: Path, current: Catalog) -> Change:
    is_new, text = not file.exists(), written(current).encode()
    is_same = not is_new and file.read_bytes() == text
    if not is_same:
        file.parent.mkdir(parents=True, exist_ok=True)
        platform.write_atomically(file, text)
    done = [message for message in current if message.id and is_translated(message)]
    to_check = sum(message.fuzzy for message in done)
    return Change(file, len(done) - to_check, to_check, len(current), len(current.obsolete), is_new, is_same)


# --- sent back by a translator ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two translations of one text, both made for what it is now: one is taken, the other is kept as a comment beside it."""

    key: str
    kept: str
    other: str


def language_of_returned(file: Path) -> str:
    """The language that a file was translated into: it says so, or the folder in which it lies."""
    for language in (po.read(file).short_language, file.parent.name):
        if language in LANGUAGES:
            return language
    raise UsageError(f"{file} does not say which language it is in; say so with --language")


def take_in(returned: Path, one: Original, language: str, *, theirs: bool = False) -> tuple[Change, list[Conflict]]:
    """Merge what a translator sent back into the file of an original; where both have translated anew, `theirs` says whose is taken."""
    file = one.file(language)
    own = merged(catalogue(file, language), one.texts, one.notes, keep=True)
    other = merged(catalogue(returned, language), one.texts, one.notes, keep=True)
    if not any(is_translated(message) for message in other if message.id):
        raise UsageError(f"nothing in {returned} is a translation of {one.path}; was it another encounter?")
    conflicts = list(_conflicts(own, other, theirs=theirs))
    for key, message in other.obsolete.items():
        own.obsolete.setdefault(key, message)
    return _write(file, own), conflicts


def _conflicts(own: Catalog, other: Catalog, *, theirs: bool) -> Iterator[Conflict]:
    """Take what is new or better into our own messages; yield where two are as good."""
    sent = {message.context: message for message in other if message.id and is_translated(message)}
    for message in own:
        back = sent.get(message.context) if message.id else None
        if back is None:
            continue
        message.user_comments = list(dict.fromkeys([*message.user_comments, *back.user_comments]))
        if not is_translated(message) or (message.fuzzy and not back.fuzzy):
            _take(message, back)
        elif back.string != message.string:
            yield _settle(message, back, theirs=theirs and back.fuzzy == message.fuzzy)


def _take(message: Message, back: Message) -> None:
    message.string, message.previous_id = back.string, back.previous_id
    message.flags = set(back.flags) & {"fuzzy"}


def _settle(message: Message, back: Message, *, theirs: bool) -> Conflict:
    kept, other = (back, message) if theirs else (message, back)
    conflict = Conflict(str(message.context), str(kept.string), str(other.string))
    if theirs:
        _take(message, back)
    note = f"{'before' if theirs else 'sent back'}: {conflict.other}".replace("\n", " ")
    if note not in " ".join(message.user_comments):  # a long comment is read as several
        message.user_comments.append(note)
    return conflict
