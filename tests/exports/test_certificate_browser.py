"""A certificate in a real browser: it prints on one page, in colour and in grey, and everybody can read it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from exports.kept import EXPERT, STARTED, keep, late_parcel
from exports.test_report_browser import Reader, Visit, reader
from servicesim.exports.certificate import certificate_page
from servicesim.exports.clock import Clock
from servicesim.exports.report.words import words_in
from servicesim.languages import LANGUAGES
from servicesim.records import open_records
from servicesim.records.people import Person
from servicesim.records.verifying import Again, Verifier

__all__ = ["reader"]
LONG = "Maximiliana Alexandrowna von und zu Hohenlohe-Schillingen-Donaudampfschifffahrt"


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Again:
    folder = tmp_path_factory.mktemp("records")
    attempt = keep(folder, "go-on", *EXPERT)
    with open_records(folder, read_only=True) as records:
        return Verifier(records.text).again(records, attempt.id)


def told(again: Again, language: str, name: str = "Aylin Duman") -> str:
    return certificate_page(again, Person("1", name, "", language, "x"), words_in(language), Clock(), at=STARTED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_can_be_read_by_everybody_and_asks_for_nothing(reader: Reader, again: Again, language: str) -> None:
    assert reader.visit(told(again, language)) == Visit([], [], [], wide=1280, narrow=360)


@pytest.mark.parametrize("name", ["Aylin Duman", LONG])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_it_prints_on_one_page_across(reader: Reader, again: Again, language: str, name: str) -> None:
    page = reader.open(told(again, language, name))
    for colours in (True, False):
        printed = page.pdf(prefer_css_page_size=True, print_background=colours)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        wide, high = (float(side) for side in re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed).groups())  # type: ignore[union-attr]
        assert (round(wide * 25.4 / 72), round(high * 25.4 / 72)) == (297, 210)


def test_it_reads_from_the_right_where_the_language_does(reader: Reader, again: Again) -> None:
    page = reader.open(told(again, "fa"))
    left = page.evaluate("document.querySelector('.seal').getBoundingClientRect().left")
    name = page.evaluate("document.querySelector('.name bdi').getBoundingClientRect().left")
    assert left < name


def test_all_principles_that_there_are_still_fit_on_the_page(reader: Reader, again: Again) -> None:
    """No encounter brings as many; a company may write principles of its own."""
    scores = {name: {"score": 1, "kept": 1, "broken": 0} for name in late_parcel().principles.principles}
    assert again.result is not None
    all_kept = replace(again, result=replace(again.result, principles=json.dumps(scores)))
    page = reader.open(told(all_kept, "en"))
    assert len(page.query_selector_all(".kept li")) == len(scores) > 50
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
