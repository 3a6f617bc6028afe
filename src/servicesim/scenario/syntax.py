"""What the YAML reader complains about, in a trainer's words and with a way out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from servicesim.scenario.findings import Place

CODES: dict[str, str] = {
    "F030": "A colon in a text without quotes",
    "F031": "Lines that do not line up",
    "F032": "A quote that is never closed",
    "F033": "Brackets that do not match",
    "F034": "A text that begins with a special character",
    "F035": "A backslash that means nothing",
    "F036": "A text that goes on after its end",
    "F039": "Something else that cannot be read",
}

_QUOTE_IT = "put the whole text in quotes"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the YAML reader said, where it stopped, where the thing began that it was reading, and the last quoted text."""

    problem: str
    place: Place
    began: Place | None = None
    quoted: tuple[Place, Place] | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The same for people."""

    code: str
    place: Place
    message: str
    hint: str


def explain(complaint: Complaint, lines: list[str]) -> Explanation:
    """Say a complaint about a file of these `lines` in plain words."""
    complaint = replace(complaint, place=_within(complaint.place, lines))
    for words, explained in _EXPLAINED:
        if words.search(complaint.problem):
            return explained(complaint, lines)
    return _something(complaint, lines)


def _within(place: Place, lines: list[str]) -> Place:
    """The end of the file, for a place after it: YAML counts a line more where the last one has no end."""
    return place if place.line <= len(lines) else Place(len(lines), len(lines[-1]) + 1)


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _character(complaint: Complaint, lines: list[str]) -> str:
    column = complaint.place.column
    return _line(lines, complaint.place.line)[column - 1 : column]


def _before(complaint: Complaint, lines: list[str]) -> str:
    return _line(lines, complaint.place.line)[: complaint.place.column - 1].rstrip(" ")


def _cut_above(complaint: Complaint, lines: list[str]) -> int:
    """The line above, if a comment ends it and may have cut its text; else 0."""
    above = complaint.place.line - 1
    while above > 0 and not _line(lines, above).strip():
        above -= 1
    return above if re.search(r"\S +#", _line(lines, above)) else 0


def _colon(complaint: Complaint, lines: list[str]) -> Explanation:
    before = _before(complaint, lines)
    if re.search(r":(?: |$)", before.lstrip("- ")) or not before:
        return Explanation("F030", complaint.place, "a colon stands inside a text that is not in quotes", _QUOTE_IT)
    return _unlined(complaint, lines)


def _tight_colon(complaint: Complaint, lines: list[str]) -> Explanation:
    return Explanation("F030", complaint.place, "a colon within brackets has no space after it", f"write a space after it, or {_QUOTE_IT}")  # fmt: skip


def _unlined(complaint: Complaint, lines: list[str]) -> Explanation:
    cut = _cut_above(complaint, lines)
    if cut:
        return Explanation("F031", complaint.place, f"this line does not belong to anything: the '#' in line {cut} ended the text there", _QUOTE_IT)  # fmt: skip
    return Explanation(
        "F031",
        complaint.place,
        "this line does not line up with the lines above it",
        "begin it exactly below the fields that it belongs to, give a field above it its ':', or put a text of several lines in quotes",
    )


def _dash(complaint: Complaint, lines: list[str]) -> Explanation:
    if _before(complaint, lines).endswith(":"):
        return Explanation("F034", complaint.place, "a list cannot begin behind its key", "begin each '-' on a line of its own, or put a text that begins with '-' in quotes")  # fmt: skip
    return _unlined(complaint, lines)


def _no_dash(complaint: Complaint, lines: list[str]) -> Explanation:
    goes_on = _goes_on(complaint, lines)
    if goes_on:
        return goes_on
    began = complaint.began.line if complaint.began else complaint.place.line
    return Explanation("F031", complaint.place, f"this line is as deep as the list that begins in line {began}, but has no '-'", "begin it with '- ', or move it to the left if it no longer belongs to the list")  # fmt: skip


def _no_key(complaint: Complaint, lines: list[str]) -> Explanation:
    found = _character(complaint, lines)
    if found and found in "]}":
        return Explanation("F033", complaint.place, f"this '{found}' closes a bracket that was never opened", f"delete it, or {_QUOTE_IT}")  # fmt: skip
    if found == ":":
        return Explanation("F034", complaint.place, "there is no key before this colon", "write a key before it, or put the text in quotes")  # fmt: skip
    return _goes_on(complaint, lines) or _unlined(complaint, lines)


def _goes_on(complaint: Complaint, lines: list[str]) -> Explanation | None:
    before = _before(complaint, lines)
    if before.endswith(("'", '"')):
        if complaint.quoted and complaint.quoted[0].line < complaint.quoted[1].line == complaint.place.line:
            return _closed_late(complaint.quoted[0], complaint.place, before[-1])
        return Explanation(
            "F036", complaint.place, "the text goes on after its closing quote", _after_quote(before[-1])
        )
    if before.endswith(("]", "}")):
        return Explanation("F036", complaint.place, f"the text goes on after the closing '{before[-1]}'", _QUOTE_IT)
    return None


def _closed_late(opened: Place, closed: Place, quote: str) -> Explanation:
    return Explanation("F032", opened, f"the quote {quote} that is opened here is closed only in line {closed.line}", _after_quote(quote))  # fmt: skip


def _after_quote(quote: str) -> str:
    inside = "''" if quote == "'" else '\\"'
    return f"close the quotes at the end of the text, and write a {quote} inside it as {inside}"


def _no_colon(complaint: Complaint, lines: list[str]) -> Explanation:
    began = complaint.began or complaint.place
    cut = _cut_above(Complaint(complaint.problem, began), lines)
    if cut:
        return _unlined(Complaint(complaint.problem, began), lines)
    return Explanation("F031", began, "this line is neither a field nor part of a text", "write ': ' after its key, indent it below the text that it goes on with, or put the text in quotes")  # fmt: skip


def _quote(complaint: Complaint, lines: list[str]) -> Explanation:
    began = complaint.began or complaint.place
    quote = _line(lines, began.line)[began.column - 1 : began.column] or '"'
    return Explanation("F032", began, f"the quote {quote} that is opened here is never closed", _after_quote(quote))


def _bracket(complaint: Complaint, lines: list[str]) -> Explanation:
    began = complaint.began
    if began is None or began == complaint.place:
        return _content(complaint, lines)
    opened = _line(lines, began.line)[began.column - 1 : began.column]
    if opened not in ("[", "{"):
        return _content(complaint, lines)
    closing = "]" if opened == "[" else "}"
    stopped = f"line {complaint.place.line}, column {complaint.place.column}"
    return Explanation("F033", began, f"the '{opened}' that is opened here is not closed where it should be", f"look at {stopped}: a '{closing}' or a comma is missing, or a text needs quotes")  # fmt: skip


def _content(complaint: Complaint, lines: list[str]) -> Explanation:
    found = _character(complaint, lines)
    if found and found in "]}":
        return _no_key(complaint, lines)
    if not found:
        return Explanation("F033", complaint.place, "the file ends within brackets", "close every '[' and '{'")
    return _special(complaint, lines)


def _special(complaint: Complaint, lines: list[str]) -> Explanation:
    found = _character(complaint, lines) or "this"
    return Explanation("F034", complaint.place, f"a text without quotes cannot begin with {found}", _QUOTE_IT)


def _block(complaint: Complaint, lines: list[str]) -> Explanation:
    began = complaint.began or complaint.place
    mark = _line(lines, began.line)[began.column - 1 : began.column] or "|"
    return Explanation("F034", began, f"a text without quotes cannot begin with {mark}", f"{_QUOTE_IT}, or begin it on the next line, deeper than its key")  # fmt: skip


def _star(complaint: Complaint, lines: list[str]) -> Explanation:
    began = complaint.began or complaint.place
    return _special(Complaint(complaint.problem, began), lines)


def _backslash(complaint: Complaint, lines: list[str]) -> Explanation:
    return Explanation("F035", complaint.place, "a backslash in double quotes needs a letter that YAML knows after it", "write \\\\ for a backslash, or put the text in single quotes")  # fmt: skip


def _second(complaint: Complaint, lines: list[str]) -> Explanation:
    if _line(lines, 1).startswith("%"):
        return Explanation("F034", Place(1, 1), "a line cannot begin with %", "delete the line")
    return Explanation("F036", complaint.place, "the file goes on after its end", "keep one encounter in a file and delete '...' and '---'")  # fmt: skip


def _something(complaint: Complaint, lines: list[str]) -> Explanation:
    return Explanation("F039", complaint.place, "from here on, the file cannot be read", "compare these lines with a scenario that works, and put texts with special characters in quotes")  # fmt: skip


# The words of libyaml first, then those of PyYAML's own reader where they differ.
_EXPLAINED = [
    (re.compile(words), explained)
    for words, explained in (
        (r"mapping values are not allowed", _colon),
        (r"found unexpected ':'", _tight_colon),
        (r"could not find expected ':'", _no_colon),
        (r"sequence entries are not allowed", _dash),
        (r"mapping keys are not allowed", _special),
        (r"cannot start any token", _special),
        (r"alphabetic or numeric character|tag handle|URI|expected the '!'", _star),
        (r"unexpected (end of stream|document)", _quote),
        (r"unknown escape|hexdecimal|hexadecimal|escape code", _backslash),
        (r"comment or line break|indentation indicator|comment or a line break", _block),
        (r"expected '-' indicator|but found '\?'", _no_dash),
        (r"expected key|expected <block end>", _no_key),
        (r"',' or '[]}]'", _bracket),
        (r"node content", _content),
        (r"<document start>|incompatible YAML|directive", _second),
    )
]
