"""Brings the translations of ServiceSim's own words up to date: `python tests/merge_words.py` after an English text has changed.

New keys come into assets/languages/*/*.po empty, changed ones are marked fuzzy with the English text that they were translated
from, keys that are gone are dropped. What is left to translate is printed; `python tests/merge_words.py --check` only prints.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from servicesim.assessment.reasons_en import ENGLISH as REASONS
from servicesim.assessment.reasons_en import NOTES as REASONS_NOTES
from servicesim.authoring.storyboard_words import ENGLISH as STORYBOARD
from servicesim.authoring.translations import faults, merged, read, written
from servicesim.desktop.wording_en import ENGLISH as WINDOW
from servicesim.desktop.wording_notes import NOTES as WINDOW_NOTES
from servicesim.exports.report.words_en import ENGLISH as REPORT
from servicesim.languages import LANGUAGES, Table, file_of
from servicesim.server.pages.words_en import ENGLISH as PAGES

TABLES: Mapping[str, Table] = {"window": WINDOW, "report": REPORT, "reasons": REASONS, "storyboard": STORYBOARD, "pages": PAGES}
NOTES: Mapping[str, Mapping[str, str]] = {"window": WINDOW_NOTES, "reasons": REASONS_NOTES}
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")


def merge(language: str, domain: str) -> None:
    """Bring one file up to date."""
    path = file_of(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    current = merged(read(path, language), TABLES[domain], NOTES.get(domain, {}))
    path.write_text(written(current), encoding="utf-8", newline="\n")


def left() -> Iterator[str]:
    """What is to be translated or mended."""
    for language in TRANSLATED:
        for domain, table in TABLES.items():
            path = file_of(language, domain)
            yield from (f"{language}/{path.name}: {fault}" for fault in faults(read(path, language), table))


if __name__ == "__main__":
    if "--check" not in sys.argv:
        for language in TRANSLATED:
            for domain in TABLES:
                merge(language, domain)
    print("\n".join(left()) or "Everything is translated.")
