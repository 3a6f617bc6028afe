"""People from a file of HR's: however it was saved, nobody comes twice, and nothing is kept that would run in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports.hostile import NAMES
from servicesim.records import Person, open_people
from servicesim.server.people_csv import Plan, Unreadable, apply, planned, text_of

AYLIN = Person("1042", "Aylin Duman", "Desk 3", "tr", "a1")


def plan(text: str, *known: Person) -> Plan:
    return planned(text, known)


def refused(text: str) -> list[tuple[int, str, str]]:
    return [(one.line, one.why, one.what) for one in plan(text).refused]


def test_what_is_new_changed_and_unchanged_is_told_apart() -> None:
    text = "id,name,team,language\n1042,Aylin Duman,Desk 4,tr\n1043,آرش نیکو,Desk 3,fa\n"
    found = plan(text, AYLIN)
    assert [row.id for row in found.new] == ["1043"]
    assert [(row.team, person.team) for row, person in found.changed] == [("Desk 4", "Desk 3")]
    assert [row.id for row in plan("id,name,team,language\n1042,Aylin Duman,Desk 3,tr\n", AYLIN).unchanged] == ["1042"]


@pytest.mark.parametrize("data", [
    "id,name\n1,Ayşe\n".encode(), "\ufeffid,name\r\n1,Ayşe\r\n".encode(), "id;name\r1;Ayşe\r".encode(), "id\tname\n1\tAyşe".encode(),
    'sep=;\r\n"id";"name"\r\n"1";"Ayşe"\r\n'.encode(), "id,name\n1,Ayşe\n".encode("utf-16"), " ID , Name \n 1 , Ays\u0327e \n\n".encode(),
])  # fmt: skip
def test_a_file_is_read_however_it_was_saved(data: bytes) -> None:
    assert [(row.id, row.name) for row in plan(text_of(data)).new] == [("1", "Ayşe")]


def test_another_encoding_is_only_read_by_its_name() -> None:
    data = "id,name\n1,Şebnem Öğüt\n".encode("cp1254")
    with pytest.raises(Unreadable, match="import-encoding"):
        text_of(data)
    assert plan(text_of(data, "windows-1254")).new[0].name == "Şebnem Öğüt"


@pytest.mark.parametrize(("data", "why"), [
    (b"", "import-empty"), (b"PK\x03\x04\x00\x00", "import-no-text"), (b"\xff\xd8\xff\xe0", "import-encoding"),
])  # fmt: skip
def test_what_is_no_table_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        text_of(data)


@pytest.mark.parametrize(("text", "why"), [
    ("name\nAyşe\n", "import-columns-missing"), ("id,name,shoe size\n", "import-columns-strange"), ("id,name,id\n", "import-columns-strange"), ("", "import-columns-missing"),
])  # fmt: skip
def test_columns_are_named_in_the_first_line(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        plan(text)


def test_each_line_that_is_refused_says_why() -> None:
    lines = ["id,name,team,language", ",Ayşe", "-1,Ayşe", "1 2,Ayşe", "3,", "4,=1+1", '5,"a\nb"', "6,Ayşe,,xx", "7,Ayşe", "7,Bora", "8,Ayşe,,en,more", f"9,{'x' * 201}", "10,\u202eayşe"]
    assert refused("\n".join(lines)) == [
        (2, "no-id", ""), (3, "formula", "id"), (4, "bad-id", "1 2"), (5, "no-name", "3"), (6, "formula", "name"), (7, "control", "name"),
        (9, "bad-language", "xx"), (11, "twice", "10"), (12, "too-many-cells", ""), (13, "too-long", "name"), (14, "control", "name"),
    ]  # fmt: skip


def test_a_quotation_that_is_not_closed_ends_the_file_and_keeps_what_came_before() -> None:
    found = plan('id,name\n1,Ayşe\n2,"Bora\n3,Can\n')
    assert ([row.id for row in found.new], [(one.line, one.why) for one in found.refused]) == (["1"], [(3, "broken-quotes")])


def test_a_column_that_is_not_there_changes_nothing() -> None:
    assert plan("id,name\n1042,Aylin Öz\n", AYLIN).changed[0][0].team == "Desk 3"


def test_what_would_run_in_a_spreadsheet_is_kept_from_the_people() -> None:
    for name in NAMES:
        quoted = name.replace('"', '""')
        for row in plan(f'id,name\n1,"{quoted}"\n').new:
            assert row.name[0] not in "=+-@\t\r\n"


def test_doing_it_twice_keeps_everybody_once(tmp_path: Path) -> None:
    text = "id,name,team\n1,Ayşe,A\n2,<b>Bora</b>,A'); DROP TABLE people;--\n"
    with open_people(tmp_path) as people:
        assert apply(planned(text, people.known()), people) == 2
        learners = {one.learner for one in people.known()}
        assert apply(planned(text, people.known()), people) == 0
        assert {one.learner for one in people.known()} == learners
        assert people.named("2") is not None
