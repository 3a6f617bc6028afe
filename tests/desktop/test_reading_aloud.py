"""Read aloud: the page, what is announced, what the keyboard comes to; by the system's speech, where there is one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from desktop.seat import LATE_PARCEL, Seat, script_of, seated
from servicesim.desktop import system_voice
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.reading_aloud import ReadingAloud
from servicesim.desktop.system_voice import Speech, SystemVoice, system_speech

SOON = 20.0  # seconds that a slow machine may take to start a program


class Heard:
    """A voice that remembers; None where it was broken off."""

    def __init__(self) -> None:
        self.texts: list[str | None] = []
        self.languages: set[str] = set()

    def say(self, text: str, language: str) -> None:
        self.texts.append(text)
        self.languages.add(language)

    def hush(self) -> None:
        self.texts.append(None)

    def close(self) -> None:
        self.texts.append("closed")

    def take(self) -> list[str | None]:
        taken, self.texts = self.texts, []
        return taken


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def seat(tmp_path: Path, heard: Heard) -> Iterator[Seat]:
    with seated(tmp_path, [LATE_PARCEL]) as taken:
        taken.stage.aloud = ReadingAloud(taken.stage, heard)
        taken.sit()
        taken.way.suit(taken.desk.learner, Preferences(aloud=True))
        yield taken


def test_a_new_page_is_named_first_and_then_what_has_the_keyboard(seat: Seat, heard: Heard) -> None:
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.wait(0.1)
    told = heard.take()
    assert told[:2] == [None, "Before you begin"]
    seat.stage.press("tab")
    seat.stage.wait(0.1)
    cut, focused = heard.take()
    assert cut is None
    assert focused is not None
    assert "button" in focused


def test_nothing_is_said_twice_while_nothing_changes(seat: Seat, heard: Heard) -> None:
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.wait(0.1)
    heard.take()
    seat.stage.wait(2.0)
    assert heard.take() == []


def test_what_the_customer_says_is_heard_after_the_name_of_the_page(seat: Seat, heard: Heard) -> None:
    seat.begin(untimed=True)
    seat.stage.wait(0.5)
    told = [text for text in heard.take() if text]
    assert told[0].startswith("In conversation with")
    assert [turn.text for turn in seat.screen._told] == told[1:3]


def test_a_switch_is_told_with_how_it_stands(seat: Seat, heard: Heard) -> None:
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.find("Practice")
    for _ in range(30):
        if any("Practice. switch. off" in (text or "") for text in heard.texts):
            break
        seat.stage.press("tab")
        seat.stage.wait(0.05)
    else:
        pytest.fail(f"the switch was never read: {heard.texts}")
    heard.take()
    seat.stage.press("space")
    seat.stage.wait(0.05)
    assert any("Practice. switch. on" in (text or "") for text in heard.take())


def test_nobody_is_read_to_who_does_not_want_it_and_turning_it_off_breaks_off(seat: Seat, heard: Heard) -> None:
    seat.stage.suit(Preferences())
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.announce("This is not heard")
    seat.stage.wait(0.1)
    assert heard.take() == []
    seat.stage.suit(Preferences(aloud=True))
    seat.stage.wait(0.1)
    assert heard.take()
    seat.stage.suit(Preferences())
    seat.stage.wait(0.1)
    assert heard.take() == [None]


def test_the_voice_speaks_the_language_of_the_window(tmp_path: Path, heard: Heard) -> None:
    with seated(tmp_path, [LATE_PARCEL], language="fa") as seat:
        seat.stage.aloud = ReadingAloud(seat.stage, heard)
        seat.way.who()
        seat.stage.settle()
        seat.stage.suit(Preferences(aloud=True))
        seat.stage.wait(0.1)
        assert heard.texts
    assert heard.languages == {"fa"}
    assert heard.take()[-1] == "closed"


def test_the_switch_in_the_settings_can_be_used_only_where_the_system_can_speak(seat: Seat) -> None:
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.click("Settings")
    assert "disabled" not in seat.stage.find("Read aloud").states
    seat.stage.uncover()
    seat.stage.aloud = None
    seat.stage.click("Settings")
    switch = seat.stage.find("Read aloud")
    assert "disabled" in switch.states
    assert "no voice" in switch.about


# -- the system's speech --------------------------------------------------------------------------------------------------


def _program(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    path.chmod(0o755)
    return path


def _until(condition: Callable[[], bool]) -> None:
    end = monotonic() + SOON
    while not condition():
        assert monotonic() < end, "it never came to that"


@pytest.mark.skipif(sys.platform == "win32", reason="the program that stands in for speech is a script")
class TestSystemVoice:
    def test_texts_come_to_the_program_in_order_by_standard_input_in_their_language(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        body = f"import sys\ntext = sys.stdin.read()\nopen({str(log)!r}, 'a').write(sys.argv[1] + ': ' + text + '\\n')\n"
        voice = SystemVoice(Speech(str(_program(tmp_path, "voice", body)), ("{language}",)))
        voice.say("Good morning; rm -rf $(HOME)", "en")
        voice.say("صبح بخیر", "fa")
        voice.say("  ", "fa")
        _until(lambda: log.exists() and log.read_text(encoding="utf-8").count("\n") == 2)
        voice.close()
        assert log.read_text(encoding="utf-8") == "en: Good morning; rm -rf $(HOME)\nfa: صبح بخیر\n"

    def test_hushing_stops_the_program_and_forgets_the_rest_but_not_what_comes_after(self, tmp_path: Path) -> None:
        log, silenced = tmp_path / "log", tmp_path / "silenced"
        body = (
            "import sys, time\n"
            f"if 'silence' in sys.argv: open({str(silenced)!r}, 'w').close(); sys.exit()\n"
            f"text = sys.stdin.read()\nopen({str(log)!r}, 'a').write(text + ' begins\\n')\n"
            f"if 'long' in text: time.sleep(600)\nopen({str(log)!r}, 'a').write(text + ' ends\\n')\n"
        )
        program = str(_program(tmp_path, "voice", body))
        voice = SystemVoice(Speech(program, (), (program, "silence")))
        voice.say("a long story", "en")
        voice.say("the rest of it", "en")
        _until(lambda: log.exists() and "begins" in log.read_text())
        voice.hush()
        voice.say("something else", "en")
        _until(lambda: "something else ends" in log.read_text())
        _until(silenced.exists)
        voice.close()
        assert log.read_text().splitlines() == ["a long story begins", "something else begins", "something else ends"]

    def test_a_program_that_cannot_be_run_is_told_in_the_log_and_nothing_breaks(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        voice = SystemVoice(Speech(str(tmp_path / "gone"), ()))
        voice.say("Anybody?", "en")
        _until(lambda: "cannot be used" in caplog.text)
        voice.say("Still there?", "en")
        voice.close()

    def test_a_program_that_does_not_want_the_text_breaks_nothing(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        voice = SystemVoice(Speech(str(_program(tmp_path, "voice", f"open({str(log)!r}, 'a').write('x')\n")), ()))
        voice.say("long " * 100_000, "en")
        voice.say("short", "en")
        _until(lambda: log.exists() and log.read_text() == "xx")
        voice.close()

    def test_the_first_speech_that_is_there_is_used_and_none_where_there_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(system_voice.sys, "platform", "linux")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert system_speech() is None
        _program(tmp_path, "espeak-ng", "")
        found = system_speech()
        assert found is not None
        assert found.command("tr") == [str(tmp_path / "espeak-ng"), "-v", "tr", "--stdin"]
        _program(tmp_path, "spd-say", "")
        found = system_speech()
        assert found is not None
        assert found.hush == (str(tmp_path / "spd-say"), "--cancel")

    def test_on_a_mac_a_voice_of_the_language_is_taken(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(system_voice.sys, "platform", "darwin")
        monkeypatch.setenv("PATH", str(tmp_path))
        _program(tmp_path, "say", "print('Samantha            en_US    # Hello\\nYelda               tr_TR    # Merhaba')\n")
        found = system_speech()
        assert found is not None
        assert found.command("tr")[1:] == ["-v", "Yelda"]
        assert found.command("az")[1:] == []
