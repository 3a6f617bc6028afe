"""Trying out an encounter that is being written: moves, undo, jumps, and the same play on a changed text."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from encounter.plays import every_script, one_move, script_of
from scenario.small import SMALL
from servicesim.desktop.course import Course, Move
from servicesim.desktop.previewing import Heard, Loaded, Rehearsing, heard
from servicesim.desktop.watching import Watch, look_at, reader
from servicesim.desktop.wayfinding import way_to
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.rules import SpokenOut, Unmet
from servicesim.scenario import loading
from translations_made import translate


class Desk:
    """A text that somebody writes, and what is tried out of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rehearsing = Rehearsing(self.read)

    def read(self) -> Loaded:
        scenario, findings = loading.load_text(self.text)
        return Loaded(scenario and script_of(self.text), tuple(findings))

    def save(self, old: str, new: str) -> None:
        """Change the text, and save it."""
        assert old in self.text
        self.text = self.text.replace(old, new)
        self.rehearsing.reload()

    def play(self, *moves: str) -> None:
        for move in moves:
            assert self.rehearsing.do(move), move

    @property
    def done(self) -> list[str]:
        assert self.rehearsing.played is not None
        return [str(move) for move in self.rehearsing.played.done]

    @property
    def says(self) -> str:
        """What the customer says now."""
        assert self.rehearsing.played is not None
        return self.rehearsing.played.situation.spoken.line.say


@pytest.fixture
def desk() -> Desk:
    return Desk(SMALL)


# In the small encounter with a third scene; a shrug leads there once she trusts.
CELLAR = SMALL.replace(
    "        if: found or anger > 3\n        feel: {anger: 1}\n        end: gone", "        if: trust > 1\n        go: cellar"
).replace(
    "endings:", "  cellar:\n    customer: It is dark.\n    replies:\n      - {id: lamp, say: Here it is., acts: [inform], end: settled}\nendings:"
)  # fmt: skip
CLOSED_CELLAR = CELLAR.replace("if: trust > 1", "if: trust > 1 and found")


# --- moves, and taking them back -------------------------------------------------------------------------------------


def test_moves_are_those_of_simulate_and_what_is_shown_is_the_end_of_the_speech(desk: Desk) -> None:
    desk.play("go-on", "welcome", "go-on", "look")
    played = desk.rehearsing.played
    assert played is not None
    assert played.at.events == rehearse(Encounter(script_of(SMALL)), ("go-on", "welcome", "go-on", "look")).events
    assert (desk.rehearsing.ended, played.situation.ending) == (True, "settled")
    assessment = desk.rehearsing.assessment()
    assert assessment is not None
    assert assessment.ending == "settled"


def test_what_does_not_fit_changes_nothing(desk: Desk) -> None:
    desk.play("welcome")
    before = desk.rehearsing.course
    assert not desk.rehearsing.do("welcome")
    assert not desk.rehearsing.do("shrug")
    assert not desk.rehearsing.do("no-such-reply")
    assert desk.rehearsing.course == before


def test_moves_are_taken_back_one_by_one_and_a_restart_too(desk: Desk) -> None:
    desk.play("go-on", "sorry")
    desk.rehearsing.restart()
    assert desk.done == []
    assert desk.rehearsing.undo()
    assert desk.done == ["opening/go-on", "opening/sorry"]
    desk.rehearsing.undo()
    assert desk.done == ["opening/go-on"]
    desk.rehearsing.undo()
    assert (desk.done, desk.rehearsing.can_undo, desk.rehearsing.undo()) == ([], False, False)


def test_an_ended_play_goes_on_after_one_step_back(desk: Desk) -> None:
    desk.play("welcome", "look")
    assert desk.rehearsing.answers() == []
    desk.rehearsing.undo()
    assert [answer.option.reply.id for answer in desk.rehearsing.answers()] == ["look", "shrug"]


def test_numbers_standings_and_visits_are_those_of_the_play(desk: Desk) -> None:
    rehearsing = desk.rehearsing
    assert rehearsing.facts() == {"found": False, "calls": 0}
    desk.play("sorry")
    assert rehearsing.standings()["hold-the-apology"] == "broken"
    assert rehearsing.visits() == {"opening": 1, "story": 1}
    desk.play("go-on")
    assert rehearsing.played is not None
    assert rehearsing.played.before is not None
    assert rehearsing.played.situation.feelings.trust == rehearsing.played.before.trust + 1


# --- why a reply is not offered --------------------------------------------------------------------------------------


def test_a_closed_reply_says_its_condition_and_what_its_names_are_now(desk: Desk) -> None:
    desk.play("welcome")
    look, shrug = desk.rehearsing.answers()
    assert (look.number, look.reasons) == (1, ())
    assert shrug.reasons == (Unmet("found or anger > 3", (("found", False), ("anger", 2))),)


def test_acts_scenes_and_feelings_in_a_condition_have_values_too(desk: Desk) -> None:
    desk.save("found or anger > 3", "said(apologise) and seen(opening) and satisfaction >= calls")
    desk.play("welcome")
    (why,) = desk.rehearsing.answers()[1].reasons
    assert why == Unmet(
        "said(apologise) and seen(opening) and satisfaction >= calls",
        (("said(apologise)", False), ("seen(opening)", True), ("satisfaction", -20), ("calls", 0)),
    )


def test_a_reply_to_a_scene_that_has_spoken_four_times_says_so() -> None:
    desk = Desk(SMALL.replace("        if: found or anger > 3\n        feel: {anger: 1}\n        end: gone", "        go: story"))
    desk.play("welcome", "shrug", "shrug", "shrug")
    assert desk.rehearsing.answers()[1].reasons == (SpokenOut("story", 4),)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_offered_is_what_nothing_keeps_closed(seed: int) -> None:
    for script in every_script():
        encounter = Encounter(script, seed=seed)
        draw = random.Random(seed)
        for _ in range(60):
            if encounter.ended:
                break
            if offered := rules.offered(encounter.situation):
                options = encounter.situation.stage.options
                open_ones = {option.reply.id for option in options if not rules.why_closed(encounter.situation, option)}
                assert {option.reply.id for option in offered} == open_ones
            one_move(encounter, draw)


# --- jumps -----------------------------------------------------------------------------------------------------------


def test_a_jump_takes_the_shortest_play_and_each_of_its_moves_can_be_taken_back(desk: Desk) -> None:
    desk.play("sorry", "look")
    desk.rehearsing.jump("story")
    assert (desk.done, desk.rehearsing.scene, desk.rehearsing.start_is_bare) == (["opening/welcome"], "story", False)
    desk.rehearsing.undo()
    assert (desk.done, desk.rehearsing.scene) == ([], "opening")
    desk.rehearsing.undo()
    assert desk.done == ["opening/sorry", "story/look"]


def test_a_scene_that_only_good_listening_opens_is_reached_by_listening() -> None:
    moves, sure = way_to(script_of(CELLAR), "cellar")
    assert (moves, sure) == (
        (Move("opening", "welcome"), Move("story", "go-on"), Move("story", "shrug")),
        True,
    )


def test_a_jump_to_a_scene_that_no_play_leads_to_begins_there_and_says_so() -> None:
    unreachable = Desk(CLOSED_CELLAR)
    unreachable.rehearsing.jump("cellar")
    rehearsing = unreachable.rehearsing
    assert (rehearsing.course, rehearsing.start_is_bare, rehearsing.scene) == (Course(start="cellar", sure=True), True, "cellar")
    assert rehearsing.played is not None
    assert (rehearsing.played.situation.feelings.anger, rehearsing.facts()) == (2, {"found": False, "calls": 0})
    unreachable.play("lamp")
    assert rehearsing.ended
    unreachable.rehearsing.undo()
    unreachable.rehearsing.undo()
    assert (rehearsing.scene, rehearsing.start_is_bare) == ("opening", False)


def test_a_search_that_is_too_long_says_that_it_was_not_finished() -> None:
    script = script_of(CLOSED_CELLAR)
    assert way_to(script, "cellar") == (None, True)
    assert way_to(script, "cellar", most=3) == (None, False)


def test_a_scene_that_silence_leads_to_is_reached_by_silence() -> None:
    script = script_of(CELLAR.replace("go: cellar", "end: gone").replace("  story:\n", "  story:\n    on-silence: {go: cellar}\n"))
    assert way_to(script, "cellar") == ((Move("opening", "welcome"), Move("story", "silence"), Move("story", "silence")), True)


def test_a_jump_to_nowhere_changes_nothing(desk: Desk) -> None:
    desk.rehearsing.jump("nowhere")
    assert desk.rehearsing.course == Course()


# --- the same play on a changed text ---------------------------------------------------------------------------------


def test_a_changed_line_is_there_at_once_at_the_same_spot(desk: Desk) -> None:
    desk.play("welcome", "go-on")
    desk.save("On Tuesday.", "On Monday.")
    assert (desk.says, desk.done) == ("On Monday. | By the till.", ["opening/welcome", "story/go-on"])


def test_an_error_leaves_the_last_good_version_until_it_is_mended(desk: Desk) -> None:
    desk.play("welcome")
    desk.save("go: story", "go: stori")
    assert {finding.code for finding in desk.rehearsing.errors} == {"S013"}
    assert desk.says == "On Tuesday. | By the till."
    desk.play("look")
    desk.save("go: stori", "go: story")
    assert desk.rehearsing.errors == []
    assert desk.done == ["opening/welcome", "story/look"]


def test_a_text_that_was_broken_from_the_start_is_shown_once_it_is_mended() -> None:
    desk = Desk("servicesim: 1\n")
    rehearsing = desk.rehearsing
    assert (rehearsing.script, rehearsing.played, rehearsing.scene, rehearsing.answers()) == (None, None, None, [])
    assert (rehearsing.facts(), rehearsing.visits(), rehearsing.standings(), rehearsing.assessment()) == ({}, {}, {}, None)
    assert not rehearsing.do("welcome")
    rehearsing.jump("story")
    rehearsing.restart()
    assert rehearsing.errors
    desk.text = SMALL
    rehearsing.reload()
    assert rehearsing.scene == "opening"


@pytest.mark.parametrize(
    ("old", "new", "done", "why", "move", "here"),
    [
        ("id: welcome", "id: hello", 0, "gone", "opening/welcome", "opening"),
        ("say: Good morning.", "if: calls > 2\n        say: Good morning.", 0, "closed", "opening/welcome", "opening"),
        ("acts: [greet, invite-story]\n        go: story", "acts: [greet, invite-story]\n        end: gone", 1, "over", "story/look", "opening"),
        ("invite-story]\n        go: story", "invite-story]\n        go: cellar", 1, "elsewhere", "story/look", "cellar"),
    ],
)
def test_a_play_that_cannot_go_on_says_where_it_stopped_and_why(old: str, new: str, done: int, why: str, move: str, here: str) -> None:
    desk = Desk(CELLAR)
    desk.play("welcome", "look")
    desk.save(old, new)
    played = desk.rehearsing.played
    assert played is not None
    assert played.stop is not None
    assert (played.stop.done, played.stop.of, played.stop.why, str(played.stop.move), played.stop.here) == (done, 2, why, move, here)
    assert len(played.done) == done
    assert bool(played.stop.reasons) == (why == "closed")


def test_a_play_that_was_cut_short_comes_back_when_the_text_does(desk: Desk) -> None:
    desk.play("welcome", "go-on", "look")
    desk.save("id: look", "id: loo")
    assert desk.done == ["opening/welcome", "story/go-on"]
    desk.save("id: loo", "id: look")
    assert desk.done == ["opening/welcome", "story/go-on", "story/look"]


def test_a_move_made_after_a_cut_goes_on_from_there(desk: Desk) -> None:
    desk.play("welcome", "look")
    desk.save("id: look", "id: search")
    desk.play("search")
    assert desk.rehearsing.played is not None
    assert (desk.done, desk.rehearsing.played.stop) == (["opening/welcome", "story/search"], None)


def test_a_scene_that_was_given_another_name_does_not_end_the_play(desk: Desk) -> None:
    desk.play("welcome", "look")
    desk.text = desk.text.replace("go: story", "go: tale").replace("  story:", "  tale:")
    desk.rehearsing.reload()
    assert desk.rehearsing.ended


def test_a_listening_act_without_its_station_is_left_out(desk: Desk) -> None:
    desk.play("go-on", "go-on", "welcome")
    desk.save("I left my umbrella. | It was red.", "I left my umbrella.")
    played = desk.rehearsing.played
    assert played is not None
    assert ([str(move) for move in played.left_out], desk.done) == (["opening/go-on"], ["opening/go-on", "opening/welcome"])


def test_a_bare_scene_that_is_gone_leads_back_to_the_beginning() -> None:
    desk = Desk(CLOSED_CELLAR)
    desk.rehearsing.jump("cellar")
    desk.text = SMALL
    desk.rehearsing.reload()
    assert desk.rehearsing.played is not None
    assert desk.rehearsing.played.stop is not None
    assert (desk.rehearsing.played.stop.why, desk.rehearsing.scene, desk.rehearsing.start_is_bare) == ("no-scene", "opening", False)


def test_what_was_played_last_is_told_as_far_as_it_could_be_played(desk: Desk) -> None:
    desk.play("welcome", "look")
    desk.save("id: look", "id: search")
    assert desk.rehearsing.made == Course((Move("opening", "welcome"),))


# --- a speech at its speed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "passed", "stations", "expected"),
    [
        (0, 0.0, True, Heard(0, 0.0)),
        (0, 1.357 + 0.4, True, Heard(0, 1.0, pytest.approx(0.4))),  # type: ignore[arg-type]
        (0, 1.357 + 1.2, True, Heard(1, pytest.approx(0.0, abs=1e-9))),  # type: ignore[arg-type]
        (0, 1.357, False, Heard(1, 0.0)),
        (1, 0.393, True, Heard(1, 0.5)),
        (0, 99.0, True, None),
    ],
)
def test_a_speech_is_heard_at_its_speed_with_its_pauses(first: int, passed: float, stations: bool, expected: Heard | None) -> None:
    spoken = script_of(SMALL).stages[0].lines[0]
    assert heard(spoken, first, passed, stations=stations) == expected


# --- the files -------------------------------------------------------------------------------------------------------


def test_a_watch_looks_now_and_then_and_says_each_change_once() -> None:
    seen = ["one"]
    looks: list[str] = []

    def look() -> object:
        looks.append(seen[0])
        return seen[0]

    watch = Watch(look, every=0.3)
    assert not watch.changed(10.0)
    seen[0] = "two"
    assert not watch.changed(10.2)
    assert len(looks) == 2
    assert watch.next_look(10.2) == pytest.approx(10.3)
    assert [watch.changed(10.3), watch.changed(10.6), watch.changed(10.9)] == [True, False, False]


def _rewritten(file: Path) -> None:
    file.write_text(SMALL + "\n# more", encoding="utf-8")


def _renamed_over(file: Path) -> None:
    """As many editors save: same length, and a time that says nothing new."""
    before, other = file.stat(), file.with_name("new")
    other.write_bytes(file.read_bytes())
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)


def _judged_otherwise(file: Path) -> None:
    file.with_name("principles.yaml").write_text("servicesim: 1\n", encoding="utf-8")


def _gone(file: Path) -> None:
    file.unlink()


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _endless(file: Path) -> None:
    file.write_bytes(b"a" * ((1 << 20) + 1))


def _half_written(file: Path) -> None:
    file.write_text(SMALL[:700], encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (_rewritten, []),
        (_renamed_over, []),
        (_judged_otherwise, ["S002", "S002"]),
        (_gone, ["F001"]),
        (_a_folder, ["F001"]),
        (_endless, ["F002"]),
        (_half_written, None),
    ],
)
def test_whatever_happens_to_the_file_is_seen_and_read_without_a_stumble(
    tmp_path: Path, change: Callable[[Path], None], codes: list[str] | None
) -> None:
    file = tmp_path / "umbrella.yaml"
    file.write_text(SMALL, encoding="utf-8")
    watch = Watch(look_at(file, None))
    rehearsing = Rehearsing(reader(file, None))
    assert rehearsing.do("welcome")
    change(file)
    assert watch.changed(1.0)
    rehearsing.reload()
    found = [finding.code for finding in rehearsing.errors]
    assert found == codes if codes is not None else found
    assert rehearsing.scene == "story"


def test_principles_named_by_their_file_are_watched_and_used(tmp_path: Path) -> None:
    file, judge = tmp_path / "umbrella.yaml", tmp_path / "ours.yaml"
    file.write_text(SMALL, encoding="utf-8")
    judge.write_text("servicesim: 1\n", encoding="utf-8")
    watch = Watch(look_at(file, judge))
    rehearsing = Rehearsing(reader(file, judge))
    assert all(finding.file == str(judge) for finding in rehearsing.errors)
    assert rehearsing.errors
    judge.write_text((Path(loading.principles_beside(file))).read_text(encoding="utf-8"), encoding="utf-8")
    assert watch.changed(1.0)
    rehearsing.reload()
    assert rehearsing.errors == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="for root no folder is closed")
def test_a_folder_that_was_closed_is_a_finding(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    file = folder / "umbrella.yaml"
    file.write_text(SMALL, encoding="utf-8")
    rehearsing = Rehearsing(reader(file, None))
    folder.chmod(0)
    try:
        rehearsing.reload()
        assert [finding.code for finding in rehearsing.errors] == ["F001"]
    finally:
        folder.chmod(0o700)


def test_a_translation_is_watched_and_shown_with_what_does_not_fit(tmp_path: Path) -> None:
    file = tmp_path / "umbrella.yaml"
    file.write_text(SMALL, encoding="utf-8")
    translate(file, "fa", lambda key, text: text.replace(" | ", " "))
    watch = Watch(look_at(file, None, "fa"))
    rehearsing = Rehearsing(reader(file, None, "fa"))
    assert rehearsing.do("welcome")
    assert [finding.code for finding in rehearsing.errors] == ["L002", "L002"]
    translate(file, "fa")
    assert watch.changed(1.0)
    rehearsing.reload()
    assert rehearsing.errors == []
    assert rehearsing.script is not None
    assert (rehearsing.script.scenario.title, rehearsing.scene) == ("THE UMBRELLA", "story")
