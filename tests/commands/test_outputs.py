"""However the outputs fail, a command leaves with its own exit code."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from scenario.small import SMALL
from servicesim import cli
from servicesim.commands import outputs

SHELL = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes the outputs")
WRONG = SMALL.replace("acts: [inform]", "acts: [inforn]")


@pytest.fixture
def left_by_its_reader() -> Iterator[TextIO]:
    """An output whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as stream:
        yield stream


class Full(io.StringIO):
    """An output to a disk that has no room left."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def code_of(*arguments: str) -> object:
    with pytest.raises(SystemExit) as left:
        cli.main(list(arguments))
    return left.value.code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["simulate", "late-parcel", "--json"], 0),
        (["check", "--no-reach", "right.yaml"], 0),
        (["check", "wrong.yaml", "right.yaml"], 1),
    ],
)
def test_a_reader_who_leaves_changes_no_exit_code(
    arguments: list[str],
    code: int,
    left_by_its_reader: TextIO,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("right.yaml").write_text(SMALL, encoding="utf-8")
    Path("wrong.yaml").write_text(WRONG, encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", left_by_its_reader)
    assert code_of(*arguments) == code
    assert capsys.readouterr().err == ""


def test_a_reader_of_the_errors_who_leaves_changes_no_exit_code(
    left_by_its_reader: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", left_by_its_reader)
    assert code_of("simulate", "nowhere.yaml") == 2


def test_a_full_disk_is_told_once_and_leaves_with_4(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    assert code_of("check", "--help") == 4
    assert capsys.readouterr().err == "No space left on device\n"


def test_a_full_disk_for_the_errors_changes_no_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Full())
    assert code_of("simulate", "nowhere.yaml") == 2


@SHELL
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("--help >&-", 0),
        ("simulate late-parcel --json >&- 2>&- <&-", 0),
        ("check nowhere.yaml >&-", 1),
        ("simulate nowhere.yaml --json 2>&-", 2),
    ],
)
def test_an_output_that_is_closed_changes_no_exit_code(command: str, code: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m servicesim {command}', sys.executable], capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii"])
def test_an_encoding_is_kept_and_what_it_cannot_hold_gets_its_code(
    encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    persian = tmp_path / "umbrella.yaml"
    persian.write_text(SMALL.replace("title: The umbrella", "title: چتر é").replace("end: gone", "end: گم"), encoding="utf-8")
    printed = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", printed)
    assert code_of("check", str(persian)) == 1
    assert "\\u06af\\u0645" in as_bytes(printed).decode(encoding)
    persian.write_text(SMALL.replace("title: The umbrella", "title: چتر é"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", printed)
    assert code_of("simulate", str(persian), "--play", "welcome,look") == 0
    e_acute = "\\xe9" if encoding == "ascii" else "é"
    assert f"\\u0686\\u062a\\u0631 {e_acute}: Found" in as_bytes(printed).decode(encoding)


def test_json_stays_json_in_an_encoding_that_cannot_hold_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "umbrella.yaml"
    file.write_text(SMALL.replace("end: gone", "end: é😀"), encoding="utf-8")
    printed = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", printed)
    assert code_of("check", "--json", str(file)) == 1
    assert "é😀" in json.loads(as_bytes(printed))["files"][0]["findings"][0]["message"]


def test_what_is_no_failure_of_the_output_is_raised(left_by_its_reader: TextIO) -> None:
    with pytest.raises(TypeError):
        outputs.Output(left_by_its_reader, OSError).write(b"bytes")  # type: ignore[arg-type]


def as_bytes(printed: io.TextIOWrapper) -> bytes:
    printed.flush()
    return printed.buffer.getvalue()  # type: ignore[attr-defined, no-any-return]
