"""docs/guide.md is true: its files are written, its edits made and its commands run in order, and all answer what stands there.

On the page,
- a ``console`` box holds commands after ``$`` with their answers; a line ``…`` stands for lines that are left out;
- "Save this as `NAME`" before a box makes a file of it;
- "In `NAME` there is now" before a box quotes a file, again with ``…``;
- "In `NAME`, replace" and "by" before two boxes make an edit of the first, or of all from it "to the end of the file".
Commands that open a window are not run here, but must exist and mean a file that is there.

Where answers have changed for good, `SERVICESIM_REFRESH_GUIDE=1 python -m pytest tests/content/test_guide.py -n 0` writes them
anew. Read them, and the words around them, before you keep them.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from servicesim.cli import COMMANDS, run

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "guide.md"
BOX = re.compile(r"^(?P<lead>(?:[^\n]+\n)+)\n```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SAVE = re.compile(r"\bSave this as `(\S+)`")
EDIT = re.compile(r"\b[Ii]n `(\S+)`, replace( everything from this line to the end of the file)?$")
QUOTE = re.compile(r"\bIn `(\S+)` there is now$")
LEFT_OUT = "…\n"
WINDOWS = {"play", "preview"}  # commands that open one
INSTALLING = {"bat", "sh"}  # boxes that need a network, or are for one system
BENCH = {"new", "check", "explain", "graph", "preview", "simulate", "walk", "schema", "play"}  # what the guide shows


@dataclass(frozen=True, slots=True)
class Box:
    """What stands between two fences, the paragraph before it, and where on the page it begins."""

    kind: str
    lead: str
    body: str
    at: int


@dataclass(slots=True)
class Reader:
    """Somebody who does in an empty folder what the guide says; `told` are the answers that were not as written."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    old: tuple[Path, str, bool] | None = None  # what the next box replaces
    told: list[tuple[int, str, str, str]] = field(default_factory=list)  # place, command, as written, as it is now
    used: set[str] = field(default_factory=set)  # commands

    def follow(self, box: Box) -> None:
        if box.kind == "console":
            for at, command, answer in commands(box):
                self._run(at, command, answer)
        elif saved := SAVE.search(box.lead):
            (self.folder / saved[1]).write_text(box.body, encoding="utf-8")
        elif quoted := QUOTE.search(box.lead):
            self._compare(box.at, f"(what is in {quoted[1]})", box.body, (self.folder / quoted[1]).read_text(encoding="utf-8"))
        elif edit := EDIT.search(box.lead):
            self.old = self.folder / edit[1], box.body, bool(edit[2])
        elif self.old is not None and box.lead == "by":
            self._replace(box.body)
        else:
            assert box.kind in INSTALLING, f"nobody can tell what this box is for:\n{box.lead}\n{box.body}"

    def _replace(self, new: str) -> None:
        assert self.old is not None
        (path, old, to_the_end), self.old = self.old, None
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"in {path.name} this stands {text.count(old)} times:\n{old}"
        before, _, after = text.partition(old)
        path.write_text(before + new + ("" if to_the_end else after), encoding="utf-8")

    def _run(self, at: int, command: str, written: str) -> None:
        match shlex.split(command):
            case ["mkdir", name]:
                (self.folder / name).mkdir()
            case ["cd", name]:
                self.folder /= name
                os.chdir(self.folder)
            case ["servicesim", name, file, *_] if name in WINDOWS:
                self.used.add(name)
                assert name in COMMANDS
                assert (self.folder / file).is_file()
            case ["servicesim", name, *others]:
                self.used.add(name)
                assert run([name, *others]) in (0, 1), command
                streams = self.capsys.readouterr()
                self._compare(at, command, written, streams.out + streams.err)
            case _:
                pytest.fail(f"the guide's reader does not know how to do this: {command}")

    def _compare(self, at: int, command: str, written: str, now: str) -> None:
        if not re.fullmatch(".*?".join(map(re.escape, written.split(LEFT_OUT))), now, re.DOTALL):
            self.told.append((at, command, written, now))


def boxes(page: str) -> Iterator[Box]:
    for found in BOX.finditer(page):
        yield Box(found["kind"], " ".join(found["lead"].split()), found["body"], found.start("body"))


def commands(box: Box) -> Iterator[tuple[int, str, str]]:
    """Each command of a console box: where its answer stands on the page, the command, the answer."""
    for found in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", box.body, re.MULTILINE):
        yield box.at + found.start(2), found[1], found[2]


@pytest.fixture
def reader(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Reader:
    folder = tmp_path / "somewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Reader(folder, capsys)


def test_whoever_follows_the_guide_sees_what_it_says(reader: Reader) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for box in boxes(page):
        reader.follow(box)
    if os.environ.get("SERVICESIM_REFRESH_GUIDE"):
        for at, _, written, now in reversed(reader.told):
            shown, fence, _ = now.partition("```")  # an answer with boxes of its own has no room in one
            page = page[:at] + shown + (LEFT_OUT if fence else "") + page[at + len(written) :]
        PAGE.write_text(page, encoding="utf-8")
    assert [(command, now) for _, command, _, now in reader.told] == [(command, written) for _, command, written, _ in reader.told]
    assert reader.used == BENCH


def test_every_box_of_the_guide_has_a_paragraph_that_says_what_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(list(boxes(page))) * 2 == len(re.findall(r"^```", page, re.MULTILINE))


def test_what_the_guide_points_to_is_there() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", page):
        assert (DOCS / target).exists(), target
