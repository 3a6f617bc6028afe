"""What a sealed edition still tells: how often somebody passes who takes its file apart and always pleases the customer.

`python tests/analysis/test_pleasing.py` prints the figures of each encounter.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import mean

from servicesim.analysis.strategies import _heard_out
from servicesim.assessment.tally import Tally
from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import play
from servicesim.encounter.script import Option, Script
from servicesim.scenario.sealed import sealed

SECRET = b"a secret that only the server has"


def pleases(option: Option) -> float:
    """What a reply adds to the customer's feelings, by the file: points of 100 and of 5 made comparable."""
    return round(sum(received - expects + 20 * (trust - anger) for expects, received, trust, anger in option.effects), 3)


def always_pleasing(desk: Script, seed: int) -> Encounter:
    """A play with perfect listening in which each reply is the most pleasing; of several, any."""
    encounter, draw = Encounter(desk, seed=seed), random.Random(seed)
    while offered := _heard_out(encounter):
        most = max(map(pleases, offered))
        play(encounter, draw.choice([option for option in offered if pleases(option) == most]).reply.id)
    return encounter


def share_passed(full: Script, desk: Script, plays: int) -> float:
    """How many of these plays pass by the full rules."""
    return mean(passes(full, tally(full), always_pleasing(desk, seed)) for seed in range(plays))


@cache
def tally(full: Script) -> Tally:
    return Tally(full)


def passes(full: Script, counted: Tally, encounter: Encounter) -> bool:
    ending = encounter.situation.ending
    enough = counted.conduct(encounter.events) >= full.scenario.pass_mark
    return enough and ending is not None and not full.ending(ending).failed


@cache
def scored() -> Sequence[Script]:
    scripts = (chosen.script(name) for name in chosen.shipped_ids())
    return tuple(script for script in scripts if not script.scenario.unscored)


def shares(*, moods: bool, plays: int) -> Iterator[tuple[str, float]]:
    """For each shipped encounter, how many of these plays pass."""
    for full in scored():
        desk = Script(*sealed(full.scenario, full.principles, SECRET, moods=moods))
        yield full.scenario.id, share_passed(full, desk, plays)


def test_whoever_reads_the_moods_in_the_file_mostly_passes_and_without_them_seldom() -> None:
    """The figures that docs/organisation.md gives: an edition with moods is no secret, one without is nearly one."""
    with_moods, without = (mean(share for _, share in shares(moods=moods, plays=6)) for moods in (True, False))
    assert 0.85 < with_moods <= 1
    assert 0.1 < without < 0.3


if __name__ == "__main__":
    plain, bare = (dict(shares(moods=moods, plays=200)) for moods in (True, False))
    for name in plain:
        print(f"{name:22} {plain[name]:7.1%} {bare[name]:7.1%}")
    print(f"{'mean':22} {mean(plain.values()):7.1%} {mean(bare.values()):7.1%}")
