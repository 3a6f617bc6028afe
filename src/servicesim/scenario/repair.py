"""A file with a wrong shape, mended just enough to be read on: so that all its findings come at once.

What is mended is never played; it only lets the checks see the rest of the file.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

Model = TypeVar("Model")
Tree = dict[str, Any] | list[Any]
Path = tuple[str | int, ...]

TRIES = 4  # one slip may hide others below it
RULE = {"existence": "silence"}  # stands in for one that cannot be read, so that those after it keep their places


def written_steps(path: Path) -> Path:
    """A path as it was written: pydantic adds the name of the template behind the number of a rule."""
    if len(path) > 4 and path[0] == "principles" and path[2] == "rules":
        return (*path[:4], *path[5:])
    return path


def mended(root: dict[str, Any], slips: list[ErrorDetails], adapter: TypeAdapter[Model]) -> Model | None:
    """The model without what is wrong, and with stand-ins for what is missing; None if that does not do."""
    tree = _copied(root)
    for _ in range(TRIES):
        gone: list[tuple[list[Any], int]] = []
        for number, slip in enumerate(slips):
            _mend(tree, slip, number, gone)
        for items, place in sorted(gone, key=lambda one: -one[1]):
            del items[place : place + 1]
        try:
            return adapter.validate_python(tree)
        except ValidationError as error:
            slips = error.errors(include_url=False)
    return None


def _copied(node: Any) -> Any:
    # As deep as the data, and that is limited.
    if isinstance(node, dict):
        return {key: _copied(value) for key, value in node.items()}
    return [_copied(value) for value in node] if isinstance(node, list) else node


def _mend(tree: Tree, slip: ErrorDetails, number: int, gone: list[tuple[list[Any], int]]) -> None:
    path = written_steps(slip["loc"])
    owner, key, node = _reached(tree, path)
    if slip["type"] in ("missing", "missing_argument"):
        if isinstance(node, dict):
            node[str(path[-1])] = _stand_in(path, number, tree)
    elif slip["type"] == "template" and isinstance(owner, list) and isinstance(key, int):
        owner[key] = RULE
    elif isinstance(owner, list) and isinstance(key, int):
        gone.append((owner, key))
    elif isinstance(owner, dict) and isinstance(key, str):
        stands_in = None if slip["type"] == "unexpected_keyword_argument" or path[-1] == "[key]" else _stand_in(path, number, tree)
        if stands_in is None:
            owner.pop(key, None)
        else:
            owner[key] = stands_in


def _reached(tree: Tree, path: Path) -> tuple[Tree | None, str | int | None, Any]:
    """The last step of a path that was written: what holds it, its key, and its value."""
    owner: Tree | None = None
    key: str | int | None = None
    node: Any = tree
    for step in path:
        if (isinstance(node, dict) and step in node) or (isinstance(node, list) and isinstance(step, int) and step < len(node)):
            owner, key, node = node, step, node[step]  # type: ignore[index]
    return owner, key, node


def _stand_in(path: Path, number: int, tree: Tree) -> Any:
    """What a field that must be there may be; None where it may as well be left out."""
    field, scenes = str(path[-1]), tree.get("scenes") if isinstance(tree, dict) else None
    endings = tree.get("endings") if isinstance(tree, dict) else None
    ending = next(iter(endings)) if isinstance(endings, dict) and endings else "stand-in"
    reply: dict[str, Any] = {"id": f"stand-in-{number}", "say": "-", "acts": [], "end": ending}
    scene = {"customer": "-", "replies": [reply]}
    if field == "customer":
        return {"name": "-", "type": "fan", "expects": 50, "received": 50} if len(path) == 1 else "-"
    if field == "start":
        return next(iter(scenes)) if isinstance(scenes, dict) and scenes else "stand-in"
    required: dict[str, Any] = {
        "servicesim": 1,
        "id": f"stand-in-{number}",
        "channel": "phone",
        "locale": "en",
        "type": "fan",
        "expects": 50,
        "received": 50,
        "scenes": {"stand-in": scene},
        "endings": {"stand-in": {"title": "-"}},
        "replies": [reply],
        "acts": [],
        "source": ["A1"],
        **dict.fromkeys(("title", "summary", "company", "name", "says", "why"), "-"),
    }
    return required.get(field)
