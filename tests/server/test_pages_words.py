"""The words of the pages: whole in each language that they are offered in, and no text is left that no page tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servicesim.authoring.translations import faults, merged, read, written
from servicesim.exports.report.words_en import ENGLISH as REPORT
from servicesim.languages import file_of
from servicesim.server import pages
from servicesim.server.pages.words import DOMAIN, offered
from servicesim.server.pages.words_en import ENGLISH

OTHERS = [language for language in offered() if language != "en"]


def test_english_and_persian_are_offered() -> None:
    assert {"en", "fa"} <= set(offered())


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_the_file_is_as_the_program_writes_it(language: str) -> None:
    path = file_of(language, DOMAIN)
    assert list(faults(read(path, language), ENGLISH)) == []
    assert written(merged(read(path, language), ENGLISH, {})) == path.read_text(encoding="utf-8")


def test_no_key_is_the_reports_and_each_is_told_somewhere() -> None:
    assert not ENGLISH.keys() & REPORT.keys()
    folder = Path(pages.__file__).parent
    sources = [*folder.glob("*.py"), *(folder.parent / "templates").glob("*.j2"), folder.parent / "people_csv.py"]
    told = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "words_en.py")
    # Some keys are put together from a part that stands there and a word of the data.
    parts = {found.rstrip("{") for found in re.findall(r'"([a-z]+-)"|f"([a-z-]+-)\{', told) for found in found if found}
    lost = [key for key in ENGLISH if f'"{key}"' not in told and not any(key.startswith(part) for part in parts) and not key.startswith("nav-")]
    assert lost == []
