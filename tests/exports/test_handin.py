"""A hand-in holds a desk's ended attempts; what is read of one is believed only as far as it proves itself."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from exports.handed import changed, handed_in, lines_of, parts, put_together, rows_of, sealed
from exports.kept import EXPERT, OUT, SORRY, keep
from servicesim.errors import ServicesimError, StoreFull, UsageError
from servicesim.exports import handin, unpacking
from servicesim.exports.collecting import Collected, collect
from servicesim.exports.filters import Filter
from servicesim.exports.handin import ATTEMPTS, MANIFEST, PEOPLE, TEXTS, pack
from servicesim.records import open_people, open_records


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Two people's attempts: two that ended, one that did not, and one for practice."""
    folder = tmp_path / "desk"
    keep(folder, *EXPERT, number=1)
    keep(folder, *SORRY, number=2, person="7", name="Omid Karimi")
    keep(folder, "welcome", number=3)
    keep(folder, *OUT, number=4, practice=True, person="8", name="Only Practised")
    return folder


@pytest.fixture
def file(desk: Path, tmp_path: Path) -> Path:
    return handed_in(desk, tmp_path / "desk.zip")


def collected(path: Path, folder: Path) -> Collected:
    with open_records(folder) as records, open_people(folder) as people:
        return collect(path, records, people, at=1)


def problem(path: Path, tmp_path: Path) -> str:
    """Why nothing of a file is taken in."""
    found = collected(path, tmp_path / "hr")
    with open_records(tmp_path / "hr") as records, open_people(tmp_path / "hr") as people:
        assert (list(records.attempts()), people.known()) == ([], [])
    return found.problem


def refused(path: Path, tmp_path: Path) -> list[str]:
    """Why some of its attempts are not taken in."""
    found = collected(path, tmp_path / "hr")
    assert found.problem == ""
    with open_records(tmp_path / "hr") as records:
        assert list(records.verify_rot()) == []
        assert not {one.attempt for one in found.refused} & {kept.id for kept, _ in records.attempts()}
    return [f"{one.attempt}: {one.why}" for one in found.refused]


# --- packing ---------------------------------------------------------------------------------------------------------


def test_what_has_ended_is_packed_with_its_texts_and_its_people(desk: Path, file: Path) -> None:
    assert [row["attempt"]["id"] for row in rows_of(file, ATTEMPTS)] == ["attempt-1", "attempt-2"]
    assert {row["kind"] for row in rows_of(file, TEXTS)} == {"scenario", "principles"}
    assert [(row["id"], row["name"], row["team"]) for row in rows_of(file, PEOPLE)] == [
        ("1042", "Aylin Duman", "Desk 3"),
        ("7", "Omid Karimi", "Desk 3"),
    ]
    with open_records(desk) as records:
        for row in rows_of(file, ATTEMPTS):
            assert row["lines"] == records.lines(row["attempt"]["id"])
            assert row["chain"] == records.chain(row["attempt"]["id"]).stored


def test_the_manifest_counts_and_hashes_each_file(file: Path) -> None:
    told = json.loads(parts(file)[MANIFEST])
    assert told["servicesim-handin"] == 1
    for name in (ATTEMPTS, TEXTS, PEOPLE):
        data = parts(file)[name]
        assert told["files"][name] == {
            "rows": len(data.splitlines()), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
        }  # fmt: skip


def test_practice_goes_along_only_when_asked_for(desk: Path, tmp_path: Path) -> None:
    packed = pack(tmp_path / "all.zip", desk, Filter(with_practice=True))
    assert (packed.attempts, packed.people) == (3, 3)


def test_a_part_is_handed_in_by_day(desk: Path, file: Path, tmp_path: Path) -> None:
    began = [row["attempt"]["started"] for row in rows_of(file, ATTEMPTS)]
    assert pack(tmp_path / "late.zip", desk, Filter(since=began[1])).attempts == 1
    assert pack(tmp_path / "early.zip", desk, Filter(until=began[1])).attempts == 1


def test_the_log_of_exports_says_that_names_have_left(desk: Path, file: Path) -> None:
    with open_records(desk) as records:
        (line,) = records.export_log()
    assert (line.kind, line.rows, line.with_names) == ("handin", 2, True)
    assert line.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_without_the_log_no_names_leave(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr("servicesim.records.Records.log_export", full)
    with pytest.raises(ServicesimError, match="only where the log of exports can be kept: no room"):
        handed_in(desk, tmp_path / "desk.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["desk"]


def test_on_a_full_disk_the_old_file_stays(desk: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    old = file.read_bytes()
    monkeypatch.setattr("servicesim.platform.flush", full)
    with pytest.raises(StoreFull, match="no room is left on the disk that holds"):
        handed_in(desk, file)
    assert (sorted(path.name for path in tmp_path.iterdir()), file.read_bytes()) == (["desk", "desk.zip"], old)


def test_what_has_rotted_is_left_out_and_said(desk: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(desk / "records.db", isolation_level=None)) as editor:
        editor.execute("DROP TRIGGER results_no_update")
        editor.execute("UPDATE results SET conduct = '100/1' WHERE attempt = 1")
    packed = pack(tmp_path / "desk.zip", desk, Filter())
    assert packed.attempts == 1
    assert packed.left_out == [("attempt-1", "its result has changed since it was written, or does not belong to these events")]


def test_who_was_erased_is_not_named(desk: Path, tmp_path: Path) -> None:
    with open_people(desk) as people:
        people.erase(next(one.learner for one in people.known() if one.id == "7"))
    file = handed_in(desk, tmp_path / "desk.zip")
    assert [row["id"] for row in rows_of(file, PEOPLE)] == ["1042"]
    assert b"Omid" not in b"".join(parts(file).values())
    assert collected(file, tmp_path / "hr").taken == 2


def test_what_is_too_much_is_refused_with_a_way_out(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(handin.LARGEST, ATTEMPTS, 8_000)
    with pytest.raises(UsageError, match="hand in a part at a time, with --since and --until"):
        handed_in(desk, tmp_path / "desk.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["desk"]


def test_the_records_themselves_are_not_overwritten(desk: Path, tmp_path: Path) -> None:
    for path, why in ((desk / "people.db", "holds the records themselves"), (desk, "is a folder"), (tmp_path / "no" / "x", "there is no folder")):
        with pytest.raises(UsageError, match=why):
            handed_in(desk, path)


# --- what no hand-in is ----------------------------------------------------------------------------------------------


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", [b"", b"PK", b"not an archive" * 100, b"PK\5\6" + b"\0" * 18, b"PK\5\6" + b"\xff" * 18])
def test_other_bytes_are_no_handin(tmp_path: Path, content: bytes) -> None:
    assert "it is no hand-in of ServiceSim" in problem(written(tmp_path / "x.zip", content), tmp_path)


def test_another_archive_is_no_handin(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("word/document.xml", "<xml/>")
    assert problem(tmp_path / "x.zip", tmp_path) == "it is no hand-in of ServiceSim: there is no manifest.json in it"


def test_cut_or_lengthened_anywhere_it_is_refused(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    for content in (*(whole[: len(whole) * part // 10] for part in range(10)), whole + b"\0", b"MZ" + whole):
        assert "no hand-in of ServiceSim" in problem(written(tmp_path / "x.zip", content), tmp_path)


def test_a_flipped_bit_anywhere_is_refused_or_changes_nothing(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    assert collected(file, tmp_path / "right").taken == 2
    for place in range(7, len(whole), len(whole) // 60):
        bent = bytearray(whole)
        bent[place] ^= 1 << place % 8
        found = collected(written(tmp_path / "x.zip", bytes(bent)), tmp_path / "right")
        # Some bits of an archive mean nothing, such as those of its times.
        assert found.problem or (found.known, found.refused) == (2, [])


def test_a_newer_format_is_refused_with_what_to_do(file: Path, tmp_path: Path) -> None:
    newer = put_together(tmp_path / "x.zip", {**parts(file), "films.bin": b"?"}, manifest=lambda told: told | {"servicesim-handin": 2})
    assert problem(newer, tmp_path) == (
        "it was written by a newer version of ServiceSim (format 2, this one knows 1): install the newer version here, "
        "then collect it again"
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda told: {"servicesim-handin": "1"}, "does not say so"),
        (lambda told: [1], "it is no JSON object"),
        (lambda told: told | {"at": 5}, "does not say when it was written"),
        (lambda told: told | {"files": {}}, "it names other files"),
        (lambda told: told | {"files": told["files"] | {TEXTS: {"rows": 2}}}, "it has other fields than content has"),
        (lambda told: told | {"files": told["files"] | {TEXTS: told["files"][TEXTS] | {"rows": True}}}, "its rows is of the wrong type"),
        (lambda told: told | {"files": told["files"] | {TEXTS: told["files"][TEXTS] | {"rows": 9}}}, "texts.jsonl in it is not what its manifest.json says"),
        (lambda told: told | {"files": told["files"] | {PEOPLE: told["files"][TEXTS]}}, "people.jsonl in it is not what its manifest.json says"),
    ],
)  # fmt: skip
def test_a_manifest_must_fit(file: Path, tmp_path: Path, change: Callable[[Any], Any], why: str) -> None:
    assert why in problem(put_together(tmp_path / "x.zip", parts(file), manifest=change), tmp_path)


@pytest.mark.parametrize("text", [b"[" * 60_000, b"\xff\xfe", b'{"servicesim-handin": 1e999}', b'{"a": ' + b"9" * 50_000 + b"}", b"{}", b'{"x": "\\ud800"}'])
def test_a_manifest_of_any_bytes_is_refused(file: Path, tmp_path: Path, text: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts(file), MANIFEST: text}.items():
            archive.writestr(name, data)
    assert "manifest.json" in problem(tmp_path / "x.zip", tmp_path)


# --- hostile archives ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../people.db", "/etc/passwd", "C:\\x", "sub/", "‮lnosj.x"])
def test_no_other_name_is_looked_at_and_nothing_is_written(file: Path, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.rglob("*")}
    hostile = put_together(tmp_path / "x.zip", {**parts(file), name: b"gotcha"})
    assert "it holds other files than a hand-in does" in problem(hostile, tmp_path)
    left = {path.relative_to(tmp_path).parts[0] for path in set(tmp_path.rglob("*")) - before}
    assert left == {"x.zip", "hr"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, data in [*parts(file).items(), (PEOPLE, b"")]:
            archive.writestr(name, data)
    assert "it holds other files than a hand-in does" in problem(tmp_path / "x.zip", tmp_path)


def test_a_link_in_it_is_refused(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, data in parts(file).items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16 if name == PEOPLE else 0
            archive.writestr(entry, data)
    assert problem(tmp_path / "x.zip", tmp_path) == "people.jsonl in it is no plain file"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_pack_are_refused(file: Path, tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", method) as archive:
        for name, data in parts(file).items():
            archive.writestr(name, data)
    assert problem(tmp_path / "x.zip", tmp_path) == "manifest.json in it is no plain file"


def test_an_encrypted_one_is_refused(file: Path, tmp_path: Path) -> None:
    bent = bytearray(file.read_bytes())
    directory = bent.index(b"PK\1\2")
    bent[directory + 8] |= 1
    assert "is encrypted" in problem(written(tmp_path / "x.zip", bytes(bent)), tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in parts(file).items():
            archive.writestr(name, bytes(handin.LARGEST[PEOPLE] + 1) if name == PEOPLE else data)
    assert problem(tmp_path / "x.zip", tmp_path) == "people.jsonl in it is too large (16,777,217 bytes unpacked; at most 16,777,216)"


def test_a_bomb_that_lies_of_its_size_is_cut_short(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts(file).items():
            archive.writestr(name, bytes(30_000_000) if name == PEOPLE else data)
    lying = bytearray((tmp_path / "x.zip").read_bytes())
    for place in (at for at in range(len(lying) - 4) if lying[at : at + 4] == struct.pack("<L", 30_000_000)):
        lying[place : place + 4] = struct.pack("<L", 100)
    assert "damaged" in problem(written(tmp_path / "x.zip", bytes(lying)), tmp_path)


def test_a_line_without_an_end_is_cut_short(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LONGEST_LINE", 50_000)
    long = put_together(tmp_path / "x.zip", {**parts(file), ATTEMPTS: b" " * 50_001})
    assert problem(long, tmp_path) == "attempts.jsonl in it has a line that is too long"


def test_a_large_directory_is_not_read(file: Path, tmp_path: Path) -> None:
    many = put_together(tmp_path / "x.zip", parts(file) | {f"{number}": b"" for number in range(100)})
    assert problem(many, tmp_path) == "it is no hand-in of ServiceSim: there are too many files in it"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert problem(tmp_path / "pipe", tmp_path) == "it is no file that can be read"
    with pytest.raises(UsageError, match="there is no file"):
        collected(tmp_path / "nothing.zip", tmp_path / "hr")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "x.zip").open("wb") as file:
        file.truncate(unpacking.LARGEST_FILE + 1)  # sparse
    assert "it is too large" in problem(tmp_path / "x.zip", tmp_path)


# --- hostile lines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        (PEOPLE, lambda rows: [*rows, rows[0]], "people.jsonl in it names somebody twice"),
        (PEOPLE, lambda rows: [rows[0] | {"name": "half \ud800"}], "line 1 of people.jsonl in it cannot be used: it holds half a character"),
        (PEOPLE, lambda rows: [rows[0] | {"name": "x" * 1_001}], "somebody's name is longer than 1000 characters"),
        (PEOPLE, lambda rows: [rows[0] | {"name": None}], "its name is of the wrong type"),
        (TEXTS, lambda rows: [rows[0] | {"body": "{}"}], "its body is not the text of its hash"),
        (TEXTS, lambda rows: [rows[0] | {"kind": "poem"}], "it is neither a scenario nor principles"),
        (TEXTS, lambda rows: [rows[0] | {"more": ""}], "it has other fields than a text has"),
    ],
)  # fmt: skip
def test_of_people_and_texts_every_line_must_be_sound(
    file: Path, tmp_path: Path, name: str, change: Callable[[Any], Any], why: str
) -> None:
    assert why in problem(changed(file, tmp_path / "x.zip", name, change), tmp_path)


def bent(place: str, **values: Any) -> Callable[[Any], None]:
    """Changes the first attempt, and makes its chain and seal fit again."""

    def bend(rows: Any) -> None:
        rows[0][place] |= values
        rows[0] = sealed(rows[0])

    return bend


FORGED = {
    "a better score": (bent("result", conduct="100/1", passed=True), "its conduct is kept as 100/1, but its transcript gives"),
    "a score of one principle": (bent("result", principles="{}"), "its score of "),
    "another seed": (bent("attempt", seed=9), "its transcript begins as another attempt"),
    "an unknown text": (bent("attempt", scenario_hash="0" * 64), "is not in the hand-in"),
    "other rules": (bent("attempt", rules_version=99), "use the same version of ServiceSim at both places"),
    "an id that is a path": (bent("attempt", id="../x"), "its id cannot be one: '../x'"),
    "an id that is too long": (bent("attempt", id="x" * 65), "its id cannot be one"),
    "a language that is none": (bent("attempt", language="=1+1"), "its language cannot be one"),
    "a time before time": (bent("attempt", started=-1), "no clock can have told its time"),
    "a number beyond 64 bits": (bent("attempt", seed=2**63), "its seed is too large a number"),
    "a flag that is a number": (bent("attempt", untimed=0), "its untimed is of the wrong type"),
    "an unsealed change": (lambda rows: rows[0]["result"].update(conduct="100/1"), "its result has changed since it was written"),
    "a lost event": (lambda rows: rows[0]["lines"].pop(), "its row or its transcript has changed since it was written"),
    "lines that are none": (lambda rows: rows[0].update(lines=[5]), "its transcript is no list of lines"),
    "half a character": (lambda rows: rows[0]["lines"].append("\udfff"), "it holds half a character"),
    "a missing field": (lambda rows: rows[0].pop("seal"), "it has other fields than an attempt has"),
    "no object": (lambda rows: rows.__setitem__(0, {"attempt": [], **dict.fromkeys(("lines", "chain", "result", "seal"))}), "it has other fields than attempt has"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_attempt_is_refused_and_the_other_taken(file: Path, tmp_path: Path, forgery: str) -> None:
    change, why = FORGED[forgery]
    (only,) = refused(changed(file, tmp_path / "x.zip", ATTEMPTS, change), tmp_path)
    assert why in only
    with open_records(tmp_path / "hr") as records:
        assert [kept.id for kept, _ in records.attempts()] == ["attempt-2"]


def test_lines_that_are_no_attempts_are_named_by_their_number(file: Path, tmp_path: Path) -> None:
    content = parts(file)[ATTEMPTS]
    bad = [b"\n", b"[" * 50_000 + b"\n", b"\xff\n", b'"x"\n', b"{" + b"\n"]
    found = refused(put_together(tmp_path / "x.zip", {**parts(file), ATTEMPTS: b"".join(bad) + content}), tmp_path)
    assert found == [
        "line 1: it is no JSON",
        "line 2: it is no JSON",
        "line 3: it holds half a character, or is no UTF-8",
        "line 4: it is no JSON object",
        "line 5: it is no JSON",
    ]


def test_texts_that_would_break_the_engine_refuse_the_attempt(file: Path, tmp_path: Path) -> None:
    """A scenario of a stranger: whole by its hash, and nothing that a check would have let through."""
    for number, body in enumerate(["{}", "[]", "null", "[" * 5_000, '{"scenes": 1}', "9" * 5_000]):
        name = hashlib.sha256(body.encode()).hexdigest()
        rows = rows_of(file, TEXTS)
        scenario = next(row for row in rows if row["kind"] == "scenario")
        texts = [*(row for row in rows if row is not scenario), {"hash": name, "kind": "scenario", "body": body}]
        attempts = [sealed(row | {"attempt": row["attempt"] | {"scenario_hash": name}}) for row in rows_of(file, ATTEMPTS)]
        content = {**parts(file), TEXTS: lines_of(texts), ATTEMPTS: lines_of(attempts)}
        found = refused(put_together(tmp_path / f"{number}.zip", content), tmp_path)
        assert len(found) == 2


def test_a_person_whose_id_is_none_refuses_the_attempt(file: Path, tmp_path: Path) -> None:
    found = refused(changed(file, tmp_path / "x.zip", PEOPLE, lambda rows: rows[0].update(id="=cmd")), tmp_path)
    assert len(found) == 1
    assert "whose attempt it is cannot be kept: '=cmd' cannot be a person's id" in found[0]


def test_what_no_check_foresaw_refuses_the_attempt_only(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def surprised(*_: Any) -> None:
        raise TypeError("'int' object is not subscriptable")

    monkeypatch.setattr("servicesim.records.verifying.replayed", surprised)
    why = "it cannot be played again with the texts that came with it (TypeError)"
    assert refused(file, tmp_path) == [f"attempt-1: {why}", f"attempt-2: {why}"]
