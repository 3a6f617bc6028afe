"""The preview's screen, with scripted frames: a file is changed while it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import FACES, LATE_PARCEL, PERSIAN
from encounter.plays import script_of
from scenario.small import SMALL
from servicesim.desktop.inputs import KeyPressed
from servicesim.desktop.previewing import Loaded, Rehearsing
from servicesim.desktop.problems import problems
from servicesim.desktop.safe_text import FSI, PDI
from servicesim.desktop.screens.preview import Preview
from servicesim.desktop.stage import Stage
from servicesim.desktop.watching import Watch, look_at, reader
from servicesim.desktop.wording import words_in
from servicesim.encounter.script import Script

SIZES = [(1280, 720), (1920, 1080)]


class Bench:
    """A file, and the preview of it on a stage without a window."""

    def __init__(self, file: Path, *, size: tuple[int, int] = (1280, 720), language: str | None = None) -> None:
        self.file = file
        self.stage = Stage.create_null(size)
        watch = Watch(look_at(file, None))
        self.rehearsing = Rehearsing(reader(file, None))
        self.page = Preview(self.rehearsing, watch, FACES, file, language=language)
        self.stage.go(self.page)
        self.stage.settle()

    def save(self, old: str, new: str) -> None:
        """Change the file, and let the preview notice."""
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.write(text.replace(old, new))

    def write(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")
        self.notice()

    def notice(self) -> None:
        """Let the preview look at its file."""
        self.stage.wait(0.4)

    @property
    def texts(self) -> list[str]:
        """What can be seen, without the marks that keep texts apart."""
        self.stage.redraw()
        self.stage.settle()
        return [text.replace(FSI, "").replace(PDI, "") for text in self.stage.frame.texts]

    @property
    def seen(self) -> str:
        return "\n".join(self.texts)

    def problems(self) -> list[str]:
        self.stage.redraw()
        self.stage.settle()
        return problems(self.stage.frame)

    def shown(self, name: str) -> bool:
        """Whether there is a thing of this name, seen or scrolled away."""
        return any(node.name.replace(FSI, "").replace(PDI, "") == name for node in self.stage.nodes.walk())


def bench_of(folder: Path, text: str, **more: Any) -> Bench:
    file = folder / "umbrella.yaml"
    file.write_text(text, encoding="utf-8")
    return Bench(file, **more)


def sample(folder: Path, path: Path, **more: Any) -> Bench:
    """A sample with the principles that it is judged by."""
    for name in (path.name, "principles.yaml"):
        (folder / name).write_bytes((path.parent / name).read_bytes())
    return Bench(folder / path.name, **more)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return bench_of(tmp_path, SMALL)


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_speech_stands_there_whole_with_its_stations_and_replies_with_what_they_do(bench: Bench) -> None:
    texts = bench.texts
    assert "I left my umbrella. | It was red." in texts
    assert "greet, invite-story · leads to story" in texts
    here = texts.index("expects")
    assert texts[here : here + 10] == ["expects", "60", "received", "40", "satisfaction", "-20", "trust", "0", "anger", "2"]
    assert {"found", "false", "calls", "opening", "story", "1×"} <= set(texts)
    assert bench.problems() == []


def test_a_reply_that_is_not_offered_is_dimmed_and_says_why(bench: Bench) -> None:
    bench.stage.press("1")
    assert "Not offered: found or anger > 3 – found is false; anger is 2\nno acts · ends: gone" in bench.texts
    card = bench.stage.find("No idea.")
    assert "disabled" in card.states
    bench.stage.press("2")
    assert not bench.rehearsing.ended


def test_the_file_says_why_after_a_reply(bench: Bench) -> None:
    bench.save("        acts: [greet, invite-story]", "        acts: [greet, invite-story]\n        why: An open door.")
    bench.stage.press("1")
    assert "An open door." in bench.texts


def test_what_the_last_move_did_to_a_feeling_stands_beside_it(bench: Bench) -> None:
    bench.stage.press("g")
    texts = bench.texts
    assert texts[texts.index("trust") + 1 :][:2] == ["+1", "1"]
    assert "“Go on.”" in texts


def test_a_line_that_was_chosen_by_its_condition_shows_it(bench: Bench) -> None:
    bench.stage.press("2")
    assert "line 1 of 2, if: said(apologise)" in bench.texts
    assert "broken" in bench.texts


def test_the_end_tells_how_it_went_and_leads_back(bench: Bench) -> None:
    bench.stage.press("1", "g", "1")
    texts = bench.texts
    assert "It has ended: settled – Found" in texts
    assert {"of 100", "Passed"} & set(texts) or "Not passed" in texts
    assert "What Leyla Karimova tells a friend" in texts
    assert bench.problems() == []
    bench.stage.press("u")
    assert bench.rehearsing.scene == "story"
    bench.stage.press("1")
    bench.stage.click("Restart")
    assert bench.rehearsing.course.moves == ()


def test_an_ending_with_nothing_left_to_say_has_words(tmp_path: Path) -> None:
    closed = script_of(SMALL)
    story = closed.scenario.scenes["story"]
    silent = replace(story, replies=tuple(replace(reply, condition="found") for reply in story.replies))  # a check would find this
    scenario = replace(closed.scenario, leaves=None, scenes={**closed.scenario.scenes, "story": silent})
    page = Preview(Rehearsing(lambda: Loaded(Script(scenario, closed.principles))), Watch(lambda: 0), FACES, tmp_path / "umbrella.yaml")
    stage = Stage.create_null()
    stage.go(page)
    stage.press("1")
    assert "It has ended: nothing is left to say" in stage.frame.texts


# --- the keyboard ----------------------------------------------------------------------------------------------------


def test_everything_can_be_done_with_the_keyboard(bench: Bench) -> None:
    press = bench.stage.press
    press("g", "c", "s", "w", "2")
    assert bench.rehearsing.scene == "story"
    press("backspace")
    assert bench.rehearsing.scene == "opening"
    press(KeyPressed("z", ctrl=True))
    press("r")
    assert bench.rehearsing.course.moves == ()
    press("j", "down", "enter")
    assert bench.rehearsing.scene == "story"
    assert bench.stage.find("story").states >= {"focused", "selected"}
    press("escape", "1")
    assert bench.rehearsing.ended


def test_the_number_of_a_closed_reply_shows_and_says_why(tmp_path: Path) -> None:
    bench = sample(tmp_path, LATE_PARCEL)
    bench.stage.press("2")
    assert not any(text.startswith("Not offered: seen(puzzled)") and "seen(puzzled) is false" in text for text in bench.texts)
    bench.stage.press("3")
    said = "Not offered: seen(puzzled) and said(invite-story) – seen(puzzled) is false; said(invite-story) is true"
    assert any(text.startswith(said) for text in bench.texts)
    assert bench.stage.live.replace(FSI, "").replace(PDI, "").startswith(said)
    assert bench.rehearsing.scene == "story"


def test_page_keys_scroll_the_replies_then_the_conversation(tmp_path: Path) -> None:
    bench = sample(tmp_path, LATE_PARCEL)
    bench.stage.press("2", "pagedown")
    assert bench.page.answers.offset > 0
    bench.stage.press(*["pageup"] * 6)
    assert (bench.page.answers.offset, bench.page.log.offset) == (0, 0)


def test_every_button_is_reached_by_tab(bench: Bench) -> None:
    names = list[str]()
    for _ in range(14):
        bench.stage.press("tab")
        focused = bench.page.focus.widget
        assert focused is not None
        names.append(focused.name)
    assert names[:2] == ["Hear it", "Go on"]
    assert {"Good morning.", "opening", "story"} <= set(names)


def test_the_mouse_does_the_same(bench: Bench) -> None:
    bench.stage.click("story")
    bench.stage.click("I will look.")
    assert bench.rehearsing.ended
    bench.stage.click("Undo")
    assert bench.rehearsing.scene == "story"


def test_a_move_that_does_not_fit_any_more_is_grey(bench: Bench) -> None:
    for _ in range(3):
        bench.stage.press("g")
    assert "disabled" in bench.stage.find("Go on").states


# --- hearing it ------------------------------------------------------------------------------------------------------


def test_a_speech_is_heard_at_its_speed_when_asked_for_and_skipped_with_the_same_key(bench: Bench) -> None:
    speech = _speech(bench)
    assert speech.upto is None
    bench.stage.press("p")
    bench.stage.wait(0.7)
    assert 0 < speech.upto < len("I left my umbrella. |")
    bench.stage.wait(1.2)
    assert speech.pausing is not None
    bench.stage.press("p")
    assert (speech.upto, speech.pausing) == (None, None)
    bench.stage.press("p")
    bench.stage.wait(5.0)
    assert speech.upto is None
    assert "Hear it" in bench.texts


def test_a_reply_ends_the_hearing(bench: Bench) -> None:
    bench.stage.press("p")
    bench.stage.wait(0.3)
    bench.stage.press("1")
    assert _speech(bench).upto is None


def _speech(bench: Bench) -> Any:
    assert bench.page._speech is not None
    return bench.page._speech[0]


# --- the file changes ------------------------------------------------------------------------------------------------


def test_a_saved_line_is_shown_at_the_same_spot(bench: Bench) -> None:
    bench.stage.press("1", "g")
    bench.save("On Tuesday.", "On Monday.")
    assert "On Monday. | By the till." in bench.texts
    assert "“Go on.”" in bench.texts


def test_nothing_is_drawn_anew_while_nothing_changes(bench: Bench) -> None:
    bench.stage.wait(10.0)
    frames = bench.stage.frames
    bench.stage.wait(2.0)
    assert bench.stage.frames - frames < 12


def test_errors_are_listed_above_the_last_good_version_until_they_are_mended(bench: Bench) -> None:
    bench.stage.press("1")
    bench.save("go: story", "go: stori")
    texts = bench.texts
    assert "umbrella.yaml cannot be played as it is (2 to mend). Below is the last version that could." in texts
    assert "S013  no scene is called 'stori'; did you mean 'story'?" in texts
    assert "line 28" in texts
    assert "On Tuesday. | By the till." in texts
    assert "S013" in bench.stage.live
    assert bench.problems() == []
    bench.save("go: stori", "go: story")
    assert not any("S013" in text for text in bench.texts)
    assert bench.stage.announced[-2] == "Read again: it can be played."


def test_many_errors_can_be_scrolled_and_the_play_goes_on_below(bench: Bench) -> None:
    bench.write(bench.file.read_text(encoding="utf-8").replace("acts: [", "acts: [shout, scream, "))
    assert len(bench.rehearsing.errors) >= 10
    assert bench.problems() == []
    bench.stage.press("1")
    assert bench.rehearsing.scene == "story"


def test_more_findings_than_one_reads_are_counted(bench: Bench) -> None:
    bench.save("acts: [apologise]", f"acts: [{', '.join(f'act-{number}' for number in range(40))}]")
    assert bench.shown("and 20 more; servicesim check lists them all")


def test_warnings_are_told_quietly(bench: Bench) -> None:
    bench.save("  type: hostile", "  type: hostile\n  portrait: nobody")
    assert any("S026" in text for text in bench.texts)
    assert "On Tuesday." not in bench.seen
    assert bench.rehearsing.errors == []
    assert bench.problems() == []


def test_a_file_that_is_broken_at_first_is_waited_for(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, "servicesim: 1\n")
    assert bench.texts[0] == "umbrella.yaml"
    assert "As soon as you have saved a version that can, it is shown here." in bench.seen
    assert bench.problems() == []
    bench.stage.press("1", "u", "r", "j", "p", "g", "tab")
    bench.write(SMALL)
    assert "I left my umbrella. | It was red." in bench.texts
    assert bench.problems() == []


@pytest.mark.parametrize("what", ["gone", "folder", "huge", "half", "binary", "empty"])
def test_whatever_happens_to_the_file_is_a_sentence(bench: Bench, what: str) -> None:
    bench.stage.press("1")
    _spoil(bench.file, what)
    bench.notice()
    assert "cannot be played as it is" in bench.seen
    assert "On Tuesday. | By the till." in bench.texts
    assert bench.problems() == []
    if what == "folder":
        bench.file.rmdir()
    bench.write(SMALL)
    assert "cannot be played" not in bench.seen


def _spoil(file: Path, what: str) -> None:
    text = file.read_text(encoding="utf-8")
    file.unlink()
    match what:
        case "folder":
            file.mkdir()
        case "huge":
            file.write_bytes(b"#" * (3 << 20))
        case "half":
            file.write_text(text[: len(text) // 2], encoding="utf-8")
        case "binary":
            file.write_bytes(bytes(range(256)) * 40)
        case "empty":
            file.write_bytes(b"")
        case _:
            assert what == "gone"


def test_a_play_that_stopped_says_where(bench: Bench) -> None:
    bench.stage.press("1", "1")
    bench.save("id: look", "id: search")
    assert "1 of 2 moves were played again: there is no story/look any more." in bench.texts
    bench.save("        say: I will look.", "        if: calls > 3\n        say: I will look.")
    assert bench.problems() == []


def test_a_play_stopped_at_a_closed_reply_says_its_condition(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, SMALL.replace("        if: found or anger > 3\n", ""))
    bench.stage.press("1", "2")
    bench.save("        say: No idea.", "        if: anger > 3\n        say: No idea.")
    assert "1 of 2 moves were played again: story/shrug is not offered now. anger > 3 – anger is 2" in bench.texts


def test_a_bare_scene_is_marked_as_one(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, LATE_PARCEL.read_text(encoding="utf-8").replace("go: envelope", "go: envelope\n        if: trust > 4 and anger > 4"))
    bench.page.jump("envelope")
    assert bench.rehearsing.scene == "envelope"
    assert "envelope" in next(text for text in bench.texts if text.startswith("No play"))
    assert bench.problems() == []


def test_listening_that_was_left_out_is_told(bench: Bench) -> None:
    bench.stage.press("g", "g", "1")
    bench.save("I left my umbrella. | It was red.", "I left my umbrella.")
    assert "Left out, for they no longer fit: opening/go-on" in bench.texts


def test_another_customer_and_another_language_take_their_place_while_it_is_open(tmp_path: Path) -> None:
    bench = sample(tmp_path, LATE_PARCEL)
    bench.stage.press("2")
    bench.write(PERSIAN.read_text(encoding="utf-8"))
    assert (bench.page.direction, bench.page.words.language) == ("rtl", "fa")
    assert bench.stage.find(words_in("fa")("preview-undo")).states >= {"focusable"}
    bench.write(LATE_PARCEL.read_text(encoding="utf-8"))
    assert (bench.page.direction, bench.page.words.language) == ("ltr", "en")
    assert bench.problems() == []


def test_a_language_without_words_of_its_own_still_reads_leftward(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, SMALL.replace("locale: en", "locale: ar"))
    assert (bench.page.direction, bench.page.words.language) == ("rtl", "en")
    assert bench.problems() == []
    bench.save("go: story", "go: stori")
    assert bench.problems() == []


@pytest.mark.parametrize("channel", ["in-person", "phone", "chat", "email"])
def test_each_channel_has_the_moves_that_it_has(tmp_path: Path, channel: str) -> None:
    bench = bench_of(tmp_path, SMALL.replace("channel: phone", f"channel: {channel}"))
    there = [name for name in ("Go on", "Nod", "Hear on", "Cut in", "Write now", "Wait", "Hear it") if bench.shown(name)]
    assert there == {
        "in-person": ["Go on", "Nod", "Hear on", "Cut in", "Wait", "Hear it"],
        "phone": ["Go on", "Hear on", "Cut in", "Wait", "Hear it"],
        "chat": ["Write now", "Wait", "Hear it"],
        "email": [],
    }[channel]
    assert bench.problems() == []


def test_a_scenario_of_many_scenes_is_listed_whole(tmp_path: Path) -> None:
    scenes = "".join(
        f"  s{n}:\n    customer: This is number {n}.\n    replies:\n"
        f"      - {{id: on, say: Go to the next one., acts: [inform], go: s{n + 1}}}\n      - {{id: stop, say: Stop., acts: [], end: gone}}\n"
        for n in range(200)
    )
    text = SMALL.replace("        set: {found: true}\n        end: settled", "        set: {found: true}\n        go: s0").replace(
        "endings:", f"{scenes}  s200:\n    customer: The last.\n    replies:\n      - {{id: done, say: Done., acts: [], end: settled}}\nendings:"
    )
    bench = bench_of(tmp_path, text)
    assert bench.rehearsing.errors == []
    bench.page.jump("s200")
    assert bench.rehearsing.scene == "s200"
    assert bench.problems() == []


# --- every state in both languages and sizes -------------------------------------------------------------------------


@pytest.mark.parametrize("size", [*SIZES, (800, 450), (1000, 1000)])
@pytest.mark.parametrize("path", [LATE_PARCEL, PERSIAN], ids=["en", "fa"])
def test_no_state_of_the_preview_has_a_defect(tmp_path: Path, path: Path, size: tuple[int, int]) -> None:
    bench = sample(tmp_path, path, size=size)
    found = {state: bench.problems() for state in _states(bench)}
    assert {state: defects for state, defects in found.items() if defects} == {}
    assert len(found) == 8


def _states(bench: Bench) -> Iterator[str]:
    yield "start"
    bench.stage.press("2", "g")
    yield "a move later"
    bench.stage.press("1", "s", "w")
    yield "cut in, and silent"
    assert bench.rehearsing.script is not None
    bench.page.jump(list(bench.rehearsing.script.number)[-1])
    yield "jumped"
    bench.stage.press("j")
    yield "in the list"
    bench.save("go: story", "go: stori")
    yield "errors"
    bench.save("go: stori", "go: story")
    while not bench.rehearsing.ended:
        bench.page.do(next(answer for answer in reversed(bench.rehearsing.answers()) if not answer.reasons).option.reply.id)
    yield "ended"
    bench.save("id: welcome", "id: hello")
    yield "played again in part"
