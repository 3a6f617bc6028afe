"""The words of the pages: whole in each language that they are offered in, and no text is left that no page tells."""

from __future__ import annotations

import re
from pathlib import Path

from servicesim.exports.report.words_en import ENGLISH as REPORT
from servicesim.languages import LANGUAGES
from servicesim.server import pages
from servicesim.server.pages.words import offered
from servicesim.server.pages.words_en import ENGLISH


def test_the_pages_are_offered_in_every_language() -> None:
    assert offered() == dict(LANGUAGES)


def test_no_key_is_the_reports_and_each_is_told_somewhere() -> None:
    assert not ENGLISH.keys() & REPORT.keys()
    folder = Path(pages.__file__).parent
    sources = [*folder.glob("*.py"), *(folder.parent / "templates").glob("*.j2"), folder.parent / "people_csv.py"]
    told = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "words_en.py")
    # Some keys are put together from a part that stands there and a word of the data.
    parts = {found.rstrip("{") for found in re.findall(r'"([a-z]+-)"|f"([a-z-]+-)\{', told) for found in found if found}
    lost = [key for key in ENGLISH if f'"{key}"' not in told and not any(key.startswith(part) for part in parts) and not key.startswith("nav-")]
    assert lost == []
