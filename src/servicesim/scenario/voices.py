"""Voices: the sound files of what a customer says, and how long they last. Only their headers are read."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from servicesim.platform import read_beginning
from servicesim.scenario.findings import Finding
from servicesim.scenario.model import Line, Scenario, Scene, segments
from servicesim.scenario.names import asset_problem
from servicesim.scenario.source import Source

CODES: dict[str, str] = {
    "S035": "a voice that nobody will hear",
}

LONGEST = 120.0  # seconds
MOST_BYTES = 8 * 1024 * 1024
SPOKEN = ("in-person", "phone")  # the channels in which one hears the customer

_LAST_PAGE = 65_536 + 282  # bytes in which the last page of an Ogg file begins at the latest
_OPUS_RATE = 48_000


class Unheard(Exception):
    """Why a file cannot be heard, as the rest of a sentence."""


Lengths = Mapping[str, float | str]  # by name: the seconds, or why there are none


def lengths(scenario: Scenario, folder: Path) -> Lengths:
    """How long each voice of a scenario lasts; the files lie in its folder."""
    names = {name for scene in scenario.scenes.values() for line in scene.customer for name in line.voice}
    return {name: _length(folder, name) for name in sorted(names)}


def voiced(scenario: Scenario, known: Lengths) -> Scenario:
    """The scenario with the seconds of its voices, as it is played and kept: a file that changes later changes no attempt."""
    if not known or scenario.channel not in SPOKEN:
        return scenario
    return replace(scenario, scenes={name: _voiced(scene, known) for name, scene in scenario.scenes.items()})


def _voiced(scene: Scene, known: Lengths) -> Scene:
    return replace(scene, customer=tuple(_with_seconds(line, known) for line in scene.customer))


def _with_seconds(line: Line, known: Lengths) -> Line:
    found = [known[name] for name in line.voice]
    lasts = tuple(seconds for seconds in found if isinstance(seconds, float))
    return replace(line, lasts=lasts) if lasts and len(lasts) == len(found) else line


def unheard(scenario: Scenario, source: Source, known: Lengths) -> Iterator[Finding]:
    """S035: a voice in a channel without one, one that does not fit its speech, and one whose file cannot be used."""
    for name, scene in scenario.scenes.items():
        for number, line in enumerate(scene.customer):
            problem = _problem(scenario, line, known) if line.voice else ""
            if problem:
                path = ("scenes", name, "customer", number, "voice")
                yield source.finding("S035", path, problem, "until then the text alone says how long the speech takes", "warning")


def _problem(scenario: Scenario, line: Line, known: Lengths) -> str:
    if scenario.channel not in SPOKEN:
        return "nobody hears a voice in a chat" if scenario.channel == "chat" else "nobody hears a voice in an e-mail"
    parts = len(segments(line.say))
    if len(line.voice) not in (1, parts):
        return f"there are other numbers of voices ({len(line.voice)}) and of parts of the speech ({parts}): give one for each part, or one for all"
    return next((f"'{name}' is not heard: {known[name]}" for name in line.voice if isinstance(known.get(name), str)), "")


def _length(folder: Path, name: str) -> float | str:
    try:
        return length(folder, name)
    except Unheard as why:
        return str(why)


def length(folder: Path, name: str) -> float:
    """How many seconds a file in this folder lasts, to the millisecond; raises Unheard where it cannot be heard."""
    data = sound_bytes(folder, name)
    seconds = round(_seconds(data), 3)
    if not 0 < seconds <= LONGEST:
        raise Unheard("it is empty" if seconds <= 0 else f"it lasts longer than {LONGEST:.0f} seconds")
    return seconds


def sound_bytes(folder: Path, name: str) -> bytes:
    """The content of a file in this folder; raises Unheard where it must not be read or cannot be."""
    if asset_problem(name):
        raise Unheard("its name cannot be used")
    try:
        inside, path = folder.resolve(), (folder / name).resolve()
        if inside not in path.parents:
            raise Unheard("it leads out of the folder")
        return _read(path)
    except (OSError, ValueError, RuntimeError) as error:
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        raise Unheard("there is no such file" if missing else "it cannot be read") from error


def _read(path: Path) -> bytes:
    data = read_beginning(path, MOST_BYTES + 1)
    if data is None:
        raise Unheard("it is not a file that can be read")
    if len(data) > MOST_BYTES:
        raise Unheard("it is larger than 8 MiB")
    return data


def _seconds(data: bytes) -> float:
    if data.startswith(b"OggS"):
        return _ogg_seconds(data)
    try:
        with wave.open(io.BytesIO(data)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError, ValueError) as error:
        raise Unheard("it is no WAV or OGG that can be read") from error


def _ogg_seconds(data: bytes) -> float:
    """The place of the last sample, which stands at the beginning of the last page, by the samples of a second."""
    stream = data[14:18]
    rate, skipped = _ogg_rate(data)
    page = len(data)
    while (page := data.rfind(b"OggS", max(0, len(data) - _LAST_PAGE), page)) >= 0:
        head = data[page : page + 18]
        last = int.from_bytes(head[6:14], "little", signed=True)
        if len(head) == 18 and head[14:18] == stream and last >= 0:
            return (last - skipped) / rate
    raise Unheard("it is no WAV or OGG that can be read")


def _ogg_rate(data: bytes) -> tuple[int, int]:
    """How many samples a second has, and how many at the beginning are not heard."""
    body = 27 + data[26] if len(data) > 26 else 27
    head = data[body : body + 19]
    if head.startswith(b"\x01vorbis") and len(head) >= 16 and (rate := int.from_bytes(head[12:16], "little")):
        return rate, 0
    if head.startswith(b"OpusHead") and len(head) >= 12:
        return _OPUS_RATE, int.from_bytes(head[10:12], "little")
    raise Unheard("it is no WAV or OGG that can be read")
