"""Which encounter is suggested, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicesim.desktop.progress import NOTHING, Mastery, Progress, Tries
from servicesim.desktop.suggestion import CALM, Playable, Suggestion, suggested, urgency

COAT = Playable("coat", ("apologise", "summarise"), frozenset({"apologise", "summarise", "listen"}))
LETTER = Playable("letter", ("listen",), frozenset({"listen", "apologise"}))
ROAMING = Playable("roaming", ("explain",), frozenset({"explain"}))
KETTLE = Playable("kettle", ("listen",), frozenset({"listen"}), unscored=True)
ALL = (KETTLE, COAT, LETTER, ROAMING)


def tried(ended: int, *, passed: bool = True) -> Tries:
    """One attempt, that ended then."""
    return Tries(1, 80, 80, passed, ended)


def progress(encounters: dict[str, Tries], principles: dict[str, Mastery] | None = None) -> Progress:
    """Somebody who has played these, one attempt each."""
    return Progress(len(encounters), encounters, principles or {})


def test_what_was_left_in_the_middle_comes_before_all() -> None:
    weak = progress({"coat": tried(1)}, {"apologise": Mastery(0, 1, 0)})
    assert suggested(ALL, weak, stopped=["gone", "roaming", "coat"]) == Suggestion("roaming", "stopped")


def test_somebody_new_begins_with_the_warm_up_and_then_with_the_first_encounter() -> None:
    assert suggested(ALL, NOTHING) == Suggestion("kettle", "warm-up")
    warm = Progress(0, {"kettle": tried(1)}, {})
    assert suggested(ALL, warm) == Suggestion("coat", "first")
    assert suggested(ALL[1:], NOTHING) == Suggestion("coat", "first")


def test_the_weakest_principle_decides_and_not_the_encounter_just_played() -> None:
    weak = progress(
        {"coat": tried(9), "letter": tried(5), "roaming": tried(4)},
        {"apologise": Mastery(0.1, 9, 0), "listen": Mastery(0.6, 9, 0), "explain": Mastery(1, 4, 2)},
    )
    # The letter is not about apologising, but it comes up there; the coat was played a moment ago.
    assert suggested(ALL, weak) == Suggestion("letter", "weak", "apologise")


def test_an_encounter_that_is_about_the_principle_comes_before_one_in_which_it_may_come_up() -> None:
    weak = progress({"coat": tried(2), "letter": tried(5), "roaming": tried(9)}, {"apologise": Mastery(0, 5, 1), "explain": Mastery(1, 9, 0)})
    assert suggested(ALL, weak) == Suggestion("coat", "weak", "apologise")


def test_the_only_encounter_for_the_weakest_principle_is_suggested_even_if_it_was_the_last() -> None:
    weak = progress({"coat": tried(3), "letter": tried(4), "roaming": tried(9)}, {"explain": Mastery(0.2, 9, 0), "apologise": Mastery(0.9, 4, 1)})
    assert suggested(ALL, weak) == Suggestion("roaming", "weak", "explain")


def test_a_principle_kept_well_that_has_not_come_up_for_long_is_practised_again() -> None:
    rusty = progress({"coat": tried(1), "letter": tried(5), "roaming": tried(4)}, {"explain": Mastery(1, 4, 12), "listen": Mastery(0.8, 5, 0)})
    assert suggested(ALL, rusty) == Suggestion("roaming", "long-ago", "explain")


def test_what_never_came_up_is_looked_for_where_it_is_the_point_of_an_encounter_never_played() -> None:
    some = progress({"coat": tried(9)}, {"apologise": Mastery(0.8, 9, 0), "summarise": Mastery(0.9, 9, 0), "listen": Mastery(1, 9, 0)})
    assert suggested(ALL, some) == Suggestion("roaming", "new", "explain")


def test_a_principle_that_did_not_come_up_in_the_encounter_about_it_is_not_asked_for_for_ever() -> None:
    all_played = progress({"coat": tried(1), "letter": tried(2), "roaming": tried(3)}, {"listen": Mastery(1, 2, 1)})
    assert suggested(ALL, all_played) == Suggestion("coat", "again")


def test_where_nothing_presses_what_was_never_played_and_then_what_is_not_passed_comes_first() -> None:
    kept = {"listen": Mastery(1, 9, 0), "apologise": Mastery(1, 9, 0), "summarise": Mastery(0.95, 9, 0)}
    assert suggested((COAT, LETTER), progress({"coat": tried(9)}, kept)) == Suggestion("letter", "unplayed")
    both = progress({"coat": tried(3, passed=False), "letter": tried(2), "roaming": tried(9)}, {**kept, "explain": Mastery(1, 9, 0)})
    assert suggested(ALL, both) == Suggestion("coat", "not-passed")


def test_of_equally_weak_principles_the_weightier_one_decides_and_then_the_one_longer_ago() -> None:
    two = progress({"coat": tried(1), "letter": tried(2), "roaming": tried(9)}, {"explain": Mastery(0.5, 9, 0), "summarise": Mastery(0.5, 9, 0)})
    assert suggested(ALL, two, weights={"summarise": 3, "explain": 1}) == Suggestion("coat", "weak", "summarise")
    older = progress({"coat": tried(1), "letter": tried(2), "roaming": tried(9)}, {"explain": Mastery(0.5, 9, 0), "summarise": Mastery(0.5, 3, 0)})
    assert suggested(ALL, older) == Suggestion("coat", "weak", "summarise")


def test_where_there_is_nothing_to_play_nothing_is_suggested() -> None:
    assert suggested((), NOTHING) is None
    assert suggested((KETTLE,), progress({"coat": tried(1)})) is None


# --- whatever the state ----------------------------------------------------------------------------------------------

_NAMES = ("apologise", "summarise", "listen", "explain", "thank")
_PRINCIPLES = st.lists(st.sampled_from(_NAMES), unique=True, max_size=4)


@st.composite
def states(draw: st.DrawFn) -> tuple[list[Playable], Progress]:
    """Some encounters, and somebody who has played some of them and perhaps others that are gone."""
    playable = []
    for number in range(draw(st.integers(1, 5))):
        learn = tuple(draw(_PRINCIPLES))
        playable.append(Playable(f"e{number}", learn, frozenset(learn) | frozenset(draw(_PRINCIPLES)), draw(st.booleans())))
    names = [*(one.id for one in playable), "gone"]
    encounters = {name: Tries(1, 50, 50, draw(st.booleans()), draw(st.integers(1, 99))) for name in names if draw(st.booleans())}
    unscored = {one.id for one in playable if one.unscored}
    counted = sum(1 for name in encounters if name not in unscored)
    met = draw(_PRINCIPLES) if counted else []
    principles = {name: Mastery(draw(st.floats(0, 1)), draw(st.integers(1, 99)), draw(st.integers(0, 20))) for name in met}
    return playable, Progress(counted, encounters, principles)


@given(states())
def test_a_suggestion_is_one_of_the_encounters_and_its_reason_is_true(state: tuple[list[Playable], Progress]) -> None:
    playable, known = state
    found = suggested(playable, known)
    assert found == suggested(playable, known)
    if found is None:
        assert all(one.unscored for one in playable)
        return
    one = next(one for one in playable if one.id == found.id)
    tries, principle = known.encounters.get(one.id), found.principle
    assert one.unscored == (found.why == "warm-up")
    assert (principle is None) == (found.why not in ("new", "weak", "long-ago"))
    match found.why:
        case "warm-up" | "first":
            assert known.attempts == 0
        case "new":
            assert tries is None
            assert principle in one.learn
            assert principle not in known.principles
        case "weak" | "long-ago":
            assert principle in one.brings
            assert principle in known.principles
        case "unplayed":
            assert tries is None
        case "not-passed" | "again":
            assert tries is not None
            assert tries.passed == (found.why == "again")
        case "stopped":
            pytest.fail("nothing was left in the middle")


@given(states())
def test_no_principle_that_can_be_practised_presses_more_than_the_one_that_decides(state: tuple[list[Playable], Progress]) -> None:
    playable, known = state
    found = suggested(playable, known)
    if found is None or known.attempts == 0:
        return
    can_be = {name for one in playable if not one.unscored for name in one.brings if name in known.principles}
    most = max((urgency(name, known) for name in can_be), default=0.0)
    assert most <= (urgency(found.principle, known) if found.principle else CALM)
