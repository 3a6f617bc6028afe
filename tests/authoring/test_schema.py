"""The JSON Schema: it takes what loading takes, refuses what loading refuses, and explains every field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scenario.small import SMALL
from servicesim import shipped
from servicesim.authoring.schema import principles_schema, programme_schema, scenario_schema
from servicesim.authoring.starting import begun
from servicesim.scenario import source
from servicesim.scenario.loading import load_text, shipped_principles
from servicesim.scenario.model import CHANNELS
from servicesim.scenario.programmes import programme_in

ROOT = Path(__file__).parents[2]
SCENARIO = scenario_schema(shipped_principles())
PRINCIPLES = principles_schema()
PROGRAMME = programme_schema(["late-parcel"])
ACCEPTS = Draft202012Validator(SCENARIO)
SHAPE = {*(f"S{number:03}" for number in range(1, 11)), "S015"}  # findings about the shape of a file


def plain(value: Any) -> Any:
    """What was read from a file, as JSON has it."""
    match value:
        case Mapping():
            return {key: plain(one) for key, one in value.items()}
        case str():
            return value
        case Sequence():
            return [plain(one) for one in value]
        case _:
            return value


def read(text: str | bytes) -> Any:
    return plain(source.parse(text, "<text>").root)


def files() -> Iterator[Path]:
    yield from shipped.scenarios().glob("*.yaml")
    yield from (ROOT / "tests").rglob("samples/*.yaml")


@pytest.mark.parametrize("schema", [SCENARIO, PRINCIPLES, PROGRAMME], ids=["scenario", "principles", "programme"])
def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: path.name)
def test_shipped_files_and_samples_fit(path: Path) -> None:
    written = read(path.read_bytes())
    schema = PRINCIPLES if "principles" in written else SCENARIO
    assert [error.message for error in Draft202012Validator(schema).iter_errors(written)] == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_encounters_to_start_from_fit(channel: Any) -> None:
    assert [error.message for error in ACCEPTS.iter_errors(read(begun("lost-umbrella", channel)))] == []


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for where, part in [("", schema), *schema["$defs"].items()]:
        for name, described in part["properties"].items():
            yield f"{where}.{name}", described


@pytest.mark.parametrize("schema", [SCENARIO, PRINCIPLES, PROGRAMME], ids=["scenario", "principles", "programme"])
def test_every_field_is_explained_in_a_trainers_words(schema: dict[str, Any]) -> None:
    words = {where: described.get("description", "") for where, described in properties(schema)}
    assert [where for where, told in words.items() if len(told) < 10] == []
    assert [where for where, told in words.items() if any(word in told.lower() for word in ("string", "boolean", "integer", "array", "null"))] == []
    assert all(where for where, part in schema["$defs"].items() if part["additionalProperties"] is False)


SLIPS = {
    "a field that does not exist": ("title: The umbrella", "titel: The umbrella"),
    "a channel that does not exist": ("channel: phone", "channel: telephone"),
    "a number that is too large": ("expects: 60", "expects: 160"),
    "a number in quotes": ("expects: 60", 'expects: "60"'),
    "a capital in a name": ("start: opening", "start: Opening"),
    "a move of play as a name": ("- id: welcome", "- id: go-on"),
    "a reply that neither goes on nor ends": ("        go: story\n      - id: sorry", "      - id: sorry"),
    "a reply that goes on and ends": ("        end: settled", "        end: settled\n        go: story"),
    "a reply without words or deed": ("        say: Good morning.\n", ""),
    "words and a deed": ("say: Good morning.", "say: Good morning.\n        do: You nod."),
    "an act that stands alone": ("acts: [greet, invite-story]", "acts: greet"),
    "an act with a blank in it": ("acts: [inform]", "acts: [tell it all]"),
    "a fact that is too large": ("  calls: 0", "  calls: 10"),
    "a fact with a hyphen": ("  calls: 0", "  the-calls: 0"),
    "an empty field": ("company: Nova Stores", "company:"),
    "a text that is a number": ("title: The umbrella", "title: 12"),
    "no replies": ("    customer: I left my umbrella. | It was red.\n", "    customer: []\n"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_typical_slip_is_refused(slip: str) -> None:
    old, new = SLIPS[slip]
    assert ACCEPTS.is_valid(read(SMALL))
    assert old in SMALL
    assert not ACCEPTS.is_valid(read(SMALL.replace(old, new, 1)))


RICH = SMALL.replace(
    "  opening:\n",
    "  opening:\n    golden: true\n    patience: 12\n    do: It rings.\n    on-interrupt: {customer: Wait.}\n"
    "    on-silence: {customer: Hello?, feel: {trust: -1}, go: story}\n",
).replace("        acts: [inform]\n", "        acts: [inform]\n        marks: {offer-what-fits: 0.5}\n        promise: {call-back: later, within: 3}\n        why: Plain.\n").replace(
    "    title: Found\n", "    title: Found\n    tells: {say: It was there., delighted: You should have seen that.}\n"
)
STRANGE = (None, "", "word", "Two Words", "go-on", 3, 101, 0.5, True, [], ["word"], {"customer": "word"})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    # Of a list the first is enough: the others are of its kind.
    for step in value if isinstance(value, dict) else range(len(value[:1])) if isinstance(value, list) else ():
        yield from places(value[step], (*path, step))


def changed(whole: Any, path: tuple[Any, ...], strange: Any) -> Any:
    copy = deepcopy(whole)
    inside = copy
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = strange
    return copy


def flow(value: Any) -> str:
    """A value as YAML on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, value)) + "]"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def test_the_schema_and_loading_agree_on_what_may_stand_where() -> None:
    whole = read(RICH)
    assert ACCEPTS.is_valid(whole)
    apart = []
    for path in places(whole):
        for strange in STRANGE:
            written = changed(whole, path, strange)
            findings = load_text("\n".join(f"{key}: {flow(value)}" for key, value in written.items()))[1]
            refused = any(finding.code in SHAPE for finding in findings)
            if ACCEPTS.is_valid(written) is refused:
                apart.append((path, strange, [str(finding) for finding in findings if finding.code in SHAPE]))
    assert apart == []


def test_known_acts_and_principles_are_suggested_and_others_stand() -> None:
    acts = SCENARIO["$defs"]["Reply"]["properties"]["acts"]["items"]["anyOf"]
    assert {"const": "greet", "description": "Greets and names the business"} in acts
    assert "case-opened" not in [one.get("const") for one in acts]  # that is what happens in a scene
    own = RICH.replace("acts: [inform]", "acts: [our-own-act]").replace("learn: [hold-the-apology]", "learn: [our-own-aim]")
    assert ACCEPTS.is_valid(read(own))


@pytest.mark.parametrize("path", sorted(shipped.programmes().glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_programmes_fit(path: Path) -> None:
    assert [error.message for error in Draft202012Validator(PROGRAMME).iter_errors(read(path.read_bytes()))] == []


@pytest.mark.parametrize(
    "step",
    [
        "encounter: Late, due: 1", "encounter: late-parcel, due: -1", "encounter: late-parcel, attempts: 0",
        "encounter: a, remembers: {late: late}", "encounter: a, deu: 1", "due: 1",
    ],
)  # fmt: skip
def test_a_step_that_loading_refuses_is_refused(step: str) -> None:
    text = f"servicesim-programme: 1\nid: week\ntitle: A week\nsummary: A week.\nlocale: en\nsteps:\n  - {{{step}}}\n"
    assert list(Draft202012Validator(PROGRAMME).iter_errors(read(text)))
    assert programme_in(source.parse(text, "<text>"))[0] is None
