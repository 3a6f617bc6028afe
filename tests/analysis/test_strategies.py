"""Naive players: what each of them comes to, and what gives the best replies away."""

from __future__ import annotations

import inspect
from fractions import Fraction

import pytest

from servicesim.analysis.strategies import choices, cues, played_by, strategies
from servicesim.assessment.assess import assess
from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario.loading import load_principles_text, load_text

PRINCIPLES = """\
servicesim: 1
acts:
  apologise: {title: Apologises}
  help: {title: Helps}
principles:
  listen: {title: Listen, says: S, why: W, source: [C34], rules: [response: {after: station, then: [station-word, agree, deny]}]}
  hold-back: {title: Hold back, says: S, why: W, source: [C37], rules: [absence: [interrupt, agree, deny, silence]]}
  fit: {title: Fit, says: S, why: W, source: [C22], weight: 8, rules: [existence: help]}
"""

HEAD = """\
servicesim: 1
id: desk
title: Desk
summary: A desk.
channel: phone
locale: en
company: Nova Stores
learn: [fit]
customer: {name: Leyla Karimova, type: hostile, expects: 60, received: 40, anger: 0}
start: one
endings:
  done: {title: Done}
  over: {title: Over, failed: true}
scenes:
"""


def script(scenes: str, **head: str) -> Script:
    """The script of some scenes, with another head line here and there."""
    text = HEAD
    for field, value in head.items():
        (line,) = [line for line in HEAD.splitlines() if line.startswith(f"{field}:")]
        text = text.replace(line, f"{field}: {value}")
    principles, found = load_principles_text(PRINCIPLES)
    assert principles is not None, found
    scenario, found = load_text(text + scenes, principles=principles)
    assert scenario is not None, found
    return Script(scenario, principles)


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Script:
    """The script of the scenes that stand in a test's docstring."""
    return script("  " + inspect.getdoc(request.function).replace("\n", "\n  "))  # type: ignore[union-attr]


def told(script: Script, name: str) -> tuple[int, bool, str]:
    """What a strategy comes to: conduct, whether it passes, and how it replies."""
    played = strategies(script)[name]
    return int(played.conduct), played.passed, " ".join(move for move in played.path if move != "go-on")


def test_who_says_most_passes_where_the_long_reply_helps(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: long, say: I am here and I will look it up for you., acts: [help], end: done}
        - {id: short, say: No., acts: [], end: over}
    """
    assert told(written, "longest") == (100, True, "long")
    assert told(written, "shortest") == (20, False, "short")


def test_who_says_least_passes_where_the_short_reply_helps(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: long, say: As I said to the lady before you it is not up to me., acts: [], end: over}
        - {id: short, say: Here it is., acts: [help], end: done}
    """
    assert told(written, "shortest") == (100, True, "short")
    assert told(written, "longest") == (20, False, "long")


def test_the_politest_words_are_counted_and_not_the_longest_text(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: once, say: Please tell me everything that has happened since you ordered., acts: [], end: over}
        - {id: thrice, say: "Of course, please, thanks.", acts: [help], end: done}
    """
    assert told(written, "most-polite") == (100, True, "thrice")


def test_polite_words_alone_do_not_pass_where_they_do_not_help(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: kind, say: "Thank you, please hold the line.", acts: [], end: over}
        - {id: plain, say: Here it is., acts: [help], end: done}
    """
    assert told(written, "most-polite") == (20, False, "kind")


def test_an_apology_is_taken_wherever_it_is_offered(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: kind, say: "Thank you, please, of course.", acts: [], end: over}
        - {id: sorry, say: It was our fault., acts: [apologise], go: two}
    two:
      customer: And now?
      replies:
        - {id: kindly, say: "Please, here it is.", acts: [help], end: done}
        - {id: plain, say: That is all., acts: [], end: over}
    """
    assert told(written, "apologise-first") == (100, True, "sorry kindly")
    assert told(written, "most-polite") == (20, False, "kind")


def test_an_apology_alone_does_not_pass(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: sorry, say: It was our fault., acts: [apologise], end: done}
        - {id: plain, say: Here it is., acts: [help], end: done}
    """
    assert told(written, "apologise-first") == (20, False, "sorry")


# --- listening and paths ---------------------------------------------------------------------------------------------

STATIONS = """\
  one:
    customer: Hello. | Are you there? | Say something.
    replies:
      - {id: long, say: I am here., acts: [help], go: two}
      - {id: off, say: No., acts: [], end: over}
  two:
    customer: And now?
    replies:
      - {id: much, say: This is for you., acts: [], end: done}
      - {id: little, say: This., acts: [], end: over}
"""


def test_they_listen_at_every_station_and_do_nothing_else() -> None:
    assert strategies(script(STATIONS))["longest"].path == ("go-on", "go-on", "long", "much")


@pytest.mark.parametrize("channel", ["chat", "email"])
def test_where_there_are_no_stations_they_only_reply(channel: str) -> None:
    assert strategies(script(STATIONS, channel=channel))["longest"].path == ("long", "much")


def test_the_path_can_be_played_and_comes_to_the_same() -> None:
    for ready in (script(STATIONS), chosen.script("late-parcel")):
        for name, played in strategies(ready).items():
            judged = assess(ready, rehearse(Encounter(ready), played.path).events)
            assert (name, judged.conduct, judged.passed) == (name, played.conduct, played.passed)


def test_what_listening_opens_is_offered_to_them() -> None:
    ready = script(STATIONS.replace("say: I am here., acts", "say: I am here., if: trust > 0, acts"))
    assert strategies(ready)["longest"].path == ("go-on", "go-on", "long", "much")


def test_a_way_that_cannot_go_on_for_ever_ends(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: again, say: Please say that once more., acts: [], go: one}
        - {id: help, say: Here it is., acts: [help], end: done}
    """
    assert told(written, "longest") == (100, True, "again again again help")


# --- ties ------------------------------------------------------------------------------------------------------------


def test_where_replies_tie_every_way_is_followed(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: abc, say: abc, acts: [], go: two}
        - {id: abd, say: abd, acts: [help], go: two}
    two:
      customer: And now?
      replies:
        - {id: xyz, say: xyz, acts: [], end: over}
        - {id: xyy, say: xyy, acts: [], end: done}
        - {id: less, say: x, acts: [help], end: done}
    """
    assert told(written, "longest") == (100, True, "abd xyy")


def test_a_play_that_passes_is_told_before_a_better_one_that_does_not(written: Script) -> None:
    """
    one:
      customer: Hello. | Are you there?
      replies:
        - {id: abc, say: abc, acts: [], marks: {listen: 0}, go: two}
        - {id: abd, say: abd, acts: [help], end: over}
    two:
      customer: And now?
      replies:
        - {id: help, say: help, acts: [help], end: done}
    """
    assert told(written, "longest") == (95, True, "abc help")


def many(scenes: int, *, helps: int) -> Script:
    """Scenes in a row, in each of which three replies tie; only one of them, in the scene of that number, helps."""
    told = []
    for number in range(1, scenes + 1):
        then = f"go: scene-{number + 1}" if number < scenes else "end: done"
        told.append(f"  scene-{number}:\n    customer: Well? | Well?\n    replies:\n")
        for reply in ("abc", "abd", "abe"):
            acts = "[help]" if number == helps and reply == "abe" else "[]"
            told.append(f"      - {{id: {reply}, say: {reply}, acts: {acts}, {then}}}\n")
    return script("".join(told), start="scene-1")


def longest(script: Script) -> Fraction:
    """The conduct that always giving the longest reply comes to."""
    return played_by(script, choices(script)["longest"]).conduct


@pytest.mark.parametrize("helps", [1, 2, 3, 4, 5])
def test_any_choice_is_made_otherwise_however_long_ago_it_was(helps: int) -> None:
    assert longest(many(5, helps=helps)) == 100


def test_of_too_many_ways_the_best_that_was_seen_is_told() -> None:
    assert longest(many(200, helps=200)) == 100
    assert longest(many(200, helps=1)) == 20


def test_what_was_found_better_is_kept_while_another_choice_is_made_otherwise() -> None:
    """Of 30 choices each right one is worth a little: nobody could follow all 3 to the power of 30 ways."""
    told = []
    for number in range(1, 31):
        then = f"go: scene-{number + 1}" if number < 30 else "end: done"
        told.append(f"  scene-{number}:\n    customer: Well?\n    replies:\n")
        for reply, mark in (("abc", 0), ("abd", 0.5), ("abe", 1)):
            told.append(f"      - {{id: {reply}, say: {reply}, acts: [help], marks: {{listen: {mark}}}, {then}}}\n")
    ready = script("".join(told), start="scene-1")
    assert longest(ready) == 100


def test_a_choice_of_ones_own_can_be_played() -> None:
    played = played_by(script(STATIONS), lambda offered: [option for option in offered if option.reply.id == "off"] or offered)
    assert played.path == ("go-on", "go-on", "off")
    assert played.conduct == Fraction(20)


# --- languages and content -------------------------------------------------------------------------------------------


def test_a_language_without_polite_words_has_no_politest_player() -> None:
    assert set(choices(script(STATIONS, locale="eo"))) == {"longest", "shortest", "apologise-first"}
    assert set(choices(script(STATIONS, locale="tr-TR"))) == {"longest", "shortest", "most-polite", "apologise-first"}


def test_who_apologises_first_talks_much_where_politeness_cannot_be_told() -> None:
    assert strategies(script(STATIONS, locale="eo"))["apologise-first"].path == ("go-on", "go-on", "long", "much")


def test_no_naive_player_passes_late_parcel() -> None:
    assert {name: played.passed for name, played in strategies(chosen.script("late-parcel")).items()} == {
        "longest": False,
        "shortest": False,
        "most-polite": False,
        "apologise-first": False,
    }


# --- cues ------------------------------------------------------------------------------------------------------------


def four(best: str, other: str | None, third: str | None = None, *, offered: str = "anger >= 0", **head: str) -> Script:
    """Four scenes in a row, with the same replies in each, of which the third is offered under a condition."""
    told = []
    for number in range(1, 5):
        then = f"go: scene-{number + 1}" if number < 4 else "end: done"
        told.append(f"  scene-{number}:\n    customer: Well? | Well?\n    replies:\n")
        for reply, say in (("best", best), ("other", other), ("third", third)):
            if say is not None:
                condition = f"if: {offered}, " if reply == "third" else ""
                told.append(f"      - {{id: {reply}, say: '{say}', acts: [], {condition}{then}}}\n")
    return script("".join(told), start="scene-1", **head)


BEST = [("scene-1", "best"), ("scene-2", "best"), ("scene-3", "best"), ("scene-4", "best")]


@pytest.mark.parametrize(
    ("best", "other", "cue"),
    [
        ("I will look.", "No.", ["longest"]),
        ("No.", "I will look.", ["shortest"]),
        ("I will do it", "Calm down, do", ["shortest", "only-without-harsh-word"]),
        ("I am listening", "Calm down now.", ["only-without-harsh-word"]),
        ("You idiot and.", "Calm down now.", []),
        ("I am listening", "I am not here.", []),
    ],
)
def test_what_gives_the_best_reply_away_is_found(best: str, other: str, cue: list[str]) -> None:
    found = cues(four(best, other), BEST)
    assert [one.by for one in found] == cue
    assert all(one.decisions == tuple(BEST) for one in found)


def test_one_decision_at_which_it_is_otherwise_is_enough() -> None:
    assert [one.by for one in cues(four("I will look.", "No."), BEST)] == ["longest"]
    assert cues(four("I will look.", "No."), [*BEST[:3], ("scene-4", "other")]) == []


def test_it_is_the_longest_only_if_no_other_is_as_long() -> None:
    assert cues(four("I will look.", "No.", "I can look.."), BEST) == []
    assert [one.by for one in cues(four("I will look.", "No.", "I can look."), BEST)] == ["longest"]


def test_three_decisions_teach_nobody_a_cue() -> None:
    assert cues(four("I will look.", "No."), BEST[:3]) == []


def test_where_one_reply_is_offered_there_is_nothing_to_choose() -> None:
    hidden = four("I will look.", None, "No, or later.", offered="anger > 4")
    assert cues(hidden, BEST) == []


def test_only_what_is_offered_is_compared() -> None:
    hidden = four("I will look.", "No.", "I will look into it for you.", offered="anger > 4")
    assert [one.by for one in cues(hidden, BEST)] == ["longest"]


def test_where_listening_does_not_lead_along_the_way_all_that_is_written_counts_as_offered() -> None:
    hidden = four("I will look.", "No.", "I will look into it for you.", offered="anger > 4")
    assert [one.by for one in cues(hidden, [(scene, "third") for scene, _ in BEST])] == ["longest"]
    assert cues(hidden, [("scene-1", "third"), *BEST[1:]]) == []


def test_a_language_without_harsh_words_still_has_long_and_short_replies() -> None:
    assert [one.by for one in cues(four("I will look", "Calm down.", locale="eo"), BEST)] == ["longest"]
