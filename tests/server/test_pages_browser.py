"""The pages in a real browser: by keyboard alone, read by everybody, in both directions, and with nothing asked of anybody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

import tools
from exports.kept import EXPERT, keep
from server.conftest import MONDAY
from server.entering import PASSWORD
from server.visiting import furnish
from servicesim.records import open_people, open_records
from servicesim.records.organisation import open_organisation
from servicesim.records.signed import Signer, new_key
from servicesim.server import passwords
from servicesim.server.app import application
from servicesim.server.house import House, ServerSettings

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PEOPLE_FILE = "id,name,team\n2001,Nilufar Karimova,Desk 3\n2002,<img src=x onerror=document.title='gone'>,Desk 3\n"
OF_HR = ("/", "/heat", "/heat/people?principle=greet-warmly&group=Desk+3", "/programmes/first-week", "/people", "/people/import", "/attempts/attempt-0", "/review", "/export", "/desks")
OF_ADMIN = ("/accounts", "/audit?verify=yes")
OF_TRAINER = ("/encounters",)


@dataclass
class Town:
    """A server on this computer, and a browser that notes what pages say and ask for."""

    address: str
    browser: Browser
    house: House
    told: list[str] = field(default_factory=list)
    """What a page said to its console, and what it asked of others."""

    @contextmanager
    def visit(self, person: str | None = None, *, language: str = "en", script: bool = True) -> Iterator[Page]:
        """A page in a browser of its own, signed in or not."""
        context = self.browser.new_context(viewport=WIDE, java_script_enabled=script)  # type: ignore[arg-type]
        context.add_cookies([{"name": "language", "value": language, "url": self.address}, *self._session(person)])
        page = context.new_page()
        page.on("console", lambda message: self.told.append(message.text))
        page.on("pageerror", lambda error: self.told.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(self.address) else self.told.append(request.url))
        self.told.clear()
        yield page
        context.close()

    def _session(self, person: str | None) -> list[dict[str, str]]:
        from fastapi import Response

        from servicesim.server.sessions import begin_session, cookie_name

        if person is None:
            return []
        answer, name = Response(), cookie_name(self.house.settings)
        begin_session(self.house, person, answer)
        return [{"name": name, "value": answer.headers["set-cookie"].partition(";")[0].removeprefix(f"{name}="), "url": self.address}]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("house")
    with ExitStack() as open_now:
        organisation, records, people = (open_now.enter_context(opened(folder)) for opened in (open_organisation, open_records, open_people))
        settings = ServerSettings("Kestrel Parcels", rates=_many(ServerSettings("x")))
        house = House(organisation, records, people, Signer(new_key()), lambda: MONDAY, settings)
        furnish(house, folder)
        for number in range(5):
            keep(folder, *EXPERT, person=f"11{number}", name=f"Trainee {number}", team="Desk 3", number=10 + number)
        organisation.set_password("hande", passwords.hashed(PASSWORD), once=False)
        address = open_now.enter_context(_serving(house))
        playwright = open_now.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=tools.program("chromium"), args=["--no-sandbox"])
        yield Town(address, browser, house)
        browser.close()


def _many(settings: ServerSettings) -> object:
    from dataclasses import replace

    return replace(settings.rates, browser=10_000)


@contextmanager
def _serving(house: House) -> Iterator[str]:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(house), log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([free],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{free.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def amiss(page: Page) -> list[str]:
    """What axe-core finds. It looks at every cell: of long tables and talks, the first rows stand for the others, which are like them."""
    page.evaluate("document.querySelectorAll('.heat tbody tr:nth-child(n+5), .verdicts tbody:nth-of-type(n+4), .turn:nth-child(n+8)').forEach(one => one.remove())")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(("person", "places"), [("hande", OF_HR), ("omid", OF_ADMIN), ("leyla", OF_TRAINER), ("1042", ("/",)), (None, ("/sign-in", "/people/none?since=x"))])
def test_every_page_can_be_read_by_everybody_and_asks_nobody_else(town: Town, language: str, person: str | None, places: tuple[str, ...]) -> None:
    with town.visit(person, language=language) as page:
        for place in places:
            page.set_viewport_size(NARROW)  # type: ignore[arg-type]
            page.goto(f"{town.address}{place}")
            assert (place, page.evaluate("document.documentElement.scrollWidth")) == (place, 360)
            page.set_viewport_size(WIDE)  # type: ignore[arg-type]
            assert (place, page.evaluate("document.documentElement.scrollWidth")) == (place, 1280)
            assert (place, amiss(page)) == (place, [])
        assert town.told == []


def test_what_is_amiss_would_be_found(town: Town) -> None:
    with town.visit("hande") as page:
        page.goto(f"{town.address}/people")
        page.evaluate("document.querySelector('label').remove(); document.documentElement.removeAttribute('lang'); new Image().src = 'http://127.0.0.1:9/x'")
        page.wait_for_timeout(50)
        found = amiss(page)
        assert {one.partition(":")[0] for one in found} >= {"html-has-lang", "select-name"}
        assert town.told  # the browser says that it refused to load from elsewhere


def test_in_the_dark_everything_can_be_read_too(town: Town) -> None:
    with town.visit("hande") as page:
        page.emulate_media(color_scheme="dark")
        for place in ("/heat", "/attempts/attempt-0", "/heat?since=x"):
            page.goto(f"{town.address}{place}")
            assert (place, amiss(page)) == (place, [])


def press_to(page: Page, selector: str, *, most: int = 120) -> None:
    """Press the tab key until the focus is here, and see that it is seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement?.matches(one)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"no key leads to {selector}")


def test_hr_gets_from_the_door_to_the_export_with_the_keyboard_alone(town: Town, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE_FILE, encoding="utf-8")
    with town.visit() as page:
        keys = page.keyboard
        page.goto(f"{town.address}/heat")  # leads to the sign-in, and back
        press_to(page, "#name")
        keys.type("hande")
        keys.press("Tab")
        keys.type(PASSWORD)
        keys.press("Enter")
        page.wait_for_url(f"{town.address}/heat")
        keys.press("Tab")
        keys.press("Enter")  # past the bar
        assert page.evaluate("document.activeElement.id") == "content"

        press_to(page, ".heat td a")
        keys.press("Enter")
        page.wait_for_url("**/heat/people?**")
        press_to(page, "tbody th a[href^='/attempts/']")
        keys.press("Enter")
        page.wait_for_url("**/attempts/**")
        press_to(page, ".moments a")
        keys.press("Enter")
        assert page.locator(":target").is_visible()

        page.goto(f"{town.address}/people/import")
        press_to(page, "#file")
        page.set_input_files("#file", people)  # what the window of the system would do
        press_to(page, "main button")
        keys.press("Enter")
        page.get_by_role("heading", name="What this file would do").wait_for()
        assert page.title() != "gone"
        press_to(page, "main button")
        keys.press("Enter")
        page.get_by_role("status").wait_for()
        assert town.house.people.named("2001") is not None

        page.goto(f"{town.address}/programmes/first-week")
        press_to(page, "#people")
        keys.type("2001")
        press_to(page, "form[action$='/assign'] button")
        keys.press("Enter")
        page.get_by_role("status").wait_for()
        assert "Nilufar Karimova" in page.inner_text("main table")

        page.goto(f"{town.address}/export")
        press_to(page, "form[action='/export/file'] button")
        with page.expect_download() as download:
            keys.press("Enter")
        assert "attempt-0" in download.value.path().read_text(encoding="utf-8-sig")
        assert town.told == []


def test_without_a_script_pages_are_read_and_forms_are_sent(town: Town) -> None:
    with town.visit("hande", script=False) as page:
        page.goto(f"{town.address}/heat")
        page.select_option("#team", "Desk 3")
        page.click(".filters button")
        assert "team=Desk+3" in page.url
        assert page.locator(".heat").count() == 1
        page.goto(f"{town.address}/attempts/attempt-1")
        page.select_option("#verdict", "to-look-at")
        page.click("main form button")
        assert page.url.startswith(f"{town.address}/review")


def test_with_a_script_a_filter_shows_at_once_and_keeps_the_focus(town: Town) -> None:
    with town.visit("hande") as page:
        page.goto(f"{town.address}/people")
        page.evaluate("window.stays = true")
        page.focus("#team")
        page.select_option("#team", "Office")
        page.wait_for_url("**team=Office**")
        page.locator("tbody tr").nth(3).wait_for(state="detached")
        assert page.locator("tbody tr").count() == 3
        assert page.evaluate("[window.stays, document.activeElement.id]") == [True, "team"]
        assert town.told == []


def test_with_a_script_what_makes_no_sense_is_told_too(town: Town) -> None:
    with town.visit("hande") as page:
        page.goto(f"{town.address}/heat?since=2026-10-02")
        page.fill("#until", "2026-10-01")
        page.dispatch_event("#until", "change")
        page.get_by_role("alert").wait_for()
        assert page.get_attribute("#until", "aria-invalid") == "true"


def test_reading_from_the_right_mirrors_the_page(town: Town) -> None:
    def places(language: str) -> list[float]:
        with town.visit("hande", language=language) as page:
            page.goto(f"{town.address}/heat")
            boxes = [page.locator(one).first.bounding_box() for one in (".house", ".bar nav a", "h1", ".filters .field", ".heat tbody th")]
            return [box["x"] + box["width"] / 2 for box in boxes if box is not None]

    left = places("en")
    for one, other in zip(left, places("fa"), strict=True):
        assert ((one < 640) != (other < 640) or abs(one - 640) < 30)
