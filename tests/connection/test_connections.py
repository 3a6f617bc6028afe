"""The file with a desk's key: nobody else can read it, it is replaced whole, and what cannot be read is told without quoting it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from servicesim.connection import connections
from servicesim.connection.connections import FOLDER, Connection
from servicesim.errors import UsageError

LEYLA = Connection("https://training.example.com", "Kestrel Parcels", "d-1", "open-sesame", {"k1": "cHVi"}, "1" * 32, 1_793_000_000_000)


def file(home: Path) -> Path:
    return home / FOLDER / f"{LEYLA.learner}.json"


def test_a_connection_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    connections.keep(tmp_path, LEYLA)
    assert file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert connections.connections(tmp_path) == {LEYLA.learner: LEYLA}
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [file(tmp_path).name]
    other = replace(LEYLA, key="another")
    connections.keep(tmp_path, other)
    assert connections.connections(tmp_path) == {LEYLA.learner: other}
    connections.forget(tmp_path, LEYLA.learner)
    connections.forget(tmp_path, LEYLA.learner)
    assert connections.connections(tmp_path) == {}


def test_the_key_does_not_show() -> None:
    assert "open-sesame" not in repr(LEYLA)


def test_a_key_that_is_known_stays_and_a_new_one_is_added() -> None:
    assert LEYLA.knowing({"k2": "bmV3", "k1": "Zm9yZ2Vk"}).keys == {"k1": "cHVi", "k2": "bmV3"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"open-sesame", b"\xff", b"[" * 90_000, json.dumps({"key": "open-sesame"}).encode(), b'{"key": "open-sesame\\n"}'],
    ids=lambda content: str(content)[:20],
)
def test_a_file_that_cannot_be_read_is_told_and_not_quoted(tmp_path: Path, content: bytes) -> None:
    connections.keep(tmp_path, LEYLA)
    file(tmp_path).write_bytes(content)
    assert connections.connections(tmp_path) == {}
    (told,) = connections.unreadable(tmp_path)
    assert "cannot be read: ask your organisation for a new code" in told
    assert "sesame" not in told


def test_a_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    connections.keep(tmp_path, LEYLA)
    file(tmp_path).chmod(0o640)
    with pytest.raises(UsageError, match=r"others can read .*: say chmod 600"):
        connections.read(file(tmp_path))


def test_a_file_under_another_name_is_somebody_elses(tmp_path: Path) -> None:
    connections.keep(tmp_path, LEYLA)
    other = file(tmp_path).rename(tmp_path / FOLDER / f"{'2' * 32}.json")
    with pytest.raises(UsageError, match="is of somebody else"):
        connections.read(other)
