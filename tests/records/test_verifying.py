"""A score is verified by playing its transcript again, with the texts and rules that it was played by."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from encounter.plays import every_script, play_at_random, script_of, small
from scenario.small import SMALL
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.errors import VerificationFailed
from servicesim.records import Attempt
from servicesim.records.inspecting import Kept
from servicesim.records.results import Judge, result_of
from servicesim.records.verifying import Verified, Verifier

MONDAY = 1_760_000_000_000
CHANGED = {
    "conduct": ("1/3", "its conduct is kept as 1/3, but its transcript gives "),
    "passed": (True, "its passed is kept as True, but its transcript gives False"),
    "ending": ("bliss", "its ending is kept as bliss, but its transcript gives "),
    "anger": (9, "its anger is kept as 9, but its transcript gives "),
    "principles": ("{}", "its score of "),
}


@cache
def played(*, ended: bool = True) -> Kept:
    """A play of the small scenario as it is kept, not passed."""
    script = small()
    encounter = play_at_random(script, 3, most=200 if ended else 2)
    assert encounter.ended is ended
    result = result_of(script, encounter.events, ended=MONDAY) if ended else None
    by = script.fingerprint, script.principles_fingerprint
    attempt = Attempt("leyla-1", "leyla", script.scenario.id, *by, 1, encounter.events[0].seed, False, False, "en", MONDAY)  # type: ignore[union-attr]
    return Kept(attempt, tuple(to_lines(encounter.events)), result, None)


def text_of(script: Script) -> Callable[[str], str]:
    texts = {script.fingerprint: script.text, script.principles_fingerprint: script.principles_text}

    def text(name: str) -> str:
        if name not in texts:
            raise VerificationFailed(f"the text {name} is not there")
        return texts[name]

    return text


def verified(kept: Kept) -> Verified:
    return Verifier(text_of(small())).verified(kept)


def with_lines(*lines: str) -> Kept:
    return replace(played(), lines=lines)


def test_what_plays_again_with_the_same_result_is_verified() -> None:
    for kept in (played(), played(ended=False), replace(played(), lines=(), result=None)):
        assert verified(kept) == Verified(kept.attempt, "REPLAY_VERIFIED", "")


def test_what_has_rotted_is_broken_before_anything_is_played() -> None:
    assert verified(replace(played(), rot="event 3 is missing")).why == "event 3 is missing"


@pytest.mark.parametrize("field", CHANGED)
def test_a_result_that_the_transcript_does_not_give_is_broken(field: str) -> None:
    result = played().result
    assert result is not None
    value, why = CHANGED[field]
    told = verified(replace(played(), result=replace(result, **{field: value})))
    assert told.state == "BROKEN"
    assert told.why.startswith(why)


@pytest.mark.parametrize("scores", ["not json", "[]", "7"])
def test_scores_that_cannot_be_read_are_broken(scores: str) -> None:
    result = played().result
    assert result is not None
    told = verified(replace(played(), result=replace(result, principles=scores)))
    assert told.why == "its scores of principles is kept as something unreadable, but its transcript gives others"


def test_the_same_scores_in_another_order_are_the_same() -> None:
    result = played().result
    assert result is not None
    otherwise = json.dumps(dict(reversed(json.loads(result.principles).items())), indent=1)
    assert verified(replace(played(), result=replace(result, principles=otherwise))).state == "REPLAY_VERIFIED"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"lines": played().lines[:-1]}, "it has a result, but its transcript does not end"),
        ({"result": None}, "its transcript ends, but it has no result"),
        ({"lines": ()}, "the transcript is empty"),
        ({"lines": (*played().lines[:2], "no json")}, "a line of the transcript is not JSON: 'no json'"),
        ({"lines": played().lines[1:]}, "a transcript begins with 'began', and with nothing else"),
        ({"lines": (*played().lines[:1], *played().lines[2:])}, "event 2 of the transcript cannot happen there"),
    ],
)
def test_a_transcript_that_cannot_have_happened_is_broken(changed: dict[str, Any], why: str) -> None:
    told = verified(replace(played(), **changed))
    assert told.state == "BROKEN"
    assert told.why.startswith(why)


@pytest.mark.parametrize("changes", [{"seed": 99}, {"untimed": True}, {"scenario": "another"}])
def test_an_attempt_with_the_transcript_of_another_is_broken(changes: dict[str, Any]) -> None:
    told = verified(replace(played(), attempt=replace(played().attempt, **changes)))
    assert told.why == "its transcript begins as another attempt than it is kept as"


def test_without_its_texts_it_is_broken() -> None:
    told = verified(replace(played(), attempt=replace(played().attempt, scenario_hash="0" * 64)))
    assert (told.state, told.why) == ("BROKEN", f"the text {'0' * 64} is not there")


def test_what_other_rules_played_is_attested_only() -> None:
    told = verified(replace(played(), attempt=replace(played().attempt, rules_version=7)))
    assert told.state == "CLIENT_ATTESTED"
    assert told.why == "it was played by version 7 of the rules of play, and this ServiceSim knows version 1 only"


@pytest.mark.parametrize("text", ['{"servicesim":2,"new":"field"}', "[]", "nonsense", '"' * 3, "[" * 100_000])
def test_what_a_newer_version_wrote_is_attested_only(text: str) -> None:
    whole = text_of(small())
    verifier = Verifier(lambda name: text if name == small().fingerprint else whole(name))
    assert verifier.verified(played()).state == "CLIENT_ATTESTED"


def test_the_judge_gives_the_results_of_assess() -> None:
    count = 0
    for script in every_script():
        judge = Judge(script)
        for seed in range(12):
            encounter = play_at_random(script, seed, untimed=seed % 3 == 0)
            assert judge.result(encounter.events, encounter.situation, ended=5) == result_of(script, encounter.events, ended=5)
            count += encounter.ended
    assert count > 20


def test_the_judge_counts_what_a_trainer_marked() -> None:
    script = script_of(SMALL.replace("acts: [inform]", "acts: [inform]\n        marks: {hold-the-apology: 0.25}"))
    judge = Judge(script)
    for seed in range(12):
        encounter = play_at_random(script, seed)
        assert judge.result(encounter.events, encounter.situation, ended=5) == result_of(script, encounter.events, ended=5)
