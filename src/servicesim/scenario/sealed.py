"""Sealed editions: an encounter as a desk gets it, which plays the same and does not say what is right.

    edition, rest = sealed(scenario, principles, secret)

What is said and can be replied stays. What replies do, why, how they are marked, and every principle is gone. An act that a
condition asks for becomes a token drawn with the secret, and so does a fact; feelings of acts are added to the reply's own.
Of the feelings only those stay by which the play goes on: who could read from the file what pleases the customer would mostly
pass. A desk is told by its server how the customer feels. Nothing of this changes a play, so its transcript is word for word the
transcript of the full scenario; the edition carries the hashes that it is to be played under.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count, groupby, product
from string import ascii_lowercase

from servicesim.errors import UsageError
from servicesim.scenario import conditions
from servicesim.scenario.conditions import LONGEST, Atom, Name, Said
from servicesim.scenario.model import (
    FEELINGS,
    MOVES,
    PASS_MARK,
    Ending,
    FactValue,
    Feel,
    Line,
    Reply,
    Scenario,
    Scene,
    Sealed,
    canonical_scenario,
    fingerprint,
    scenario_from_canonical,
)
from servicesim.scenario.principles import ACTS_OF_PLAY, Act, Principles, canonical_principles

GOLDEN = "golden-moment"  # the one act of play that a scenario brings about by itself, and so may give away
SHORTEST_SECRET = 16  # bytes
_MOST = {"expects": 100, "received": 100, "trust": 5, "anger": 5}  # that any of them can be
_WORDS = frozenset((*MOVES, *FEELINGS, *ACTS_OF_PLAY, "and", "or", "not", "said", "seen"))


def sealed(scenario: Scenario, principles: Principles, secret: bytes) -> tuple[Scenario, Principles]:
    """The scenario and principles that a desk may have in place of these; the same secret always gives the same texts.

    Raises UsageError where it cannot be done.
    """
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"a secret of {len(secret)} bytes is soon guessed: take {SHORTEST_SECRET} or more")
    if scenario.sealed is not None:
        raise UsageError(f"'{scenario.id}' is sealed already: seal the scenario that it was made of")
    sealing = _Sealing(scenario, principles, secret)
    # Read back from its text, so that whoever has the text has just this: names in the same order, and no more in it.
    return scenario_from_canonical(canonical_scenario(sealing.scenario())), sealing.principles()


class _Sealing:
    """How one scenario is sealed: the names that its acts and facts get, and how each part is rewritten."""

    def __init__(self, scenario: Scenario, principles: Principles, secret: bytes) -> None:
        self._full, self._judged, self._secret = scenario, principles, secret
        atoms = frozenset(_atoms(scenario))
        self._withheld = dict.fromkeys(_MOST.keys() - _needed(scenario, atoms), 0)
        asked = {atom.act for atom in atoms if isinstance(atom, Said)}
        self._acts = self._dealt("act", asked - (ACTS_OF_PLAY.keys() - {GOLDEN}))
        kept = {name: name for name in scenario.remembers}
        wanted = {atom.name for atom in atoms if isinstance(atom, Name)} & scenario.facts.keys()
        self._facts = kept | self._dealt("fact", wanted - kept.keys(), taken=kept)
        self._felt = dict[str, Feel]()  # acts that only move feelings, each in one place

    def scenario(self) -> Scenario:
        """The scenario of the edition."""
        full = self._full
        return replace(
            full,
            pass_mark=PASS_MARK,
            learn=(),
            customer=replace(full.customer, type="indifferent"),
            facts=self._of_facts(full.facts),
            scenes={name: self._scene(name, scene) for name, scene in full.scenes.items()},
            endings={name: Ending(title=ending.title, customer=ending.customer) for name, ending in full.endings.items()},
            sealed=self._hashes(),
        )

    def principles(self) -> Principles:
        """The principles of the edition: acts that mean nothing, and no principle. Asked for once the scenario is made."""
        felt = dict.fromkeys(self._acts.values(), Feel()) | self._felt
        return Principles(servicesim=1, acts={name: Act(title=name, feel=felt[name]) for name in sorted(felt)}, principles={})

    def _hashes(self) -> Sealed:
        full = self._full
        begun = (full.started(remembered) for remembered in full.starts if remembered)
        return Sealed(
            scenario=fingerprint(canonical_scenario(full)),
            principles=fingerprint(canonical_principles(self._judged)),
            starts={" ".join(one.remembered): fingerprint(canonical_scenario(one)) for one in begun},
        )

    # -- names ------------------------------------------------------------------------------------------------------

    def _dealt(self, kind: str, names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
        """A short name for each that means nothing: they are dealt in an order that only the secret gives."""
        order = sorted(names, key=lambda name: self._drawn(f"{kind}/{name}"))
        return dict(zip(order, _free({*taken, *_WORDS}), strict=False))

    def _drawn(self, place: str) -> str:
        """Hexadecimal digits that nobody can work out without the secret; others in each scenario."""
        return hmac.digest(self._secret, f"{self._full.id}/{place}".encode(), "sha256").hex()

    # -- parts ------------------------------------------------------------------------------------------------------

    def _scene(self, name: str, scene: Scene) -> Scene:
        return replace(
            scene,
            customer=tuple(self._line(f"line/{name}/{number}", scene, line) for number, line in enumerate(scene.customer)),
            # By their names, which are known anyway: in the file the best one may always stand first.
            replies=tuple(sorted((self._reply(f"reply/{name}/{reply.id}", reply) for reply in scene.replies), key=lambda reply: reply.id)),
            golden=False,
            happens=(),
            on_silence=scene.on_silence and replace(scene.on_silence, feel=self._felt_there(scene.on_silence.feel)),
        )

    def _line(self, place: str, scene: Scene, line: Line) -> Line:
        acts = (*scene.happens, *line.acts, *((GOLDEN,) if scene.golden else ()))
        steps = self._steps(place, merged(self._feels(acts)))
        return replace(line, acts=(*steps, *self._asked(acts)), condition=self._condition(line.condition))

    def _reply(self, place: str, reply: Reply) -> Reply:
        *before, last = merged((*self._feels(reply.acts), self._felt_there(reply.feel))) or (Feel(),)
        return replace(
            reply,
            acts=(*self._steps(place, before), *self._asked(reply.acts)),
            feel=last,
            why=None,
            marks={},
            set=self._of_facts(reply.set),
            condition=self._condition(reply.condition),
        )

    def _steps(self, place: str, feels: Iterable[Feel]) -> list[str]:
        """An act of this place alone for each step of feelings."""
        steps = {f"f{self._drawn(f'{place}/{number}')[:12]}": feel for number, feel in enumerate(feels)}
        self._felt |= steps
        return list(steps)

    def _asked(self, acts: Iterable[str]) -> list[str]:
        """The acts that conditions ask for."""
        return sorted({self._acts[act] for act in acts if act in self._acts})

    def _feels(self, acts: Iterable[str]) -> tuple[Feel, ...]:
        return tuple(self._felt_there(self._judged.feel(act)) for act in acts)

    def _felt_there(self, feel: Feel) -> Feel:
        """What of it the desk is told."""
        return replace(feel, **self._withheld)

    def _of_facts(self, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        """Those that conditions ask for, and those that a customer may remember."""
        return {self._facts[fact]: value for fact, value in facts.items() if fact in self._facts}

    def _condition(self, text: str | None) -> str | None:
        if text is None:
            return None
        named = text
        for atom in sorted(conditions.atoms(conditions.parsed(text)), key=lambda atom: -atom.at):
            name = self._name(atom)
            if name is not None:
                named = named[: atom.at] + name[1] + named[atom.at + len(name[0]) :]
        if len(named) > LONGEST:
            raise UsageError(f"'{self._full.id}' cannot be sealed: the condition '{text[:40]}...' is too long; split it over two scenes")
        return named

    def _name(self, atom: Atom) -> tuple[str, str] | None:
        """What is written there, and what is to be written instead."""
        match atom:
            case Said(act) if act in self._acts:
                return act, self._acts[act]
            case Name(name) if name in self._facts:
                return name, self._facts[name]
            case _:
                return None


def merged(feels: Iterable[Feel]) -> tuple[Feel, ...]:
    """The fewest steps that come to the same, whatever the feelings are before: what is added up is clamped only where a step
    may turn back."""
    felt = list(feels)
    columns = {name: _runs((getattr(feel, name) for feel in felt), most) for name, most in _MOST.items()}
    steps = max(map(len, columns.values()))
    padded = {name: [0] * (steps - len(runs)) + runs for name, runs in columns.items()}
    return tuple(Feel(**{name: column[step] for name, column in padded.items()}) for step in range(steps))


def _runs(deltas: Iterable[int], most: int) -> list[int]:
    """Added up as long as they go the same way: clamping once is then the same as clamping each time."""
    ways = groupby((delta for delta in deltas if delta), key=lambda delta: delta > 0)
    return [min(most, total) if up else max(-most, total) for up, total in ((up, sum(run)) for up, run in ways)]


def _atoms(scenario: Scenario) -> Iterator[Atom]:
    """All that conditions mention."""
    for scene in scenario.scenes.values():
        written = [*(line.condition for line in scene.customer), *(reply.condition for reply in scene.replies)]
        for text in filter(None, written):
            yield from conditions.atoms(conditions.parsed(text))


def _needed(scenario: Scenario, atoms: Collection[Atom]) -> set[str]:
    """The feelings that decide how a play goes on."""
    asked = {atom.name for atom in atoms if isinstance(atom, Name)} - scenario.facts.keys()
    both = {"expects", "received"} if "satisfaction" in asked else set()
    return asked | both | ({"anger"} if scenario.leaves is not None else set())


def _free(taken: Collection[str]) -> Iterator[str]:
    """Names without end, the shortest first: a, b, ... aa, ab, ..."""
    every = ("".join(letters) for length in count(1) for letters in product(ascii_lowercase, repeat=length))
    return (name for name in every if name not in taken)
