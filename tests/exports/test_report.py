"""The report as a page: what stands in it, what is hidden, and that it needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from servicesim.exports.figures import Group, Score, Sitting, Step, counted
from servicesim.exports.filters import Filter
from servicesim.exports.measures import Estimate
from servicesim.exports.report import charts, shades
from servicesim.exports.report.contents import By, Contents, Texts
from servicesim.exports.report.page import Page, report
from servicesim.exports.report.words import words_in
from servicesim.languages import LANGUAGES

AT = 1_793_000_000_000  # 2026-10-26
TEXTS = Texts({}, {"greet-warmly": "Greet like a host", "never-lie": "Tell the truth"})


def sat(learner: str, conduct: float = 80, *, team: str = "North", week: str = "2026-W44", number: int = 1, **scores: float) -> Sitting:
    principles = {name.replace("_", "-"): Score(score, score < 1) for name, score in scores.items()}
    return Sitting(learner, team, "2026-10", "late-parcel", week, number, conduct, conduct >= 75, principles)


def team(name: str, conducts: Iterable[float], **scores: float) -> list[Sitting]:
    return [sat(f"{name}-{number}", conduct, team=name, **scores) for number, conduct in enumerate(conducts)]


def page(*rows: Sitting, wanted: Filter | None = None, by: By = "team", language: str = "en") -> Page:
    return Page(Contents(counted(rows), TEXTS, wanted or Filter(attempts="first"), by), words_in(language), AT)


def html(*rows: Sitting, wanted: Filter | None = None, by: By = "team", language: str = "en") -> str:
    return report(Contents(counted(rows), TEXTS, wanted or Filter(attempts="first"), by), words_in(language), at=AT)


class Tags(HTMLParser):
    """All tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


THREE_TEAMS = (*team("North", range(60, 80), greet_warmly=0.4), *team("South", range(80, 100), greet_warmly=1), *team("Night", (10, 20, 30)))


# --- what is hidden --------------------------------------------------------------------------------------------------


def test_of_a_team_of_fewer_than_five_no_figure_is_shown() -> None:
    night, north, _ = page(*THREE_TEAMS).groups
    assert (night.people, night.attempts, night.conduct, night.passed, night.bar) == ("fewer than 5", "*", "*", "*", None)
    assert (night.compared, night.apart) == ("too few to compare", None)
    assert (north.people, north.conduct, north.range, north.passed) == ("20", "70", "67–72", "25%")


def test_a_hidden_team_is_not_among_those_that_others_are_compared_with() -> None:
    _, north, south = page(*THREE_TEAMS).groups
    # With the hidden team the difference would be larger, and tell what it holds.
    assert str(south.apart).startswith('<bdi dir="ltr">+20</bdi> points')
    assert (north.compared, south.compared) == ("lower", "higher")


def test_a_cell_of_the_heat_map_has_shade_number_and_range_or_a_sign() -> None:
    rows = (*THREE_TEAMS, *(sat(f"Night-{n}", team="Night", greet_warmly=0.2) for n in range(2)), sat("one", team="Solo", never_lie=1.0))
    (table,) = page(*rows).heat
    greeted, truth = table.rows
    assert [str(name) for name in table.groups] == [f"<bdi>{name}</bdi>" for name in ("Night", "North", "Solo", "South")]
    assert greeted[0] == '<bdi lang="en" dir="ltr">Greet like a host</bdi>'
    assert [(cell.shade, cell.number, cell.meaning) for cell in greeted[1]] == [
        (None, "*", "fewer than 5"),
        (4, "40%", ""),
        (None, "–", "The principle never came up"),
        (0, "100%", ""),
    ]
    assert [cell.number for cell in truth[1]] == ["–", "–", "*", "–"]


def test_what_is_weakest_stands_on_top() -> None:
    rows = [sat(f"learner-{n}", greet_warmly=0.9, never_lie=0.5) for n in range(6)]
    (table,) = page(*rows).heat
    assert [re.sub("<.*?>", "", name) for name, _ in table.rows] == ["Tell the truth", "Greet like a host"]


def test_many_teams_are_told_in_parts_that_fit_on_paper() -> None:
    rows = [sat(f"{name}-{n}", team=f"Team {name:02}", greet_warmly=1) for name in range(19) for n in range(5)]
    assert [len(table.groups) for table in page(*rows).heat] == [7, 7, 5]
    assert html(*rows).count('<table class="heat">') == 3


def test_with_fewer_than_five_people_there_are_no_figures_at_all() -> None:
    told = html(*team("North", (50, 60, 70, 80)))
    assert "Fewer than 5 people are among those that were selected." in told
    assert not re.search("<table|<svg|<h2", told)
    assert "No attempt that has ended is among those that were selected." in html()


def test_a_bar_of_one_to_four_attempts_does_not_say_how_many() -> None:
    spread = {bar.low: bar for bar in charts.bars({100: 5, 99: 1, 50: 4, 54: 1, 10: 4, 0: 1})}
    assert {low: bar.attempts for low, bar in spread.items() if bar.attempts != 0} == {95: 6, 50: 5, 10: None, 0: None}
    assert (spread[95].high, spread[50].high) == (100, 54)


def test_numbers_are_rounded_so_that_what_is_hidden_cannot_be_worked_out() -> None:
    told = re.sub("<svg.*?</svg>|<style>.*?</style>|<footer>.*?</footer>|<[^>]*>", " ", html(*THREE_TEAMS), flags=re.DOTALL)
    assert not re.findall(r"\d[.,]\d", told)


# --- what is said ----------------------------------------------------------------------------------------------------


def test_the_head_says_which_attempts_the_report_is_about() -> None:
    wanted = Filter(("late-parcel", "lost-key"), team="<North>", since=AT, until=AT + 86_400_000, attempts="best", with_practice=True)
    told = html(*team("North", range(60, 80)), wanted=wanted)
    assert "the best attempt of each person at each encounter" in told
    assert [re.sub("<.*?>", "", one) for one in page(wanted=wanted).selected] == [
        "encounter late-parcel", "encounter lost-key", "team &lt;North&gt;", "began on 26 October 2026 or later",
        "began on 27 October 2026 or earlier", "with practice",
    ]  # fmt: skip
    assert re.search(r"Made on <bdi>26 October 2026, \d\d:\d\d</bdi> with ServiceSim", told)


def test_a_report_of_all_attempts_warns_that_ranges_are_too_narrow() -> None:
    warning = "the ranges are narrower than they should be"
    assert warning in html(*team("North", range(60, 80)), wanted=Filter())
    assert warning not in html(*team("North", range(60, 80)))


def test_each_figure_says_how_to_read_it_and_what_it_does_not_say() -> None:
    told = html(*THREE_TEAMS)
    assert told.count('class="caution"') == 6
    assert told.count('class="says"') == 7


def test_cohorts_are_told_by_the_month() -> None:
    told = page(*THREE_TEAMS, by="cohort", language="tr")
    assert [str(row.name) for row in told.groups] == ["<bdi>Ekim 2026</bdi>"]
    assert [str(name) for name in told.heat[0].groups] == ["<bdi>Ekim 2026</bdi>"]


def test_a_principle_and_an_encounter_that_are_not_known_any_more_are_told_by_their_id() -> None:
    told = page(*(sat(f"learner-{n}", forgotten=0.0) for n in range(6)))
    assert told.broken[0].principle == '<bdi lang="en" dir="ltr">forgotten</bdi>'
    assert told.broken[0].where == [("<bdi>late-parcel</bdi>", "100%")]


# --- that it needs nothing else --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_no_script_no_address_and_no_style_but_the_one_that_its_policy_knows(language: str) -> None:
    told = html(*THREE_TEAMS, language=language)
    (style,) = re.findall("<style>(.*?)</style>", told, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    tags = Tags(told).found
    (policy,) = [found["content"] for tag, found in tags if found.get("http-equiv") == "Content-Security-Policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use", "a:xlink"}
    names = {name for _, found in tags for name in found}
    assert not names & {"style", "src", "srcset", "action", "formaction", "background", "ping"}
    assert not [name for name in names if name.startswith("on")]
    assert all(found["href"].startswith("#") for _, found in tags if "href" in found)  # type: ignore[union-attr]
    assert not re.search(r"url\(|@import|//", style)


def test_every_link_leads_somewhere() -> None:
    tags = Tags(html(*THREE_TEAMS)).found
    places = [found["id"] for _, found in tags if "id" in found]
    assert len(places) == len(set(places))
    assert {str(found["href"])[1:] for tag, found in tags if tag == "a"} <= set(places)


def test_names_that_are_markup_are_text() -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}"
    told = html(*team(evil, range(60, 80), greet_warmly=0.5))
    assert "<script" not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told
    assert "{{ 7*7 }}{% raw %}" in told


# --- shades ----------------------------------------------------------------------------------------------------------


def _light(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("shade", shades.SHADES)
def test_numbers_can_be_read_on_every_shade(shade: shades.Shade) -> None:
    darker, lighter = sorted((_light(shade.ground), _light(shade.ink)))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_shades_grow_darker_in_grey_too() -> None:
    greys = [_light(shade.ground) for shade in shades.SHADES]
    assert all(above > below * 1.2 for above, below in pairwise(greys[1:]))
    assert greys == sorted(greys, reverse=True)


def test_every_per_cent_has_one_shade() -> None:
    assert [shades.shade_of(percent) for percent in (100, 95, 94, 70, 69, 40, 39, 0)] == [0, 0, 1, 2, 3, 4, 5, 5]
    assert shades.spans() == [(0, 95, 100), (1, 85, 94), (2, 70, 84), (3, 55, 69), (4, 40, 54), (5, 0, 39)]


# --- pictures --------------------------------------------------------------------------------------------------------


def _of(drawing: Any, kind: str, attribute: str) -> list[str]:
    return [shape.attributes[attribute] for shape in drawing.shapes if shape.attributes["class"] == kind]


def week(number: int, conduct: float | None) -> Group:
    found = None if conduct is None else Estimate(9, conduct, conduct - 5, conduct + 5)
    return Group(f"2026-W{number:02}", 9, 9, found, found)


def test_the_line_breaks_where_a_week_is_hidden() -> None:
    weeks = [week(2, 60), week(3, 70), week(4, None), week(5, 80)]
    drawing = charts.trend_chart(words_in("en"), weeks)
    assert drawing is not None
    assert (len(_of(drawing, "line", "d")), len(_of(drawing, "band", "d")), len(_of(drawing, "whisker", "d")), len(_of(drawing, "dot", "cx"))) == (1, 1, 1, 3)
    assert "4\u2069 weeks from \u20685 January 2026\u2069 to \u206826 January 2026\u2069" in drawing.about
    assert charts.trend_chart(words_in("en"), [week(2, None)]) is None


def test_time_runs_in_the_direction_of_reading() -> None:
    weeks = [week(2, 60), week(3, 70)]
    left, right = (charts.trend_chart(words_in(language), weeks) for language in ("en", "fa"))
    there, mirrored = ([float(x) for x in _of(one, "dot", "cx")] for one in (left, right))
    assert there == sorted(there)
    assert mirrored == [charts.WIDTH - x for x in there]


def test_steps_rise_at_each_attempt() -> None:
    steps = [Step(1, 20, 10, Estimate(20, 0.5, 0.3, 0.7)), Step(2, 8, 4, Estimate(20, 0.75, 0.5, 0.9))]
    drawing = charts.steps_chart(words_in("en"), steps)
    assert drawing is not None
    (line,) = _of(drawing, "line", "d")
    assert line.count("L") == 6
    assert drawing.about == "Steps: share passed by each attempt. After attempt 1: \u206850%\u2069. After attempt \u20682\u2069: \u206875%\u2069."
    assert charts.steps_chart(words_in("en"), []) is None


@pytest.mark.parametrize(("most", "top"), [(0, 8), (5, 8), (9, 12), (87, 100), (100, 100), (101, 120), (1_000_000, 1_000_000)])
def test_the_scale_of_the_spread_is_round(most: int, top: int) -> None:
    drawing = charts.spread_chart(words_in("en"), charts.bars({80: most}), [75])
    ticks = [shape.text for shape in drawing.shapes if shape.attributes["class"] == "tick"]
    assert ticks[4] == f"{top:,}"


def test_each_pass_mark_is_marked_once() -> None:
    drawing = charts.spread_chart(words_in("en"), charts.bars({80: 9}), [75, 60, 75])
    assert [shape.text for shape in drawing.shapes if shape.attributes["class"] == "mark-words"] == ["Pass mark \u206860\u2069", "75"]
