"""A house with people and attempts in it, and browsers in which somebody is signed in."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import Response
from httpx import Response as HttpxResponse
from starlette.testclient import TestClient

from exports.kept import EXPERT, OUT, keep
from servicesim.server.house import House
from servicesim.server.sessions import begin_session, cookie_name

ORIGIN = "http://127.0.0.1"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


def furnish(house: House, folder: Path) -> None:
    """Two trainees of two teams with an attempt each, and a trainer, somebody of HR and an admin."""
    keep(folder, *EXPERT, person="1042", name="Aylin Duman", team="Desk 3", number=0)
    keep(folder, *OUT, person="1043", name="آرش نیکو", team="خیابان آزادی", number=1)
    for person, name, role in (("leyla", "Leyla Hasan", "trainer"), ("hande", "Hande Öz", "hr"), ("omid", "Omid Rad", "admin")):
        house.people.enrol(person, name, "Office", "en")
        house.organisation.keep_account(person, [role], "", once=False, at=1)
    house.organisation.keep_account("1042", ["trainee"], "", once=False, at=1)


def arrive(browser: TestClient, house: House, person: str) -> TestClient:
    """Somebody is signed in in this browser, without the work of a password."""
    answer = Response()
    begin_session(house, person, answer)
    name = cookie_name(house.settings)
    browser.cookies.set(name, answer.headers["set-cookie"].partition(";")[0].removeprefix(f"{name}="))
    browser.headers["accept"] = "text/html"
    return browser


def send(browser: TestClient, path: str, sent: dict[str, object] | None = None, files: dict[str, tuple[str, bytes]] | None = None) -> HttpxResponse:
    """Send a form of a page."""
    found = _TOKEN.search(browser.get("/").text)
    assert found is not None
    return browser.post(path, data={"csrf": found[1], **(sent or {})}, files=files, headers={"origin": ORIGIN}, follow_redirects=False)
