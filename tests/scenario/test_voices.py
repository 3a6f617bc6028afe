"""The files of voices: how long they last, and what becomes of those that cannot be heard."""

from __future__ import annotations

import os
import struct
import wave
from pathlib import Path

import pytest

from scenario.small import SMALL
from servicesim.encounter.encounter import Encounter, replayed
from servicesim.encounter.script import Script
from servicesim.scenario import loading
from servicesim.scenario.model import scenario_from_canonical
from servicesim.scenario.voices import MOST_BYTES, Unheard, length

SAYS = 'say: "I left my umbrella. | It was red."'


def recorded(path: Path, seconds: float, rate: int = 8_000) -> Path:
    """A file of this length with nothing to hear."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(bytes(2 * round(rate * seconds)))
    return path


def ogg(path: Path, head: bytes, last: int) -> Path:
    """An Ogg file as far as its first and its last page tell; the rest is noise."""

    def page(number: int, place: int, body: bytes) -> bytes:
        return struct.pack("<4sBBqIIIB", b"OggS", 0, 0, place, 7, number, 0, 1) + bytes([len(body)]) + body

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page(0, 0, head) + page(1, -1, b"x" * 200) + page(2, last, b"y" * 90))
    return path


def script(folder: Path, *, voice: str, says: str = SAYS, channel: str = "phone") -> tuple[Script, list[str]]:
    """The umbrella with a voice, and what is found in it."""
    text = SMALL.replace("channel: phone", f"channel: {channel}")
    assert "customer: I left my umbrella. | It was red." in text
    (folder / "umbrella.yaml").write_text(text.replace("customer: I left my umbrella. | It was red.", f"customer:\n      {says}\n      voice: {voice}"), encoding="utf-8")
    principles = loading.shipped_principles()
    scenario, found = loading.load(folder / "umbrella.yaml", principles)
    assert scenario is not None, found
    return Script(scenario, principles), [finding.message for finding in found if finding.code == "S035"]


def seconds(script: Script) -> tuple[float, ...]:
    return script.stage("opening").lines[0].seconds


def test_each_part_takes_as_long_as_its_own_voice(tmp_path: Path) -> None:
    recorded(tmp_path / "voices" / "one.wav", 2.5)
    recorded(tmp_path / "voices" / "two.wav", 0.4)
    played, found = script(tmp_path, voice="[voices/one.wav, voices/two.wav]")
    assert (seconds(played), found) == ((2.5, 0.4), [])
    encounter = Encounter(played)
    assert [(event.at, type(event).__name__) for event in encounter.advance(5.0)] == [
        (2.5, "StationReached"), (3.7, "SegmentBegan"), (4.1, "SpeechEnded"),
    ]  # fmt: skip


def test_one_voice_for_all_parts_is_shared_out_by_their_letters(tmp_path: Path) -> None:
    recorded(tmp_path / "voices" / "one.wav", 6.0)
    played, _ = script(tmp_path, voice="voices/one.wav")
    assert seconds(played) == (3.8, 2.2)  # 19 and 11 letters


def test_a_file_that_changes_later_changes_neither_the_version_nor_the_replay_of_an_attempt(tmp_path: Path) -> None:
    voice = recorded(tmp_path / "voices" / "one.wav", 2.0)
    played, _ = script(tmp_path, voice="voices/one.wav")
    encounter = Encounter(played)
    encounter.advance(30.0)
    kept = played.text
    voice.unlink()
    again = Script(scenario_from_canonical(kept), played.principles)
    assert (again.fingerprint, seconds(again)) == (played.fingerprint, seconds(played))
    assert replayed(again, encounter.events).phase == encounter.situation.phase
    recorded(voice, 3.0)
    assert script(tmp_path, voice="voices/one.wav")[0].fingerprint != played.fingerprint


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no such file"),
        (b"", "it is no WAV or OGG that can be read"),
        (b"RIFF....WAVE and no more", "it is no WAV or OGG that can be read"),
        (b"OggS", "it is no WAV or OGG that can be read"),
        (b"OggS" * 5_000, "it is no WAV or OGG that can be read"),
        (b"OggS" + bytes(MOST_BYTES), "it is larger than 8 MiB"),
    ],
)
def test_a_file_that_cannot_be_heard_is_a_warning_and_the_text_says_how_long_it_takes(tmp_path: Path, content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / "one.wav").write_bytes(content)
    played, found = script(tmp_path, voice="one.wav")
    assert found == [f"'one.wav' is not heard: {why}"]
    assert seconds(played) == (1.357, 0.786)


def test_a_voice_is_neither_empty_nor_endless_nor_elsewhere(tmp_path: Path) -> None:
    recorded(tmp_path / "in" / "none.wav", 0)
    recorded(tmp_path / "in" / "long.wav", 121, rate=100)
    recorded(tmp_path / "out.wav", 1)
    (tmp_path / "in" / "link.wav").symlink_to(tmp_path / "out.wav")
    (tmp_path / "in" / "folder.wav").mkdir()
    os.mkfifo(tmp_path / "in" / "pipe.wav")
    why = {}
    for name in ("none.wav", "long.wav", "link.wav", "folder.wav", "pipe.wav", "../out.wav"):
        with pytest.raises(Unheard) as told:
            length(tmp_path / "in", name)
        why[name] = str(told.value)
    assert why == {
        "none.wav": "it is empty",
        "long.wav": "it lasts longer than 120 seconds",
        "link.wav": "it leads out of the folder",
        "folder.wav": "it is not a file that can be read",
        "pipe.wav": "it is not a file that can be read",
        "../out.wav": "its name cannot be used",
    }


def test_ogg_files_tell_their_length_on_their_last_page(tmp_path: Path) -> None:
    vorbis = b"\x01vorbis" + struct.pack("<IBI", 0, 1, 44_100) + bytes(14)
    opus = b"OpusHead" + struct.pack("<BBH", 1, 1, 312) + bytes(7)
    ogg(tmp_path / "vorbis.ogg", vorbis, 66_150)
    ogg(tmp_path / "opus.ogg", opus, 96_312)
    ogg(tmp_path / "other.ogg", b"\x80theora", 96_312)
    assert (length(tmp_path, "vorbis.ogg"), length(tmp_path, "opus.ogg")) == (1.5, 2.0)
    with pytest.raises(Unheard):
        length(tmp_path, "other.ogg")


@pytest.mark.parametrize(("channel", "told"), [("chat", "nobody hears a voice in a chat"), ("email", "nobody hears a voice in an e-mail")])
def test_where_nobody_speaks_a_voice_counts_for_nothing(tmp_path: Path, channel: str, told: str) -> None:
    recorded(tmp_path / "one.wav", 9)
    says = "say: I left my umbrella. It was red."
    played, found = script(tmp_path, voice="one.wav", says=says, channel=channel)
    assert (found, played.scenario.scenes["opening"].customer[0].lasts) == ([told], ())


def test_voices_that_are_more_or_fewer_than_the_parts_are_told(tmp_path: Path) -> None:
    recorded(tmp_path / "one.wav", 9)
    played, found = script(tmp_path, voice="[one.wav, one.wav, one.wav]")
    assert [message.split(":")[0] for message in found] == ["there are other numbers of voices (3) and of parts of the speech (2)"]
    assert seconds(played) == (1.357, 0.786)


def test_a_text_without_a_folder_is_timed_by_its_letters() -> None:
    scenario, found = loading.load_text(SMALL.replace("customer: I left my umbrella. | It was red.", "customer: {say: I left my umbrella., voice: one.wav}"))
    assert (found, scenario is not None) == ([], True)
