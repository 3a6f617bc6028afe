"""The debrief's line of time: every verdict at its moment, two curves, keys, mirrored, by turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from desktop.seat import LATE_PARCEL, PERSIAN, Seat, script_of, seated
from servicesim import shipped
from servicesim.analysis.losses import Loss
from servicesim.analysis.mending import Mending
from servicesim.authoring.walkthrough import read
from servicesim.desktop.access import Node
from servicesim.desktop.beats import Axis, beats, spoken
from servicesim.desktop.inputs import KeyPressed, PointerLeft, PointerMoved, PointerPressed, PointerReleased
from servicesim.desktop.look import Look
from servicesim.desktop.looking_back import Run
from servicesim.desktop.playing import new_attempt
from servicesim.desktop.satisfaction import Felt, Swing, at, felt, swings, zone_of
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.plan import MOST, Plan
from servicesim.desktop.screens.replay import Replay
from servicesim.desktop.screens.review import story_of
from servicesim.desktop.screens.strokes import dashed
from servicesim.desktop.settled import Settled
from servicesim.desktop.wording import words_in
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Interrupted, ReplyChosen, SpeechEnded, StationReached
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings

WALKS = Path(__file__).parents[1] / "walkthroughs"


@cache
def _script(name: str) -> Script:
    return script_of(shipped.scenarios() / f"{name}.yaml")


@cache
def _run(name: str) -> Run:
    """The play of a walkthrough; what could have been otherwise is not looked for."""
    walk = read((WALKS / f"{name}.walk").read_text(encoding="utf-8"))
    script = _script(walk.scenario)
    script = script.started(walk.remembered)
    events = rehearse(Encounter(script, seed=7, untimed=walk.untimed), walk.moves).events
    run = Run.of(script, new_attempt(script, "nobody", seed=7, untimed=walk.untimed), events)
    run.done = True
    return run


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    """Somebody who has just played."""
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.sit()
        yield seat


def _debrief(seat: Seat, run: Run) -> Debrief:
    seat.way.look_back(run)
    seat.stage.settle()
    assert isinstance(seat.screen, Debrief)
    return seat.screen


# --- beats -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("walk", sorted(WALKS.glob("*.walk")), ids=lambda walk: walk.stem)
def test_every_verdict_stands_at_one_moment(walk: Path) -> None:
    run = _run(walk.stem)
    told = beats(run.script, run.events, run.assessment)
    judged = [(one.principle, one.place) for beat in told for one in beat.judged]
    assert sorted(judged) == sorted((name, place) for name, score in run.assessment.principles.items() for place in range(len(score.evidence)))
    for beat in told[:-1]:
        assert all(one.evidence.event in beat.events for one in beat.judged)
    assert [beat.number for beat in told] == sorted(beat.number for beat in told)


def test_a_word_said_in_a_pause_is_one_moment_with_it() -> None:
    run = _run("by-the-book")
    pauses = [beat for beat in beats(run.script, run.events, run.assessment) if beat.kind == "pause"]
    assert len(pauses) == sum(isinstance(event, StationReached) for event in run.events)
    assert {len(beat.events) for beat in pauses} == {1, 2}


def test_time_goes_by_the_clock_and_by_turns_where_none_ran() -> None:
    timed, untimed, mail = _run("expert-rider"), _run("untimed"), _run("third-letter-form")
    words = words_in("en")
    clock, turns, letters = (Axis.of(run.script, run.events) for run in (timed, untimed, mail))
    assert (clock.by_turns, turns.by_turns, letters.by_turns) == (False, True, True)
    assert clock.when(words, len(timed.events) - 1) == "1:37"
    last = next(number for number, event in reversed(list(enumerate(untimed.events))) if isinstance(event, ReplyChosen))
    assert turns.when(words, last) == words("turn", number=7)
    for axis in (clock, turns, letters):
        assert (axis.places[0], axis.places[-1]) == (0.0, 1.0)
        assert list(axis.places) == sorted(axis.places)
    assert [tick for _, tick in clock.ticks(5)] == [0, 30, 60, 90]
    assert [tick for _, tick in turns.ticks(4)] == [2, 4, 6]


def test_speech_that_was_cut_off_ends_there() -> None:
    run = _run("interrupting")
    pieces = list(spoken(run.events))
    cut = [last for _, last in pieces if isinstance(run.events[last], Interrupted)]
    assert len(cut) == sum(isinstance(event, Interrupted) for event in run.events)
    assert all(first < last for first, last in pieces)


# --- curves ----------------------------------------------------------------------------------------------------------


def test_the_curves_are_what_the_situation_felt() -> None:
    run = _run("by-the-book")
    course = felt(run.script, run.events)
    assert course[0] == Felt(-1, Feelings(70, 35, 1, 3))
    assert course[-1].feelings == run.assessment.feelings
    assert [one.number for one in course] == sorted({one.number for one in course})
    assert swings(course) == (Swing(62, 30), Swing(69, -15))
    assert at(course, 61).received == 35
    assert at(course, 62).received == 65


def test_the_ground_between_the_curves_is_the_outcome() -> None:
    assert [zone_of(points) for points in (-11, -10, 14, 15)] == ["dissatisfied", "satisfied", "satisfied", "delighted"]


def test_what_the_curves_do_is_said_in_sentences(seat: Seat) -> None:
    timeline = _debrief(seat, _run("by-the-book")).review.timeline
    about = timeline.about.replace("\u2068", "").replace("\u2069", "")
    assert "What was received went from 35 to 50 of 100." in about
    assert "The greatest gain was 30 points at 1:45, by your reply" in about
    assert "The greatest loss was 15 points at 1:55" in about


def test_dashes_go_on_around_a_corner() -> None:
    pieces = list(dashed([(0, 0), (10, 0), (10, 10)], 6, 4))
    assert pieces == [[(0, 0), (6, 0)], [(10, 0), (10.0, 6.0)]]


# --- the line --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1088, 620])
@pytest.mark.parametrize("name", ["expert-rider", "by-the-book", "red-letter-walks-off"])
def test_marks_do_not_lie_upon_each_other(name: str, width: int) -> None:
    plan = Plan(Look(), width, story_of(_run(name)), (80, 90), flagged=True)
    for stacks in (plan.kept, plan.lost):
        places = [stack.x for stack in stacks]
        assert all(after - before >= plan.mark / 2 for before, after in pairwise(places))
        assert all(stack.more == max(0, len(stack.judged) - MOST) for stack in stacks)
    told = sum(len(stack.judged) for stacks in (plan.kept, plan.lost) for stack in stacks)
    assert told == sum(len(beat.judged) for beat in plan.story.beats)


def test_what_must_never_be_broken_comes_first_in_its_column() -> None:
    story = story_of(_run("by-the-book"))
    place = next(number for number, beat in enumerate(story.beats) if len(beat.lost) > 1)
    beat = story.beats[place]
    judged = (*beat.judged[:-1], replace(beat.judged[-1], critical=True)) if beat.judged[-1].lost else (*beat.judged, replace(beat.lost[-1], critical=True))
    told = (*story.beats[:place], replace(beat, judged=judged), *story.beats[place + 1 :])
    plan = Plan(Look(), 1088, replace(story, beats=told), (80, 90), flagged=False)
    assert next(stack for stack in plan.lost if place in stack.beats).judged[0].critical


def test_time_runs_with_the_direction_of_reading() -> None:
    story = story_of(_run("expert-rider"))
    rightward, leftward = (Plan(Look(direction=direction), 1000, story, (80, 100), flagged=False) for direction in ("ltr", "rtl"))
    assert (rightward.x(0.0), rightward.x(1.0)) == (80, 900)
    assert (leftward.x(0.0), leftward.x(1.0)) == (920, 100)


def test_the_keyboard_goes_from_moment_to_moment_and_from_loss_to_loss(seat: Seat) -> None:
    screen = _debrief(seat, _run("by-the-book"))
    timeline = screen.review.timeline
    while screen.focus.widget is not timeline:
        seat.stage.press("tab")
    seat.stage.press("home")
    assert timeline.chosen == 0
    seat.stage.press("right", "right")
    assert (timeline.chosen, timeline.value) == (2, timeline.sentences[2])
    seat.stage.press(KeyPressed("right", shift=True))
    assert timeline.chosen == next(number for number, beat in enumerate(timeline.story.beats) if beat.lost and number > 2)
    seat.stage.press("end")
    assert timeline.chosen == len(timeline.story.beats) - 1
    seat.stage.press("right")
    assert timeline.chosen == len(timeline.story.beats) - 1
    assert screen.focus.widget is timeline


def test_where_one_reads_leftward_the_left_arrow_goes_on(tmp_path: Path) -> None:
    with seated(tmp_path, [PERSIAN], language="fa") as seat:
        seat.sit("سارا کاوه")
        timeline = _debrief(seat, _run("by-the-book")).review.timeline
        timeline.choose(3)
        timeline.takes(KeyPressed("left"))
        assert timeline.chosen == 4


def test_every_moment_is_a_sentence_that_a_reader_meets(seat: Seat) -> None:
    timeline = _debrief(seat, _run("interrupting")).review.timeline
    node = next(node for node in seat.stage.nodes.walk() if node.role == "slider")
    assert [child.name for child in node.children] == list(timeline.sentences)
    plain = [sentence.replace("\u2068", "").replace("\u2069", "") for sentence in timeline.sentences]
    assert "0:00: You cut in. Lost: Hear them out." in plain


def test_a_click_shows_a_moment_in_full_with_what_was_judged_there(seat: Seat) -> None:
    screen = _debrief(seat, _run("by-the-book"))
    timeline = screen.review.timeline
    number = next(number for number, beat in enumerate(timeline.story.beats) if beat.kind == "pause" and beat.lost)
    plan = timeline.plan(screen._look, timeline.rect.w)
    at = (timeline.rect.x + plan.x_of(timeline.story.beats[number]), timeline.rect.y + plan.below.y + 4)
    seat.stage.press(PointerMoved(at))
    assert timeline.pointed == number
    assert timeline.sentences[number] in seat.stage.frame.texts
    seat.stage.press(PointerLeft())
    assert timeline.sentences[number] not in seat.stage.frame.texts
    _press(seat, at)
    assert timeline.chosen == number
    names = [node.name for node in seat.stage.nodes.walk()]
    assert "said nothing at this pause" in names
    assert seat.words("moment-pause", customer="") in names
    assert {"See it again", "Next loss"} <= set(names)


def _press(seat: Seat, at: tuple[int, int]) -> None:
    seat.stage.press(PointerMoved(at), PointerPressed(at), PointerReleased(at))


def test_a_moment_can_be_seen_again(seat: Seat) -> None:
    screen = _debrief(seat, _run("by-the-book"))
    screen.review.look_at(2)
    seat.stage.settle()
    seat.stage.click("See it again")
    assert isinstance(seat.screen, Replay)


@pytest.mark.parametrize("name", ["walks-off", "silence-twice", "third-letter-form", "untimed", "out-of-the-country-sells", "breaks-off"])
def test_every_kind_of_play_is_told_without_a_defect(seat: Seat, name: str) -> None:
    screen = _debrief(seat, _run(name))
    assert seat.problems() == []
    for number in range(len(screen.review.story.beats)):
        screen.review.look_at(number)
    assert seat.problems() == []


@pytest.mark.parametrize("count", [0, 2])
def test_a_play_that_was_left_at_once_is_told_too(seat: Seat, count: int) -> None:
    script = script_of(LATE_PARCEL)
    events = Encounter(script, seed=7).events[:count]
    run = Run.of(script, new_attempt(script, "nobody", seed=7), events)
    run.done = True
    _debrief(seat, run)
    assert seat.words("ended-open") in [node.name for node in seat.stage.nodes.walk()]
    assert seat.problems() == []


def test_where_the_conduct_would_do_the_ending_is_said_to_be_the_reason(seat: Seat) -> None:
    run = _run("by-the-book")
    assert run.assessment.conduct >= run.script.scenario.pass_mark
    _debrief(seat, run)
    assert seat.words("sum-bad-ending") in [node.name for node in seat.stage.nodes.walk()]


# --- only what changed is laid out -----------------------------------------------------------------------------------


def test_a_part_that_did_not_change_is_moved_and_not_laid_out_again(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _debrief(seat, _run("by-the-book"))
    placed = list[str]()
    place = Settled.place

    def counted(self: Settled, look: Look, rect: object) -> None:
        before = self._placed
        place(self, look, rect)  # type: ignore[arg-type]
        if self._placed is not before:
            placed.append(type(self.child).__name__)

    monkeypatch.setattr(Settled, "place", counted)
    screen._settle_here()
    assert placed == []
    screen.review.look_at(4)
    assert len(placed) <= 2
    rects = [widget.rect.copy() for widget in screen.area.walk()]
    screen.rebuild()
    assert [widget.rect for widget in screen.area.walk()] == rects


def test_the_worst_is_looked_for_first() -> None:
    found = _run("red-letter-walks-off")
    assert found.attempt is not None
    run = Run.of(found.script, found.attempt, found.events)
    before, after = list[str](), list[str]()
    while not run.done:
        run.look()
        names = [one.loss.principle for one in run.note()]
        (before if run.turning is None else after).extend(names)
    places = [[run.worst_first.index(name) for name in names] for names in (before, after)]
    assert before
    assert after
    assert places == [sorted(before) for before in places]


def test_a_speech_has_its_end_at_the_last_word() -> None:
    run = _run("expert-rider")
    story = story_of(run)
    ends = [number for number, event in enumerate(run.events) if isinstance(event, SpeechEnded)]
    assert [story.waited[number] for number, event in enumerate(run.events) if isinstance(event, ReplyChosen)] == [story.axis.places[number] for number in ends]


def test_what_one_move_would_have_kept_is_told_together(seat: Seat) -> None:
    found = _run("late-recovery")
    run = Run(found.script, found.attempt, found.events, found.assessment, done=True)
    number = next(number for number, beat in enumerate(story_of(run).beats) if len(beat.lost) > 1)
    lost = story_of(run).beats[number].lost
    for one in lost:
        loss = Loss(one.principle, one.place, one.evidence, "rule", len(found.events))
        run.mended[one.principle, one.place] = Mending(loss, story_of(run).beats[number].number, "welcome")
    screen = _debrief(seat, run)
    screen.review.look_at(number)
    names = [node.name for node in _detail(seat)]
    assert names.count("This would have kept them") == 1
    assert sum(name.startswith("Play on from here") for name in names) == 1


def _detail(seat: Seat) -> list[Node]:
    """What is told of the moment that one looks at."""
    key = seat.screen.review._detail.node_key
    return list(next(node for node in seat.stage.nodes.walk() if node.key == key).walk())


def test_a_pause_is_told_with_the_words_before_it(seat: Seat) -> None:
    screen = _debrief(seat, _run("yes-too-early"))
    answered = [number for number, beat in enumerate(screen.review.story.beats) if beat.kind == "pause" and len(beat.events) > 1 and beat.lost]
    number = answered[1]
    screen.review.look_at(number)
    names = [node.name.replace("\u2068", "").replace("\u2069", "") for node in _detail(seat)]
    assert {"“From the start, then.”", "“Yes.”"} <= set(names)


def test_of_a_chat_each_message_has_a_line_of_its_own(seat: Seat) -> None:
    _debrief(seat, _run("out-of-the-country-good-human"))
    said = [node.name.replace("\u2068", "").replace("\u2069", "") for node in seat.stage.nodes.walk()]
    assert "Noa Lind wrote" in said
    assert any(name.startswith("“hi\ni'm flying to morocco on friday, first time out of the country\ndo i have to") for name in said)
