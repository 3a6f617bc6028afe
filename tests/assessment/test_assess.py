"""What a score means, on small encounters with principles of their own."""

from __future__ import annotations

from fractions import Fraction

import pytest

from encounter.plays import every_script, play_at_random, small
from servicesim.assessment.assess import Assessment, assess, standing
from servicesim.assessment.told import as_json, number
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario.loading import load_principles_text, load_text

ENCOUNTER = """\
servicesim: 1
id: desk
title: Desk
summary: A desk.
channel: {channel}
locale: en
company: Nova Stores
learn: {learn}
customer: {{name: Leyla Karimova, type: hostile, expects: 60, received: 40, anger: 0}}
start: one
scenes:
  one:
    customer: Hello. | Are you there?
    replies:
      - {{id: hi, say: Hi., acts: [greet], feel: {{received: 35}}, go: two}}
      - {{id: rude, say: What., acts: [insult, scold], go: two}}
      - {{id: half, say: So., acts: [], marks: {{be-clear: 0.25}}, go: two}}
      - {{id: off, say: Bye., acts: [], end: over}}
  two:
    golden: true
    customer: {{say: And now?, acts: [asks]}}
    replies:
      - {{id: answer, say: This., acts: [inform, thank], end: done}}
      - {{id: shrug, say: Hm., acts: [], end: done}}
      - {{id: sulk, say: Tss., acts: [thank], end: over}}
endings:
  done: {{title: Done}}
  over: {{title: Over, failed: true}}
"""

PRINCIPLES = """\
servicesim: 1
acts:
  greet: {title: Greets}
  insult: {title: Insults}
  scold: {title: Scolds}
  inform: {title: Informs}
  thank: {title: Thanks}
  asks: {title: Asks, by: customer}
principles:
  greet: {title: Greet, says: S, why: W, source: [B2], weight: 2, rules: [first: greet]}
  answer: {title: Answer, says: S, why: W, source: [C22], weight: 3, rules: [response: {after: asks, then: inform}]}
  thank: {title: Thank, says: S, why: W, source: [B7], rules: [existence: thank, last: thank]}
  never-insult: {title: Never insult, says: S, why: W, source: [C5], critical: true, rules: [absence: insult]}
  listen: {title: Listen, says: S, why: W, source: [C34], enough: 0.5, rules: [response: {after: station, then: station-word, within: 2}]}
  be-clear: {title: Be clear, says: S, why: W, source: [E8]}
  seize: {title: Seize, says: S, why: W, source: [A6], elective: true, rules: [response: {after: golden-moment, then: inform}]}
  fan-only: {title: Keep, says: S, why: W, source: [C55], when: {type: [fan]}, rules: [existence: thank]}
"""


def script(*, learn: str = "[]", channel: str = "phone") -> Script:
    principles, findings = load_principles_text(PRINCIPLES)
    assert principles is not None, findings
    scenario, findings = load_text(ENCOUNTER.format(learn=learn, channel=channel), principles=principles)
    assert scenario is not None, findings
    return Script(scenario, principles)


def judged(*moves: str, learn: str = "[]", channel: str = "phone") -> Assessment:
    ready = script(learn=learn, channel=channel)
    return assess(ready, rehearse(Encounter(ready), moves).events)


def scores(assessment: Assessment) -> dict[str, Fraction | None]:
    return {name: score.score for name, score in assessment.principles.items()}


def test_conduct_is_the_weighted_mean_of_what_was_exercised() -> None:
    assessment = judged("hi", "answer")
    assert scores(assessment) == {
        "greet": 1,
        "answer": 1,
        "thank": 1,
        "never-insult": 1,
        "listen": 0,
        "be-clear": None,
    }
    assert assessment.conduct == Fraction(100 * (2 + 3 + 1 + 1), 8)
    assert (assessment.passed, assessment.outcome, assessment.ending) == (True, "delighted", "done")


def test_rules_of_one_principle_are_summed() -> None:
    thank = judged("hi", "sulk").principles["thank"]
    assert (thank.kept, thank.broken) == (2, 0)
    shrugged = judged("hi", "shrug").principles["thank"]
    assert (shrugged.kept, shrugged.broken) == (0, 2)


def test_enough_is_enough() -> None:
    assert judged("go-on", "hi", "answer").principles["listen"].score == 1


def test_half_of_enough_is_half() -> None:
    principles, _ = load_principles_text(PRINCIPLES.replace("enough: 0.5", "enough: 0.8"))
    scenario, _ = load_text(ENCOUNTER.format(learn="[]", channel="phone").replace("Hello. | Are", "Hello. | Well. | Are"), principles=principles)
    assert principles is not None
    assert scenario is not None
    ready = Script(scenario, principles)
    listen = assess(ready, rehearse(Encounter(ready), ["go-on", "hi", "answer"]).events).principles["listen"]
    assert listen.score == Fraction(1, 2) / Fraction(4, 5)


def test_one_broken_critical_principle_caps_conduct() -> None:
    assessment = judged("go-on", "rude", "answer")
    assert assessment.capped_by == ("never-insult",)
    assert assessment.conduct <= 49
    assert not assessment.passed


def test_a_failed_ending_is_never_a_pass() -> None:
    principles, _ = load_principles_text(PRINCIPLES.replace("weight: 3", "weight: 1"))
    scenario, _ = load_text(ENCOUNTER.format(learn="[]", channel="phone"), principles=principles)
    assert principles is not None
    assert scenario is not None
    ready = Script(scenario, principles)
    assessment = assess(ready, rehearse(Encounter(ready), ["go-on", "hi", "sulk"]).events)
    assert assessment.conduct >= 75
    assert not assessment.passed


def test_a_trainers_mark_is_one_opportunity() -> None:
    clear = judged("half", "answer").principles["be-clear"]
    assert (clear.kept, clear.broken, clear.score) == (Fraction(1, 4), Fraction(3, 4), Fraction(1, 4))
    assert clear.evidence[0].because == "The trainer rates this reply 0.25 of 1."


def test_what_the_encounter_is_about_is_owed_on_the_short_way_too() -> None:
    assert judged("off").principles["answer"].score is None
    owed = judged("off", learn="[answer]").principles["answer"]
    assert (owed.score, owed.owed, owed.evidence[0].verdict) == (0, True, "broken")


def owed_and_judged(rule: str, text: str, *moves: str, untimed: bool = False) -> Fraction | None:
    """The score of a principle `one` with this rule, in an encounter that is about it."""
    principles, findings = load_principles_text(f"{PRINCIPLES}  one: {{title: O, says: S., why: W., source: [B2], rules: [{rule}]}}\n")
    assert principles is not None, findings
    scenario, findings = load_text(text.format(learn="[one]", channel="phone"), principles=principles)
    assert scenario is not None, findings
    ready = Script(scenario, principles)
    return assess(ready, rehearse(Encounter(ready, untimed=untimed), moves).events).principles["one"].score


@pytest.mark.parametrize(
    ("rule", "untimed"),
    [
        ("{response: {after: station, then: station-word}}", False),  # nobody pauses in it
        ("{existence: thank, from: scold}", False),  # scold is on offer, and never comes: no scope
        ("{response: {after: silence, then: inform}}", False),  # only a slip would call for it
        ("{existence: silence}", True),  # without clocks there is no silence
    ],
)
def test_nothing_is_owed_that_cannot_be_given(rule: str, untimed: bool) -> None:
    silent = ENCOUNTER.replace("Hello. | Are", "Hello. Are").replace("[insult, scold]", "[insult]")
    assert owed_and_judged(rule, silent, "hi", "answer", untimed=untimed) is None


def test_what_the_start_does_not_offer_is_not_missed_in_the_first_reply() -> None:
    assert owed_and_judged("{first: thank}", ENCOUNTER, "hi", "answer") is None


def test_a_limit_is_kept_to_the_millisecond() -> None:
    for length in range(3, 60):
        text = ENCOUNTER.replace("And now?", "x" * length)
        assert owed_and_judged("{response: {after: asks, then: inform, within: 2}}", text, "hi", "answer") == 1


def test_what_only_forbids_is_never_owed() -> None:
    principles, _ = load_principles_text(PRINCIPLES.replace("rules: [absence: insult]", "rules: [absence: asks]"))
    scenario, _ = load_text(ENCOUNTER.format(learn="[never-insult]", channel="phone"), principles=principles)
    assert principles is not None
    assert scenario is not None
    ready = Script(scenario, principles)
    assert assess(ready, rehearse(Encounter(ready), ["off"]).events).principles["never-insult"].score is None


def test_an_elective_counts_only_where_it_is_learnt() -> None:
    assert "seize" not in judged("hi", "answer").principles
    assert judged("hi", "answer", learn="[seize]").principles["seize"].score == 1


def test_a_principle_for_other_customers_does_not_count() -> None:
    assert "fan-only" not in judged("hi", "answer").principles


def test_nobody_earns_points_where_nothing_was_on_offer() -> None:
    # Nobody can insult in scene two, so whoever stayed in it had no chance not to.
    assert judged("hi", "answer").principles["never-insult"].kept == 1
    ready = script()
    assert assess(ready, rehearse(Encounter(ready), ["hi"]).events).principles["thank"].broken == 2


def test_moves_that_end_early_break_what_is_pending() -> None:
    assessment = judged("hi")
    assert (assessment.ending, assessment.passed) == (None, False)
    assert assessment.principles["answer"].score is None  # the question was not asked yet
    ready = script()
    encounter = rehearse(Encounter(ready), ["hi"])
    encounter.advance(20.0)
    assert assess(ready, encounter.events).principles["answer"].score == 0


@pytest.mark.parametrize(
    ("received", "expects", "passes", "outcome"),
    [
        (40, 51, True, "dissatisfied"),
        (40, 50, True, "satisfied"),
        (54, 40, True, "satisfied"),
        (55, 40, True, "delighted"),
        (55, 40, False, "satisfied"),
    ],
)
def test_the_customers_outcome_stands_apart_from_conduct(received: int, expects: int, passes: bool, outcome: str) -> None:
    principles, _ = load_principles_text(PRINCIPLES)
    text = ENCOUNTER.format(learn="[]", channel="phone").replace("feel: {received: 35}, ", "")
    text = text.replace("expects: 60, received: 40", f"expects: {expects}, received: {received}")
    scenario, _ = load_text(text, principles=principles)
    assert principles is not None
    assert scenario is not None
    ready = Script(scenario, principles)
    moves = ["go-on", "hi", "answer"] if passes else ["hi", "shrug"]
    assert assess(ready, rehearse(Encounter(ready), moves).events).outcome == outcome


def test_every_verdict_names_its_moment_and_its_reason() -> None:
    assessment = judged("rude", "answer")
    (insult,) = assessment.principles["never-insult"].evidence
    assert (insult.scene, insult.reply, insult.verdict, insult.because) == ("one", "rude", "broken", "This happened: “Insults”.")
    (answer,) = assessment.principles["answer"].evidence
    assert (answer.reply, answer.because) == ("answer", "After “Asks”, done: “Informs”.")
    (greet,) = assessment.principles["greet"].evidence
    assert (greet.reply, greet.because) == ("rude", "Missing in the first reply: “Greets”.")


def test_standing_tells_broken_open_kept_and_not_yet() -> None:
    ready = script()
    encounter = Encounter(ready)
    assert standing(ready, encounter.events)["answer"] == "not-yet"
    assert standing(ready, encounter.events)["greet"] == "open"
    rehearse(encounter, ["rude"])
    encounter.advance(encounter.at + 5)
    now = standing(ready, encounter.events)
    assert (now["greet"], now["never-insult"], now["answer"], now["listen"]) == ("broken", "broken", "open", "broken")
    rehearse(encounter, ["answer"])
    assert standing(ready, encounter.events)["answer"] == "kept"


def test_numbers_for_people_are_rounded_down() -> None:
    assert number(Fraction(7499999, 100000)) == 74.99
    assert number(Fraction(100)) == 100
    assert isinstance(number(Fraction(100)), int)


def test_an_email_without_stations_has_no_listening_to_judge() -> None:
    assert judged("hi", "answer", channel="email").principles["listen"].score is None


def test_the_assessment_as_json_has_the_fields_of_the_contract() -> None:
    encounter = rehearse(Encounter(small()), ["sorry"])
    told = as_json(small(), encounter.events, assess(small(), encounter.events))
    assert list(told) == ["scenario", "fingerprint", "ending", "conduct", "passed", "customer", "principles", "transcript"]
    assert set(told["customer"]) == {"expects", "received", "trust", "anger", "outcome"}
    hold = told["principles"]["hold-the-apology"]
    assert set(hold) == {"score", "kept", "broken", "evidence"}
    assert set(hold["evidence"][0]) == {"at", "scene", "reply", "verdict", "because"}
    assert told["transcript"][0]["event"] == "began"


def test_standing_and_assessment_agree_when_an_encounter_is_over() -> None:
    for ready in every_script():
        for seed in range(15):
            events = play_at_random(ready, seed).events
            assessment, now = assess(ready, events), standing(ready, events)
            for name, score in assessment.principles.items():
                if now[name] == "broken":
                    assert score.broken > 0
