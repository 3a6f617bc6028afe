"""How tests sign in, and send the forms of pages."""

from __future__ import annotations

import re

from httpx import Response

from server.conftest import MONDAY, TestClient
from servicesim.server import passwords
from servicesim.server.house import House

PASSWORD = "seven-blue-parcels"
ORIGIN = "http://127.0.0.1"
_TOKEN = re.compile(r'name="csrf" value="([^"]*)"')


def account(house: House, person: str, *roles: str, password: str = PASSWORD, once: bool = False) -> None:
    """Somebody who may sign in."""
    house.organisation.keep_account(person, roles, passwords.hashed(password), once=once, at=MONDAY)


def sign_in(browser: TestClient, person: str, password: str = PASSWORD, *, to: str = "/password", **headers: str) -> Response:
    """Send the form of the sign-in page, and go nowhere."""
    sent = {"name": person, "password": password, "to": to}
    return browser.post("/sign-in", data=sent, headers={"origin": ORIGIN, **headers}, follow_redirects=False)


def token(browser: TestClient) -> str:
    """What the forms of this session must say."""
    found = _TOKEN.search(browser.get("/password").text)
    assert found is not None
    return found[1]


def send(browser: TestClient, path: str, **sent: str) -> Response:
    """Send a form of a page, as a browser does that has the page open."""
    data = {"csrf": token(browser), **sent}
    return browser.post(path, data=data, headers={"origin": ORIGIN}, follow_redirects=False)
