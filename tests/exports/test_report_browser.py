"""The report in a real browser: it can be read by everybody, loads nothing, runs nothing, and prints whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

import tools
from exports.hostile import NAMES
from exports.kept import EXPERT, keep, late_parcel
from servicesim.exports.clock import Clock
from servicesim.exports.figures import Score, Sitting, counted
from servicesim.exports.filters import Filter
from servicesim.exports.report.contents import Contents, Texts
from servicesim.exports.report.page import report
from servicesim.exports.report.person import person_page
from servicesim.exports.report.words import words_in
from servicesim.records import open_people, open_records

AT = 1_793_000_000_000
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PRINCIPLES = ("greet-warmly", "hold-the-apology", "listen-actively", "follow-up", "thank-for-telling")
EVIL = "<img src=http://127.0.0.1:9/x onerror=\"document.title='gone'\"><script>document.title='gone'</script>"


@dataclass(frozen=True)
class Visit:
    """What a browser did with a page."""

    violations: list[str]
    console: list[str]
    requests: list[str]
    wide: int
    narrow: int


class Reader:
    """Opens pages that may load nothing."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder, self.axe = browser, folder, Axe()
        self.console: list[str] = []
        self.requests: list[str] = []

    def open(self, told: str, *, at: str = "") -> Page:
        """The page, with all that it says or asks for noted."""
        path = self.folder / "page.html"
        path.write_text(told, encoding="utf-8")
        self.console, self.requests = [], []
        page = self.browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.route("**/*", lambda route: self._ask(route, path))
        page.goto(f"{path.as_uri()}{at}")
        return page

    def _ask(self, route: Route, path: Path) -> None:
        if route.request.url.partition("#")[0] == path.as_uri():
            route.continue_()
        else:
            self.requests.append(route.request.url)
            route.abort()

    def visit(self, told: str) -> Visit:
        """Everything that a page is held to, at once."""
        page = self.open(told)
        wide = page.evaluate("document.documentElement.scrollWidth")
        violations = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in self.axe.run(page).response["violations"]]
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        narrow = page.evaluate("document.documentElement.scrollWidth")
        page.close()
        return Visit(violations, self.console, self.requests, wide, narrow)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.program("chromium"), args=["--no-sandbox"])
        yield Reader(browser, tmp_path_factory.mktemp("pages"))
        browser.close()


@cache
def of_groups(language: str) -> str:
    """The report of 200 people in six teams, of whom one has few; with a handful of principles, for axe looks at every cell."""
    draw, script = Random(7), late_parcel()
    titles = {name: script.principles.principles[name].title for name in PRINCIPLES}
    held = Contents(counted(_sat(draw, number) for number in range(200)), Texts({"late-parcel": script.scenario}, titles), Filter(attempts="first"))
    return report(held, words_in(language), at=AT)


def _sat(draw: Random, number: int) -> Sitting:
    team = "Night shift" if number % 60 == 0 else draw.choice(("Airport", "Kadıköy", "خیابان آزادی", "Bahnhofstraße", "Desk 1"))
    scores = {name: Score(score := draw.choice((0.0, 0.5, 1.0, 1.0)), score < 1) for name in PRINCIPLES}
    conduct = draw.triangular(5, 100, 85)
    return Sitting(f"{number}", team, "2026-01", "late-parcel", f"2026-W{draw.choice((2, 3, 4, 5, 8, 11)):02}", draw.choice((1, 1, 2)), conduct, conduct >= 75, scores)


@cache
def of_person(language: str) -> str:
    """One attempt with everything that can happen in it."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        keep(folder, "go-on", "interrupt", "yes", "silence", *EXPERT, name="Şebnem Öğüt")
        with open_records(folder) as records, open_people(folder) as people:
            records.review("attempt-0", at=AT, by="Grace Whitfield", note="She was ill.", verdict="to-look-at")
            known = people.named("1042")
            assert known is not None
            return person_page(records, people, known.learner, Filter(learner=known.learner), words_in(language), clock=Clock(), at=AT, with_names=True)[0]


# Both pages in one language of each direction, and in the others one of them.
@pytest.mark.parametrize(
    ("language", "of"),
    [("en", of_groups), ("en", of_person), ("fa", of_groups), ("fa", of_person), ("tr", of_groups), ("az", of_person), ("he", of_groups)],
)
def test_a_page_can_be_read_by_everybody_and_asks_for_nothing(reader: Reader, language: str, of: object) -> None:
    assert reader.visit(of(language)) == Visit([], [], [], wide=1280, narrow=360)  # type: ignore[operator]


def test_a_page_that_is_not_as_it_should_be_is_caught(reader: Reader) -> None:
    wrong = re.sub("<meta http-equiv[^>]*>", "", of_person("en")).replace(' lang="en" dir="ltr"', "", 1)
    wrong = re.sub("<section.*</section>", f"<p>{'x' * 2000}<img src='http://127.0.0.1:9/y'>", wrong, flags=re.DOTALL)
    visit = reader.visit(wrong.replace("overflow-wrap: break-word", "overflow-wrap: normal"))
    assert {one.partition(":")[0] for one in visit.violations} == {"html-has-lang", "image-alt"}
    assert visit.console
    assert visit.requests == ["http://127.0.0.1:9/y"]
    assert visit.wide > 1280


def test_what_somebody_smuggles_in_does_not_run(reader: Reader) -> None:
    page = reader.open(of_groups("en").replace("<main", f"{EVIL}<script src='http://127.0.0.1:9/x.js'></script><p style='color:red' id=styled>x</p><main"))
    assert page.title() == "Training report"
    assert page.evaluate("getComputedStyle(document.getElementById('styled')).color") != "rgb(255, 0, 0)"
    assert reader.requests == []
    assert len(reader.console) >= 4  # the browser says what it refused
    page.close()


def test_hostile_names_are_text(reader: Reader, tmp_path: Path) -> None:
    names = [*NAMES, EVIL]
    sat = [Sitting(f"{n} {name}", name, "2026-10", EVIL, "2026-W44", 1, 80.0, True, {EVIL: Score(0.5, True)}) for name in names for n in range(5)]
    groups = report(Contents(counted(sat), Texts({}, {}), Filter((EVIL,), team=EVIL)), words_in("en"), at=AT)
    keep(tmp_path, *EXPERT, person="p0", name=EVIL, team=EVIL)
    with open_records(tmp_path) as records, open_people(tmp_path) as people:
        records.review("attempt-0", at=AT, by=EVIL, note=EVIL, verdict="stands")
        known = people.named("p0")
        assert known is not None
        person, _ = person_page(records, people, known.learner, Filter(learner=known.learner), words_in("fa"), clock=Clock(), at=AT, with_names=True)
    for told in (groups, person):
        page = reader.open(told)
        assert EVIL in page.inner_text("main")
        assert (page.locator("script, main img").count(), reader.requests, reader.console) == (0, [], [])
        assert "gone" not in page.title().partition("<")[0]
        page.close()


def test_reading_from_the_right_mirrors_the_page(reader: Reader) -> None:
    def places(language: str) -> list[float]:
        page = reader.open(of_groups(language))
        found = [page.locator(one).first.bounding_box() for one in (".heat tbody th", ".heat tbody td >> nth=0", "#trend .dot", "#groups .mark .dot", ".caution strong")]
        page.close()
        return [box["x"] + box["width"] / 2 for box in found if box is not None]

    for left, right in zip(places("en"), places("he"), strict=True):
        assert (left < 640) != (right < 640)


def test_the_first_key_leads_past_the_head_and_what_has_the_focus_is_seen(reader: Reader) -> None:
    page = reader.open(of_groups("en"))
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_a_verdict_leads_to_its_moment_without_a_script(reader: Reader) -> None:
    page = reader.open(of_person("en"))
    link = page.locator(".moments a").first
    target = link.get_attribute("href")
    link.click()
    assert page.url.endswith(str(target))
    assert page.locator(f"{target}:target").is_visible()
    page.close()


def test_on_paper_nothing_stays_folded_and_nothing_is_cut(reader: Reader) -> None:
    page = reader.open(of_groups("en"))
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print")
    table = page.locator("#trend details table").bounding_box()
    assert table is not None
    assert table["height"] > 200
    assert not page.locator("nav").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    too_wide = "[...document.querySelectorAll('.scrolling')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert page.evaluate(too_wide) == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.heat td')).printColorAdjust") == "exact"
    assert page.evaluate("getComputedStyle(document.querySelector('.heat tr')).breakInside") == "avoid"
    page.close()
