"""Databases of version 1 are taken over with all that they hold, and get their chains and seals."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks import reliability_version_1 as version_1
from servicesim.errors import NewerStore
from servicesim.records import Records, Result, open_people, open_records
from servicesim.records import chain as chains
from servicesim.records.tables import METADATA, SCHEMA, triggers


@pytest.fixture
def old(folder: Path) -> Path:
    """A folder with forty attempts that a ServiceSim of version 1 left."""
    version_1.make(folder, 40, random.Random(1))
    return folder


def schema(folder: Path, file: str) -> list[tuple[Any, ...]]:
    """Tables with their columns, and everything else as it was stated."""
    with closing(sqlite3.connect(folder / file)) as database:
        columns = database.execute(
            "SELECT t.name, c.name, c.type, c.pk FROM sqlite_master t, pragma_table_xinfo(t.name) c WHERE t.type = 'table' ORDER BY 1, c.cid"
        ).fetchall()
        return columns + database.execute("SELECT name, sql FROM sqlite_master WHERE type <> 'table' ORDER BY 1").fetchall()


def test_what_version_1_kept_is_kept_and_chained(old: Path) -> None:
    before = version_1.kept(old)
    with open_records(old) as records, open_people(old) as people:
        assert version_1.kept(old) == before
        found = [attempt for attempt, _ in records.attempts(with_practice=True)]
        assert len(found) == 40
        assert all(records.chain(attempt.id).whole for attempt in found)
        person = people.named("1042")
        assert person is not None
        assert person.name == "لیلا کریمی"


def test_a_database_of_version_1_comes_to_be_as_a_new_one(old: Path, tmp_path: Path) -> None:
    for folder in (old, tmp_path / "new"):
        open_records(folder).close()
        open_people(folder).close()
    for file in ("records.db", "people.db"):
        assert schema(old, file) == schema(tmp_path / "new", file)


def test_version_1_stays_beside_it_as_a_backup(old: Path) -> None:
    before = version_1.kept(old)
    open_records(old).close()
    open_people(old).close()
    for file in ("records", "people"):
        os.replace(old / f"{file}-version-1.db", old / f"{file}.db")
    assert version_1.kept(old) == before


def test_results_of_version_1_are_sealed_on_their_chain(old: Path) -> None:
    with open_records(old) as records:
        found = {attempt.id: result for attempt, result in records.attempts(with_practice=True)}
        with closing(sqlite3.connect(old / "records.db")) as editor:
            seals = dict(editor.execute("SELECT id, seal FROM results JOIN attempts ON number = attempt"))
        assert len(seals) == 39
        for id, seal in seals.items():
            result = found[id]
            assert result is not None
            assert seal == chains.seal(records.chain(id).stored, result)


def test_an_attempt_of_version_1_is_played_on(old: Path, result: Result) -> None:
    with open_records(old) as records:
        ((unfinished),) = records.unfinished("learner")
        lines = records.lines(unfinished.id)
        records.append(unfinished.id, len(lines), ["more", "ended"], result)
        assert records.chain(unfinished.id).whole
        assert records.lines(unfinished.id) == [*lines, "more", "ended"]


def test_a_window_that_was_open_before_does_not_turn_the_version_back(
    records: Records, folder: Path, attempt: Any
) -> None:
    with closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")
        with pytest.raises(NewerStore, match="install the newer version"):
            records.begin(attempt(), ["began"])
        assert newer.execute("PRAGMA user_version").fetchone() == (SCHEMA.version + 1,)


# Chains


def test_the_chain_is_what_the_documents_say(records: Records, attempt: Any, result: Result) -> None:
    records.begin(attempt(), ["began"])
    records.append("leyla-1", 1, ["spoke", "ended"], result)
    link = chains.sha256(
        '{"id":"leyla-1","language":"fa","learner":"leyla","practice":false,'
        f'"principles_hash":"{attempt().principles_hash}","rules_version":1,"scenario":"late-parcel",'
        f'"scenario_hash":"{attempt().scenario_hash}","seed":7,"started":1760000000000,"untimed":false}}'
    )
    for seq, line in enumerate(("began", "spoke", "ended")):
        link = chains.sha256(f"{link}\n{seq}\n{line}")
    assert records.chain("leyla-1") == chains.Chain(link, link)


@pytest.mark.parametrize("cuts", [(), (1,), (1, 2), (2, 2, 5)])
def test_the_chain_does_not_depend_on_how_the_lines_were_written(
    records: Records, attempt: Any, cuts: tuple[int, ...]
) -> None:
    lines = [f"line {number}" for number in range(6)]
    records.begin(attempt())
    for first, end in zip((0, *cuts), (*cuts, 6), strict=True):
        for _ in range(2):
            records.append("leyla-1", first, lines[first:end])
    assert records.chain("leyla-1") == chains.Chain(*[chains.last_link(chains.head(attempt()), 0, lines)] * 2)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE events SET line = 'shouted' WHERE seq = 1",
        "UPDATE attempts SET started = started + 1",
        "UPDATE events SET chain = replace(chain, 'a', 'b') WHERE seq = 2",
        "DELETE FROM events WHERE seq = 1",
    ],
)
def test_a_change_breaks_the_chain(records: Records, folder: Path, attempt: Any, edit: str) -> None:
    records.begin(attempt(), ["began", "spoke", "ended"])
    with closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as editor:
        for name, _ in triggers():
            editor.execute(f"DROP TRIGGER {name}")
        editor.execute(edit)
    assert not records.chain("leyla-1").whole


def test_every_trigger_is_there(folder: Path) -> None:
    open_records(folder).close()
    with closing(sqlite3.connect(folder / "records.db")) as editor:
        there = dict(editor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    assert there == dict(triggers())
    assert {name.removesuffix("_no_update") for name in there if name.endswith("_no_update")} == set(METADATA.tables)
