"""An encounter in another language: other words, the same moves, the same verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenario.small import SMALL, spoilt
from servicesim.assessment.assess import assess
from servicesim.cli import run
from servicesim.commands import chosen
from servicesim.encounter.edition import in_language, offered_in, preferably_in
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario.editions import edition_in
from servicesim.scenario.loading import load_text, shipped_principles
from translations_made import other_letters, translate


@pytest.fixture
def umbrella(tmp_path: Path) -> Path:
    path = tmp_path / "umbrella.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def findings(path: Path, language: str = "fa") -> Iterator[str]:
    script = chosen.script(str(path))
    found = edition_in(script.scenario, path.parent, language)
    assert found is not None
    return (f"{one.code} {one.message}" for one in found.findings)


def put(path: Path, said: dict[str, str]) -> None:
    """Translate all of it, some texts in this way."""
    translate(path, "fa", lambda key, text: said.get(key, other_letters(text)))


def test_what_is_translated_whole_is_offered(umbrella: Path) -> None:
    script = chosen.script(str(umbrella))
    assert in_language(script, "fa") is None
    assert preferably_in(script, "fa") is script
    translate(umbrella, "fa")
    assert list(offered_in(script)) == ["en", "fa"]
    persian = in_language(script, "fa")
    assert persian is not None
    assert (persian.scenario.locale, persian.scenario.title, persian.scenario.id) == ("fa", "THE UMBRELLA", "lost-umbrella")
    assert (persian.principles, persian.folder) == (script.principles, umbrella.parent)
    assert in_language(script, "en") is script


def test_the_same_moves_are_judged_in_the_same_way(umbrella: Path) -> None:
    translate(umbrella, "fa")
    script = chosen.script(str(umbrella))
    persian = in_language(script, "fa")
    assert persian is not None
    for moves in (["welcome", "go-on", "look"], ["interrupt", "sorry", "look"]):
        told = []
        for one in (script, persian):
            encounter = Encounter(one)
            rehearse(encounter, moves)
            judged = assess(one, encounter.events)
            told.append((judged.conduct, judged.ending, {name: (score.kept, score.broken) for name, score in judged.principles.items()}))
        assert told[0] == told[1]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"scenes/opening/says": "A. B."}, "L002 'scenes/opening/says': the original has 1 stop '|', the translation 0 stops '|'"),
        ({"scenes/opening/says": "A. | B. |"}, "L002 'scenes/opening/says': a stop '|' stands between two parts of a speech"),
        ({"summary": "{trainee}"}, "L003 'summary': the original holds nothing in braces, the translation {trainee}"),
        ({"summary": "{name}"}, "L003 'summary': '{name}' means nothing"),
        ({"summary": "x" * 8001}, "L004 'summary': it has 8,001 characters, at most 8,000 are possible"),
        ({"summary": "a\u200fb"}, "L004 'summary': an invisible character that turns the direction of text (U+200F RLM) cannot stand here"),
        ({"summary": ""}, "L005 1 of 13 texts is not translated; the first is 'summary'"),
        ({"summary": "  "}, "L005 1 of 13 texts is not translated; the first is 'summary'"),
    ],
)
def test_a_translation_that_does_not_fit_is_told_and_not_offered(umbrella: Path, said: dict[str, str], told: str) -> None:
    put(umbrella, said)
    assert told in list(findings(umbrella))
    assert in_language(chosen.script(str(umbrella)), "fa") is None


def test_a_text_may_hold_its_braces_elsewhere_and_joiners(umbrella: Path) -> None:
    umbrella.write_text(spoilt("say: No idea.", "say: '{trainee} does not know, {customer}.'"), encoding="utf-8")
    put(umbrella, {"replies/story/shrug": "{customer} می‌داند، {trainee} نه {trainee}."})
    assert list(findings(umbrella)) == []


def test_a_corrected_original_goes_on_being_offered(umbrella: Path) -> None:
    translate(umbrella, "fa")
    umbrella.write_text(spoilt("Oh, I am so sorry!", "Oh I am so sorry!"), encoding="utf-8")
    assert list(findings(umbrella)) == ["L006 'replies/opening/sorry': the original has changed since"]
    assert in_language(chosen.script(str(umbrella)), "fa") is not None


def test_a_text_that_was_rewritten_is_not_offered_as_it_was(umbrella: Path) -> None:
    translate(umbrella, "fa")
    umbrella.write_text(spoilt("Oh, I am so sorry!", "What is your number?"), encoding="utf-8")
    assert list(findings(umbrella)) == ["L006 'replies/opening/sorry': the original has changed since"]
    assert in_language(chosen.script(str(umbrella)), "fa") is None
    run(["translate", "merge", str(umbrella)])
    assert list(findings(umbrella)) == ["L006 'replies/opening/sorry': it was translated from quite another text"]
    assert in_language(chosen.script(str(umbrella)), "fa") is None


def test_a_fuzzy_translation_is_played_as_long_as_it_fits(umbrella: Path) -> None:
    one = translate(umbrella, "fa")
    umbrella.write_text(spoilt("It was red.", "It was red!"), encoding="utf-8")
    run(["translate", "merge", str(umbrella)])
    assert "#, fuzzy" in one.file("fa").read_text(encoding="utf-8")
    assert list(findings(umbrella)) == []
    assert in_language(chosen.script(str(umbrella)), "fa") is not None


def test_a_key_that_is_gone_is_told(umbrella: Path) -> None:
    translate(umbrella, "fa")
    umbrella.write_text(spoilt("id: sorry", "id: apology"), encoding="utf-8")
    assert "L007 no text has the key 'replies/opening/sorry' any more" in list(findings(umbrella))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"\xff", "L001 this is not UTF-8"),
        (b"hello", "L001 this line cannot be read: hello"),
        (b'msgid ""\nmsgstr "Language: he\\n"\n', "L001 the file says that its language is 'he'"),
        (b'msgctxt "title"\nmsgid "a"\nmsgstr "b"\n\nmsgctxt "title"\nmsgid "a"\nmsgstr "c"\n', "L001 'title' is translated twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_not_offered(umbrella: Path, file: bytes, told: str) -> None:
    one = translate(umbrella, "fa")
    one.file("fa").write_bytes(file)
    assert told in list(findings(umbrella))
    assert in_language(chosen.script(str(umbrella)), "fa") is None


def test_simulate_plays_in_a_language_and_says_which_there_are(umbrella: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translate(umbrella, "fa")
    asked = ["simulate", str(umbrella), "--play", "welcome,look"]
    assert run([*asked, "--language", "fa"]) == 0
    assert capsys.readouterr().out.startswith("THE UMBRELLA: FOUND\n")
    assert run([*asked, "--language", "he"]) == 2
    assert capsys.readouterr().err.startswith("'lost-umbrella' is not offered in 'he', only in: en, fa; why: servicesim translate status ")
    scores = []
    for language in ("en", "fa"):
        run([*asked, "--language", language, "--json"])
        told = json.loads(capsys.readouterr().out)
        scores.append((told["conduct"], told["ending"], told["customer"]))
    assert scores[0] == scores[1]


def test_a_customer_who_is_cut_off_protests_in_the_language_of_the_encounter() -> None:
    for locale, protest in (("en-GB", "Please let me finish."), ("de", "Please let me finish."), ("tr", "Lütfen, sözümü bitireyim.")):
        scenario, _ = load_text(spoilt("locale: en", f"locale: {locale}"))
        assert scenario is not None
        assert Script(scenario, shipped_principles()).stage("opening").protest == protest
