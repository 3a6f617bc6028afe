"""Programmes on the bench: their encounters are looked up, and proved once, however many programmes they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from servicesim.analysis.proof import Reach
from servicesim.authoring.programmes import TOGETHER, Completion, Weighed, completion
from servicesim.encounter.script import Script
from servicesim.scenario import loading
from servicesim.scenario.checks import near
from servicesim.scenario.conditions import ConditionError
from servicesim.scenario.findings import Finding, errors, in_order
from servicesim.scenario.model import Scenario
from servicesim.scenario.principles import Principles
from servicesim.scenario.programme import Plan, Programme, encounter_file, folders, promises
from servicesim.scenario.programmes import programme_in
from servicesim.scenario.source import Source


class Scales:
    """Weighs programmes, each with so many seconds for the proof of an encounter; None: without any proof."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._reaches: dict[Path, Reach] = {}
        self._read = cache(_read)

    def learn(self, file: Path, reach: Reach) -> None:
        """Take over what was proved of the encounter in this file."""
        self._reaches[file.resolve()] = reach

    def weigh(self, path: Path, written: Source) -> tuple[list[Finding], Completion | None]:
        """All that is wrong with the programme in a file that was read; and where nothing is, and it was to be proved, how it can be completed."""
        programme, found = programme_in(written)
        if programme is None:
            return found, None
        known = {step.encounter: file for step in programme.steps if (file := encounter_file(step.encounter, path)) is not None}
        read = {name: self._read(file)[0] for name, file in known.items()}
        found += _not_there(programme, path, written, known)
        found += _not_usable(programme, written, known, read)
        plan = Plan(programme=programme, scenarios={name: scenario for name, scenario in read.items() if scenario is not None})
        weighed = Weighed(plan, written, *self._proved(plan, known))
        found += (finding for check in TOGETHER for finding in islice(check(weighed), loading.MOST_OF_A_KIND))
        return in_order(found), None if errors(found) or self._seconds is None else completion(weighed)

    def _proved(self, plan: Plan, files: dict[str, Path]) -> tuple[dict[str, Reach], dict[tuple[str, str], Reach]]:
        """What the plays of each encounter can come to; and those plays of it in which a later one is promised."""
        if self._seconds is None:
            return {}, {}
        scored = {name: scenario for name, scenario in plan.scenarios.items() if not scenario.unscored}
        reaches = {name: self._reach(files[name]) for name in scored}
        steps = plan.programme.encounters
        promising = [(name, one.call_back) for name, scenario in scored.items() for one in promises(scenario) if one.call_back in steps]
        proved = {pair: self._promising(files[pair[0]], pair[1]) for pair in dict.fromkeys(promising)}
        return reaches, {pair: reach for pair, reach in proved.items() if reach is not None}

    def _reach(self, file: Path) -> Reach:
        key = file.resolve()
        if key not in self._reaches:
            scenario, principles = self._read(file)
            assert scenario is not None
            assert principles is not None
            self._reaches[key] = self._of_every_start(Script(scenario, principles))
        return self._reaches[key]

    def _promising(self, file: Path, call_back: str) -> Reach | None:
        """None where that cannot be worked out: a condition has no room for it."""
        from servicesim.analysis.promised import with_promise

        scenario, principles = self._read(file)
        assert scenario is not None
        assert principles is not None
        try:
            return self._of_every_start(Script(with_promise(scenario, call_back), principles))
        except ConditionError:
            return None

    def _of_every_start(self, script: Script) -> Reach:
        # Only who wants a proof waits until all of this has been read.
        from servicesim.analysis.reach import reach
        from servicesim.analysis.starts import starts, together

        assert self._seconds is not None
        return together({remembered: reach(begun, seconds=self._seconds) for remembered, begun in starts(script)})


def _read(file: Path) -> tuple[Scenario | None, Principles | None]:
    """The scenario in a file, and the principles beside it; None where they cannot be used."""
    principles, _ = loading.load_principles(loading.principles_beside(file))
    return (None if principles is None else loading.load(file, principles)[0]), principles


def _not_there(programme: Programme, path: Path, source: Source, known: dict[str, Path]) -> Iterator[Finding]:
    """G007: no encounter has this name, beside the programme or among the shipped ones."""
    for number, step in enumerate(programme.steps):
        if step.encounter not in known:
            where = f"neither in {folders(path)[0].name} beside this folder, nor among those that come with ServiceSim"
            hint = near(step.encounter, encounters_for(path)) or "write it, or name another"
            yield source.finding("G007", ("steps", number, "encounter"), f"there is no encounter '{step.encounter}', {where}", hint)


def _not_usable(programme: Programme, source: Source, known: dict[str, Path], read: dict[str, Scenario | None]) -> Iterator[Finding]:
    """G008: the file of an encounter has errors of its own, or says that it is another."""
    for number, step in enumerate(programme.steps):
        if step.encounter in known:
            scenario, file = read[step.encounter], known[step.encounter]
            if scenario is None:
                yield source.finding("G008", ("steps", number, "encounter"), f"'{step.encounter}' has errors", f"servicesim check {file.name} tells them")
            elif scenario.id != step.encounter:
                message = f"the file {file.name} holds the encounter '{scenario.id}'"
                yield source.finding("G008", ("steps", number, "encounter"), message, "give the file the name of its encounter")


def encounters_for(path: Path) -> list[str]:
    """The encounters that the programme in this file could name."""
    files = (file for folder in folders(path) for file in sorted(folder.glob("*.yaml")))
    return list(dict.fromkeys(file.stem for file in files if not loading.is_principles_file(file)))
