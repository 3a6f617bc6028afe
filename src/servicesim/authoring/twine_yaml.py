"""Writing the texts of a scenario file so that they are read back as what they were."""

from __future__ import annotations

import re
import textwrap

from servicesim.scenario.characters import refused, visible
from servicesim.scenario.plain import looks_like_yaml11
from servicesim.scenario.source import MAX_SCALAR

_WIDTH = 110
_SIMPLE = re.compile(r"[^\W\d_][\w ,.!?()'’“”…–—/;-]*[\w,.!?()'’“”…–—/;-]|[^\W\d_]")
_SPACES = re.compile(r" +")
_BREAKS = re.compile(r"\n{3,}")


def cleaned(text: str) -> tuple[str, str]:
    """A text as a file can hold it, and the first character that had to go (empty: none)."""
    text = text.replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n")
    first = ""
    while character := refused(text):
        first = first or character
        text = text.replace(character, " " if character in "\x85\u2028\u2029" else "")
    lines = (_SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    return _BREAKS.sub("\n\n", "\n".join(lines)).strip("\n "), first


def scalar(text: str, indent: int) -> str:
    """A text after `key: `, in lines that are indented by so many spaces if there are several."""
    pad = " " * (indent + 2)
    if "\n" in text and not text.startswith((" ", "\n")) and all(line == line.strip(" ") for line in text.split("\n")):
        return "|-\n" + "\n".join(pad + line if line else "" for line in text.split("\n"))
    if "\n" not in text and len(text) <= _WIDTH - indent and _is_simple(text):
        return text
    if "\n" not in text and len(text) > _WIDTH - indent and _folds(text):
        return ">-\n" + textwrap.fill(
            text, _WIDTH, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False,
            expand_tabs=False, replace_whitespace=False,
        )  # fmt: skip
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _is_simple(text: str) -> bool:
    return _SIMPLE.fullmatch(text) is not None and "  " not in text and not looks_like_yaml11(text)


def _folds(text: str) -> bool:
    """Whether a text in lines would be read as the same again: single plain spaces and nothing else that breaks."""
    return text == " ".join(text.split(" ")).strip() and "  " not in text and not re.search(r"[^\S ]", text)


def fitting(text: str) -> tuple[str, str]:
    """As much of a text as one value can hold, and the rest."""
    return text[:MAX_SCALAR], text[MAX_SCALAR:]


def comment(text: str, indent: int, most: int) -> str:
    """Text as comments, whatever is in it, in at most so many characters."""
    shown = visible(text.replace("\t", " "))
    if len(shown) > most:
        shown = f"{shown[:most]}… ({len(shown) - most:,} characters more)"
    return "".join(f"{' ' * indent}# {line}".rstrip() + "\n" for line in shown.split("\n"))
