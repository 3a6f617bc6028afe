"""What is handed over of encounters that were played in another language."""

from __future__ import annotations

import html
import json
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from exports.kept import STARTED, rows
from scenario.small import SMALL
from servicesim import shipped
from servicesim.cli import run
from servicesim.commands import chosen
from servicesim.encounter.edition import in_language
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.exports.played import Played
from servicesim.records import Attempt, open_people, open_records
from servicesim.records.results import result_of
from servicesim.scenario.translated import language_of
from translations_made import translate


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the small encounter, and the shipped principles, both translated into Turkish."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    shutil.copy(shipped.scenarios() / "principles.yaml", folder)
    (folder / "lost-umbrella.yaml").write_text(SMALL, encoding="utf-8")
    translate(folder / "lost-umbrella.yaml", "tr")
    translate(folder / "principles.yaml", "tr")
    monkeypatch.setattr(shipped, "scenarios", lambda: folder)
    return folder


def script(own: Path, language: str = "en", **changes: str) -> Script:
    found = in_language(chosen.script(str(own / "lost-umbrella.yaml")), language)
    assert found is not None
    return found


def keep(folder: Path, script: Script, person: str, *moves: str) -> Attempt:
    """Keep one attempt that ended."""
    encounter = rehearse(Encounter(script), moves)
    assert encounter.ended
    with open_people(folder) as people, open_records(folder) as records:
        records.keep_text("scenario", script.text)
        records.keep_text("principles", script.principles_text)
        attempt = Attempt(
            str(uuid.uuid4()), people.enrol(person, f"Person {person}", "Desk 3", "en"), script.scenario.id, script.fingerprint,
            script.principles_fingerprint, 1, 0, False, False, language_of(script.scenario), STARTED + int(person),
        )  # fmt: skip
        records.begin(attempt, to_lines(encounter.events))
        records.append(attempt.id, len(encounter.events), [], result_of(script, encounter.events, ended=attempt.started + 95_000))
    return attempt


@pytest.fixture
def kept(tmp_path: Path, own: Path) -> Path:
    """One attempt in English, and one in Turkish by the same replies."""
    folder = tmp_path / "home"
    keep(folder, script(own), "1", "interrupt", "welcome", "look")
    keep(folder, script(own, "tr"), "2", "interrupt", "welcome", "look")
    return folder


@pytest.fixture
def many(own: Path, kept: Path) -> Path:
    """Enough people for a report, the last of whom played in English."""
    for number in range(3, 9):
        keep(kept, script(own, "tr" if number < 6 else "en"), str(number), "interrupt", "welcome", "look")
    return kept


def test_a_translation_is_no_other_version_of_the_encounter(own: Path, kept: Path) -> None:
    (own / "lost-umbrella.yaml").write_text(SMALL.replace("acts: [inform]", "acts: []"), encoding="utf-8")
    keep(kept, script(own, "tr"), "3", "welcome", "look")  # in Turkish, and other in what a reply does
    (own / "lost-umbrella.yaml").write_text(SMALL, encoding="utf-8")
    with open_records(kept, read_only=True) as records:
        for language in ("en", "tr"):
            played = Played(records, script(own, language))
            assert [language_of(sat.script.scenario) for sat in played] == ["en", "tr"]
            assert (played.other_versions, played.broken) == (1, 0)


def test_it_is_played_again_by_the_texts_that_were_seen(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--records", str(kept), "--json"]) == 0
    assert [one["state"] for one in json.loads(capsys.readouterr().out)["attempts"]] == ["REPLAY_VERIFIED"] * 2


def test_the_same_replies_have_the_same_score_and_the_language_stands_in_a_column(kept: Path, tmp_path: Path) -> None:
    assert run(["export", "--records", str(kept), "--format", "csv", "-o", str(tmp_path / "scores.csv")]) == 0
    told = rows(tmp_path / "scores.csv")
    by_language = {language: [row for row in told if row["language"] == language] for language in ("en", "tr")}
    assert len(by_language["en"]) == len(by_language["tr"]) > 0
    for one, other in zip(by_language["en"], by_language["tr"], strict=True):
        same = {name for name in one if one[name] == other[name]}
        assert {"conduct", "passed", "principle", "score", "ending"} & one.keys() <= same


def test_statements_tell_which_language_was_spoken(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "statements.json"
    assert run(["export", "--records", str(kept), "--format", "xapi", "-o", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert '"language":"tr"' in text.replace(" ", "")
    assert '"tr":"THEUMBRELLA"' in text.replace(" ", "")


@pytest.mark.parametrize(("language", "title"), [("tr", "HEAR THEM OUT"), ("en", "Hear them out"), ("he", "Hear them out")])
def test_a_report_tells_principles_in_its_language_as_far_as_they_are_translated(many: Path, tmp_path: Path, language: str, title: str) -> None:
    file = tmp_path / "report.html"
    for more in ([], ["--person", "2"]):
        assert run(["report", "--records", str(many), "--language", language, *more, "-o", str(file)]) == 0
        told = file.read_text(encoding="utf-8")
        marked = "tr" if language == "tr" else "en"
        assert re.search(f'<bdi lang="{marked}"[^>]*>{re.escape(html.escape(title))}</bdi>', told), more


def test_a_report_names_an_encounter_in_its_language_if_it_was_played_in_it(many: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    for language, title in (("tr", "THE UMBRELLA"), ("en", "The umbrella")):
        assert run(["report", "--records", str(many), "--language", language, "-o", str(file)]) == 0
        assert f">{title}</bdi>" in file.read_text(encoding="utf-8")
