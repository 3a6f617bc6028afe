"""Other starts of sealed editions: a customer who remembers begins otherwise. Each start has a text, and so tickets, of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, combinations

from servicesim.connection.editions import Scripts
from servicesim.connection.told import Assigned
from servicesim.encounter.script import Script
from servicesim.errors import ServicesimError
from servicesim.records.tickets import Offer
from servicesim.scenario.model import fingerprint

MOST_FACTS = 4
"""Facts of one step whose starts are got in advance; each more doubles them."""


@dataclass(frozen=True, slots=True)
class Start:
    """An edition that is offered, as it begins where the customer remembers this; `text` is the sealed text that is played."""

    offer: Offer
    remembers: tuple[str, ...]
    text: str

    @property
    def edition(self) -> str:
        """The SHA-256 of its text, which its tickets name."""
        return fingerprint(self.text)


def start_of(offer: Offer, scripts: Scripts, remembers: Iterable[str]) -> Start:
    """One start of an edition; raises UsageError if its customer cannot remember this, and VerificationFailed if it is damaged."""
    begun = scripts.of(offer.edition, offer.principles).started(remembers)
    return Start(offer, begun.scenario.remembered, begun.text)


def starts_of(each: Iterable[Assigned], offers: Iterable[Offer], scripts: Scripts) -> Iterator[Start]:
    """Every start that a step of these programmes may come to; an edition that is damaged is passed over."""
    wanted = {step.encounter: step.remembers for one in each for step in one.programme.steps if step.remembers}
    for offer in offers:
        if offer.scenario in wanted:
            with suppress(ServicesimError):
                script = scripts.of(offer.edition, offer.principles)
                for some in _some(script, wanted[offer.scenario]):
                    yield start_of(offer, scripts, some)


def _some(script: Script, possible: Iterable[str]) -> Iterator[tuple[str, ...]]:
    known = {*possible}
    facts = [fact for fact in dict.fromkeys(script.scenario.remembers) if fact in known][:MOST_FACTS]
    return chain.from_iterable(combinations(facts, many) for many in range(1, len(facts) + 1))
