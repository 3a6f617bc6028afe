"""Reading what a desk sends: total and strict, so that any bytes are either what is expected or refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError

from servicesim.server.problems import Problem


class Sent(BaseModel):
    """Something that was sent: strict, and without fields that are not known."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Sent)


def content(model: type[Sent]) -> dict[str, Any]:
    """What OpenAPI says of a request whose content is this; the reading itself is ours."""
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def reader(model: type[Model]) -> Callable[[Request], Any]:
    """What FastAPI is to depend on, to get this from the content of a request."""

    async def read(request: Request) -> Model:
        return read_as(model, await request.body())

    return read


def read_as(model: type[Model], body: bytes) -> Model:
    """What these bytes say; raises Problem or RequestValidationError, which tells what is expected and repeats nothing."""
    try:
        told = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as wrong:
        raise Problem(400, "the content is not JSON, or not as this server reads it: UTF-8, no name twice, plain numbers") from wrong
    try:
        return model.model_validate(told)
    except ValidationError as wrong:
        raise RequestValidationError([{"loc": error["loc"], "type": error["type"]} for error in wrong.errors(include_input=False, include_url=False, include_context=False)]) from wrong


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a name stands there twice")
    return told


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
