"""What a sealed edition still tells: how often somebody passes who takes its file apart and always pleases the customer, as far
as the file says what pleases; beside it, who would know all feelings, and who replies at random.

`python tests/analysis/test_pleasing.py` prints the figures of each encounter.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
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


def by_chance(_: Option) -> float:
    """All replies are as good as each other."""
    return 0


Worth = Callable[[Option], float]


def played(script: Script, seed: int, worth: Worth) -> Encounter:
    """A play with perfect listening in which each reply is worth the most; of several, any."""
    encounter, draw = Encounter(script, seed=seed), random.Random(seed)
    while offered := _heard_out(encounter):
        most = max(map(worth, offered))
        play(encounter, draw.choice([option for option in offered if worth(option) == most]).reply.id)
    return encounter


def share_passed(full: Script, script: Script, worth: Worth, plays: int) -> float:
    """How many of these plays pass by the full rules."""
    return mean(passes(full, tally(full), played(script, seed, worth)) for seed in range(plays))


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


Shares = tuple[float, float, float]


def shares(plays: int) -> Iterator[tuple[str, Shares]]:
    """For each shipped encounter, how many plays pass: by what the file at the desk says, at random, and if all feelings were known."""
    for full in scored():
        desk = Script(*sealed(full.scenario, full.principles, SECRET))
        ways = ((desk, pleases), (desk, by_chance), (full, pleases))
        file, chance, all_feelings = (share_passed(full, script, worth, plays) for script, worth in ways)
        yield full.scenario.id, (file, chance, all_feelings)


def means(found: Iterable[Shares]) -> Sequence[float]:
    return [mean(column) for column in zip(*found, strict=True)]


def test_whoever_reads_in_the_file_what_pleases_seldom_passes() -> None:
    """The figures that docs/organisation.md gives; with all feelings in it the file would be no secret."""
    file, chance, all_feelings = means(each for _, each in shares(plays=6))
    assert 0.1 < file < 0.3
    assert 0 <= chance < file
    assert 0.85 < all_feelings <= 1


if __name__ == "__main__":
    print(f"{'':22} {'file':>7} {'chance':>7} {'all feelings':>7}")
    rows = dict(shares(plays=200))
    for name, each in {**rows, "mean": means(rows.values())}.items():
        print(f"{name:22} " + " ".join(f"{share:7.1%}" for share in each))
