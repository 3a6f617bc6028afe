"""Sealed editions: what came from a server is read as something that could be anything, and then played as any other script."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Protocol

from servicesim.encounter.script import Script
from servicesim.errors import VerificationFailed
from servicesim.scenario.model import canonical_scenario, fingerprint, scenario_from_canonical
from servicesim.scenario.principles import canonical_principles, principles_from_canonical
from servicesim.scenario.translated import language_of

MOST = 1 << 20
"""Characters of a text; a trainer's file is no longer either."""


class Texts(Protocol):
    """Where texts lie, by their SHA-256."""

    def text(self, name: str) -> str: ...


def script_of(scenario_text: str, principles_text: str) -> Script:
    """The script of two canonical texts that may hold anything; raises VerificationFailed."""
    try:
        if max(len(scenario_text), len(principles_text)) > MOST:
            raise ValueError("too long")
        scenario, principles = scenario_from_canonical(scenario_text), principles_from_canonical(principles_text)
        if (canonical_scenario(scenario), canonical_principles(principles)) != (scenario_text, principles_text):
            raise ValueError("not in its one form")
        return Script(scenario, principles)
    except (ValueError, TypeError, LookupError, RecursionError, AttributeError) as amiss:
        raise VerificationFailed("the server's text of an encounter cannot be played by this version of ServiceSim") from amiss


def demand_sealed(script: Script, scenario: str, language: str) -> None:
    """Raise VerificationFailed unless this is a sealed edition of this encounter in this language."""
    made = script.scenario
    if made.sealed is None:
        raise VerificationFailed(f"the server's text of '{scenario}' is no sealed edition")
    if (made.id, language_of(made)) != (scenario, language):
        raise VerificationFailed(f"the server's text of '{scenario}' is of another encounter or language")


def demand_text(name: str, body: str) -> None:
    """Raise VerificationFailed unless this text has this SHA-256."""
    if len(body) > MOST or fingerprint(body) != name:
        raise VerificationFailed(f"the server's text {name[:12]} is another one than it says")


def full_script(texts: tuple[str, str], hashes: tuple[str, str]) -> Script:
    """The script of the full texts that an attempt was judged by; raises VerificationFailed where they are others."""
    for name, body in zip(hashes, texts, strict=True):
        demand_text(name, body)
    return script_of(*texts)


class Scripts:
    """Scripts of texts that are kept, each made once; from any thread."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._made: dict[tuple[str, str], Script] = {}
        self._making = Lock()

    def of(self, edition: str, principles: str) -> Script:
        """The script of these two texts; raises VerificationFailed where they are damaged."""
        with self._making:
            if (edition, principles) not in self._made:
                self._made[edition, principles] = script_of(self._texts.text(edition), self._texts.text(principles))
            return self._made[edition, principles]

    def keep_only(self, wanted: Mapping[tuple[str, str], object]) -> None:
        """Let go of the others."""
        with self._making:
            self._made = {names: made for names, made in self._made.items() if names in wanted}
