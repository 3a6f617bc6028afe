"""The shape of a file: which fields there are and what may stand in them, said in a trainer's words.

pydantic finds the slips; its own messages are never shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from servicesim.scenario import model, principles, programme
from servicesim.scenario.findings import Finding
from servicesim.scenario.model import MOVES
from servicesim.scenario.repair import mended, written_steps
from servicesim.scenario.source import Source, looks_like_yaml11

Model = TypeVar("Model")
Path = tuple[str | int, ...]

CODES: dict[str, str] = {
    "S001": "a field that does not exist",
    "S002": "a field that is missing",
    "S003": "something else is expected here",
    "S004": "a value that is not among the possible ones",
    "S005": "a number that is too small or too large",
    "S006": "a name that is not written as names are",
    "S007": "a word that must stand in quotes",
    "S008": "an empty text or list",
    "S009": "a name that is kept for the moves of play",
    "S010": "a rule without a template, or with two",
}

MOST = 200


@dataclass(frozen=True, slots=True)
class Shaped(Generic[Model]):
    """A file as a model; `mended` where its shape is wrong in the places that `findings` name."""

    model: Model | None
    findings: list[Finding]
    mended: bool = False


def shaped(source: Source, adapter: TypeAdapter[Model], whole: type = model.Scenario) -> Shaped[Model]:
    """The source as a model; mended if that can be done, so that its other findings can be told too."""
    assert source.root is not None
    names = known_fields((), whole)
    strange = [key for key in source.root if key not in names]
    if len(strange) > MOST:  # pydantic would describe each of them
        told = [source.finding("S001", (key,), f"there is no field '{key}' here", meant(key, names), key=True) for key in strange[:MOST]]
        return Shaped(None, told, mended=True)
    try:
        return Shaped(adapter.validate_python(source.root, context=model.FROM_A_FILE), [])
    except ValidationError as error:
        slips = [slip for slip in error.errors(include_url=False, include_context=True) if not _follows_from_another(slip)]
        told = _without_misspelt([_finding(source, slip, whole) for slip in slips[:MOST]])
        rest = mended(source.root, slips, adapter) if len(slips) <= MOST else None
        return Shaped(rest, told, mended=True)


def _nothing(source: Source, path: Path) -> Finding:
    if "#" in source.line(source.place(path).line):
        return source.finding("S003", path, f"'{_named(path)}' is empty: what follows # is a comment", "put the text in quotes", key=True)
    return source.finding("S003", path, f"'{_named(path)}' is empty", "write something, or remove the field", key=True)


def _without_misspelt(told: list[Finding]) -> list[Finding]:
    """A misspelt field is not missing too: 'did you mean' says it all."""
    hints = {finding.hint for finding in told if finding.code == "S001"}
    return [one for one in told if one.code != "S002" or f"did you mean {one.message.split()[2]}?" not in hints]


def _follows_from_another(slip: ErrorDetails) -> bool:
    """pydantic reports a list as too short when its only item is wrong."""
    return slip["type"] == "too_short" and bool(slip["input"])


def _finding(source: Source, slip: ErrorDetails, whole: type) -> Finding:
    path, kind, value = written_steps(slip["loc"]), slip["type"], slip["input"]
    context: Mapping[str, Any] = slip.get("ctx", {})
    field = str(path[-1]) if path else ""
    if value is None:
        return _nothing(source, path)
    match kind:
        case "unexpected_keyword_argument" | "extra_forbidden":
            names = known_fields(slip["loc"][:-1], whole)
            return source.finding("S001", path, f"there is no field '{field}' here", meant(field, names), key=True)
        case "missing" | "missing_argument":
            return source.finding("S002", path, f"the field '{field}' is missing", f"add '{field}:' here")
        case "literal_error":
            return _not_possible(source, path, value, str(context.get("expected", "")))
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            return source.finding("S005", path, f"{value} is too {'small' if 'greater' in kind else 'large'}", _bound(kind, context))
        case "id" | "fact_name":
            return source.finding("S006", path, f"'{value}' is no name", _NAMES[kind], key=field == "[key]")
        case "string_pattern_mismatch":
            return source.finding("S006", path, f"'{value}' is no language tag", "write it like en, fa or pt-BR")
        case "source_line":
            return source.finding("S006", path, f"'{value}' is no line of the sources", "write it like C30")
        case "reserved":
            hint = f"{', '.join(MOVES)} are moves of play; choose another name"
            return source.finding("S009", path, f"'{value}' cannot be a name", hint, key=field == "[key]")
        case "string_too_short" | "too_short":
            return source.finding("S008", path, f"'{_named(path)}' is empty", "write at least one")
        case "template":
            return _template(source, path, list(value) if isinstance(value, Mapping) else [])
        case _:
            return _other_kind(source, path, kind, value)


def _template(source: Source, path: Path, written: list[str]) -> Finding:
    """A rule without a template, or with two."""
    known = [field for field in written if field in principles.TEMPLATES]
    if known:
        told = f"a rule has exactly one template, and this has '{known[0]}' and '{known[1]}'"
        return source.finding("S010", (*path, known[1]), told, "make two rules of it, each with its own '-'", key=True)
    scope = known_fields((*path, "existence"), principles.Principles)
    for field in written:
        if field not in scope:
            return source.finding("S010", (*path, field), f"there is no template '{field}'", meant(field, list(principles.TEMPLATES)), key=True)
    return source.finding("S010", path, "a rule has exactly one template", f"one of: {', '.join(principles.TEMPLATES)}")


_NAMES = {
    "id": "use small letters a-z, digits and hyphens, beginning with a letter",
    "fact_name": "use small letters a-z, digits and underscores, beginning with a letter",
}


def _named(path: Path) -> str:
    """The field that a path is about: its last step that is a word."""
    return next((str(step) for step in reversed(path) if isinstance(step, str) and step != "[key]"), "the file")


def _bound(kind: str, context: Mapping[str, Any]) -> str:
    bound = next(iter(context.values()))
    words = {"greater_than_equal": "at least", "less_than_equal": "at most", "greater_than": "more than", "less_than": "less than"}
    return f"write {words[kind]} {bound}"


def _not_possible(source: Source, path: Path, value: object, expected: str) -> Finding:
    possible = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    if path and path[0] in ("servicesim", programme.MARK) and value == "1":
        return source.finding("S004", path, "the version stands in quotes", f"write '{path[0]}: 1'")
    if path and path[0] in ("servicesim", programme.MARK):
        return source.finding("S004", path, f"version {value} of the format is not known", f"write '{path[0]}: 1'")
    return source.finding("S004", path, f"'{value}' is not possible for '{_named(path)}'", meant(str(value), possible))


_KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "fact_value": "true, false or a whole number from 0 to 9",
    "within": "a number of seconds up to 600, or next-reply",
    "tuple_type": "a list, as in [one, two]",
    "dict_type": "fields, each on a line of its own",
    "dataclass_type": "fields, each on a line of its own",
}


def _other_kind(source: Source, path: Path, kind: str, value: object) -> Finding:
    expected = _KINDS.get(kind, "something else")
    if kind == "string_type" and isinstance(value, bool | int | float):
        written = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        return source.finding("S007", path, f"'{_named(path)}' wants a text, and {written} is none", f'put it in quotes: "{written}"')
    if isinstance(value, str) and source.was_plain(path) and looks_like_yaml11(value) and kind in ("bool_type", "fact_value"):
        hint = "write true or false; if you mean the word, put it in quotes where a text is expected"
        return source.finding("S007", path, f"'{value}' is a word here, and '{_named(path)}' wants {expected}", hint)
    return source.finding("S003", path, f"'{_named(path)}' wants {expected}", _hint_for(kind, value))


def _hint_for(kind: str, value: object) -> str:
    if kind == "tuple_type" and isinstance(value, str):
        return f"write [{value}]"
    if kind in ("int_type", "float_type") and isinstance(value, str):
        return "write it without quotes" if value.strip("-").isdigit() else "write digits only, as in 20"
    return ""


MOST_ALIKE = 150


def meant(word: str, possible: list[str]) -> str:
    """The way out for a misspelt word: the nearest one, or all of them."""
    near = get_close_matches(word, alike(word, possible), n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"possible are: {', '.join(possible)}" if 0 < len(possible) <= 24 else ""


def alike(word: str, possible: list[str]) -> list[str]:
    """The words worth comparing: of very many, some that begin alike or are about as long. Comparing all would take too long."""
    if len(possible) <= MOST_ALIKE:
        return possible
    likely = [one for one in possible if one[:2] == word[:2]] + [one for one in possible if abs(len(one) - len(word)) <= 1]
    return likely[:MOST_ALIKE]


def known_fields(path: Path, whole: type = model.Scenario) -> list[str]:
    """The fields that may stand at a path of a scenario or principles file."""
    owner = _owner(path) if path else whole
    if not is_dataclass(owner):
        return []
    return [_written_name(owner, field.name) for field in fields(owner) if field.name != "sealed"]  # which no file has


def _written_name(owner: Any, name: str) -> str:
    described = owner.__pydantic_fields__[name]
    return described.alias or name


_OWNERS: tuple[tuple[str, type], ...] = (
    ("feel", model.Feel),
    ("promise", model.Promise),
    ("on-interrupt", model.OnInterrupt),
    ("on-silence", model.OnSilence),
    ("when", principles.When),
)


def _owner(path: Path) -> type | None:
    """Which model stands at a path; the steps of tagged rules name their template."""
    words = [step for step in path if isinstance(step, str)]
    if not words:
        return model.Scenario
    if words[0] == "cards":  # a card may be called anything, 'feel' too
        return principles.Card
    for name, owner in _OWNERS:
        if words[-1] == name:
            return owner
    if words[0] == "principles":
        return _owner_in_principles(words, path)
    if words[0] == "steps":
        return programme.Step
    if words[0] == "acts":
        return principles.Act
    if words[0] == "endings":
        return model.Tells if words[2:] == ["tells"] else model.Ending
    if words == ["customer"]:
        return model.Customer
    if words[-1] == "customer":
        return model.Line
    return model.Reply if "replies" in words else model.Scene


def _owner_in_principles(words: list[str], path: Path) -> type | None:
    if "rules" not in words:
        return principles.Principle if len(words) > 1 else principles.Principles
    inside = words[words.index("rules") + 1 :]
    if len(inside) == 1:
        return principles.TEMPLATES.get(inside[0])
    inner: dict[str, type] = {"precedence": principles.NeedsThen, "not-response": principles.AfterNever}
    return inner.get(inside[0], principles.AfterThen)
