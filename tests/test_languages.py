"""The languages that ServiceSim speaks: its translations are whole, and its numbers and days are those of the language."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, time
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from merge_words import NOTES, TABLES, TRANSLATED
from servicesim import languages, shipped
from servicesim.authoring.translations import empty, faults, merged, read, written
from servicesim.languages import LANGUAGES, Texts, Writing, file_of, spoken

FILES = [(language, domain) for language in TRANSLATED for domain in TABLES]
PROGRAM = "after a change of English, run: python tests/merge_words.py (see assets/languages/README.md)"


@pytest.mark.parametrize(("language", "domain"), FILES)
def test_every_text_is_translated_from_the_english_of_now(language: str, domain: str) -> None:
    found = list(faults(read(file_of(language, domain), language), TABLES[domain]))
    assert not found, "\n".join([PROGRAM, *found])


@pytest.mark.parametrize(("language", "domain"), FILES)
def test_the_files_are_as_the_program_writes_them(language: str, domain: str) -> None:
    path = file_of(language, domain)
    assert written(merged(read(path, language), TABLES[domain], NOTES.get(domain, {}))) == path.read_text(encoding="utf-8"), PROGRAM


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    rule, catalogue = Locale.parse(language).plural_form, languages.catalogue(language, "window")
    kinds = [kind for kind in ("one", "two", "other") if kind == "other" or kind in rule.tags]
    assert isinstance(catalogue, GNUTranslations)
    assert [kinds[catalogue.plural(number)] for number in range(200)] == [rule(number) for number in range(200)]  # type: ignore[attr-defined]


def test_notes_are_for_keys_that_exist() -> None:
    assert {domain: sorted(notes.keys() - TABLES[domain].keys()) for domain, notes in NOTES.items()} == {domain: [] for domain in NOTES}


def test_there_are_five_languages_each_by_its_own_name() -> None:
    assert dict(LANGUAGES) == {language: Locale.parse(language).get_display_name(language).title() for language in LANGUAGES} | {"az": "Azərbaycanca"}
    assert sorted(path.name for path in (shipped.assets() / "languages").iterdir() if path.is_dir()) == sorted(TRANSLATED)
    assert [spoken(locale) for locale in ("fa-IR", "tr_TR", "HE", "de", "")] == ["fa", "tr", "he", "en", "en"]


# --- texts -----------------------------------------------------------------------------------------------------------

PO = '''
msgctxt "left"
msgid "One day left"
msgid_plural "{count} days left"
msgstr[0] "נותר יום אחד"
msgstr[1] "נותרו יומיים"
msgstr[2] "נותרו {count} ימים"

msgctxt "when"
msgid "May"
msgstr "מאי"

msgctxt "may"
msgid "May"
msgstr "אפשר"

#, fuzzy
msgctxt "guess"
msgid "Guess"
msgstr "ניחוש"

msgctxt "old"
msgid "The English of before"
msgstr "ישן"
'''
TABLE = {"left": ("One day left", "{count} days left"), "when": "May", "may": "May", "guess": "Guess", "old": "The English of now", "new": ("One", "{count}")}


@pytest.fixture
def hebrew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Texts]:
    """The table above in Hebrew, from the file above."""
    (tmp_path / "languages/he").mkdir(parents=True)
    (tmp_path / "languages/he/days.po").write_text(written(empty("he")).rstrip() + "\n" + PO, encoding="utf-8")
    monkeypatch.setattr(shipped, "assets", lambda: tmp_path)
    yield Texts(TABLE, "days", "he")
    languages.catalogue.cache_clear()


def test_a_number_chooses_the_form_of_the_language(hebrew: Texts) -> None:
    assert [hebrew("left", count) for count in (1, 2, 3, 0)] == ["נותר יום אחד", "נותרו יומיים", "נותרו {count} ימים", "נותרו {count} ימים"]
    english = Texts(TABLE, "days", "en")
    assert [english("left", count) for count in (1, 2, 0)] == ["One day left", "{count} days left", "{count} days left"]
    with pytest.raises(TypeError, match="'left' needs a count"):
        english("left")


def test_the_same_english_may_have_two_translations(hebrew: Texts) -> None:
    assert (hebrew("when"), hebrew("may")) == ("מאי", "אפשר")


def test_what_is_missing_fuzzy_or_stale_is_told_in_english(hebrew: Texts) -> None:
    assert (hebrew("guess"), hebrew("old"), hebrew("new", 1), hebrew("new", 2)) == ("Guess", "The English of now", "One", "{count}")


def test_english_needs_no_babel() -> None:
    code = (
        "import sys; from datetime import date; from servicesim.desktop.wording import words_in; words = words_in('en');"
        "words('best', points=92), words.number(0.75, 2), words.day(date(2026, 1, 5));"
        "sys.exit(', '.join(name for name in sys.modules if name.startswith('babel')) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- bringing them up to date ----------------------------------------------------------------------------------------


def of(table: dict[str, str | tuple[str, str]], **told: str | tuple[str, ...]) -> str:
    """A Hebrew file with these translations of a table."""
    catalog = merged(empty("he"), table, {})
    for message in catalog:
        message.string = told.get(str(message.context), message.string)
    return written(catalog)


def again(tmp_path: Path, file: str, table: dict[str, str | tuple[str, str]]) -> str:
    """The file after the texts became these, without its header."""
    path = tmp_path / "x.po"
    path.write_text(file, encoding="utf-8")
    return written(merged(read(path, "he"), table, {"a": "a note"})).split("\n\n", 1)[1]


def test_what_is_unchanged_keeps_its_translation_and_takes_its_note(tmp_path: Path) -> None:
    assert again(tmp_path, of({"a": "yes"}, a="כן"), {"a": "yes"}) == '#. a note\nmsgctxt "a"\nmsgid "yes"\nmsgstr "כן"\n'


def test_what_is_new_is_empty_and_what_is_gone_is_gone(tmp_path: Path) -> None:
    assert again(tmp_path, of({"old": "yes"}, old="כן"), {"b": "no"}) == 'msgctxt "b"\nmsgid "no"\nmsgstr ""\n'


def test_what_has_changed_is_fuzzy_and_keeps_the_text_that_it_was_translated_from(tmp_path: Path) -> None:
    fuzzy = again(tmp_path, of({"b": 'a "b" \\ c'}, b="ב"), {"b": "new"})
    assert fuzzy == '#, fuzzy\n#| msgid "a \\"b\\" \\\\ c"\nmsgctxt "b"\nmsgid "new"\nmsgstr "ב"\n'
    head = written(empty("he"))
    assert again(tmp_path, f"{head}\n{fuzzy}", {"b": "newer"}) == fuzzy.replace('msgid "new"', 'msgid "newer"')
    assert again(tmp_path, f"{head}\n{fuzzy}", {"b": 'a "b" \\ c'}) == of({"b": 'a "b" \\ c'}, b="ב").split("\n\n", 1)[1]


def test_long_previous_texts_and_those_with_a_plural_are_kept_whole(tmp_path: Path) -> None:
    long = "a text that is far longer than what stands on one line of such a file, where comments are broken after 76 characters"
    fuzzy = again(tmp_path, of({"b": (long, f"{long} {{count}}")}, b=("א", "ב", "ג")), {"b": "new"})
    assert again(tmp_path, f"{written(empty('he'))}\n{fuzzy}", {"b": "newer"}) == fuzzy.replace('msgid "new"', 'msgid "newer"')
    assert 'msgstr "ג"' in fuzzy


def test_a_text_that_gets_a_plural_keeps_its_translation_in_every_form(tmp_path: Path) -> None:
    assert again(tmp_path, of({"b": "more"}, b="עוד"), {"b": ("one more", "{count} more")}).splitlines()[2:] == [
        'msgctxt "b"', 'msgid "one more"', 'msgid_plural "{count} more"', 'msgstr[0] "עוד"', 'msgstr[1] "עוד"', 'msgstr[2] "עוד"',
    ]  # fmt: skip


def test_faults_name_the_key_and_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text(of({"a": "{x}", "b": "b", "c": "c", "gone": "gone", "n": ("One", "{count} {x}")}, a="{y}", c="ג", gone="ד", n=("{x}", "{x}", "x")), encoding="utf-8")
    table = {"a": "{x}", "b": "b", "c": "C", "new": "new", "n": ("One", "{count} {x}")}
    assert list(faults(read(path, "he"), table)) == [
        "gone: no text has this key",
        "a: '{y}' should hold {x}",
        "b: not translated: 'b'",
        "c: stale, for the text is now 'C'",
        "new: not in the file: 'new'",
        "n: 'x' should hold {count}, {x}",
    ]


# --- numbers and days ------------------------------------------------------------------------------------------------


def test_english_writes_as_babel_does() -> None:
    writing = Writing("en")
    for number in (0, 7, 0.75, 1234, 1234.5, -3, 1_000_000):
        assert writing.number(number, 2) == format_decimal(number, "#,##0.##", locale="en_GB")
    assert [writing.percent(share) for share in (0, 0.618, 1)] == [format_percent(share, locale="en_GB") for share in (0, 0.618, 1)]
    for month in range(1, 13):
        assert writing.day(date(2026, month, 5)) == format_date(date(2026, month, 5), "long", locale="en_GB")


def test_a_day_that_is_near_is_named_with_its_weekday() -> None:
    near = {language: Writing(language).weekday(date(2026, 11, 26)) for language in LANGUAGES}
    assert near == {
        "en": "Thursday, 26 November", "tr": "26 Kasım Perşembe", "az": "26 noyabr, cümə axşamı", "fa": "پنجشنبه ۲۶ نوامبر",
        "he": "יום חמישי, 26 בנובמבר",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("1,234.5", "62%", "5 January 2026", "09:05")),
        ("tr", ("1.234,5", "%62", "5 Ocak 2026", "09:05")),
        ("az", ("1.234,5", "62%", "5 yanvar 2026", "09:05")),
        ("fa", ("۱٬۲۳۴٫۵", "۶۲٪", "۵ ژانویهٔ ۲۰۲۶", "۰۹:۰۵")),
        ("he", ("1,234.5", "62%", "5 בינואר 2026", "09:05")),
    ],
)
def test_numbers_and_days_are_written_as_the_language_writes_them(language: str, told: tuple[str, ...]) -> None:
    writing = Writing(language)
    assert (writing.number(1234.5, 1), writing.percent(0.618), writing.day(date(2026, 1, 5)), writing.time(time(9, 5))) == told
