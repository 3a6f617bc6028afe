"""One's own view before the reveal: asked, never forced, kept nowhere, and shown beside what the conversation shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from desktop.seat import GOOD, LATE_PARCEL, Seat, script_of, seated
from servicesim.assessment.assess import Assessment, PrincipleScore, assess
from servicesim.desktop.estimate import Beheld, Estimate, asked, compared, on_the_whole, step_of
from servicesim.desktop.inputs import PointerMoved, PointerPressed, PointerReleased
from servicesim.desktop.looking_back import Run
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.self_rating import RETURNS, SelfRating
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import finish_speech, rehearse
from servicesim.encounter.script import Script


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    """Somebody at the desk."""
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.sit()
        yield seat


def played(*replies: str) -> tuple[Script, Encounter]:
    """The late parcel with these replies."""
    script = script_of(LATE_PARCEL)
    encounter = Encounter(script, seed=7)
    for reply in replies:
        finish_speech(encounter)
        rehearse(encounter, [reply])
    return script, encounter


def judged(**scores: Fraction | None) -> Assessment:
    script, encounter = played(*GOOD)
    nothing = PrincipleScore(None, Fraction(0), Fraction(0), False, ())
    told = {name.replace("_", "-"): replace(nothing, score=score) for name, score in scores.items()}
    return replace(assess(script, encounter.events), principles=told)


def names(seat: Seat) -> list[str]:
    return [node.name.replace("\u2068", "").replace("\u2069", "") for node in seat.stage.nodes.walk()]


def rating(seat: Seat) -> list[Estimate]:
    """The page, asked about the late parcel; what is answered comes into the list."""
    given: list[Estimate] = []
    seat.stage.go(SelfRating(seat.way.words, seat.desk, script_of(LATE_PARCEL), given.append))
    seat.stage.settle()
    return given


# --- what is asked, and how it is compared ---------------------------------------------------------------------------


def test_the_five_heaviest_of_what_it_is_about_are_asked() -> None:
    assert asked(script_of(LATE_PARCEL)) == ["dont-interrupt", "hold-the-apology", "summarise-first", "apologise-when-wrong", "compensate-now"]
    assert asked(script_of(LATE_PARCEL, learn=("follow-up", "no-such-principle", "hold-the-apology"))) == ["hold-the-apology", "follow-up"]


@pytest.mark.parametrize(
    ("score", "step"),
    [("0", 1), ("24/100", 1), ("1/4", 2), ("1/2", 2), ("2/3", 3), ("99/100", 3), ("1", 4)],
)
def test_only_all_of_it_is_fully(score: str, step: int) -> None:
    assert step_of(Fraction(score)) == step


def test_what_was_rated_and_called_for_is_compared_and_nothing_else() -> None:
    assessment = judged(dont_interrupt=Fraction(1), hold_the_apology=Fraction(0), follow_up=None, never_lie=Fraction(1))
    found = compared(Estimate({"dont-interrupt": 2, "hold-the-apology": 4, "follow-up": 3, "gone": 1}), assessment)
    assert found == [Beheld("dont-interrupt", 2, 4), Beheld("hold-the-apology", 4, 1)]
    assert [one.apart for one in found] == ["stricter", "kinder"]


@pytest.mark.parametrize(("own", "whole"), [((4, 1), "same"), ((2, 1), "stricter"), ((4, 3), "kinder"), ((2, 3), "mixed")])
def test_all_in_all_one_was_strict_or_kind_or_both(own: tuple[int, int], whole: str) -> None:
    assert on_the_whole([Beheld("one", own[0], 4), Beheld("other", own[1], 1)]) == whole


# --- the page --------------------------------------------------------------------------------------------------------


def test_digits_go_down_the_lines_and_enter_shows_how_it_went(seat: Seat) -> None:
    given = rating(seat)
    seat.stage.press("3", "1", "4", "2", "4", "2", "enter")
    assert given == [Estimate(dict(zip(asked(script_of(LATE_PARCEL)), (3, 1, 4, 2, 4), strict=True)), True)]


def test_arrows_change_a_line_and_lead_to_others(seat: Seat) -> None:
    given = rating(seat)
    seat.stage.press("right", "right", "left", "down", "right", "right", "right", "right", "right", "enter")
    assert given == [Estimate({"dont-interrupt": 1, "hold-the-apology": 4})]


def test_in_a_mirrored_page_the_arrows_are_mirrored(tmp_path: Path) -> None:
    with seated(tmp_path, [LATE_PARCEL], language="fa") as seat:
        seat.sit()
        given = rating(seat)
        seat.stage.press("left", "left", "right", "enter")
        assert given == [Estimate({"dont-interrupt": 1})]


def test_the_mouse_chooses_a_step(seat: Seat) -> None:
    given = rating(seat)
    step = seat.screen.scales["summarise-first"].steps[2]
    point = step.rect.center
    seat.stage.press(PointerMoved(point), PointerPressed(point), PointerReleased(point))
    seat.stage.click("Show how it went")
    assert given == [Estimate({"summarise-first": 3})]


def test_nobody_is_forced(seat: Seat) -> None:
    assert rating(seat) == []
    given = rating(seat)
    seat.stage.press("enter")
    assert given == [Estimate()]
    given = rating(seat)
    seat.stage.press("4", "4", "escape")
    assert given == [Estimate()]


def test_a_digit_without_the_focus_means_the_first_open_line(seat: Seat) -> None:
    given = rating(seat)
    seat.screen.focus.give(None, ring=False)
    seat.stage.press("2", "enter")
    assert given == [Estimate({"dont-interrupt": 2})]


def test_a_reader_hears_what_is_rated_and_how(seat: Seat) -> None:
    rating(seat)
    seat.stage.press("3")
    sliders = [node for node in seat.stage.nodes.walk() if node.role == "slider"]
    assert [(node.name, node.value) for node in sliders][:2] == [("Hear them out", "mostly"), ("Save the apology", "")]
    assert len(sliders) == len((*asked(script_of(LATE_PARCEL)), RETURNS))


# --- before the debrief, and in it -----------------------------------------------------------------------------------


def asked_in(seat: Seat) -> None:
    """Somebody broke off after the first words, and is asked."""
    seat.begin(pace=2.0)
    seat.stage.wait(0.2)
    seat.way.debrief(seat.playing)
    seat.stage.settle()
    assert isinstance(seat.screen, SelfRating)


def test_it_is_asked_before_any_score_and_shown_beside_it(seat: Seat) -> None:
    asked_in(seat)
    assert not any("assed" in name or "Dissatisfied" in name for name in names(seat))
    seat.stage.press("2", "1", "1", "1", "1", "2", "enter")
    assert isinstance(seat.screen, Debrief)
    assert "You were stricter with yourself than the conversation was." in names(seat)
    assert {"you: in part; here: fully", "both: hardly"} <= set(names(seat))
    assert "You thought that Leyla Karimova would come back. It does not look like it." in names(seat)


def test_it_is_kept_nowhere_and_changes_no_score(seat: Seat) -> None:
    asked_in(seat)
    kept = on_disk(seat)
    seat.stage.press("1", "1", "1", "1", "1", "1", "enter")
    assert seat.screen.run.estimate == Estimate(dict.fromkeys(asked(seat.screen.script), 1), False)
    assert seat.screen.assessment == assess(seat.screen.script, seat.screen.events)
    assert on_disk(seat) == kept


def on_disk(seat: Seat) -> dict[str, bytes]:
    """All that is kept."""
    return {str(path): path.read_bytes() for path in seat.home.rglob("*") if path.is_file()}


def test_whoever_says_nothing_sees_nothing_of_it(seat: Seat) -> None:
    asked_in(seat)
    seat.stage.press("escape")
    assert isinstance(seat.screen, Debrief)
    assert "As you saw it, and as it was" not in names(seat)


def test_who_plays_on_from_a_debrief_has_seen_it_all_and_is_not_asked(seat: Seat) -> None:
    script, encounter = played(*GOOD)
    before = Run(script, None, encounter.events, assess(script, encounter.events))
    seat.begin(pace=2.0)
    seat.way.debrief(seat.playing, before)
    assert isinstance(seat.screen, Debrief)


def test_where_nothing_is_to_be_learnt_nobody_is_asked(seat: Seat) -> None:
    seat.begin(script_of(LATE_PARCEL, learn=()), pace=2.0)
    seat.way.debrief(seat.playing)
    assert isinstance(seat.screen, Debrief)


def test_steps_that_have_no_room_in_one_line_stand_in_two_of_two(seat: Seat) -> None:
    seat.stage.suit(Preferences(text=200))
    rating(seat)
    rows = [[step.rect.y for step in scale.steps] for name, scale in seat.screen.scales.items() if name != RETURNS]
    assert rows
    assert all(one == two < three == four for one, two, three, four in rows)
