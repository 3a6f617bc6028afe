"""The conversation told again, as far as it has gone."""

from __future__ import annotations

from encounter.plays import script_of
from scenario.small import SMALL
from servicesim.desktop.retold import turns
from servicesim.encounter.encounter import Encounter

SAID = "That's it, isn't it - that’s mine, و،چتر"


def cut_at(at: float) -> str:
    """What stands there of a speech into which somebody spoke then, at this many seconds."""
    script = script_of(SMALL.replace("I left my umbrella. | It was red.", SAID))
    encounter = Encounter(script)
    encounter.interrupt(at)
    return next(turn.text for turn in turns(script, encounter.events, "Robin") if turn.cut)


def test_whoever_is_cut_off_does_not_end_on_half_of_an_apostrophe() -> None:
    told = {cut_at(0.01 * moment) for moment in range(5, 200)}
    assert {"That —", "That's —", "That's it —", "That's it, isn't it —", "That's it, isn't it - that —"} <= told
    assert [text for text in told if text.removesuffix(" —")[-1:] in " ’',،-"] == []
