"""KEPT: attempts and what happened in them, and the people who made them, each in a database file of its own."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicesim.records.attempt import Attempt, Result
    from servicesim.records.pen import Pen
    from servicesim.records.people import People, Person, open_people
    from servicesim.records.records import Records, open_records

__all__ = ["Attempt", "Pen", "People", "Person", "Records", "Result", "open_people", "open_records"]

_HOMES = {
    "Attempt": "attempt",
    "Result": "attempt",
    "Pen": "pen",
    "People": "people",
    "Person": "people",
    "open_people": "people",
    "Records": "records",
    "open_records": "records",
}


def __getattr__(name: str) -> Any:
    # Found when first asked for: SQLAlchemy takes half a second to load, and a window must not wait for it.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
