"""The system's own speech, where there is one: says one text after the other, and can be hushed."""

from __future__ import annotations

import logging
import queue
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread

log = logging.getLogger(__name__)

_PATIENCE = 3.0  # seconds in which a system answers which voices it has
# The culture is put in by us from two letters; the text comes by standard input and is never a part of the command.
_WINDOWS = (
    "$ErrorActionPreference='SilentlyContinue';[Console]::InputEncoding=[Text.Encoding]::UTF8;Add-Type -AssemblyName System.Speech;"
    "$v=New-Object System.Speech.Synthesis.SpeechSynthesizer;$c=[Globalization.CultureInfo]'{language}';"
    "$v.SelectVoiceByHints('NotSet','NotSet',0,$c);$v.Speak([Console]::In.ReadToEnd())"
)
_MAC_VOICE = re.compile(r"^(?P<voice>.+?)\s+(?P<language>[a-z]{2})[_-]\w+\s+#", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Speech:
    """How one system speaks: a program that reads a text from its standard input, and one that silences it."""

    program: str
    words: tuple[str, ...]  # `{language}` in them is the two letters of a language, `{voice}` its voice
    hush: tuple[str, ...] = ()  # where stopping the program is not enough

    def command(self, language: str) -> list[str]:
        """What to run for a text in this language."""
        words = [word.replace("{language}", language) for word in self.words]
        if "{voice}" in words:
            voice = _mac_voice(self.program, language)
            words = ["-v", voice] if voice else []
        return [self.program, *words]


def system_speech() -> Speech | None:
    """How this system speaks; None where it cannot."""
    known: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
    match sys.platform:
        case "win32":
            known = [("powershell", ("-NoProfile", "-NonInteractive", "-Command", _WINDOWS), ())]
        case "darwin":
            known = [("say", ("{voice}",), ())]
        case _:
            known = [
                ("spd-say", ("--wait", "--pipe-mode", "--language", "{language}"), ("--cancel",)),
                ("espeak-ng", ("-v", "{language}", "--stdin"), ()),
                ("espeak", ("-v", "{language}", "--stdin"), ()),
            ]
    for program, words, hush in known:
        found = shutil.which(program)
        if found:
            return Speech(found, words, (found, *hush) if hush else ())
    return None


def _mac_voice(program: str, language: str) -> str:
    """A voice that speaks the language; nothing where the usual one must do."""
    with suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
        told = subprocess.run([program, "-v", "?"], capture_output=True, check=True, timeout=_PATIENCE, text=True).stdout
        return next((found["voice"] for found in _MAC_VOICE.finditer(told) if found["language"] == language), "")
    return ""


class SystemVoice:
    """Says texts in the order in which they come, each by a program of its own, away from the drawing thread."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._texts: queue.SimpleQueue[tuple[int, str, str] | None] = queue.SimpleQueue()
        self._round = 0  # texts of an earlier round are not said any more
        self._speaking: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._broken = False
        self._thread = Thread(target=self._speak, name="system voice", daemon=True)
        self._thread.start()

    def say(self, text: str, language: str) -> None:
        """Say this after what is being said."""
        if text.strip() and not self._broken:
            self._texts.put((self._round, text, language))

    def hush(self) -> None:
        """Break off, and forget what was still to be said."""
        with self._lock:
            self._round += 1
            if self._speaking is not None:
                with suppress(OSError):
                    self._speaking.kill()

    def close(self) -> None:
        """Say nothing more."""
        self.hush()
        self._texts.put(None)
        self._thread.join(timeout=_PATIENCE)

    def _speak(self) -> None:
        while (waiting := self._texts.get()) is not None:
            try:
                self._say(*waiting)
            except OSError as error:
                self._broken = True
                log.warning("The system's speech cannot be used (%s): nothing is read aloud.", error)
                return

    def _say(self, of_round: int, text: str, language: str) -> None:
        with self._lock:
            if of_round != self._round:
                return
            self._speaking = subprocess.Popen(
                self._speech.command(language), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        with suppress(BrokenPipeError):  # it was hushed, or does not want the text
            self._speaking.communicate(text.encode())
        self._speaking.wait()
        with self._lock:
            self._speaking = None
            hushed = of_round != self._round
        if hushed and self._speech.hush:  # a speech service goes on when the program is gone
            with suppress(subprocess.SubprocessError):
                subprocess.run(self._speech.hush, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False)
