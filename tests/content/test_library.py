"""docs/library.md is true: what it tells of principles and of the lines of the sources, and that each is taught often enough.

What it tells of each encounter is compared where the encounter is proved (test_every_scenario.py).
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from library_page import PAGE, entries_in, page_of, shown_in
from servicesim import shipped
from servicesim.commands import chosen
from servicesim.encounter.edition import offered_in
from servicesim.languages import LANGUAGES
from servicesim.scenario.editions import editions_of_principles
from servicesim.scenario.loading import PRINCIPLES_FILE, shipped_principles
from servicesim.scenario.model import CHANNELS, CUSTOMER_TYPES
from servicesim.scenario.programmes import demand_plan
from servicesim.scenario.translated import language_of

script = cache(chosen.script)
WRITTEN = PAGE.read_text(encoding="utf-8")
ENCOUNTER = re.compile(r"([a-z0-9-]+) `([a-z0-9-]+)(?:/([a-z0-9-]+))?`")


def rows() -> list[list[str]]:
    """The lines of the sources, each with what teaches it, what keeps it and what breaks it."""
    part = WRITTEN.split("## The lines of the sources")[1]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if re.match(r"\| [A-E]\d", line)
    ]


def test_the_page_is_made_of_its_parts() -> None:
    entries = entries_in(WRITTEN)
    assert page_of(entries) == WRITTEN, "python tests/library_page.py writes it anew"
    assert [re.findall(r"^`([a-z0-9-]+)`", told, re.MULTILINE)[0] for told in entries] == chosen.shipped_ids()


def test_every_principle_can_be_kept_and_broken_in_two_encounters() -> None:
    few = {name: where for name, where in shown_in(entries_in(WRITTEN)).items() if len(where) < 2}
    assert few == {}


def test_every_line_of_the_sources_names_what_teaches_it_and_is_cited_there() -> None:
    known = shipped_principles()
    cited = {line for one in (*known.principles.values(), *known.cards.values()) for line in one.source}
    assert {row[0] for row in rows()} == cited
    for line, taught, _, _ in rows():
        names = re.findall(r"`([a-z0-9-]+)`", taught)
        assert names, line
        for name in names:
            assert line in (known.cards if f"card `{name}`" in taught else known.principles)[name].source


def test_every_scene_and_reply_that_is_named_exists_and_does_what_the_principle_is_about() -> None:
    named = 0
    for line, taught, *cells in rows():
        for name, scene, reply in ENCOUNTER.findall(" ".join(cells)):
            written = script(name).scenario.scenes[scene]
            assert not reply or reply in {one.id for one in written.replies}, f"{line}: {name} {scene}/{reply}"
            named += 1
        assert cells[0] or cells[1] or "(card `" in taught, f"{line} is neither measured nor told by a card"
    assert named > 100


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_channel_and_type_of_customer_is_met_in_every_language(language: str) -> None:
    scripts = [script(name) for name in chosen.shipped_ids()]
    spoken = [one.scenario for one in scripts if language in (language_of(one.scenario), *offered_in(one)) and not one.scenario.unscored]
    assert len(spoken) >= 8
    assert {scenario.channel for scenario in spoken} == set(CHANNELS)
    assert {scenario.customer.type for scenario in spoken} == set(CUSTOMER_TYPES)


def test_every_encounter_can_be_played_in_english() -> None:
    scripts = [script(name) for name in chosen.shipped_ids()]
    assert [one.scenario.id for one in scripts if language_of(one.scenario) != "en" and "en" not in offered_in(one)] == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_principles_and_cards_are_told_in_every_language(language: str) -> None:
    known = shipped_principles()
    edition = editions_of_principles(known, chosen.scenario_path("late-parcel").parent / PRINCIPLES_FILE)[language]
    assert (list(edition.missing), list(edition.to_check)) == ([], [])


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_the_first_week_can_be_played_in_every_language(language: str) -> None:
    plan = demand_plan(shipped.programmes() / "first-week.yaml", language)
    assert [name for name, scenario in plan.scenarios.items() if language_of(scenario) != language] == []
