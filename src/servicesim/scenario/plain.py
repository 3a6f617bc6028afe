"""What a text without quotes means: nearly always just itself."""

from __future__ import annotations

import re
from typing import TypeAlias

Plain: TypeAlias = bool | int | float | str | None

# Only texts that begin with one of these can be more than text; an empty one is nothing.
TYPED_STARTS = frozenset(["", *"-0123456789tfn"])
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
_YAML11 = re.compile(
    r"""(?ix)
      y | yes | n | no | true | false | on | off            # truth values
    | ~ | null | = | <<                                     # nothing, and two signs with a meaning
    | [-+]? 0b [01_]+ | [-+]? 0x [0-9a-f_]+ | [-+]? 0o? [0-7_]+
    | [-+]? [0-9][0-9_]* (?: :[0-9]{1,2} )* (?: \.[0-9_]* )? (?: e[-+]?[0-9]+ )?
    | [-+]? \.[0-9][0-9_]* (?: e[-+]?[0-9]+ )?
    | [-+]? \.inf | \.nan
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} (?: (?: t | [ ]+ ) [0-9]{1,2}:[0-9]{2}:[0-9]{2} .* )?
    """
)


def typed(text: str) -> Plain:
    """The value of an unquoted text: true, false, null, an integer, a simple decimal, or else the text."""
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def looks_like_yaml11(text: str) -> bool:
    """Whether other YAML readers would take this unquoted text for something else: `no`, `12:30`, `010`, a day."""
    return not text or _YAML11.fullmatch(text) is not None
