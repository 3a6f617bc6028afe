"""Principles in the reader's language: text for text, as far as they are translated, and the rest as it was written.

The translation lies beside the principles' own file. An attempt keeps its principles as they were written, without knowing
from where; what those that come with ServiceSim say today is then told in their translation.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from servicesim import shipped
from servicesim.scenario import po
from servicesim.scenario.editions import edition, file_of
from servicesim.scenario.principles import Principles
from servicesim.scenario.translated import texts_of_principles, translated_principles

_NAME = "principles"
_MOST = 32  # that are kept: of each version of the principles in each language one

_State = tuple[int, int] | None  # of a file: when it was changed, and its size; None if it is not there
_Known = tuple[tuple[_State, ...], Principles, Principles]
_known: OrderedDict[tuple[int, str, Path | None], _Known] = OrderedDict()


def told_in(principles: Principles, language: str, folder: Path | None = None) -> Principles:
    """These principles in a language; `folder` is where their file lies, if that is known."""
    files = [file_of(one, _NAME, language) for one in (folder, shipped.scenarios()) if one is not None]
    states, key = tuple(map(_state, files)), (id(principles), language, folder)
    if not any(states):
        return principles
    known = _known.get(key)
    if known is None or known[0] != states or known[1] is not principles:
        known = states, principles, translated_principles(principles, _said(principles, language, files))
        _known[key] = known
        if len(_known) > _MOST:
            _known.popitem(last=False)
    return known[2]


def _said(principles: Principles, language: str, files: list[Path]) -> Mapping[str, str]:
    """What the files say of the very texts of these principles, the first of them above all."""
    said: dict[str, str] = {}
    for file in reversed(files):
        if _state(file) is not None:
            there = po.read(file)
            asked = {key: text for key, text in texts_of_principles(principles).items() if key in there.entries and there.entries[key].text == text}
            said.update(edition(there, asked, language).said)
    return said


def _state(file: Path) -> _State:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
