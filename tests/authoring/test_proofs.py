"""What is found by looking at all plays of an encounter: each where it stands, and not in its mended neighbour.

The catalogue's examples show every code once; here is what they leave out: why it is so, and what follows from what.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from analysis.random_scenarios import case
from servicesim import shipped
from servicesim.assessment.assess import CRITICAL_CAP
from servicesim.authoring.bench import Proven, proven_findings
from servicesim.authoring.proved import Shelf
from servicesim.authoring.starting import begun
from servicesim.authoring.unreached import Part, roots
from servicesim.scenario import source
from servicesim.scenario.loading import examined_source, load_principles_text, load_text, shipped_principles
from servicesim.scenario.model import CHANNELS
from servicesim.scenario.principles import Principles

UMBRELLA = """\
servicesim: 1
id: umbrella
title: The umbrella
summary: Somebody left an umbrella.
channel: email
locale: en
company: Nova Stores
learn: [greet-warmly]
customer: {name: Tomas Lind, type: fan, expects: 50, received: 50}
start: opening
scenes:
  opening:
    customer: I left my umbrella.
    replies:
      - {id: welcome, say: Good morning. Was it red?, acts: [greet], go: colour}
      - {id: regret, say: "Oh dear, I am so sorry, please forgive us.", acts: [apologise], end: lost}
      - {id: gone, say: It is gone., acts: [bounce], end: lost}
  colour:
    customer: Yes, red.
    replies:
      - {id: place, say: And where was it?, acts: [ask-clarifying], go: till}
      - {id: blue, say: We have a blue one., acts: [inform], end: lost}
      - {id: doubt, say: Are you sure?, acts: [argue], end: lost}
  till:
    customer: By the till.
    replies:
      - {id: here, say: Here it is., acts: [inform], end: found}
      - {id: closed, say: The till is closed., acts: [bounce], end: lost}
      - {id: tidy, say: Please be more careful., acts: [scold], end: lost}
endings:
  found: {title: Found}
  lost: {title: Lost, failed: true}
"""

ATTIC = """\
  attic:
    customer: Is it up here?
    replies:
      - {id: up, say: I go up., acts: [meet], end: found}
      - {id: stairs, say: Mind the stairs., acts: [scold], if: seen(attic), end: lost}
endings:
"""


def changed(*changes: tuple[str, str]) -> str:
    """The umbrella with some parts replaced."""
    text = UMBRELLA
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def proven(text: str, principles: Principles | None = None, *, seconds: float = 10.0) -> Proven:
    known = principles or shipped_principles()
    examined = examined_source(source.parse(text), known, shipped.scenarios())
    assert examined.scenario is not None, examined.findings
    return proven_findings(examined, known, seconds, Shelf([shipped.scenarios()]))


def found(*changes: tuple[str, str]) -> list[str]:
    """What is found in the umbrella with these changes: line and column, code and message, without the hint."""
    return [f"{one.line}:{one.column} {one.code} {one.message}" for one in proven(changed(*changes)).findings]


def codes(*changes: tuple[str, str]) -> list[str]:
    return [one.code for one in proven(changed(*changes)).findings]


# --- what no play comes to -------------------------------------------------------------------------------------------

TO_THE_ATTIC = ("scold], end: lost}", "scold], end: lost}\n      - {id: ask, say: Shall I look upstairs?, acts: [ask-need], if: said(lie), go: attic}")
INTO_THE_ATTIC = ("endings:\n", ATTIC)


def test_the_umbrella_is_right() -> None:
    assert found() == []


def test_of_a_reply_that_is_never_offered_and_the_scene_behind_it_only_the_reply_is_told() -> None:
    assert found(TO_THE_ATTIC, INTO_THE_ATTIC) == [
        "30:70 R002 no play offers 'ask': its condition never holds where it could be given, so nobody comes to 'attic'"
    ]
    mended = (TO_THE_ATTIC[0], TO_THE_ATTIC[1].replace("if: said(lie), ", ""))
    assert "R002" not in codes(mended, INTO_THE_ATTIC)


def test_a_line_that_waits_for_a_scene_nobody_comes_to_follows_from_it() -> None:
    lines = ("customer: By the till.", "customer: [{if: seen(attic), say: Not up there.}, {if: said(jargon), say: What?}, {say: By the till.}]")
    assert found(TO_THE_ATTIC, INTO_THE_ATTIC, lines) == [
        "30:70 R002 no play offers 'ask': its condition never holds where it could be given, so nobody comes to 'attic'",
        "25:55 R003 the customer never says this: its condition never holds here, or a line before it always applies",
    ]


def test_the_last_line_is_never_spoken_where_one_above_always_applies() -> None:
    lines = ("customer: By the till.", "customer: [{if: seen(colour), say: By the till.}, {say: Somewhere.}]")
    assert found(lines) == ["25:55 R003 the customer never says this: one of the lines before it always applies"]


def test_a_reply_that_waits_for_itself_is_told() -> None:
    """Nobody comes to the attic but by a reply that only who was there is offered."""
    waits = (TO_THE_ATTIC[0], TO_THE_ATTIC[1].replace("said(lie)", "seen(attic)"))
    assert codes(waits, INTO_THE_ATTIC) == ["R002"]


def test_of_what_follows_from_one_another_the_first_is_a_root() -> None:
    one, two, three, apart = (Part("scene", name) for name in ("one", "two", "three", "apart"))
    assert roots({one: [two], two: [one], three: [two], apart: []}) == [one, apart]
    assert roots({three: [two], two: [one], one: []}) == [one]


def test_what_the_text_alone_tells_is_not_told_twice() -> None:
    never = ("id: tidy, ", "id: tidy, if: anger > 5, ")
    always = ("id: tidy, ", "id: tidy, if: anger < 6, ")
    unnamed = ("  lost:", "  nowhere: {title: Nowhere}\n  lost:")
    assert [codes(one) for one in (never, always, unnamed)] == [["R014"], [], []]
    lines = ("customer: By the till.", "customer: [{if: anger < 6, say: By the till.}, {say: Somewhere.}]")
    assert codes(lines) == []


def test_an_ending_for_customers_who_leave_is_not_told_where_the_text_asks_for_it() -> None:
    """For all that the text says, anger may come to 5 in the till; but whoever was told off has left the shop before."""
    leaving = (("expects: 50, received: 50}", "expects: 50, received: 50, anger: 1}\nleaves: left"), ("  lost:", "  left: {title: Left, failed: true}\n  lost:"))
    assert found(*leaving) == ["33:3 R004 no play ends with 'left': after no reply does anger come to 5"]
    twice = ("acts: [ask-clarifying], go: till", "acts: [ask-clarifying, argue], if: said(lie), go: till")
    assert "R004 no play ends with 'left': after no reply does anger come to 5" not in " ".join(found(*leaving, twice))


def test_an_ending_behind_a_reply_after_which_the_customer_leaves_is_told() -> None:
    leaving = ("expects: 50, received: 50}", "expects: 50, received: 50, anger: 3}\nleaves: lost")
    ending = (("acts: [argue], end: lost", "acts: [argue], end: sulking"), ("  lost:", "  sulking: {title: Sulking, failed: true}\n  lost:"))
    assert found(leaving, *ending) == [
        "33:3 R004 no play ends with 'sulking': after 'doubt' in 'colour' anger is always 5, and the customer leaves"
    ]
    assert codes(("received: 50}", "received: 50, anger: 2}\nleaves: lost"), *ending) == []


def test_a_reply_that_leads_where_all_has_been_said_is_told() -> None:
    """The opening has to be gone through four times before the customer says which colour it was."""
    again = "".join(
        f"      - {{id: again-{n}, say: Pardon?, acts: [], if: calls == {n}, set: {{calls: {n + 1}}}, go: opening}}\n" for n in range(3)
    )
    back = "      - {id: back, say: Once more?, acts: [], go: opening}\n"
    assert found(
        ("start:", "facts: {calls: 0}\nstart:"),
        ("id: welcome, ", "id: welcome, if: calls == 3, "),
        ("      - {id: welcome", f"{again}      - {{id: welcome"),
        ("      - {id: place", f"{back}      - {{id: place"),
    )[0] == "25:51 R002 no play offers 'back': 'opening' has always spoken four times by then"


# --- conditions and effects ------------------------------------------------------------------------------------------


def test_a_condition_that_keeps_a_reply_back_in_some_play_is_right() -> None:
    assert found(("id: tidy, ", "id: tidy, if: seen(opening), ")) == ["29:24 R011 whenever 'tidy' can be given, this condition holds"]
    argued = ("acts: [argue], end: lost", "acts: [argue], go: till")
    assert codes(argued, ("id: tidy, ", "id: tidy, if: not said(argue), ")) == []


def test_two_replies_are_the_same_only_if_everything_that_counts_is() -> None:
    same = ("acts: [scold], end: lost", "acts: [bounce], end: lost")
    assert found(same) == ["29:14 R010 'tidy' does the same as 'closed': it makes no difference which one is given"]
    for other in (
        "acts: [bounce], feel: {trust: -1}, end: lost",
        "acts: [bounce], end: found",
        "acts: [bounce], marks: {spare-them-effort: 0.5}, end: lost",
        "acts: [bounce], promise: {call-back: late-parcel, within: 1}, end: lost",
        "acts: [bounce, inform], end: lost",
        "acts: [bounce], if: said(argue), end: lost",
    ):
        assert "R010" not in codes(("acts: [scold], end: lost", other), ("acts: [argue], end: lost", "acts: [argue], go: till")), other


def test_acts_that_nothing_asks_for_make_no_difference() -> None:
    """No rule for this channel and customer heeds a meeting; a condition might."""
    idle = (("acts: [scold], end: lost", "acts: [meet], end: lost"), ("[bounce], end: lost}\n      - {id: tidy", "[offer-meeting], end: lost}\n      - {id: tidy"))
    assert codes(*idle) == ["R010"]
    asked = ("id: regret,", "id: regret, if: not said(meet),")
    assert "R010" not in codes(*idle, asked)


def test_a_promise_is_kept_by_a_scenario_in_the_folder(tmp_path: Path) -> None:
    text = changed(("acts: [inform], end: found", "acts: [inform], promise: {call-back: red-umbrella, within: 3}, end: found"))
    known = shipped_principles()
    examined = examined_source(source.parse(text), known, shipped.scenarios())

    def told() -> list[str]:
        return [str(one) for one in proven_findings(examined, known, 10, Shelf([tmp_path, tmp_path / "nowhere"])).findings]

    (tmp_path / "broken.yaml").write_text("id: red-umbrella", encoding="utf-8")
    assert told() == [
        "<text>:27:75: R012 no scenario is called 'red-umbrella', in this folder or among those that come with ServiceSim; write it, or name another"
    ]
    (tmp_path / "red.yaml").write_text(UMBRELLA.replace("id: umbrella", "id: red-umbrellas"), encoding="utf-8")
    assert told()[0].endswith("; did you mean 'red-umbrellas'?")
    (tmp_path / "red-umbrella-two.yml").write_text(UMBRELLA.replace("id: umbrella", "id: red-umbrella"), encoding="utf-8")
    assert told() == []


# --- passing and failing ---------------------------------------------------------------------------------------------


def test_who_cannot_pass_is_told_the_best_way_and_what_it_loses() -> None:
    (one,) = proven(changed(("acts: [inform], end: found", "acts: [inform, argue], end: found"))).findings
    assert str(one) == (
        "<text>:2:5: R005 nobody can pass: the best conduct that any play comes to is 66.66, and 75 is needed; "
        "its moves: welcome,place,here; it loses points for never-argue"
    )
    (one,) = proven(changed(("acts: [inform], end: found", "acts: [inform, lie], end: found"))).findings
    assert one.hint == "its moves: welcome,place,here; it breaks 'never-lie', which is critical"
    (one,) = proven(changed(("{title: Found}", "{title: Found, failed: true}"))).findings
    assert (one.line, one.column, one.message) == (30, 1, "nobody can pass: no play comes to an ending that is not 'failed'")


def test_what_everybody_passes_is_not_also_passed_by_chance_and_without_thinking() -> None:
    kind = [("[apologise]", "[greet, inform]"), ("[bounce]", "[greet, explain]"), ("[argue]", "[explain]"), ("[bounce]", "[explain]")]
    assert found(("learn: [greet-warmly]\n", ""), *kind, ("[scold]", "[ask-need]"), (", failed: true", "")) == [
        "2:5 R006 nobody can fail: even the worst play passes with 100"
    ]


def test_the_pass_mark_is_where_the_encounter_as_a_whole_is_told_of() -> None:
    (one,) = proven(changed(("company: Nova Stores", "company: Nova Stores\npass: 60"), ("      - {id: tidy, say: Please be more careful., acts: [scold], end: lost}\n", ""))).findings
    assert (one.line, one.column, one.code) == (8, 7, "R014")
    assert one.message == "whoever replies at random passes with a chance of 5.5 %"


def test_strategies_that_come_the_same_way_are_told_together_and_equals_are_named() -> None:
    """Without a polite word in the opening, all replies are as polite, and the best of them counts."""
    plain = ("Oh dear, I am so sorry, please forgive us.", "Oh dear.")
    bare = ("Please be more careful.", "Be careful.")
    told = proven(changed(plain, bare)).findings
    assert [str(one) for one in told] == [
        "<text>:2:5: R013 always taking the most polite reply, and of equals the best, passes with 100; "
        "its moves: welcome,place,here; let wrong replies be polite as well"
    ]
    longest = (("We have a blue one.", "A blue one."), ("The till is closed.", "It is closed."), ("Here it is.", "Here it is, I think.".replace(",", "")))
    assert [one.message for one in proven(changed(plain, bare, *longest)).findings] == [
        "always taking the longest reply passes with 100, and so does the most polite reply"
    ]


def test_where_politeness_cannot_be_told_an_apology_or_the_longest_reply_is_taken() -> None:
    short = ("say: Good morning. Was it red?, acts: [greet]", "say: Morning., acts: [greet, apologise]")
    told = found(("locale: en", "locale: la"), short, ("acts: [apologise]", "acts: [insult]"), ("acts: [ask-clarifying]", "acts: [apologise]"), ("acts: [inform], end: found", "acts: [inform, apologise], end: found"), ("learn:", "pass: 50\nlearn:"), ("customer: {name", "leaves: lost\ncustomer: {name"))
    assert "8:7 R013 always taking an apology where there is one, or else the longest reply passes with 100" in " ".join(told)


def test_in_too_little_time_nothing_is_claimed_but_what_was_played() -> None:
    for change in (TO_THE_ATTIC, ("[scold]", "[bounce, inform]"), ("{title: Found}", "{title: Found, failed: true}")):
        told = proven(changed(change, *([INTO_THE_ATTIC] if change is TO_THE_ATTIC else [])), seconds=1e-9)
        assert told.reach is not None
        assert not told.reach.complete
        assert told.findings == []


# --- principles to learn ---------------------------------------------------------------------------------------------


def test_a_principle_that_is_owed_and_can_be_avoided_can_be_lost() -> None:
    """Who answers at once is done; who goes on owes what nobody breaks: a play that avoids it scores 0 all the same."""
    asked = ("customer: By the till.", "customer: {say: Is it by the till?, acts: [customer-asks]}")
    learn = ("[greet-warmly]", "[greet-warmly, leave-nothing-unanswered]")
    answers = (("say: The till is closed., acts: [bounce]", "say: The till is closed., acts: [inform, bounce]"), ("acts: [scold]", "acts: [inform, scold]"))
    assert codes(asked, learn, *answers) == []
    assert codes(asked, learn, *answers, ("acts: [apologise], end: lost", "acts: [greet, apologise], go: till"), ("say: It is gone., acts: [bounce], end: lost", "say: It is gone., acts: [greet], go: till"), ("acts: [inform], end: lost", "acts: [inform], go: till"), ("acts: [argue], end: lost", "acts: [argue], go: till"))[:2] == ["R009", "R009"]


def test_a_principle_that_does_not_count_here_is_told_by_the_text() -> None:
    assert codes(("[greet-warmly]", "[greet-warmly, stay-neutral]")) == []


def test_nobody_passes_who_breaks_a_critical_principle() -> None:
    """Conduct is then at most 49, and no scenario is passed with less than 50."""
    _, told = load_text(UMBRELLA.replace("learn:", f"pass: {CRITICAL_CAP}\nlearn:"))
    assert [one.code for one in told] == ["S005"]
    lying = proven(changed(("acts: [inform], end: found", "acts: [inform, lie], end: found"), ("learn:", "pass: 50\nlearn:")))
    assert lying.reach is not None
    assert lying.reach.passing is not None
    assert lying.reach.passing.value == CRITICAL_CAP
    assert lying.reach.passable is False


# --- order and cues --------------------------------------------------------------------------------------------------

ORDER = """\
servicesim: 1
acts:
  greet: {title: Greets}
  offer: {title: Offers}
  ask: {title: Asks}
principles:
  ask-first: {title: Ask first, says: Ask before you offer., why: Nobody wants a guess., source: [B2], rules: [precedence: {needs: ask, then: offer}]}
  greet: {title: Greet, says: Greet., why: So they are welcome., source: [B2], rules: [first: greet]}
"""


def test_acts_in_an_order_that_breaks_a_principle_are_told_with_a_better_one() -> None:
    known, wrong = load_principles_text(ORDER)
    assert known is not None, wrong
    text = """\
servicesim: 1
id: umbrella
title: The umbrella
summary: Somebody left an umbrella.
channel: email
locale: la
company: Nova Stores
customer: {name: Tomas Lind, type: fan, expects: 50, received: 50}
start: opening
scenes:
  opening:
    customer: I left my umbrella.
    replies:
      - {id: look, say: Here. Is it this one?, acts: [greet, offer, ask], end: found}
      - {id: shrug, say: No idea., acts: [], end: lost}
endings:
  found: {title: Found}
  lost: {title: Lost, failed: true}
"""
    told = [one for one in proven(text, known).findings if one.code == "R016"]
    assert [str(one) for one in told] == [
        "<text>:14:54: R016 in this order the acts of 'look' cost points for 'ask-first'; "
        "acts count in the order in which they are written; better: [greet, ask, offer]"
    ]
    assert "R016" not in [one.code for one in proven(text.replace("offer, ask]", "ask, offer]"), known).findings]


# --- everything ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_is_found_in_a_scenario_to_start_from(channel: str) -> None:
    assert [str(one) for one in proven(begun("mine", channel), seconds=60).findings] == []  # type: ignore[arg-type]


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_findings_agree_with_every_play_of_random_scenarios(first: int) -> None:
    for seed in range(first, first + 10):
        drawn = case(seed)
        known, _ = load_principles_text(drawn.principles)
        assert known is not None
        examined = examined_source(source.parse(drawn.scenario), known, shipped.scenarios())
        told = proven_findings(examined, known, 10.0, Shelf([]))
        claims = {one.code for one in told.findings}
        true = drawn.truth
        assert ("R005" in claims) == (not true.passable), drawn
        assert ("R006" in claims) == (not true.failable), drawn
        assert ("R014" in claims) == (true.random_passing > Fraction(1, 20) and true.failable), drawn
        scenario = drawn.script.scenario
        all_reached = (
            set(scenario.scenes) == true.scenes
            and all((name, reply.id) in true.replies for name, scene in scenario.scenes.items() for reply in scene.replies)
            and all((name, line) in true.lines for name, scene in scenario.scenes.items() for line in range(len(scene.customer)))
            and all(reached for name, reached in true.endings.items() if name != scenario.leaves)
        )
        by_text = {"C004", "C005", "S033"} & {one.code for one in examined.findings}
        assert bool(claims & {"R001", "R002", "R003", "R004"} - _of_leaves(told)) == (not all_reached) or by_text, drawn


def _of_leaves(told: Proven) -> set[str]:
    return {"R004"} if all("after no reply" in one.message for one in told.findings if one.code == "R004") else set()
