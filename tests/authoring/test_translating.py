"""Translators' files: nothing that was translated is lost, whatever becomes of the original."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.small import SMALL
from servicesim.authoring.translating import bring_up_to_date, language_of_returned, original, take_in
from servicesim.authoring.translations import read, written
from servicesim.errors import UsageError
from servicesim.scenario.programmes import demand_programme, translated
from translations_made import translate


@pytest.fixture
def umbrella(tmp_path: Path) -> Path:
    """The small encounter, whole in Persian."""
    path = tmp_path / "umbrella.yaml"
    path.write_text(SMALL, encoding="utf-8")
    translate(path, "fa", lambda key, text: f"{key} است" + " | " * text.count(" | ") + "." * text.count(" | "))
    return path


def changed(path: Path, *changes: tuple[str, str]) -> str:
    """The Persian file after the original was changed and the file brought up to date."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    bring_up_to_date(original(path), "fa")
    return original(path).file("fa").read_text(encoding="utf-8")


def block(file: str, key: str) -> str:
    """The entry of a key, without its note."""
    (found,) = [part for part in file.split("\n\n") if f'msgctxt "{key}"' in part]
    return "\n".join(line for line in found.strip().splitlines() if not line.startswith("#."))


def told(path: Path) -> dict[str, str]:
    """What is translated, by key."""
    return {str(message.context): str(message.string) for message in read(original(path).file("fa"), "fa") if message.id}


def test_a_new_file_has_every_text_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "umbrella.yaml"
    path.write_text(SMALL, encoding="utf-8")
    first = bring_up_to_date(original(path), "he")
    assert (first.file, first.is_new, first.texts, first.translated) == (tmp_path / "languages/he/lost-umbrella.po", True, 13, 0)
    assert bring_up_to_date(original(path), "he").is_same
    assert list(original(path).editions) == ["he"]


def test_a_corrected_comma_orphans_nothing(umbrella: Path) -> None:
    file = changed(umbrella, ("Oh, I am so sorry!", "Oh I am so sorry!"))
    assert block(file, "replies/opening/sorry") == (
        '#, fuzzy\n#| msgid "Oh, I am so sorry!"\nmsgctxt "replies/opening/sorry"\n'
        'msgid "Oh I am so sorry!"\nmsgstr "replies/opening/sorry است"'
    )
    assert "#~" not in file
    assert "fuzzy" not in changed(umbrella, ("Oh I am so sorry!", "Oh, I am so sorry!"))


def test_a_renamed_reply_is_found_again_by_its_words(umbrella: Path) -> None:
    file = changed(umbrella, ("id: sorry", "id: apology"))
    assert block(file, "replies/opening/apology") == (
        'msgctxt "replies/opening/apology"\nmsgid "Oh, I am so sorry!"\nmsgstr "replies/opening/sorry است"'
    )
    assert "#~" not in file


def test_a_reply_that_was_renamed_and_corrected_is_to_be_checked(umbrella: Path) -> None:
    file = changed(umbrella, ("id: sorry", "id: apology"), ("Oh, I am so sorry!", "Oh, I am very sorry!"))
    assert block(file, "replies/opening/apology").startswith('#, fuzzy\n#| msgid "Oh, I am so sorry!"\n')


def test_a_line_put_between_two_moves_the_others_along(umbrella: Path) -> None:
    changed(umbrella, ("      - say: On Tuesday.", "      - {if: said(greet), say: Well. It was red.}\n      - say: On Tuesday."))
    found = told(umbrella)
    assert found["scenes/story/says"] == "scenes/story/says است"
    assert found["scenes/story/says/2"] == ""
    assert found["scenes/story/says/3"] == "scenes/story/says/2 است | ."


def test_what_is_gone_is_kept_until_somebody_drops_it_and_comes_back(umbrella: Path) -> None:
    shrug = SMALL[SMALL.index("      - id: shrug") : SMALL.index("endings:")]
    file = changed(umbrella, (shrug, ""), ("  gone:\n    title: Gone\n    failed: true\n", "  gone: {title: Gone, failed: true}\n"))
    assert file.endswith('#~ msgctxt "replies/story/shrug"\n#~ msgid "No idea."\n#~ msgstr "replies/story/shrug است"\n')
    assert bring_up_to_date(original(umbrella), "fa").is_same
    assert "#~" not in changed(umbrella, ("endings:", f"{shrug}endings:"))
    assert told(umbrella)["replies/story/shrug"] == "replies/story/shrug است"
    changed(umbrella, (shrug, ""))
    bring_up_to_date(original(umbrella), "fa", drop=True)
    assert "#~" not in original(umbrella).file("fa").read_text(encoding="utf-8")


def test_a_translation_that_was_gone_is_offered_where_nearly_the_same_is_said(umbrella: Path) -> None:
    shrug = SMALL[SMALL.index("      - id: shrug") : SMALL.index("endings:")]
    changed(umbrella, (shrug, ""))
    file = changed(umbrella, ("endings:", f"{shrug.replace('No idea.', 'No idea, sir.')}endings:"))
    assert block(file, "replies/story/shrug").startswith('#, fuzzy\n#| msgid "No idea."\n')
    assert "#~" not in file


def test_an_empty_file_takes_in_what_a_translator_sent_back(umbrella: Path, tmp_path: Path) -> None:
    one = original(umbrella)
    returned = tmp_path / "back.po"
    one.file("fa").rename(returned)
    assert language_of_returned(returned) == "fa"
    change, conflicts = take_in(returned, one, "fa")
    assert (change.translated, conflicts) == (13, [])


def returned(path: Path, tmp_path: Path, **said: str) -> Path:
    """The Persian file as a translator sent it back, with some texts said otherwise."""
    catalog = read(original(path).file("fa"), "fa")
    for message in catalog:
        message.string = said.get(str(message.context), message.string)
        message.flags -= {"fuzzy"}
    file = tmp_path / "back.po"
    file.write_text(written(catalog), encoding="utf-8")
    return file


def test_two_translations_of_one_text_are_told_and_neither_is_lost(umbrella: Path, tmp_path: Path) -> None:
    back = returned(umbrella, tmp_path, title="چتر", summary="summary است")
    change, conflicts = take_in(back, original(umbrella), "fa")
    assert [(conflict.key, conflict.kept, conflict.other) for conflict in conflicts] == [("title", "title است", "چتر")]
    assert block(change.file.read_text(encoding="utf-8"), "title") == '# sent back: چتر\nmsgctxt "title"\nmsgid "The umbrella"\nmsgstr "title است"'
    assert take_in(back, original(umbrella), "fa")[0].is_same
    change, _ = take_in(back, original(umbrella), "fa", theirs=True)
    assert '# before: title است\nmsgctxt "title"\nmsgid "The umbrella"\nmsgstr "چتر"' in block(change.file.read_text(encoding="utf-8"), "title")


def test_what_was_to_be_checked_is_checked_by_what_comes_back(umbrella: Path, tmp_path: Path) -> None:
    changed(umbrella, ("Oh, I am so sorry!", "Oh I am so sorry!"))
    change, conflicts = take_in(returned(umbrella, tmp_path, **{"replies/opening/sorry": "ببخشید"}), original(umbrella), "fa")
    assert (change.to_check, conflicts) == (0, [])
    assert told(umbrella)["replies/opening/sorry"] == "ببخشید"


def test_what_comes_back_for_a_text_that_changed_meanwhile_is_to_be_checked(umbrella: Path, tmp_path: Path) -> None:
    back = returned(umbrella, tmp_path)
    original(umbrella).file("fa").unlink()
    changed(umbrella, ("Oh, I am so sorry!", "Oh I am so sorry!"))
    change, _ = take_in(back, original(umbrella), "fa")
    assert (change.translated, change.to_check) == (12, 1)


def test_the_file_of_another_encounter_is_refused(umbrella: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.po"
    other.write_text('msgid ""\nmsgstr "Language: fa\\n"\n\nmsgctxt "replies/x/y"\nmsgid "Something quite different"\nmsgstr "چیز دیگر"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="was it another encounter"):
        take_in(other, original(umbrella), "fa")


def test_what_is_no_po_file_changes_nothing(umbrella: Path, tmp_path: Path) -> None:
    file = original(umbrella).file("fa")
    for text in ("hello", 'msgctxt "a"\nmsgid "b"\n', "\udcff"):
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(UsageError, match="cannot be read as a PO file"):
            bring_up_to_date(original(umbrella), "fa")
        assert file.read_bytes() == text.encode("utf-8", "surrogateescape")


PROGRAMME = """\
servicesim-programme: 1
id: two-days
title: Two days
summary: An umbrella, and what comes after it.
locale: en
steps:
  - encounter: umbrella
"""


def test_a_programme_is_translated_in_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "two-days.yaml"
    path.write_text(PROGRAMME, encoding="utf-8")
    translate(path, "fa", lambda key, text: f"{key} است")
    assert (tmp_path / "languages" / "fa" / "two-days.po").is_file()
    programme = demand_programme(path)
    assert translated(programme, path, "fa").title == "title است"
    path.write_text(PROGRAMME.replace("Two days", "Two long days"), encoding="utf-8")
    change = bring_up_to_date(original(path), "fa")
    assert (change.translated, change.to_check, change.texts) == (1, 1, 2)


def test_a_text_with_a_value_or_a_per_cent_sign_is_written_the_same_before_and_after_a_merge(tmp_path: Path) -> None:
    path = tmp_path / "umbrella.yaml"
    path.write_text(SMALL.replace("title: The umbrella", "title: The 5% discount at {company}"), encoding="utf-8")
    translate(path, "fa", lambda key, text: text)
    file = original(path).file("fa")
    before = written(read(file, "fa"))
    assert "format" not in before
    bring_up_to_date(original(path), "fa")
    assert file.read_text(encoding="utf-8") == before
