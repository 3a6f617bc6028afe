"""The link that a window gets: to the organisations of those who are connected at this computer, if anybody is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servicesim.connection.link import Link


@contextmanager
def linking(home: Path) -> Iterator[Link | None]:
    """A link for as long as a window is open; None where nobody is connected. Asked once the window is there: it takes time to load."""
    from servicesim.connection.connections import connections

    if not connections(home):
        yield None
        return
    from servicesim.connection.link import Link

    with Link(home) as link:
        yield link
