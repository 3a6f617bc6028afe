"""Editions as they begin where the customer remembers something: each is judged by the full script that begins so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from servicesim.records.published import Edition
from servicesim.scenario.model import canonical_scenario, fingerprint, scenario_from_canonical
from servicesim.server.house import House


def begun(house: House, edition: Edition, remembers: Sequence[str]) -> Edition | None:
    """The edition with this start: its hashes name the texts that begin so. None where its customer cannot remember this.

    The full text is kept, so that a ticket for it is never given before it can be judged.
    """
    sealed = scenario_from_canonical(house.records.text(edition.edition))
    if not remembers or not set(remembers) <= set(sealed.remembers):
        return None
    full = scenario_from_canonical(house.records.text(edition.scenario_hash)).started(remembers)
    starts = sealed.sealed.starts if sealed.sealed is not None else {}
    text = canonical_scenario(full)
    if starts.get(" ".join(full.remembered)) != fingerprint(text):
        return None
    name = house.records.keep_text("scenario", text)
    return replace(edition, edition=fingerprint(canonical_scenario(sealed.started(remembers))), scenario_hash=name)
