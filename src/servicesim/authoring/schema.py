"""The JSON Schema of scenario, principles and programme files, with which an editor completes, explains and underlines.

It is made from the models' own schema. What a schema cannot say, such as which scenes exist, `check` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BeforeValidator, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from servicesim.authoring.schema_words import WORDS
from servicesim.scenario import model, principles
from servicesim.scenario.model import ID, MOVES, Scenario, scenario_adapter
from servicesim.scenario.names import PORTRAITS
from servicesim.scenario.principles import Principles, principles_adapter
from servicesim.scenario.programme import Programme, programme_adapter

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LONGEST = 60  # characters of a name

Schema = dict[str, Any]

_NAME: Schema = {"type": "string", "pattern": f"^{ID.pattern}$", "maxLength": LONGEST}
_ID: Schema = _NAME | {"not": {"enum": list(MOVES)}}


def scenario_schema(known: Principles) -> Schema:
    """The schema of scenario files; it suggests the acts and principles that are known, and lets others stand."""
    schema = _schema(scenario_adapter(), Scenario, "A ServiceSim encounter: who comes, what is said, and how it can end.")
    part: Schema = schema["$defs"]
    part["Reply"]["allOf"] = [_just_one("say", "do"), _just_one("go", "end")]
    for fields, field, by in (
        (part["Reply"], "acts", "trainee"),
        (part["Line"], "acts", "customer"),
        (part["Scene"], "happens", "world"),
    ):
        titles = {name: act.title for name, act in known.acts.items() if act.by == by}
        fields["properties"][field]["items"] = _one_of_known(titles, _NAME)
    aims = {name: principle.title for name, principle in known.principles.items()}
    schema["properties"]["learn"]["items"] = _one_of_known(aims, _ID)
    part["Reply"]["properties"]["marks"]["propertyNames"] = _one_of_known(aims, _ID)
    faces = part["Customer"]["properties"]["portrait"]
    part["Customer"]["properties"]["portrait"] = _one_of_known(dict.fromkeys(PORTRAITS, ""), _ID) | {
        key: faces[key] for key in ("description", "default")
    }
    return schema


def principles_schema() -> Schema:
    """The schema of principles files."""
    return _schema(principles_adapter(), Principles, "The acts and principles by which ServiceSim judges encounters.")


def programme_schema(encounters: Iterable[str]) -> Schema:
    """The schema of programme files; it suggests the encounters that there are."""
    schema = _schema(programme_adapter(), Programme, "A ServiceSim programme: which encounters are played, by when, and after which others.")
    known = _one_of_known(dict.fromkeys(encounters, ""), _ID)
    fields = schema["$defs"]["Step"]["properties"]
    fields["encounter"] |= known
    fields["after"]["items"] = known
    return schema


def _schema(adapter: TypeAdapter[Any], root: type, words: str) -> Schema:
    schema = adapter.json_schema(schema_generator=_Generator)
    parts: dict[str, Schema] = schema.get("$defs", {})
    for part in parts.values():
        del part["title"], part["description"]  # written for programmers
    for owner, part in [(root, schema), *((owner, parts[owner.__name__]) for owner in WORDS if owner.__name__ in parts)]:
        fields = part["properties"]
        part["properties"] = {name: {**fields.pop(name), "description": told} for name, told in _words(owner).items()}
        assert not fields, f"{owner.__name__}: no words for {', '.join(fields)}"
    return {"$schema": DIALECT, **schema, "title": "ServiceSim", "description": words}


def _words(owner: type) -> Mapping[str, str]:
    """What the fields of a model are for, those that it has from another among them."""
    return {name: words for kind in reversed(owner.__mro__) for name, words in WORDS.get(kind, {}).items()}


def _just_one(one: str, other: str) -> Schema:
    return {"oneOf": [{"required": [one]}, {"required": [other]}]}


def _one_of_known(titles: Mapping[str, str], anything: Schema) -> Schema:
    """A name, of which those that are known are suggested."""
    suggested = [{"const": name} | ({"description": title} if title else {}) for name, title in titles.items()]
    return {"anyOf": [*suggested, anything]}


class _Generator(GenerateJsonSchema):
    """pydantic's schema, with what our own validators let in and keep out."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        shape = _SHAPES.get(schema["function"]["function"])
        return inner if shape is None else shape(inner)

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """In a file, what is not wanted is left out."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner, default = self.generate_inner(schema["schema"]), schema.get("default")
        return {**inner, "default": default} if isinstance(default, bool | int | float | str) else inner

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        whole = {"type": "object", "additionalProperties": self.generate_inner(schema["values_schema"])}
        whole["propertyNames"] = self.generate_inner(schema["keys_schema"])
        return whole | ({"minProperties": schema["min_length"]} if "min_length" in schema else {})

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _item_or_list(inner: Schema) -> Schema:
    return {"anyOf": [inner["items"], inner]}


def _text_or_fields(inner: Schema) -> Schema:
    return {"oneOf": [{"type": "string", "minLength": 1}, inner]}


def _text_or_lines(inner: Schema) -> Schema:
    return {"oneOf": [{"type": "string", "minLength": 1}, inner["items"], inner]}


def _validator(annotated: Any) -> Callable[..., Any]:
    """The function by which an annotated type reads what is written."""
    return next(_functions(get_args(annotated)[1:]))


def _functions(metadata: Iterable[Any]) -> Iterator[Callable[..., Any]]:
    return (one.func for one in metadata if isinstance(one, BeforeValidator))


_SHAPES: dict[Callable[..., Any], Callable[[Schema], Schema]] = {
    _validator(model.Id): lambda _: dict(_ID),
    _validator(model.ActName): lambda _: dict(_NAME),
    _validator(model.FactName): lambda _: {"type": "string", "pattern": f"^{model.FACT.pattern}$", "maxLength": LONGEST},
    _validator(model.FactValue): lambda _: {"oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 0, "maximum": 9}]},
    _validator(model.OneOrMoreActs): _item_or_list,
    _validator(principles.Within): lambda _: {
        "oneOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 600}, {"const": "next-reply"}]
    },
    principles.some_in_a_file: lambda inner: inner | {"minProperties": 1},
    _validator(principles.SourceLine): lambda _: {"type": "string", "pattern": "^[A-E][1-9][0-9]?$"},
    next(_functions(model.Scene.__pydantic_fields__["customer"].metadata)): _text_or_lines,  # type: ignore[attr-defined]
    model._told: _text_or_fields,
}
