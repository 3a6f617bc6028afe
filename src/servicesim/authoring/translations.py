"""Translations as gettext PO files, brought up to date with the texts that they translate.

Each text has a stable key, which is its context (`msgctxt`) in the file; the text itself is the `msgid`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import denormalize, read_po, write_po
from babel.plural import to_gettext

from servicesim.authoring.found_again import found_again
from servicesim.languages import Table, Text

_BRACES = re.compile(r"\{[a-z_]+\}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def read(path: Path, language: str) -> Catalog:
    """The translations of a file; none where there is no file yet."""
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    for message in catalog:
        _find_previous(message)
    return catalog


def _find_previous(message: Message) -> None:
    """Take the text that it was translated from out of the comments, where Babel leaves it."""
    previous = " ".join(comment.removeprefix("|") for comment in message.user_comments if comment.startswith("|"))
    message.user_comments = [comment for comment in message.user_comments if not comment.startswith("|")]
    message.previous_id = ["".join(map(_unescaped, _QUOTED.findall(part))) for part in previous.split(" msgid_plural ") if part]


def _unescaped(quoted: str) -> str:
    return denormalize(f'"{quoted}"')


def empty(language: str) -> Catalog:
    """Nothing translated yet; plural forms as CLDR has them for the language."""
    return read_po(BytesIO(_header(language).encode()), locale=language)


def written(catalog: Catalog) -> str:
    """The file of these translations: the same for the same content, whoever writes it and whenever."""
    for message in catalog:
        message.flags &= {"fuzzy"}  # Babel guesses others: "95% confidence" would be a format of Python's
    file = BytesIO()
    write_po(file, catalog, width=0, omit_header=True, include_previous=True)
    return _header(str(catalog.locale)) + file.getvalue().decode().rstrip() + "\n"


def _header(language: str) -> str:
    return _HEADER.format(language=language, plurals=to_gettext(Locale.parse(language).plural_form))


def merged(known: Catalog, texts: Table, notes: Mapping[str, str], *, keep: bool = False) -> Catalog:
    """The translations brought up to date, in the order of the texts.

    What is new is left empty; what was translated from another text is marked fuzzy and keeps that text as its previous one; a text
    that has another key now is found again. What no text asks for any more is dropped, or kept as obsolete if it was translated.
    `notes` are what translators should know of a key.
    """
    current = empty(str(known.locale))
    done = {str(message.context): message for message in known if message.id and is_translated(message)}
    gone = [message for message in known.obsolete.values() if is_translated(message)]
    found = found_again(
        texts,
        {key: (message, _as_text(made_from(message))) for key, message in done.items()},
        [(str(message.context), message, _as_text(_ids(message))) for message in gone],
    )
    for key, text in texts.items():
        message = _moved(found.get(key), text, current.num_plurals)
        message.context, message.auto_comments = key, [notes[key]] if key in notes else []
        current[text] = message
    if keep:
        taken = {id(message) for message in found.values()}
        _retire(current, [message for message in (*gone, *done.values()) if id(message) not in taken])
    return current


def _retire(current: Catalog, messages: list[Message]) -> None:
    """Keep translations that no text asks for any more."""
    for message in messages:
        text = _as_text(made_from(message))
        kept = Message(text, message.string, context=message.context, user_comments=message.user_comments)
        current.obsolete[current._key_for(text, message.context)] = kept


def made_from(message: Message) -> tuple[str, ...]:
    """The text that it was translated from: until it was checked, the previous one."""
    return tuple(message.previous_id) if message.fuzzy and message.previous_id else _ids(message)


def _as_text(ids: tuple[str, ...]) -> Text:
    return ids[0] if len(ids) == 1 else (ids[0], ids[1])


def _moved(old: Message | None, text: Text, forms: int) -> Message:
    """A translation, moved to the text that it is for now."""
    if old is None:
        return Message(text)
    if made_from(old) == _ids(Message(text)):
        to_check = {"fuzzy"} if old.fuzzy and not old.previous_id else ()
        return Message(text, old.string, flags=to_check, user_comments=old.user_comments)
    return Message(text, _as_many(old, text, forms), flags={"fuzzy"}, previous_id=made_from(old), user_comments=old.user_comments)


def _as_many(old: Message, text: Text, forms: int) -> str | tuple[str, ...]:
    """The translation of a text that has, or has no longer, several forms."""
    strings = _strings(old)
    if isinstance(text, str):
        return strings[-1]
    return strings if len(strings) == forms else (strings[-1],) * forms


def faults(catalog: Catalog, texts: Table) -> Iterator[str]:
    """What is missing or wrong, each as a sentence that begins with the key."""
    by_key = {message.context: message for message in catalog if message.id}
    for key in by_key.keys() - texts.keys():
        yield f"{key}: no text has this key"
    for key, text in texts.items():
        if key not in by_key:
            yield f"{key}: not in the file: {text!r}"
        else:
            yield from (f"{key}: {fault}" for fault in _faults(by_key[key], text))


def _faults(message: Message, text: Text) -> Iterator[str]:
    if _ids(message) != _ids(Message(text)):
        yield f"stale, for the text is now {text!r}"
    if not is_translated(message):
        yield f"not translated: {text!r}"
        return
    if message.fuzzy:
        yield "fuzzy, to be checked"
    wanted, strings = set(_BRACES.findall(_ids(message)[-1])), _strings(message)
    for string in strings:
        held = set(_BRACES.findall(string))
        # "One more" needs no number: only the last form, which is for any other, has to hold every value.
        if held - wanted or (string == strings[-1] and held != wanted):
            yield f"{string!r} should hold {', '.join(sorted(wanted)) or 'nothing in braces'}"


def is_translated(message: Message) -> bool:
    """Whether every form is there."""
    return all(string.strip() for string in _strings(message))


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)
