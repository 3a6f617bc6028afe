"""What trainees really did: counted by hand in the small encounter, and recomputed in another way for many plays."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import trainees
from encounter.plays import script_of, small
from scenario.small import SMALL
from servicesim.assessment.assess import assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.exports.insight import Insight, ReplySeen, insight
from servicesim.exports.measures import Estimate
from servicesim.exports.played import Decision, Played, Sat, decisions
from servicesim.records import Attempt, open_records
from servicesim.records.results import result_of


def sat(learner: str, *moves: str, script: Script | None = None, untimed: bool = False) -> Sat:
    script = script or small()
    encounter = rehearse(Encounter(script, untimed=untimed), moves)
    judged = assess(script, encounter.events)
    scores = {name: None if one.score is None else float(one.score) for name, one in judged.principles.items()}
    return Sat(learner, 0, script, tuple(encounter.events), float(judged.conduct), scores)


def told(estimate: Estimate | None) -> tuple[int, float] | None:
    return None if estimate is None else (estimate.n, round(estimate.value, 3))


def reply(seen: Insight, scene: str, name: str) -> ReplySeen:
    return next(one for part in seen.scenes if part.scene == scene for one in part.replies if one.reply == name)


# --- a few, by hand --------------------------------------------------------------------------------------------------


def test_each_reply_is_counted_of_those_who_were_offered_it() -> None:
    sats = [sat(f"w{number}", "welcome", "look") for number in range(6)] + [sat(f"s{number}", "sorry", "look") for number in range(2)]
    seen = insight(small(), sats)
    assert (seen.attempts, seen.people) == (8, 8)
    assert [(one.reply, one.offered, one.chosen, told(one.share)) for scene in seen.scenes for one in scene.replies] == [
        ("welcome", 8, 6, (8, 0.75)),
        ("sorry", 8, 2, (8, 0.25)),
        ("look", 8, 8, (8, 1.0)),
        ("shrug", 0, None, None),  # offered to nobody: its condition never held
    ]
    assert told(reply(seen, "opening", "welcome").conduct) == (6, round(sats[0].conduct, 3))


def test_of_fewer_than_five_people_nothing_is_shown_however_often_they_played() -> None:
    seen = insight(small(), [sat(f"p{number % 4}", "welcome", "look") for number in range(40)])
    assert (seen.attempts, seen.people, seen.conduct) == (40, 4, None)
    assert {(one.chosen, one.share, one.seconds, one.conduct) for scene in seen.scenes for one in scene.replies} == {(None, None, None, None)}
    assert {scene.kept for scene in seen.scenes} == {None}
    assert {one.score for one in seen.principles} == {None}


def test_what_fewer_than_five_people_gave_is_not_described() -> None:
    sats = [sat(f"w{number}", "welcome", "look") for number in range(9)] + [sat(f"s{number}", "sorry", "look") for number in range(4)]
    few = reply(insight(small(), sats), "opening", "sorry")
    assert (few.chosen, few.seconds, few.conduct) == (4, None, None)


def test_the_time_to_decide_is_from_the_end_of_the_speech_and_untimed_play_is_left_out() -> None:
    sats = [slow(f"p{number}", seconds=number + 1) for number in range(5)]
    sats += [sat(f"u{number}", "welcome", "look", untimed=True) for number in range(9)]
    seen = insight(small(), sats)
    assert reply(seen, "opening", "welcome").seconds == 3.0
    assert reply(seen, "opening", "welcome").chosen == 14


def slow(learner: str, *, seconds: float) -> Sat:
    """Somebody who takes so many seconds for the first reply."""
    encounter = Encounter(small())
    encounter.advance(8.0)
    ended = encounter.at
    encounter.reply("welcome", ended + seconds)
    rehearse(encounter, ["look"])
    return replace(sat(learner, "welcome", "look"), events=tuple(encounter.events))


ROUND = SMALL.replace("        end: settled\n", "        go: story\n", 1).replace("        if: found or anger > 3\n", "")


def test_each_attempt_counts_once_for_a_reply_the_first_time_that_it_was_offered() -> None:
    script = script_of(ROUND)
    sats = [sat(f"p{number}", "welcome", "look", "look", "shrug", script=script) for number in range(5)]
    seen = insight(script, sats)
    assert (reply(seen, "story", "look").offered, reply(seen, "story", "look").chosen) == (5, 5)
    assert (reply(seen, "story", "shrug").offered, reply(seen, "story", "shrug").chosen) == (5, 0)


def test_decisions_say_what_was_offered_and_how_long_it_took() -> None:
    one = sat("p", "welcome", "look")
    assert [replace(decision, offered=tuple(sorted(decision.offered))) for decision in decisions(small(), one.events)] == [
        Decision("opening", "welcome", ("sorry", "welcome"), pytest.approx(2.0)),
        Decision("story", "look", ("look",), pytest.approx(2.0)),
    ]


# --- many, in another way --------------------------------------------------------------------------------------------


@cache
def many() -> tuple[Sat, ...]:
    """The plays of trainees that ended, practice too, each as if somebody else had played it."""
    script = trainees.shipped()
    ended = [one for one in trainees.plays(script, attempts=250) if one.result is not None]
    return tuple(kept_as(one.attempt.id, script, one) for one in ended)


@cache
def seen_of_many() -> Insight:
    return insight(trainees.shipped(), many())


def kept_as(learner: str, script: Script, one: trainees.Played) -> Sat:
    judged = assess(script, one.events)
    scores = {name: None if score.score is None else float(score.score) for name, score in judged.principles.items()}
    return Sat(learner, one.attempt.started, script, one.events, float(judged.conduct), scores)


def rest(one: Sat, without: set[str]) -> float | None:
    taught = one.script.principles.principles
    pairs = [(taught[name].weight, score) for name, score in one.scores.items() if score is not None and name not in without]
    return 100 * sum(weight * score for weight, score in pairs) / sum(weight for weight, _ in pairs) if pairs else None


def test_discrimination_is_the_correlation_with_conduct_where_the_scene_has_no_say() -> None:
    # The principles that a reply of the opening bears on, by their rules in principles.yaml.
    touched = {
        "greet-warmly", "invite-the-story", "call-it-the-matter", "hold-the-apology", "apologise-when-wrong",
        "ask-with-permission", "keep-asking-the-unsure", "win-trust-be-careful",
    }  # fmt: skip
    given = [float(any(isinstance(event, ReplyChosen) and event.reply == "welcome" for event in one.events)) for one in many()]
    elsewhere = [rest(one, touched) for one in many()]
    seen = reply(seen_of_many(), "opening", "welcome").discrimination
    assert seen is not None
    assert seen.value == pytest.approx(statistics.correlation(given, elsewhere))  # type: ignore[arg-type]
    assert 0.1 < seen.low < seen.value < seen.high


def test_a_principle_goes_with_the_rest_as_without_itself() -> None:
    pairs = [(one.scores["greet-warmly"], rest(one, {"greet-warmly"})) for one in many() if one.scores["greet-warmly"] is not None]
    seen = next(one for one in seen_of_many().principles if one.principle == "greet-warmly")
    assert seen.with_rest is not None
    assert seen.with_rest.value == pytest.approx(statistics.correlation(*zip(*pairs, strict=True)))  # type: ignore[arg-type]


def test_reliability_is_alpha_between_the_scenes_that_half_of_them_came_to() -> None:
    rows = [kept_by_scene(one, "listen-actively") for one in many()]
    seen = next(one for one in seen_of_many().principles if one.principle == "listen-actively")
    met = {scene: sum(scene in row for row in rows) for row in rows for scene in row}
    assert seen.scenes == tuple(sorted(scene for scene, times in met.items() if times >= sum(map(bool, rows)) / 2))
    whole = [[row[scene] for scene in seen.scenes] for row in rows if row.keys() >= set(seen.scenes)]
    items = sum(statistics.variance(column) for column in zip(*whole, strict=True))
    k, totals = len(seen.scenes), statistics.variance(map(sum, whole))
    assert seen.alpha is not None
    assert seen.alpha.n == len(whole) >= 100
    assert seen.alpha.value == pytest.approx(k / (k - 1) * (1 - items / totals))


def kept_by_scene(one: Sat, principle: str) -> dict[str, float]:
    kept = defaultdict(list)
    for evidence in assess(one.script, one.events).principles[principle].evidence:
        if evidence.scene is not None:
            kept[evidence.scene].append(evidence.verdict == "kept")
    return {scene: statistics.fmean(verdicts) for scene, verdicts in kept.items()}


def test_the_encounters_own_principles_have_a_reliability_together() -> None:
    seen = seen_of_many()
    scores = [[one.scores[name] for name in seen.about] for one in many()]
    whole = [row for row in scores if None not in row]
    items = sum(statistics.variance(column) for column in zip(*whole, strict=True))  # type: ignore[type-var]
    assert seen.alpha is not None
    assert seen.alpha.value == pytest.approx(11 / 10 * (1 - items / statistics.variance(map(sum, whole))))  # type: ignore[arg-type]


# --- from the records ------------------------------------------------------------------------------------------------


def keep(folder: Path, script: Script, number: int, *, learner: str, practice: bool = False, spoilt: bool = False, scores: str = "") -> None:
    encounter = rehearse(Encounter(script), ["welcome", "look"])
    lines = to_lines(encounter.events)
    with open_records(folder) as records:
        records.keep_text("scenario", script.text)
        records.keep_text("principles", script.principles_text)
        attempt = Attempt(
            f"attempt-{number}", learner, "lost-umbrella", script.fingerprint, script.principles_fingerprint,
            1, 0, False, practice, "en", number,
        )  # fmt: skip
        records.begin(attempt, lines[:2] if spoilt else lines)
        result = result_of(script, encounter.events, ended=9)
        records.append(attempt.id, 2 if spoilt else len(lines), lines[3:] if spoilt else [], replace(result, principles=scores or result.principles))


def test_only_first_attempts_at_this_version_count_unless_told_otherwise(tmp_path: Path) -> None:
    older = script_of(SMALL.replace("It was red.", "It was blue."))
    keep(tmp_path, small(), 1, learner="a", practice=True)
    keep(tmp_path, older, 2, learner="a")
    for number, learner in enumerate("abab", 3):
        keep(tmp_path, small(), number, learner=learner)
    keep(tmp_path, small(), 7, learner="c", spoilt=True)
    for number, scores in enumerate(("{", "[]", '{"a": 1}', '{"a": {}}'), 8):
        keep(tmp_path, small(), number, learner="d", scores=scores)
    assert counted(tmp_path) == ("ab", 1, 2, 5)
    assert counted(tmp_path, every_attempt=True) == ("abab", 1, 0, 5)
    assert counted(tmp_path, all_versions=True) == ("ab", 0, 3, 5)
    assert counted(tmp_path, every_attempt=True, all_versions=True) == ("aabab", 0, 0, 5)


def counted(folder: Path, *, every_attempt: bool = False, all_versions: bool = False) -> tuple[str, int, int, int]:
    with open_records(folder, read_only=True) as records:
        played = Played(records, small(), every_attempt=every_attempt, all_versions=all_versions)
        return "".join(one.learner for one in played), played.other_versions, played.again, played.broken


def test_what_a_review_has_set_aside_does_not_count_and_the_next_one_does(tmp_path: Path) -> None:
    for number in (1, 2):
        keep(tmp_path, small(), number, learner="a")
    with open_records(tmp_path) as records:
        records.review("attempt-1", at=9, by="Hr", note="somebody else sat there", verdict="set-aside")
        played = Played(records, small())
        assert [one.started for one in played] == [2]
        assert (played.set_aside, played.again) == (1, 0)


def test_other_versions_are_read_by_their_own_text_and_told_by_the_present_one(tmp_path: Path) -> None:
    older = script_of(SMALL.replace("id: look", "id: search"))
    encounter = rehearse(Encounter(older), ["welcome", "search"])
    assert encounter.ended
    sats = [replace(sat(f"p{number}", "welcome", "look"), script=older, events=tuple(encounter.events)) for number in range(5)]
    seen = insight(small(), sats)
    assert reply(seen, "opening", "welcome").chosen == 5
    assert reply(seen, "story", "look").offered == 0
