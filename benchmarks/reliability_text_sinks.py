"""Where texts come out again, and what is wrong with what comes out; judged by Unicode's properties, not by our own lists."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

from benchmarks.reliability_mutations import SAMPLE
from servicesim import cli
from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.transcript import from_line, to_line
from servicesim.errors import ServicesimError
from servicesim.exports import csv as exported
from servicesim.exports.rows import Ended
from servicesim.records import Attempt, Person, open_people, open_records, store
from servicesim.records.results import result_of
from servicesim.scenario.loading import load_text
from servicesim.scenario.model import canonical_scenario, scenario_from_canonical

MOST_SECONDS = 10.0
WIDTH = 300  # pixels of a paragraph

_MOVES = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "thank-her")
_KINDS_THAT_VANISH = ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")
_STEERING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


# --- what is looked for ----------------------------------------------------------------------------------------------


def steering(text: str, *, breaks: str = "\n") -> str:
    """The first character that steers a terminal, turns the direction of text or is none at all; empty if there is none."""
    return next((one for one in text if one not in breaks and _steers(one)), "")


def _steers(character: str) -> bool:
    kind, code = unicodedata.category(character), ord(character)
    turns = unicodedata.bidirectional(character) in _STEERING or character in "\u200e\u200f\u061c"
    return kind in ("Cc", "Cs", "Zl", "Zp") or turns or character == "\ufeff" or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def runs(cell: str) -> bool:
    """Whether a spreadsheet might take a cell for a formula."""
    seen = next((one for one in cell if not one.isspace() and unicodedata.category(one) != "Cf"), "")
    return unicodedata.normalize("NFKC", seen) in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r", "\n")


def _solid(text: str) -> str:
    """What of a text must come out again."""
    return "".join(one for one in text if unicodedata.category(one) not in _KINDS_THAT_VANISH)


# --- the rooms that texts go to --------------------------------------------------------------------------------------

Faults = Iterator[tuple[str, str]]


@dataclass(slots=True)
class Rooms:
    """A folder with files, records and people, and an encounter that was played."""

    folder: Path
    ended: Ended


@contextmanager
def rooms() -> Iterator[Rooms]:
    quick = mock.patch.object(store, "DURABLE", ("PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF"))
    surroundings = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    with tempfile.TemporaryDirectory() as base, quick, mock.patch.dict(os.environ, surroundings | {"SERVICESIM_HOME": f"{base}/home"}):
        script = chosen.script("late-parcel")
        events = rehearse(Encounter(script), _MOVES).events
        attempt = Attempt("attempt-0", "learner", script.scenario.id, script.fingerprint, script.principles_fingerprint, 1, 0, False, False, "en", 0)
        yield Rooms(Path(base), Ended(attempt, result_of(script, events, ended=0), None, script.scenario))


def _each(texts: Iterable[str], fault: Callable[[str], str]) -> Faults:
    """Whatever is wrong with what became of a text, an exception and slowness included."""
    for text in texts:
        began = time.process_time()
        try:
            wrong = fault(text)
        except Exception as failure:  # noqa: BLE001 - any exception at all is what is looked for
            wrong = f"{type(failure).__name__}: {str(failure)[:200]}"
        if not wrong and time.process_time() - began > MOST_SECONDS:
            wrong = f"takes {time.process_time() - began:.1f} s"
        if wrong:
            yield text, wrong


# --- what is printed -------------------------------------------------------------------------------------------------


class _Terminal(io.TextIOWrapper):
    """Standard output of a terminal, which holds UTF-8 and nothing else."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")

    def isatty(self) -> bool:
        return True

    def text(self) -> str:
        self.flush()
        data: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return data.decode("utf-8")


def _printed(*arguments: str) -> tuple[int, str]:
    """Exit code and outputs of a command, without colours of its own: any control character comes from the text."""
    out, err = _Terminal(), _Terminal()
    with redirect_stdout(out), redirect_stderr(err), mock.patch.dict(os.environ, {"NO_COLOR": "1"}):
        code = cli.run(list(arguments))
    return code, out.text() + err.text()


def _answer(*arguments: str, codes: tuple[int, ...]) -> str:
    code, printed = _printed(*arguments)
    if code not in codes:
        return f"{arguments[0]} leaves with {code}: {printed[:200]!a}"
    found = steering(printed)
    return f"{arguments[0]} prints {found!a}" if found else ""


def findings(there: Rooms, texts: list[str]) -> Faults:
    """Findings about a file with the text in some place of it, for people and as JSON."""
    folder = there.folder / "written"
    folder.mkdir()

    def fault(text: str) -> str:
        files = [folder / f"{number}.yaml" for number in range(5)]
        for file, written in zip(files, _written(text), strict=True):
            file.write_bytes(written.encode("utf-8", "surrogatepass"))
        _, printed = _printed("check", "--no-reach", "--json", str(folder))
        if [one["file"] for one in json.loads(printed)["files"]] != list(map(str, files)) or steering(printed):
            return f"check --json prints {steering(printed)!a}"
        return _answer("check", "--no-reach", str(folder), codes=(0, 1))

    return _each(texts, fault)


def _written(text: str) -> Iterator[str]:
    """The sample with the text as a title, in quotes, as a key, as a name and as a condition."""
    quoted = '"' + "".join(f"\\U{ord(one):08X}" for one in text[:7_000]) + '"'
    yield SAMPLE.replace("\"The key that isn't there\"", text)
    yield SAMPLE.replace("\"The key that isn't there\"", quoted)
    yield SAMPLE.replace("company:", f"{quoted}: 1\ncompany:")
    yield SAMPLE.replace("go: opening", f"go: {quoted}", 1)
    yield SAMPLE.replace("if: case_logged or anger >= 4", f"if: {quoted}")


def file_names(there: Rooms, texts: list[str]) -> Faults:
    """A file whose name the text is, as far as this system takes such names."""

    def fault(text: str) -> str:
        folder = there.folder / "named"
        folder.mkdir(exist_ok=True)
        file = folder / (re.sub("[/\\\\\0]", "_", text)[:40] + "x.yaml")
        try:
            file.write_text("id: 1", encoding="utf-8")
        except (OSError, UnicodeEncodeError):
            return ""
        wrong = _answer("check", "--no-reach", str(folder), codes=(1,))
        file.unlink()
        return wrong

    return _each(texts, fault)


def arguments(there: Rooms, texts: list[str]) -> Faults:
    """The text as what was asked for: a scenario, a move, a file."""

    def fault(text: str) -> str:
        walk = there.folder / "some.walk"
        walk.write_bytes(f"scenario: late-parcel\nplay: welcome\n{text}\n---\n{text}\n".encode("utf-8", "surrogatepass"))
        return (
            _answer("simulate", f"x{text}", codes=(2, 4))
            or _answer("simulate", "late-parcel", "--play", f"x{text}", codes=(2,))
            or _answer("check", "--no-reach", f"x{text}.yaml", codes=(1, 4))
            or _answer("walk", str(walk), codes=(1, 2))
        )

    return _each(texts, fault)


def log(there: Rooms, texts: list[str]) -> Faults:
    """The text in a fault of ours: one sentence, and the rest in the log."""

    def fault(text: str) -> str:
        with mock.patch.object(chosen, "script", side_effect=ZeroDivisionError(text)):
            return _answer("simulate", "late-parcel", codes=(3,))

    return _each(texts, fault)


# --- what is kept and handed over ------------------------------------------------------------------------------------


def transcript(_: Rooms, texts: list[str]) -> Faults:
    """An event that holds the text, as a line and back; and the text as a line."""

    def fault(text: str) -> str:
        event = ReplyChosen(1.5, text, text)
        line = to_line(event)
        if "\n" in line or "\r" in line or from_line(line) != event:
            return f"becomes {line[:80]!a}"
        for wrong in (text, json.dumps({"event": text, "at": 1}), json.dumps({"event": "interrupted", "at": 1, text: 1})):
            try:
                from_line(wrong)
            except ServicesimError:
                continue
            return f"{wrong[:80]!a} is read as an event"
        return ""

    return _each(texts, fault)


def canonical(there: Rooms, texts: list[str]) -> Faults:
    """A scenario with the text in it, from its file to its canonical JSON and back, unless the file is refused."""

    def fault(text: str) -> str:
        for written in _written(text):
            scenario, _ = load_text(written.encode("utf-8", "surrogatepass"))
            if scenario is None:
                continue
            told = canonical_scenario(scenario)
            if scenario_from_canonical(told) != scenario or steering(told):
                return f"does not come back, or holds {steering(told)!a}"
        return ""

    return _each(texts, fault)


def records(there: Rooms, texts: list[str]) -> Faults:
    """The text as a text and a line that are kept: it comes back as it is. Half a character is refused, and nothing of it stays."""
    with open_records(there.folder / "records") as kept:
        by = kept.keep_text("scenario", "a text")
        lines = ["{}"]
        kept.begin(replace(there.ended.attempt, scenario_hash=by, principles_hash=by), lines)

        def fault(text: str) -> str:
            try:
                text.encode()
            except UnicodeEncodeError:
                return _refused(lambda: kept.keep_text("scenario", text)) or _refused(lambda: kept.append("attempt-0", len(lines), [text]))
            kept.append("attempt-0", len(lines), [text])
            lines.append(text)
            if kept.text(kept.keep_text("scenario", text)) != text or kept.unfinished(text):
                return "comes back as another"
            return ""

        yield from _each(texts, fault)
        if kept.lines("attempt-0") != lines:
            yield "", "the lines of an attempt come back as others"


def _refused(deed: Callable[[], object]) -> str:
    try:
        deed()
    except UnicodeEncodeError:
        return ""
    return "half a character is taken"


def people(there: Rooms, texts: list[str]) -> Faults:
    """Somebody called so: known by this very name, or told that it cannot be kept."""
    with open_people(there.folder / "people") as known:

        def fault(text: str) -> str:
            try:
                learner = known.enrol("e-17", text, text, "fa")
            except ServicesimError:
                return "" if any(unicodedata.category(one) == "Cs" for one in text) else "is refused"
            person = known.person(learner)
            return "" if person == Person("e-17", text, text, "fa", learner) and known.known() == [person] else "comes back as another"

        yield from _each(texts, fault)


def spreadsheet(there: Rooms, texts: list[str]) -> Faults:
    """The text as name, team and title in what HR is handed."""
    file = there.folder / "scores.csv"
    with file.open("wb") as written:
        exported.write(written, (there.ended._replace(person=Person("1042", text, text, "en", "l")) for text in texts))
    cells = csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
    for text, row in zip(texts, cells, strict=True):
        for cell in (row["name"], row["team"]):
            if runs(cell):
                yield text, f"might run as {cell[:40]!a}"
            elif found := steering(cell, breaks="\t\r\n"):
                yield text, f"the cell holds {found!a}"
            elif _solid(cell) not in (_solid(text), f"'{_solid(text)}"):
                yield text, f"is written as {cell[:40]!a}"


# --- what is drawn ---------------------------------------------------------------------------------------------------


def paragraph(_: Rooms, texts: list[str]) -> Faults:
    """The text laid out and drawn: inside its box, with no more than three marks in a row, turned by our own isolates alone."""
    import pygame

    from servicesim.desktop.typesetter import Typesetter

    pygame.init()
    typesetter, surface = Typesetter(), pygame.Surface((WIDTH, 200))

    def fault(text: str) -> str:
        laid = typesetter.paragraph(text, 24, WIDTH)
        laid.draw(surface, (0, 0), "black")
        if any(line.x < 0 or line.x + line.width > WIDTH for line in laid.lines):
            return "stands outside of its box"
        for run in laid.runs:
            if steering(run.text) or _marks_in_a_row(run.text) > 3:
                return f"{run.text[:40]!a} is drawn"
        return ""

    return _each(texts, fault)


def _marks_in_a_row(text: str) -> int:
    kinds = "".join("m" if unicodedata.category(one)[0] == "M" else "-" for one in text if one not in "\u200c\u200d")
    return max(map(len, re.findall("m+", kinds)), default=0)


def window(_: Rooms, texts: list[str]) -> Faults:
    """The text typed into a field, pasted by an input method, told to a screen reader, and set into a sentence."""
    from servicesim.desktop.arrangement import Column
    from servicesim.desktop.field import TextField
    from servicesim.desktop.inputs import Composed
    from servicesim.desktop.label import Label
    from servicesim.desktop.page import Page
    from servicesim.desktop.safe_text import isolated
    from servicesim.desktop.stage import Stage
    from servicesim.desktop.widget import Widget

    class Form(Page):
        def build(self) -> Widget:
            self.field, self.label = TextField("Name"), Label("", "lead")
            return Column(self.field, self.label)

    with Stage.create_null((640, 360)) as stage:
        form = Form()
        stage.go(form)

        def fault(text: str) -> str:
            form.field.text, form.field.caret = "", 0
            stage.press(Composed(text[:200]))
            stage.write(text)
            stage.press("home", "delete", "end", "backspace")
            form.label.text = f"Order {isolated(text[:8_000])} is late"
            form.changed(moved=True)
            stage.settle()
            typed = form.field.text
            return f"the field holds {typed[:40]!a}" if steering(typed, breaks="\u2068\u2069") or len(typed) > 80 else ""

        yield from _each(texts, fault)


SINKS: dict[str, Callable[[Rooms, list[str]], Faults]] = {
    "findings": findings, "file names": file_names, "arguments": arguments, "log": log, "transcript": transcript,
    "canonical JSON": canonical, "records": records, "people": people, "CSV": spreadsheet, "paragraph": paragraph, "window": window,
}  # fmt: skip
