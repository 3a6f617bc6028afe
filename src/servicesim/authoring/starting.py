"""Scenarios to start from: for each channel a small encounter that works, with notes that explain the format."""

from __future__ import annotations

from pathlib import Path

from servicesim.scenario.model import ID, MOVES, Channel

TEMPLATES = Path(__file__).parent / "templates"
PLACEHOLDER = "my-encounter"  # what the templates are called


def begun(id_: str, channel: Channel) -> str:
    """The text of a new scenario with this id."""
    return (TEMPLATES / f"{channel}.yaml").read_text(encoding="utf-8").replace(PLACEHOLDER, id_)


def refusal(id_: str) -> str:
    """Why a scenario cannot be called so, and how it could be; empty if it can."""
    if id_ == "principles":
        return "'principles' is the name of the principles file; choose another"
    if id_ in MOVES:
        return f"'{id_}' is a move of play; choose another name"
    if len(id_) > 60:
        return "that name is longer than 60 characters; choose a shorter one"
    if ID.fullmatch(id_):
        return ""
    near = _near(id_)
    return f"'{id_}' is no name: use small letters a-z, digits and hyphens, beginning with a letter{f', as in {near}' if near else ''}"


def _near(text: str) -> str:
    """The nearest name that is possible, if there is one."""
    words = "".join(one if one.isascii() and one.isalnum() else " " for one in text.removesuffix(".yaml").lower()).split()
    name = "-".join(words)
    return name if ID.fullmatch(name) and len(name) <= 60 else ""
