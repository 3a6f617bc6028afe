"""The walkthroughs of the shipped encounters are played, and what comes of them is as written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from servicesim.authoring.walkthrough import read, refreshed
from servicesim.commands import chosen
from servicesim.encounter.events import KINDS
from servicesim.encounter.rehearsal import rehearse
from servicesim.errors import UsageError

WALKS = sorted((Path(__file__).parent.parent / "walkthroughs").glob("*.walk"))
script = cache(chosen.script)


@pytest.mark.parametrize("path", WALKS, ids=lambda path: path.stem)
def test_a_walkthrough_comes_out_as_written(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    walk = read(written)
    assert refreshed(walk, script(walk.scenario)) == written


def ended(name: str) -> tuple[str, str]:
    """The lines on conduct and ending of a walkthrough."""
    text = next(path for path in WALKS if path.stem == name).read_text(encoding="utf-8")
    lines = text.splitlines()
    return next(line for line in lines if line.startswith("conduct")), next(line for line in lines if line.startswith("ending"))


@pytest.mark.parametrize(
    ("name", "conduct", "ending"),
    [
        ("expert-rider", "conduct: 100, passed", "ending: reconciled"),
        ("expert-waiver", "conduct: 100, passed", "ending: reconciled"),
        ("untimed", "conduct: 100, passed", "ending: reconciled"),
    ],
)
def test_the_experts_reach_a_hundred_on_both_ways(name: str, conduct: str, ending: str) -> None:
    assert ended(name) == (conduct, ending)


@pytest.mark.parametrize("name", ["sorry-and-money", "silence-twice", "walks-off", "breaks-off"])
def test_who_lets_her_down_does_not_pass(name: str) -> None:
    assert ended(name)[0].endswith("not passed")


def test_every_kind_of_event_occurs_in_a_walkthrough() -> None:
    seen = set()
    for path in WALKS:
        walk = read(path.read_text(encoding="utf-8"))
        encounter = rehearse(walk.begun(script(walk.scenario)), walk.moves)
        seen |= {type(event) for event in encounter.events}
    assert seen == set(KINDS.values())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("play: welcome\n---\n", "says which scenario is played"),
        ("scenario: late-parcel\nwelcome\n---\n", "this is none: welcome"),
    ],
)
def test_a_walkthrough_that_lacks_something_says_what(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read(text)
