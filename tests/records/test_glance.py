"""What was settled, read before the stores are there."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from servicesim.records import open_people
from servicesim.records.glance import FILE, settled_at_a_glance


def test_what_was_settled_is_told_at_a_glance(tmp_path: Path) -> None:
    with open_people(tmp_path) as people:
        people.keep("language", "fa")
        people.keep("preferences", "{}")
        people.keep("preferences/ab12", '{"theme": "dark"}')
    assert settled_at_a_glance(tmp_path, "language", "preferences", "never") == {"language": "fa", "preferences": "{}"}


def test_nothing_is_told_or_made_where_nothing_is_kept_yet(tmp_path: Path) -> None:
    assert settled_at_a_glance(tmp_path / "later", "language") == {}
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_tells_nothing_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"nonsense" * 600)
    assert settled_at_a_glance(tmp_path, "language") == {}
    assert (tmp_path / FILE).read_bytes() == b"nonsense" * 600


def test_nobody_waits_for_a_program_that_is_writing(tmp_path: Path) -> None:
    with open_people(tmp_path) as people:
        people.keep("language", "fa")
    writing = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    writing.execute("BEGIN EXCLUSIVE")
    assert settled_at_a_glance(tmp_path, "language") == {}
    writing.close()


def test_a_glance_needs_no_sqlalchemy() -> None:
    told = "import sys, servicesim.records.glance; print('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True).stdout == "False\n"
