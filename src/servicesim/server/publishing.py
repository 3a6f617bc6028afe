"""Publishing encounters: what a trainer wrote is checked as `servicesim check` does, sealed in each language, and offered to desks.

    checked = checked_encounter(Path("scenarios/late-parcel.yaml"))     # raises FilesHaveFindings
    publish(house, checked, by="leyla")

Pictures and voices that lie beside a scenario are not handed out: desks show and say what comes with ServiceSim.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servicesim import shipped
from servicesim.authoring.bench import Checked, check, principles_beside
from servicesim.encounter.edition import in_language
from servicesim.encounter.script import Script
from servicesim.errors import FilesHaveFindings, UsageError
from servicesim.languages import LANGUAGES
from servicesim.records.published import Edition, Version
from servicesim.scenario.findings import Finding, errors
from servicesim.scenario.loading import demand, demand_principles, said
from servicesim.scenario.model import canonical_scenario, fingerprint
from servicesim.scenario.principles import canonical_principles
from servicesim.scenario.sealed import sealed
from servicesim.scenario.translated import language_of
from servicesim.server.house import House

SECONDS = 10.0
"""Of computing time that the proofs for one encounter may take."""
_SECRET = "sealing"


@dataclass(frozen=True, slots=True)
class Encounter:
    """An encounter in every language that it can be played in, its own first, and what was found that does not keep it back."""

    scripts: tuple[tuple[str, Script], ...]
    warnings: tuple[Finding, ...] = ()

    @property
    def script(self) -> Script:
        """As it was written."""
        return self.scripts[0][1]


def checked_encounter(path: Path, principles_file: Path | None = None, *, seconds: float | None = SECONDS) -> Encounter:
    """The encounter in a file, if it can be published: without errors, proved for so many seconds (None: without proofs), and scored.

    Raises FilesHaveFindings, or UsageError where the file is no scored encounter.
    """
    principles = demand_principles(principles_file or principles_beside(path))
    found = [finding for one in check([path], principles_file, seconds) for finding in _findings_of(one, path)]
    if errors(found):
        raise FilesHaveFindings(said(errors(found)))
    script = Script(demand(path, principles), principles, folder=path.parent)
    if script.scenario.unscored:
        raise UsageError(f"'{script.scenario.id}' is not scored: every desk has its warm-up, and others are not published")
    return Encounter(tuple(_in_all_languages(script)), tuple(found))


def _findings_of(checked: Checked, path: Path) -> list[Finding]:
    """What was found in the file itself, or in the principles that it cannot be checked without. A translation that is not whole is
    not offered, and keeps nothing else back."""
    is_translation = checked.file.endswith(".po")
    return [] if is_translation else checked.findings


def publish(house: House, encounter: Encounter, *, by: str) -> Version:
    """Offer an encounter in every language that it can be played in, in place of its version that is on offer.

    The texts are kept first, so that nothing is ever offered that is not there. The same again changes nothing.
    """
    secret = _secret(house)
    editions = [_kept(house, language, script, secret) for language, script in encounter.scripts]
    scenario = encounter.script.scenario
    return house.organisation.publish(scenario.id, scenario.title, editions, by=by, at=house.now())


def publish_shipped(house: House, *, by: str) -> list[Version]:
    """Offer every scored encounter that comes with ServiceSim; they were proved when ServiceSim was made."""
    principles = demand_principles(shipped.scenarios() / "principles.yaml")
    files = sorted(file for file in shipped.scenarios().glob("*.yaml") if file.name != "principles.yaml")
    scripts = (Script(demand(file, principles), principles, folder=file.parent) for file in files)
    return [publish(house, Encounter(tuple(_in_all_languages(script))), by=by) for script in scripts if not script.scenario.unscored]


def retire(house: House, scenario: str, *, by: str) -> Version:
    """Offer an encounter no more; what was begun, and tickets that are out, can be played to the end. Raises UsageError."""
    return house.organisation.retire(scenario, by=by, at=house.now())


def _in_all_languages(script: Script) -> Iterator[tuple[str, Script]]:
    own = language_of(script.scenario)
    yield own, script
    for language in LANGUAGES:
        played = in_language(script, language)
        if language != own and played is not None:
            yield language, played


def _kept(house: House, language: str, script: Script, secret: bytes) -> Edition:
    """One edition, of which all four texts are kept."""
    records = house.records
    scenario, principles = sealed(script.scenario, script.principles, secret)
    records.keep_text("scenario", script.text)
    records.keep_text("principles", script.principles_text)
    return Edition(
        scenario=script.scenario.id,
        version=0,  # numbered when it is offered
        language=language,
        edition=records.keep_text("scenario", canonical_scenario(scenario)),
        principles=records.keep_text("principles", canonical_principles(principles)),
        scenario_hash=fingerprint(script.text),
        principles_hash=fingerprint(script.principles_text),
    )


def _secret(house: House) -> bytes:
    """What the names in sealed texts are drawn with: one for the whole organisation, made when it is first needed."""
    kept = house.organisation.settled(_SECRET)
    if kept is None:
        kept = secrets.token_hex(32)
        house.organisation.settle(_SECRET, kept)
    return bytes.fromhex(kept)
