"""People are kept apart from results, which know a random learner id only."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks import reliability_version_1 as version_1
from servicesim.errors import UsageError
from servicesim.records import Person, open_people, open_records
from servicesim.records.place import Place


@pytest.fixture
def place(either_place: Place) -> Place:
    return either_place


def test_somebody_who_enrols_again_keeps_the_learner_id_and_is_brought_up_to_date(place: Place) -> None:
    with open_people(place) as people:
        learner = people.enrol("e-17", "Leyla", "Parcels", "fa")
        assert people.enrol("e-17", "Leyla Karimi", "Returns", "en") == learner
        assert people.person(learner) == Person("e-17", "Leyla Karimi", "Returns", "en", learner)
    with open_people(place) as people:
        assert people.known() == [Person("e-17", "Leyla Karimi", "Returns", "en", learner)]


def test_everybody_gets_a_random_id_of_their_own(place: Place) -> None:
    with open_people(place) as people:
        learners = [people.enrol(id, "Sam", "", "en") for id in ("sam", "sam2", "sam@post.example")]
        assert len(set(learners)) == 3
        assert all(len(learner) == 32 and "sam" not in learner for learner in learners)
        assert [person.id for person in people.known()] == ["sam", "sam2", "sam@post.example"]
        assert people.person("0" * 32) is None


def test_a_name_that_was_cut_in_the_middle_of_a_character_is_refused(place: Place) -> None:
    with open_people(place) as people:
        for name, team in (("Leyla \ud83d", ""), ("Leyla", "Parcels \udcff")):
            with pytest.raises(UsageError, match="half a character"):
                people.enrol("e-17", name, team, "fa")
        assert people.known() == []


@pytest.mark.parametrize("id", ["", "=1+1", "-1", "@x", "a b", "x\n", "_x", "a" * 65, "＝1"])
def test_an_id_that_a_spreadsheet_might_run_is_refused(place: Place, id: str) -> None:
    with open_people(place) as people:
        with pytest.raises(UsageError, match="letters, digits"):
            people.enrol(id, "Leyla", "", "fa")
        assert people.known() == []


def test_names_stay_out_of_the_records(folder: Path, attempt: Any) -> None:
    with open_people(folder) as people:
        learner = people.enrol("e-17", "Leyla Karimi", "Parcels", "fa")
    with open_records(folder) as records:
        scenario, principles = records.keep_text("scenario", "{}"), records.keep_text("principles", "{}")
        records.begin(attempt(learner=learner, scenario_hash=scenario, principles_hash=principles))
    assert b"Karimi" in (folder / "people.db").read_bytes()
    assert b"Karimi" not in (folder / "records.db").read_bytes()
    assert b"e-17" not in (folder / "records.db").read_bytes()


def test_a_learner_id_never_changes(folder: Path) -> None:
    with open_people(folder) as people:
        people.enrol("e-17", "Leyla", "Parcels", "fa")
    with closing(sqlite3.connect(folder / "people.db", isolation_level=None)) as editor:
        for column in ("id", "learner"):
            with pytest.raises(sqlite3.IntegrityError, match="a learner id never changes"):
                editor.execute(f"UPDATE people SET {column} = 'other'")


def test_somebody_erased_is_in_no_file_of_the_folder(folder: Path) -> None:
    version_1.make(folder, 3, random.Random(1))
    with open_people(folder) as people:
        for number in range(50):
            people.enrol(f"e-{number}", f"Omid {number}", "Returns", "fa")
        people.enrol("e-17", "Leyla Karimi", "Parcels", "fa")
        learner = people.enrol("e-17", "Leyla Karimi-Duman", "Parcels", "fa")
        people.erase(learner)
        people.erase(learner)
        assert people.named("e-17") is None
        assert people.person(learner) is None
        assert people.named("1042") is not None
        assert people.forget_backups() == [folder / "people-version-1.db"]
        assert people.forget_backups() == []
    assert not any(b"Leyla" in file.read_bytes() for file in folder.iterdir())
    assert people_of(folder) == ["1042", *sorted(f"e-{number}" for number in range(50) if number != 17)]


def people_of(folder: Path) -> list[str]:
    with open_people(folder) as people:
        return sorted(person.id for person in people.known())


def test_what_was_settled_last_is_kept(place: Place) -> None:
    with open_people(place) as people:
        assert people.settled("for") is None
        people.keep("for", "24m")
        people.keep("for", "90d")
    with open_people(place, read_only=True) as people:
        assert people.settled("for") == "90d"


def test_people_are_told_in_portions_and_by_team(tmp_path: Path) -> None:
    with open_people(tmp_path) as people:
        for number, team in enumerate(["Desk 3", "Desk 3", "", "Desk 4"]):
            people.enrol(f"{number}", f"Trainee {number}", team, "en")
        assert [one.id for one in people.some(skip=1, most=2)] == ["1", "2"]
        assert [one.id for one in people.some(team="Desk 3")] == ["0", "1"]
        assert people.some() == people.known()
        assert (people.count(), people.count("Desk 3"), people.count("")) == (4, 2, 1)
        assert people.team_names() == ["Desk 3", "Desk 4"]


def test_people_are_found_by_a_part_of_their_name_or_id_in_capitals_or_not(place: Place) -> None:
    with open_people(place) as people:
        for id, name, team in (("e-1", "Özge Tan", "A"), ("e-2", "Leyla", "B"), ("özg-3", "Sam", "A"), ("e-4", "özgür", "B")):
            people.enrol(id, name, team, "en")
        everybody, count = people.found("ÖZG")
        assert ([one.id for one in everybody], count) == ([one.id for one in people.known() if one.id != "e-2"], 3)
        assert people.found("ÖZG", skip=1, most=1) == (everybody[1:2], 3)
        assert [one.id for one in people.found("özg", team="B")[0]] == ["e-4"]
        assert people.found("nobody") == ([], 0)
