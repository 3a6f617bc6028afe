"""The conversation told again, as far as it has gone."""

from __future__ import annotations

from markupsafe import Markup

from encounter.plays import script_of
from scenario.small import SMALL
from servicesim.desktop.foley import sounds_of
from servicesim.desktop.retold import turns
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import SilenceFell
from servicesim.exports.report.conversation import Conversation
from servicesim.exports.report.words import words_in

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


def test_what_is_said_to_a_silence_is_not_said_again_to_the_next_one() -> None:
    text = SMALL.replace("channel: phone", "channel: chat").replace("    replies:\n      - id: welcome", "    on-silence: {customer: Hello?}\n    replies:\n      - id: welcome")
    script = script_of(text)
    encounter = Encounter(script)
    encounter.advance(600)
    silences = [number for number, event in enumerate(encounter.events) if isinstance(event, SilenceFell)]
    assert len(silences) == 2
    assert [turn.text for turn in turns(script, encounter.events, "Robin")].count("Hello?") == 1
    assert [[sound for _, sound in sounds_of(script, encounter.events, number)] for number in silences] == [["message-in"], []]
    reported = Conversation(words_in("en"), script, Markup("Robin")).turns(encounter.events)
    assert sum("Hello?" in part.text for turn in reported for part in turn.parts) == 1
