"""The interface for programs as a page: what `openapi.json` says, with nothing loaded from anywhere and no script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

PREFIX = "/api/"
router = APIRouter()


@router.get("/docs", include_in_schema=False)
def reference(request: Request) -> HTMLResponse:
    """What programs can ask this server for."""
    return HTMLResponse(page(request.app.openapi()))


def page(said: Mapping[str, Any]) -> str:
    """The page of an OpenAPI document."""
    title = f"{said['info']['title']} {said['info']['version']}: what programs can ask for"
    parts = "\n".join(
        part for path, methods in said["paths"].items() if path.startswith(PREFIX)
        for method, told in methods.items() for part in _operation(method, path, told, said.get("components", {}).get("schemas", {}))
    )  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title></head>\n<body><main><h1>{escape(title)}</h1>\n"
        f'<p>The same for programs: <a href="openapi.json">openapi.json</a>. What fails is told as application/problem+json.</p>\n'
        f"{parts}\n</main></body></html>\n"
    )


def _operation(method: str, path: str, told: Mapping[str, Any], shapes: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{escape(method.upper())} {escape(path)}</code></h2>"
    yield f"<p>{escape(told.get('description', ''))}</p>"
    if told.get("security"):
        yield "<p>With the key of a desk: <code>Authorization: Bearer KEY</code></p>"
    for kind, held in told.get("requestBody", {}).get("content", {}).items():
        yield f"<p>Content, {escape(kind)}:</p><pre>{escape(json.dumps(held.get('schema', {}), indent=2, ensure_ascii=False))}</pre>"
    for status, kind in _answers(told, shapes):
        yield f"<p>Answer, {escape(status)}:</p><pre>{escape(kind)}</pre>"
    answers = ((status, answer.get("description", "")) for status, answer in told.get("responses", {}).items())
    yield f"<ul>{''.join(f'<li>{escape(status)}: {escape(words)}</li>' for status, words in answers)}</ul>"


def _answers(told: Mapping[str, Any], shapes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is answered where all is well, with its parts in place."""
    for status, answer in told.get("responses", {}).items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if status.startswith("2") and schema:
            yield status, json.dumps(_shape(schema, shapes), indent=2, ensure_ascii=False)


def _shape(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Any:
    """A schema as an example is read: names, and what stands under them."""
    if "$ref" in schema:
        return _shape(shapes[schema["$ref"].rpartition("/")[2]], shapes)
    if "anyOf" in schema:
        return [_shape(one, shapes) for one in schema["anyOf"]]
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {name: _shape(one, shapes) for name, one in schema["properties"].items()}
        case "object" if isinstance(schema.get("additionalProperties"), dict):
            return {"...": _shape(schema["additionalProperties"], shapes)}
        case "array":
            return [_shape(schema["items"], shapes)]
        case kind:
            return kind
