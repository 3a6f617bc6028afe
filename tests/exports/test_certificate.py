"""A certificate says what was passed and how that can be checked, and is only given for what is right."""

from __future__ import annotations

import html
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from exports.kept import EXPERT, OUT, STARTED, keep, late_parcel
from servicesim.cli import run
from servicesim.errors import ServicesimError, UsageError, VerificationFailed
from servicesim.exports.certificate import Certifier, Order, certificate_page, hand_over, kept_throughout, passed
from servicesim.exports.clock import Clock
from servicesim.exports.report.words import words_in
from servicesim.languages import LANGUAGES
from servicesim.records import Attempt, open_people, open_records
from servicesim.records.people import Person


@pytest.fixture
def attempt(tmp_path: Path) -> Attempt:
    return keep(tmp_path, "go-on", *EXPERT, name="Aylin Duman")


def page_of(folder: Path, attempt: Attempt, language: str = "en", name: str = "Aylin Duman") -> str:
    with open_records(folder, read_only=True) as records:
        again = passed(records, attempt.id)
    person = Person("1042", name, "", language, attempt.learner)
    return certificate_page(again, person, words_in(language), Clock(), at=STARTED)


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)).split())


def test_it_names_the_person_the_encounter_the_company_the_day_and_the_points(tmp_path: Path, attempt: Attempt) -> None:
    told = text_of(page_of(tmp_path, attempt))
    for part in ("Aylin Duman", "The coat that stayed away", "Leyla Karimova", "Nova Stores", "26 October 2026", "97 of 100", "Pass mark 75"):
        assert part in told


def test_it_says_which_attempt_it_was_by_which_texts_and_how_that_is_checked(tmp_path: Path, attempt: Attempt) -> None:
    told = text_of(page_of(tmp_path, attempt))
    assert f"servicesim certificate {attempt.id} -o again.html" in told
    assert f"Encounter (SHA-256) {attempt.scenario_hash}" in told
    assert f"Principles (SHA-256) {attempt.principles_hash}" in told
    assert "It is no qualification and no licence" in told
    assert "The printed page alone proves nothing." in told


def test_only_principles_that_were_kept_each_time_stand_there(tmp_path: Path, attempt: Attempt) -> None:
    with open_records(tmp_path, read_only=True) as records:
        again = passed(records, attempt.id)
    names = set(late_parcel().principles.principles)
    kept = list(kept_throughout(again))
    assert len(kept) > 20
    assert set(kept) < names
    assert "listen-actively" not in kept  # one pause of many


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_its_language_and_runs_and_loads_nothing(tmp_path: Path, attempt: Attempt, language: str) -> None:
    page = page_of(tmp_path, attempt, language, name="<script>x</script>\u202e")
    assert f'<html lang="{language}" dir="{"rtl" if language in ("fa", "he") else "ltr"}">' in page
    assert "default-src 'none'" in html.unescape(page)
    assert "<script" not in page
    assert "\u202e" not in page
    assert "{" not in text_of(page)


# --- what there is none for ------------------------------------------------------------------------------------------


def test_there_is_none_for_practice_for_what_was_not_passed_and_for_what_was_set_aside(tmp_path: Path, attempt: Attempt) -> None:
    practised = keep(tmp_path, *EXPERT, practice=True, number=1)
    failed = keep(tmp_path, *OUT, number=2)
    with open_records(tmp_path) as records:
        records.review(attempt.id, at=STARTED, by="Grace", note="", verdict="set-aside")
        for wrong, why in ((practised, "practice"), (failed, "not passed"), (attempt, "set aside")):
            with pytest.raises(UsageError, match=why):
                passed(records, wrong.id)
        with pytest.raises(UsageError, match="no attempt 'x'"):
            passed(records, "x")


def test_there_is_none_for_a_result_that_its_transcript_does_not_give(tmp_path: Path, attempt: Attempt) -> None:
    with closing(sqlite3.connect(tmp_path / "records.db")) as connection:
        connection.execute("DROP TRIGGER results_no_update")
        connection.execute("UPDATE results SET conduct = '100/1'")
        connection.commit()
    with open_records(tmp_path, read_only=True) as records, pytest.raises(VerificationFailed, match="conduct"):
        passed(records, attempt.id)


def test_there_is_none_without_the_name_of_a_person(tmp_path: Path, attempt: Attempt) -> None:
    with open_people(tmp_path) as people:
        people.erase(attempt.learner)
    with pytest.raises(UsageError, match="no longer kept"):
        Certifier(tmp_path, tmp_path)(attempt.id, "en")


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_certificate_lies_in_the_documents_under_a_name_that_says_what_it_is_and_replaces_nothing(tmp_path: Path, attempt: Attempt) -> None:
    documents = tmp_path / "Documents"
    documents.mkdir()
    certify = Certifier(tmp_path, documents)
    first = certify(attempt.id, "en")
    first.write_text("mine", encoding="utf-8")
    second = certify(attempt.id, "en")
    assert [path.name for path in (first, second)] == [
        "Certificate - The coat that stayed away - Aylin Duman - 2026-10-26.html",
        "Certificate - The coat that stayed away - Aylin Duman - 2026-10-26 (2).html",
    ]
    assert first.read_text(encoding="utf-8") == "mine"
    assert first.parent == documents


def test_where_there_are_no_documents_it_lies_beside_the_records(tmp_path: Path, attempt: Attempt) -> None:
    assert Certifier(tmp_path, tmp_path / "nowhere")(attempt.id, "fa").parent == tmp_path


def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path: Path, attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("servicesim.exports.certificate._keep_new", full)
    with pytest.raises(ServicesimError, match=r"cannot be written to .*: No space left on device"):
        Certifier(tmp_path, tmp_path)(attempt.id, "en")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\nb", "x" * 500, "..", "CON: <|>", "\u202egnp.exe", "نام/خانوادگی"])
def test_a_name_cannot_lead_anywhere_else(tmp_path: Path, name: str) -> None:
    kept = keep(tmp_path, *EXPERT, name=name)
    path = Certifier(tmp_path, tmp_path)(kept.id, "en")
    assert path.parent == tmp_path
    assert path.is_file()
    assert not set(path.name) & set('/\\:*?"<>|\n\u202e')
    assert len(path.name.encode()) < 250


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_writes_the_same_page_again_and_logs_it(tmp_path: Path, attempt: Attempt, capsys: pytest.CaptureFixture[str]) -> None:
    first, again = tmp_path / "one.html", tmp_path / "again.html"
    for path in (first, again):
        assert run(["certificate", attempt.id, "-o", str(path), "--records", str(tmp_path)]) == 0
    made = re.compile(r"<p>Made on .*?</p>")
    assert made.sub("", first.read_text(encoding="utf-8")) == made.sub("", again.read_text(encoding="utf-8"))
    assert f"the certificate of attempt {attempt.id}" in capsys.readouterr().out
    with open_records(tmp_path, read_only=True) as records:
        assert [(line.kind, line.with_names) for line in records.export_log()] == [("certificate", True)] * 2


def test_the_command_writes_nothing_where_there_is_nothing_to_certify(tmp_path: Path, attempt: Attempt) -> None:
    path = tmp_path / "one.html"
    assert run(["certificate", "x", "-o", str(path), "--records", str(tmp_path)]) == 2
    assert not path.exists()
    assert hand_over(Order(attempt.id, path, "he"), tmp_path) == ""
