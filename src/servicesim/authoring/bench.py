"""The bench where trainers' files are looked at: each is read once, and then told of with everything that is wrong in it.

    for checked in check([Path("scenarios/late-parcel.yaml")]):
        print(checked.file, checked.findings)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from servicesim import shipped
from servicesim.analysis.proof import Played, Reach
from servicesim.authoring.programmes import Completion
from servicesim.authoring.proved import Check, Proved, Shelf
from servicesim.authoring.weighing import Scales
from servicesim.encounter.script import Script
from servicesim.scenario import loading, source
from servicesim.scenario.editions import Edition, editions, editions_of_principles
from servicesim.scenario.findings import Finding, in_order
from servicesim.scenario.loading import Examined
from servicesim.scenario.principles import Principles
from servicesim.scenario.programmes import holds_programme
from servicesim.scenario.source import Source

SECONDS = 10.0  # that the proof for one scenario may take


@dataclass(frozen=True, slots=True)
class Proven:
    """What the bench says of a scenario that can be played; `reach` is None where nothing was to be proved, or nothing is scored."""

    reach: Reach | None = None
    findings: list[Finding] = field(default_factory=list)
    strategies: Mapping[str, Played] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """One file, what was found in it, and what was proved; `by` is the principles file without which it could not be checked."""

    file: str
    source: Source
    findings: list[Finding]
    by: Path | None = None
    proven: Proven = field(default_factory=Proven)
    completion: Completion | None = None  # of a programme


def proven_findings(examined: Examined, principles: Principles, seconds: float | None, shelf: Shelf) -> Proven:
    """What is found in a scenario that can be played by looking at its plays for so long; None: without any proof."""
    if examined.scenario is None or seconds is None:
        return Proven()
    # Only who wants a proof waits until all of this has been read.
    from servicesim.analysis.reach import reach
    from servicesim.analysis.starts import best_of, starts, together
    from servicesim.analysis.strategies import strategies
    from servicesim.authoring.proofs import OF_PASSING, PROOFS
    from servicesim.authoring.unreached import UNREACHED

    script, source = Script(examined.scenario, principles), examined.source
    each = [
        Proved(begun, source, reach(begun, seconds=seconds), strategies(begun), shelf, remembered)
        for remembered, begun in starts(script)
    ]  # fmt: skip
    every = Proved(script, source, together({one.remembered: one.reach for one in each}), best_of(one.strategies for one in each), shelf)
    found = [finding for check in (*UNREACHED, *PROOFS) if check not in OF_PASSING for finding in check(every)]
    if script.scenario.unscored:
        return Proven(findings=found)
    return Proven(every.reach, [*found, *_from_each(each, OF_PASSING)], every.strategies)


def _from_each(starts: Iterable[Proved], checks: Collection[Check]) -> Iterator[Finding]:
    """What is found at any start; what holds of several is told of the first."""
    told = set[tuple[str, int, int]]()
    for start in starts:
        found = [finding for check in checks for finding in check(start)]
        yield from (finding for finding in found if _which(finding) not in told)
        told |= {_which(finding) for finding in found}


def _which(finding: Finding) -> tuple[str, int, int]:
    return finding.code, finding.line, finding.column


def check(
    paths: Iterable[Path],
    principles_file: Path | None = None,
    seconds: float | None = None,
    looking: Callable[[Path], None] = lambda _: None,
) -> Iterator[Checked]:
    """Look at these files one after the other, each once, and at the principles that they cannot be checked without.

    Each scenario gets so many `seconds` for proofs; `looking` is told of each file before it is looked at.
    """
    files = list(paths)
    bench = _Bench(seconds, Shelf([*(path.parent for path in files), shipped.scenarios()]))
    if principles_file is not None:
        yield from bench.check_principles(principles_file)
    for path in files:
        looking(path)
        yield from bench.check(path, principles_file)


class _Bench:
    """Remembers which files were told of, and the principles that were read."""

    def __init__(self, seconds: float | None, shelf: Shelf) -> None:
        self._seconds, self._shelf, self._scales = seconds, shelf, Scales(seconds)
        self._told: set[str] = set()
        self._read: dict[Path, tuple[Source, Principles | None, list[Finding]]] = {}

    def check(self, path: Path, principles_file: Path | None) -> Iterator[Checked]:
        """Check one file, a scenario by these principles or by those beside it."""
        if str(path) in self._told:
            return
        if path in self._read or loading.is_principles_file(path):
            yield from self.check_principles(path)
            return
        written = source.read(path)
        if holds_principles(written):
            yield from self.check_principles(path, written)
            return
        self._told.add(str(path))
        if holds_programme(written):
            found, completion = self._scales.weigh(path, written)
            yield Checked(str(path), written, found, completion=completion)
            return
        yield from self._check_scenario(path, written, principles_file or principles_beside(path))

    def _check_scenario(self, path: Path, written: Source, judge: Path) -> Iterator[Checked]:
        principles = self._principles(judge)[1]
        if principles is None:
            # What does not depend on the principles can be told all the same.
            yield Checked(str(path), written, written.findings, by=judge)
            yield from self.check_principles(judge)
            return
        examined = loading.examined_source(written, principles, path.parent)
        proven = proven_findings(examined, principles, self._seconds, self._shelf)
        if proven.reach is not None and judge == principles_beside(path):
            self._scales.learn(path, proven.reach)
        yield Checked(str(path), written, in_order([*examined.findings, *proven.findings]), proven=proven)
        if examined.scenario is not None:
            yield from self._check_translations(editions(examined.scenario, path.parent).values())

    def _check_translations(self, translations: Iterable[Edition]) -> Iterator[Checked]:
        """Tell of the translations in which something is missing or does not fit."""
        for one in translations:
            if one.findings and one.source.name not in self._told:
                self._told.add(one.source.name)
                yield Checked(one.source.name, one.source, one.findings)

    def check_principles(self, path: Path, written: Source | None = None) -> Iterator[Checked]:
        """Check one principles file; whoever else needs it, it is told of once."""
        if str(path) not in self._told:
            self._told.add(str(path))
            known, principles, findings = self._principles(path, written)
            yield Checked(str(path), known, [_named_for_principles(finding) for finding in findings])
            if principles is not None:
                yield from self._check_translations(editions_of_principles(principles, path).values())

    def _principles(self, path: Path, written: Source | None = None) -> tuple[Source, Principles | None, list[Finding]]:
        if path not in self._read:
            self._read[path] = loading.principles_of(path) if written is None else (written, *loading.principles_in(written))
        return self._read[path]


def holds_principles(written: Source) -> bool:
    """Whether what is written in a file are principles, and no scenario."""
    return written.root is not None and "principles" in written.root and "scenes" not in written.root


def principles_beside(path: Path) -> Path:
    """The principles by which a scenario is checked if nobody says others."""
    try:
        return loading.principles_beside(path)
    except OSError:  # Nobody may look into the folder, or its name is too long: reading the file itself says so.
        return shipped.scenarios() / loading.PRINCIPLES_FILE


def _named_for_principles(finding: Finding) -> Finding:
    """The finding with the example of a principles file, where one of a scenario was given."""
    if finding.hint.startswith("name a scenario file"):
        return replace(finding, hint="name a principles file, such as principles.yaml")
    return finding
