"""How a face moves by itself: worked out from time and text alone."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from servicesim.desktop import living
from servicesim.desktop.living import CLOSED, Mouth, mouth_at
from servicesim.desktop.mood import Mood

TIMES = [step / 50 for step in range(50 * 30)]


def test_the_mouth_follows_the_letters() -> None:
    assert mouth_at("Mama", 0) == CLOSED
    assert mouth_at("Mama", 1).open > 0.6
    assert mouth_at("oh", 0).round == 1.0
    assert mouth_at("see", 1).round == 0.0
    assert mouth_at("مادر", 0) == CLOSED
    assert mouth_at("مادر", 1).open > 0.6
    assert mouth_at("שלום", 2).round == 1.0


def test_between_words_and_outside_of_the_text_it_is_closed() -> None:
    assert [mouth_at("a. b", place) for place in (1, 2, -1, 4)] == [CLOSED] * 4


@given(st.text(), st.integers(-2, 50))
def test_no_text_opens_it_wider_than_it_goes(text: str, place: int) -> None:
    mouth = mouth_at(text, place)
    assert isinstance(mouth, Mouth)
    assert 0 <= mouth.open <= 1
    assert 0 <= mouth.round <= 1


def test_the_eyes_close_now_and_then_and_open_again() -> None:
    closed = [living.blink_at(now) for now in TIMES]
    blinks = sum(one == 1.0 and before != 1.0 for before, one in pairwise(closed))
    assert 6 <= blinks <= 10
    assert sum(one > 0 for one in closed) < len(closed) * 0.1


def test_who_is_angry_does_not_look_away_and_who_is_sad_looks_down() -> None:
    angry = {living.gaze_at(now, Mood(-1, 1), speaking=True) for now in TIMES}
    sad = {living.gaze_at(now, Mood(-1, 0.1), speaking=False) for now in TIMES}
    calm = {living.gaze_at(now, Mood(), speaking=False) for now in TIMES}
    assert angry == {(0.0, 0.0)}
    assert sad == {(0.0, 0.0), (0.0, 1.0)}
    assert len(calm) > 1


def test_a_breath_at_a_pause_goes_in_and_out_once() -> None:
    breaths = [living.breath_in_pause(step / 20, 1.2) for step in range(25)]
    top = breaths.index(max(breaths))
    assert breaths[0] == 0
    assert max(breaths) > 0.95
    assert abs(breaths[-1]) < 1e-9
    assert breaths[: top + 1] == sorted(breaths[: top + 1])
    assert breaths[top:] == sorted(breaths[top:], reverse=True)


def test_a_fright_passes() -> None:
    frights = [living.startle_at(step / 10) for step in range(15)]
    assert frights[0] == 1.0
    assert frights[-1] == 0.0
    assert frights == sorted(frights, reverse=True)


def test_a_face_at_rest_says_when_it_will_look_different() -> None:
    def shown(now: float) -> tuple[object, ...]:
        return living.blink_at(now), living.gaze_at(now, Mood(), speaking=False), living.breath_at(now)

    now = 0.0
    while now < 30:
        then = now + living.next_change(now)
        assert then > now
        middle = [now + 0.002 + (then - now - 0.004) * share / 5 for share in range(6)]
        assert len({shown(moment) for moment in middle if now < moment < then}) <= 1
        now = then


@given(st.floats(0, 1e6))
def test_the_same_moment_always_looks_the_same(now: float) -> None:
    assert living.blink_at(now) == living.blink_at(now)
    assert living.next_change(now) > 0
    assert living.next_change(now, blinks_only=True) > 0
