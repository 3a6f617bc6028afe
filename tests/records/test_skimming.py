"""Transcripts that are read for what happened only are the same as those that are read whole, but for the times."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from encounter.plays import every_script, play_at_random
from servicesim.encounter.events import Event
from servicesim.encounter.transcript import UnreadableTranscript, from_lines, to_lines
from servicesim.records import skimming
from servicesim.records.skimming import Skimmer

BEGAN = '{"event":"began","at":0.0,"scenario":"late-parcel","fingerprint":"a","principles":"b","rules":1,"seed":7,"untimed":false,"pace":1.0}'
CHOSEN = '{"event":"reply-chosen","at":8.25,"scene":"start","reply":"listen"}'
ODD = {
    "a whole number as time": '{"event":"silence-fell","at":12}',
    "a time with an exponent": '{"event":"silence-fell","at":1e-05}',
    "a negative time": '{"event":"silence-fell","at":-1.0}',
    "a time beyond all": '{"event":"silence-fell","at":999999999.9999999999999}',
    "a time that is none": '{"event":"silence-fell","at":NaN}',
    "a time with a leading zero": '{"event":"silence-fell","at":01}',
    "a time without a fraction": '{"event":"silence-fell","at":1.}',
    "a time twice": '{"event":"silence-fell","at":1.0,"at":2.0}',
    "a time twice, the second hidden": '{"event":"silence-fell","at":1.0,"\\u0061t":1.0}',
    "an event twice": '{"event":"silence-fell","at":1.0,"event":"interrupted"}',
    "an unknown event": '{"event":"slept","at":1.0}',
    "another order": '{"at":1.0,"event":"silence-fell"}',
    "spaces": '{"event": "silence-fell", "at": 1.0}',
    "space at the end": '{"event":"silence-fell","at":1.0} ',
    "a line break within": '{"event":"silence-fell","at":1.0\n}',
    "two events": '{"event":"silence-fell","at":1.0}\n{"event":"silence-fell","at":2.0}',
    "a field too many": '{"event":"silence-fell","at":1.0,"why":"patience"}',
    "a field too few": '{"event":"reply-chosen","at":1.0,"scene":"start"}',
    "a field that is null": '{"event":"reply-chosen","at":1.0,"scene":"start","reply":null}',
    "an ending that is null": '{"event":"ended","at":1.0,"ending":null}',
    "a text of another script": '{"event":"reply-chosen","at":1.0,"scene":"گفتن","reply":"\\ud83d\\ude00"}',
    "half": '{"event":"silence-fell","at":1.0',
    "nothing": "",
    "white space": " ",
    "no object": "[1, 2]",
}


def read(lines: Sequence[str]) -> list[Event] | str:
    """As `from_lines` reads it, but at 0 seconds; or what it says."""
    try:
        return [event._replace(at=0.0) for event in from_lines(lines)]
    except UnreadableTranscript as refused:
        return str(refused)


def skimmed(skimmer: Skimmer, lines: Sequence[str]) -> list[Event] | str:
    try:
        return skimmer.events(lines)
    except UnreadableTranscript as refused:
        return str(refused)


def test_plays_of_every_scenario_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skimming, "MOST_KNOWN", 40)
    skimmer = Skimmer()
    for script in every_script():
        for seed in range(12):
            lines = to_lines(play_at_random(script, seed, untimed=seed % 3 == 0, most=80).events)
            assert skimmed(skimmer, lines) == read(lines)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_lines_are_read_or_refused_alike(odd: str) -> None:
    skimmer = Skimmer()
    for lines in ([BEGAN, CHOSEN, odd], [odd, CHOSEN], [BEGAN, odd, "", CHOSEN], [odd], [BEGAN, CHOSEN, odd]):
        assert skimmed(skimmer, lines) == read(lines)


def test_none_and_one_line_are_read() -> None:
    assert Skimmer().events([]) == []
    assert Skimmer().events([BEGAN]) == read([BEGAN])


def test_plain_lines_are_read_as_json_once_only(monkeypatch: pytest.MonkeyPatch) -> None:
    skimmer = Skimmer()
    skimmer.events([BEGAN, CHOSEN])
    monkeypatch.setattr(skimming, "_read", lambda end: pytest.fail("read again"))
    assert skimmer.events([BEGAN, CHOSEN.replace("8.25", "9.5"), CHOSEN]) == read([BEGAN, CHOSEN, CHOSEN])
