"""What a learning record store is told of attempts that end, once it is settled which store that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from servicesim.errors import ServicesimError
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.records.attempt import Handed
    from servicesim.records.notes import Review
    from servicesim.records.outbox import Statement
    from servicesim.records.people import People
    from servicesim.scenario.model import Scenario
    from servicesim.scenario.principles import Principles

Text = TypeVar("Text")

# The names under which it is settled, beside what else is settled about keeping.
TO, HOME = "lrs", "lrs-home"
_TEXTS = 64  # that are kept read


@dataclass(frozen=True, slots=True)
class Settled:
    """The address of the store, and the organisation's own, under which activities and accounts are named."""

    to: str
    home: str


def settled(people: People) -> Settled | None:
    """What was settled, if anything was."""
    to, home = people.settled(TO), people.settled(HOME)
    return Settled(to, home) if to and home else None


class Outgoing:
    """Tells of attempts as the records of this folder ask for it when one ends; nothing as long as no store is settled.

    It never fails, so that a result is kept whatever becomes of its statements: `untold` says which attempts could not be told,
    and why. To push asks for them again.
    """

    def __init__(self, folder: Place, reviews: Mapping[str, Review] | None = None) -> None:
        self._folder, self._reviews = folder, reviews or {}
        self._asked = False
        self._settled: Settled | None = None
        self._scenarios, self._principles = dict[str, "Scenario"](), dict[str, "Principles"]()
        self.untold: dict[str, str] = {}

    def __call__(self, handed: Handed, text: Callable[[str], str]) -> Sequence[Statement]:
        """What is told of an attempt; `text` finds a kept text by its hash."""
        try:
            settled = self._where()
            return () if settled is None else self._told(handed, text, settled.home)
        except (ServicesimError, ValueError, LookupError, TypeError, RecursionError, OverflowError, ZeroDivisionError) as failure:
            # A text that another version wrote, or what has rotted.
            self.untold[handed.attempt.id] = str(failure) if isinstance(failure, ServicesimError) else "what is kept of it cannot be read"
            return ()

    def _where(self) -> Settled | None:
        if not self._asked:
            from servicesim.records import open_people

            with open_people(self._folder, read_only=True) as people:
                self._settled, self._asked = settled(people), True
        return self._settled

    def _told(self, handed: Handed, text: Callable[[str], str], home: str) -> list[Statement]:
        # Read when first needed: a window that opens must not wait for it.
        from servicesim.encounter.transcript import from_lines
        from servicesim.exports import xapi
        from servicesim.exports.rows import Ended
        from servicesim.records.outbox import Statement
        from servicesim.scenario.model import scenario_from_canonical
        from servicesim.scenario.principles import principles_from_canonical

        attempt, result = handed.attempt, handed.result
        assert result is not None, "only an attempt that has ended is told of"
        scenario = _read(self._scenarios, attempt.scenario_hash, lambda name: scenario_from_canonical(text(name)))
        principles = _read(self._principles, attempt.principles_hash, lambda name: principles_from_canonical(text(name)))
        row = Ended(attempt, result, None, scenario, principles, self._reviews.get(attempt.id))
        told = xapi.statements(row, list(from_lines(handed.lines)), home)
        return [Statement(str(one["id"]), xapi.as_text(one)) for one in told]


def _read(known: dict[str, Text], name: str, read: Callable[[str], Text]) -> Text:
    if name not in known:
        if len(known) >= _TEXTS:
            known.clear()
        known[name] = read(name)
    return known[name]
