"""`servicesim handin` at many desks and `servicesim collect` at HR: one table, nothing twice, nothing unproved, nothing torn."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

import trainees
from commands.test_commands import outcome
from exports.handed import changed, parts, put_together, rows_of
from exports.kept import EXPERT, OUT, SORRY, keep
from servicesim.exports.filters import Filter
from servicesim.exports.handin import ATTEMPTS, pack
from servicesim.records import Person, open_people, open_records

Capture = pytest.CaptureFixture[str]


def handed_in(capsys: Capture, folder: Path, *options: str) -> Path:
    path = folder.with_suffix(".zip")
    code, _, err = outcome(capsys, "handin", str(path), "--records", str(folder), *options)
    assert (code, err) == (0, "")
    return path


def collected(capsys: Capture, hr: Path, *paths: Path) -> tuple[int, str]:
    """How it leaves, and what it says but for the versions that are new."""
    code, out, err = outcome(capsys, "collect", *map(str, paths), "--records", str(hr))
    assert err == ""
    lines = out.replace(f"{hr.parent}/", "").splitlines(keepends=True)
    return code, "".join(line for line in lines if "in versions that were not kept here before" not in line)


def people_of(folder: Path) -> dict[str, Person]:
    with open_people(folder) as people:
        return {person.id: person for person in people.known()}


def attempts_of(folder: Path) -> dict[str, str]:
    """The person's id of each attempt, after everything was held against itself."""
    with open_records(folder) as records, open_people(folder) as people:
        assert list(records.verify_rot()) == []
        found = {}
        for attempt, result in records.attempts(with_practice=True):
            assert result is not None
            person = people.person(attempt.learner)
            found[attempt.id] = person.id if person else ""
        return found


@pytest.fixture
def desks(tmp_path: Path) -> tuple[Path, Path]:
    """Aylin has played at both desks, Omid at the second only."""
    keep(tmp_path / "desk-1", *EXPERT, number=1)
    keep(tmp_path / "desk-1", *SORRY, number=2)
    keep(tmp_path / "desk-2", *OUT, number=3)
    keep(tmp_path / "desk-2", *SORRY, number=4, person="7", name="Omid Karimi")
    return tmp_path / "desk-1", tmp_path / "desk-2"


def test_what_the_desk_says(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    code, out, err = outcome(capsys, "handin", str(tmp_path / "x.zip"), "--records", str(desks[1]))
    assert (code, out, err) == (0, f"{tmp_path / 'x.zip'}: 2 attempts of 2 people\n", "")
    code, _, err = outcome(capsys, "handin", "x.zip", "--since", "2026-10-02", "--until", "2026-10-01", "--records", str(desks[1]))
    assert (code, err) == (2, "--until comes before --since: no attempt can have begun then\n")
    code, out, _ = outcome(capsys, "handin", str(tmp_path / "x.zip"), "--since", "2027-01-01", "--records", str(desks[1]))
    assert (code, out) == (0, f"{tmp_path / 'x.zip'}: 0 attempts of 0 people\n")
    assert outcome(capsys, "collect", str(tmp_path / "x.zip"))[0] == 0


def test_two_desks_become_one_table(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = (handed_in(capsys, desk) for desk in desks)
    code, out = collected(capsys, tmp_path / "hr", first, second)
    assert (code, out) == (
        0,
        "desk-1.zip: 2 taken in, 0 known already, 0 refused\ndesk-2.zip: 2 taken in, 0 known already, 0 refused\n",
    )
    assert attempts_of(tmp_path / "hr") == {"attempt-1": "1042", "attempt-2": "1042", "attempt-3": "1042", "attempt-4": "7"}
    code, out, _ = outcome(capsys, "verify", "--records", str(tmp_path / "hr"))
    assert (code, out) == (0, "4 attempts: 4 REPLAY_VERIFIED, 0 CLIENT_ATTESTED, 0 BROKEN\n")


def test_learner_ids_are_drawn_anew(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    collected(capsys, tmp_path / "hr", *(handed_in(capsys, desk) for desk in desks))
    ids = [people_of(folder)["1042"].learner for folder in (*desks, tmp_path / "hr")]
    assert len(set(ids)) == 3
    assert all(len(id) == 32 for id in ids)


def test_to_collect_again_changes_nothing(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = (handed_in(capsys, desk) for desk in desks)
    collected(capsys, tmp_path / "hr", first, second)
    before = (tmp_path / "hr" / "people.db").read_bytes(), attempts_of(tmp_path / "hr")
    again = handed_in(capsys, desks[0], "--with-practice")
    assert collected(capsys, tmp_path / "hr", first, again, second) == (
        0,
        "desk-1.zip: 0 taken in, 2 known already, 0 refused\n" * 2 + "desk-2.zip: 0 taken in, 2 known already, 0 refused\n",
    )
    assert ((tmp_path / "hr" / "people.db").read_bytes(), attempts_of(tmp_path / "hr")) == before


def test_a_desk_can_be_the_table_too(capsys: Capture, desks: tuple[Path, Path]) -> None:
    first, second = (handed_in(capsys, desk) for desk in desks)
    code, out, _ = outcome(capsys, "collect", str(first), str(second), "--records", str(desks[0]))
    assert code == 0
    assert "desk-1.zip: 0 taken in, 2 known already" in out
    assert people_of(desks[0])["1042"].learner == rows_of(first, ATTEMPTS)[0]["attempt"]["learner"]
    assert set(attempts_of(desks[0]).values()) == {"1042", "7"}


def test_what_was_played_since_is_taken_from_the_next_hand_in(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    collected(capsys, tmp_path / "hr", handed_in(capsys, desks[0]))
    keep(desks[0], *EXPERT, number=9, team="Airport")
    assert collected(capsys, tmp_path / "hr", handed_in(capsys, desks[0]))[1] == "desk-1.zip: 1 taken in, 2 known already, 0 refused\n"
    assert people_of(tmp_path / "hr")["1042"].team == "Airport"


def test_another_attempt_of_the_same_id_is_refused(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    keep(tmp_path / "desk-3", *SORRY, number=1)
    keep(tmp_path / "desk-4", *EXPERT, number=1, person="8", name="Leyla")
    keep(tmp_path / "desk-5", *EXPERT, number=1, started=5)
    others = [handed_in(capsys, tmp_path / f"desk-{number}") for number in (3, 4, 5)]
    code, out = collected(capsys, tmp_path / "hr", handed_in(capsys, desks[0]), *others)
    assert (code, out.splitlines()[1:]) == (
        1,
        [
            "desk-3.zip: REFUSED attempt-1: the same attempt is kept here with another course or another result",
            "desk-3.zip: 0 taken in, 0 known already, 1 refused",
            "desk-4.zip: REFUSED attempt-1: it is kept here as an attempt of somebody else than 8",
            "desk-4.zip: 0 taken in, 0 known already, 1 refused",
            "desk-5.zip: REFUSED attempt-1: another attempt is kept here under its id",
            "desk-5.zip: 0 taken in, 0 known already, 1 refused",
        ],
    )
    assert attempts_of(tmp_path / "hr") == {"attempt-1": "1042", "attempt-2": "1042"}


def test_twice_in_one_file_it_is_taken_once(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    first = handed_in(capsys, desks[0])
    twice = changed(first, tmp_path / "x.zip", ATTEMPTS, lambda rows: rows + rows)
    assert collected(capsys, tmp_path / "hr", twice)[1] == "x.zip: 2 taken in, 2 known already, 0 refused\n"
    keep(tmp_path / "desk-3", *SORRY, number=1)
    other = rows_of(handed_in(capsys, tmp_path / "desk-3"), ATTEMPTS)[0]
    unlike = changed(first, tmp_path / "y.zip", ATTEMPTS, lambda rows: [*rows, other | {"attempt": other["attempt"]}])
    code, out = collected(capsys, tmp_path / "hr-2", unlike)
    assert (code, out.splitlines()) == (
        1,
        [
            "y.zip: REFUSED attempt-1: another attempt, or another course of it, is kept here under its id",
            "y.zip: 2 taken in, 0 known already, 1 refused",
        ],
    )


def test_what_was_removed_here_stays_removed_and_its_person_unnamed(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = (handed_in(capsys, desk) for desk in desks)
    collected(capsys, tmp_path / "hr", first, second)
    with open_records(tmp_path / "hr") as records, open_people(tmp_path / "hr") as people:
        records.purge(["attempt-4"], at=5)
        people.erase(people_of(tmp_path / "hr")["7"].learner)
        people.erase(people_of(tmp_path / "hr")["1042"].learner)
    assert collected(capsys, tmp_path / "hr", first, second) == (
        0,
        "desk-1.zip: 0 taken in, 2 known already, 0 refused\n"
        "desk-2.zip: 0 taken in, 1 known already, 1 removed here before and left out, 0 refused\n",
    )
    assert people_of(tmp_path / "hr") == {}


def test_another_name_for_the_same_id_is_told(capsys: Capture, tmp_path: Path) -> None:
    keep(tmp_path / "desk-1", *EXPERT, number=1)
    keep(tmp_path / "desk-2", *EXPERT, number=2, name="A. Duman")
    code, out = collected(capsys, tmp_path / "hr", *(handed_in(capsys, tmp_path / f"desk-{number}") for number in (1, 2)))
    assert code == 0
    assert "desk-2.zip: 1042 was 'Aylin Duman' here and is 'A. Duman' in this hand-in: one person, by the id\n" in out
    assert people_of(tmp_path / "hr")["1042"].name == "A. Duman"


def test_versions_that_are_new_here_are_told_once(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    paths = [handed_in(capsys, desk) for desk in desks]
    attempt = rows_of(paths[0], ATTEMPTS)[0]["attempt"]
    scenario, principles = attempt["scenario_hash"][:12], attempt["principles_hash"][:12]
    _, out, _ = outcome(capsys, "collect", *map(str, paths), "--records", str(tmp_path / "hr"))
    assert [line for line in out.splitlines() if "in versions" in line] == [
        f"{paths[0]}: in versions that were not kept here before: late-parcel {scenario}, principles {principles}"
    ]


def test_one_bad_file_does_not_stop_the_others(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = (handed_in(capsys, desk) for desk in desks)
    (tmp_path / "bad.zip").write_bytes(first.read_bytes()[:-5])
    newer = put_together(tmp_path / "newer.zip", parts(first), manifest=lambda told: told | {"servicesim-handin": 7})
    code, out = collected(capsys, tmp_path / "hr", tmp_path / "bad.zip", newer, second)
    assert (code, out.splitlines()) == (
        1,
        [
            "bad.zip: REFUSED as a whole: it is no hand-in of ServiceSim, or it was damaged on the way: hand it in again",
            "newer.zip: REFUSED as a whole: it was written by a newer version of ServiceSim (format 7, this one knows 1): install "
            "the newer version here, then collect it again",
            "desk-2.zip: 2 taken in, 0 known already, 0 refused",
        ],
    )


def test_as_json_everything_is_told(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    first = handed_in(capsys, desks[0])
    forged = changed(first, tmp_path / "x.zip", ATTEMPTS, lambda rows: rows[0]["result"].update(passed=not rows[0]["result"]["passed"]))
    code, out, _ = outcome(capsys, "collect", "--json", str(forged), str(first), "--records", str(tmp_path / "hr"))
    told = json.loads(out)
    assert code == 1
    assert told["counts"] == {"taken": 2, "known": 1, "removed": 0, "refused": 1}
    assert told["files"][0]["refused"] == [{"attempt": "attempt-1", "why": "its result has changed since it was written"}]
    assert {name: told["files"][1][name] for name in ("file", "taken", "known", "notes", "problem")} == {
        "file": str(first), "taken": 1, "known": 1, "notes": [], "problem": "",
    }  # fmt: skip


def test_a_slip_of_the_finger_takes_nothing_in(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    first = handed_in(capsys, desks[0])
    for wrong, why in ((tmp_path / "dsk-2.zip", "there is no file"), (desks[1], "is a folder")):
        code, out, err = outcome(capsys, "collect", str(first), str(wrong), "--records", str(tmp_path / "hr"))
        assert (code, out) == (2, "")
        assert why in err
    assert not (tmp_path / "hr").exists()
    assert outcome(capsys, "collect")[0] == 2


def test_where_nothing_can_be_kept_or_read_it_says_so(capsys: Capture, desks: tuple[Path, Path], tmp_path: Path) -> None:
    first = handed_in(capsys, desks[0])
    code, _, err = outcome(capsys, "collect", str(first), "--records", str(first / "hr"))
    assert (code, "cannot be used as a folder" in err) == (4, True)
    code, _, err = outcome(capsys, "handin", str(tmp_path / "x.zip"), "--records", str(tmp_path / "nowhere"))
    assert (code, "nothing has been played in this folder yet" in err) == (4, True)


def test_what_steers_a_terminal_is_shown_by_its_code(capsys: Capture, tmp_path: Path) -> None:
    keep(tmp_path / "desk-1", *EXPERT, number=1)
    keep(tmp_path / "desk-2", *EXPERT, number=2, name="\x1b[2JAylin\r\nDone")
    paths = [handed_in(capsys, tmp_path / f"desk-{number}") for number in (1, 2)]
    _, out = collected(capsys, tmp_path / "hr", *paths)
    assert len(out.splitlines()) == 3
    assert not {"\x1b", "\r"} & set(out)


# --- many, and killed in the middle ----------------------------------------------------------------------------------

PLAYS = 24


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], set[str]]:
    """Two desks of plausible trainees, some of them people of both, and the ids of what has ended there."""
    folder, script, ids = tmp_path_factory.mktemp("crowd"), trainees.shipped(), set[str]()
    paths = []
    for seed in (1, 2):
        played = list(islice(trainees.plays(script, attempts=PLAYS, seed=seed), PLAYS))
        trainees.keep(folder / f"desk-{seed}", script, played)
        ids |= {one.attempt.id for one in played if one.result and not one.attempt.practice}
        path = folder / f"desk-{seed}.zip"
        assert pack(path, folder / f"desk-{seed}", Filter()).left_out == []
        paths.append(path)
    return paths, ids


_KILLED = """
import os, signal, sys
from servicesim import cli
from servicesim.exports import collecting
from servicesim.records import people, records

collecting.AT_ONCE = 4
owner, name = {"_end": (records.Records, "_end"), "take_in_all": (records.Records, "take_in_all"), "keep_text": (records.Records, "keep_text"),
    "enrol": (people.People, "enrol")}[sys.argv[1]]
real, left, after = getattr(owner, name), int(sys.argv[2]), sys.argv[3] == "after"

def deadly(*given, **named):
    global left
    left -= 1
    if left == 0 and not after:
        os.kill(os.getpid(), signal.SIGKILL)
    done = real(*given, **named)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

setattr(owner, name, deadly)
cli.main(["collect", *sys.argv[5:], "--records", sys.argv[4]])
"""


@pytest.mark.parametrize(
    "moment",
    [("keep_text", 2, "before"), ("enrol", 3, "after"), ("_end", 1, "after"), ("_end", 7, "before"), ("take_in_all", 2, "after"), ("_end", 18, "after")],
    ids=str,
)  # fmt: skip
def test_killed_in_the_middle_each_attempt_is_whole_or_not_there(
    crowd: tuple[list[Path], set[str]], tmp_path: Path, capsys: Capture, moment: tuple[str, int, str]
) -> None:
    paths, ids = crowd
    arguments = [*map(str, moment), str(tmp_path / "hr"), *map(str, paths)]
    died = subprocess.run([sys.executable, "-c", _KILLED, *arguments], check=False, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    there = set(attempts_of(tmp_path / "hr"))
    assert there < ids
    if moment[0] == "_end":
        assert len(there) == (moment[1] - 1) // 4 * 4
    assert collected(capsys, tmp_path / "hr", *paths)[0] == 0
    assert set(attempts_of(tmp_path / "hr")) == ids
    assert outcome(capsys, "verify", "--records", str(tmp_path / "hr"))[0] == 0


def test_the_same_person_at_two_desks_is_one_learner(crowd: tuple[list[Path], set[str]], tmp_path: Path, capsys: Capture) -> None:
    paths, ids = crowd
    assert collected(capsys, tmp_path / "hr", *paths)[0] == 0
    found = attempts_of(tmp_path / "hr")
    assert set(found) == ids
    wanted: dict[str, str] = {}
    for path in paths:
        who = {row["learner"]: row["id"] for row in rows_of(path, "people.jsonl")}
        wanted |= {row["attempt"]["id"]: who[row["attempt"]["learner"]] for row in rows_of(path, ATTEMPTS)}
    assert found == wanted
    both = {row["id"] for row in rows_of(paths[0], "people.jsonl")} & {row["id"] for row in rows_of(paths[1], "people.jsonl")}
    assert both <= set(people_of(tmp_path / "hr"))
    assert both
