"""How long HR waits for a page: signed in over HTTP, each page asked for several times, the median counts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from statistics import median

import httpx

from benchmarks.engine_table import Line, in_ms
from servicesim.records import open_people, open_records
from servicesim.records.organisation import open_organisation
from servicesim.server import passwords

HR, PASSWORD = "h1", "a long walk by the harbour"
GOAL = "under 300 ms"
_TIMES = 5


def pages(url: str, store: str, size: str) -> Iterator[Line]:
    """The heat map, the first time (when the sums are brought up to date) and afterwards, and the page of somebody."""
    _account(store)
    with open_records(store, read_only=True) as records:
        (learner, *_) = (attempt.learner for attempt, _ in records.attempts(scenario="late-parcel"))
    with httpx.Client(base_url=url, timeout=3_600, trust_env=False, follow_redirects=True) as browser:
        _sign_in(browser)
        yield Line("heat map, brought up to date", size, in_ms(_seconds(browser, "/heat", 1)), "")
        yield Line("heat map", size, in_ms(_seconds(browser, "/heat")), "", to_reach=GOAL)
        yield Line("page of a person", size, in_ms(_seconds(browser, f"/people/{learner}")), "", to_reach=GOAL)


def _account(store: str) -> None:
    with open_organisation(store) as organisation, open_people(store) as people:
        people.enrol(HR, "Hanna", "HR", "en")
        if organisation.account(HR) is None:
            organisation.keep_account(HR, ("hr",), passwords.hashed(PASSWORD), once=False, at=0)


def _sign_in(browser: httpx.Client) -> None:
    page = browser.get("/sign-in").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = browser.post("/sign-in", data=hidden | {"name": HR, "password": PASSWORD}, headers={"Origin": str(browser.base_url).rstrip("/")})
    answer.raise_for_status()


def _seconds(browser: httpx.Client, path: str, times: int = _TIMES) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        browser.get(path).raise_for_status()
        taken.append(time.perf_counter() - began)
    return median(taken)
