"""Codes that work once, keys that work until they are withdrawn, and nothing of either in the database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from seats import Seat
from servicesim.records.desks import CODE_DAYS, Desk
from servicesim.server.house import House


@pytest.fixture
def learner(house: House) -> str:
    return house.people.enrol("kaveh", "Kaveh Rahimi", "Airport", "fa")


def _enrolled(browser: TestClient, code: str, desk: str = "counter-3") -> Any:
    return browser.post("/api/1/enrol", json={"code": code, "desk": desk})


def test_a_code_makes_a_computer_the_desk_of_one_person(house: House, browser: TestClient, learner: str) -> None:
    code = house.organisation.new_code(learner, by="farid", at=house.now())
    answer = _enrolled(browser, code)

    assert answer.status_code == 201
    told = answer.json()
    assert told["person"] == {"id": "kaveh", "name": "Kaveh Rahimi", "team": "Airport", "language": "fa", "learner": learner}
    assert (told["organisation"], told["keys"]) == ("Kestrel Parcels", [{"id": house.signer.key_id, "public": house.signer.public}])
    me = browser.get("/api/1/me", headers={"Authorization": f"Bearer {told['key']}"}).json()
    assert me == {name: told[name] for name in ("organisation", "person", "desk", "keys")} | {"now": house.now()}
    (desk,) = house.organisation.desks(learner)
    assert desk == Desk(told["desk"], learner, "counter-3", house.now(), house.now(), None)


def test_a_code_is_easily_typed_and_read_with_look_alikes(house: House, browser: TestClient, learner: str) -> None:
    code = house.organisation.new_code(learner, by="farid", at=house.now())
    assert re.fullmatch("([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code)
    typed = f" {code.replace('-', ' ').lower().replace('0', 'o').replace('1', 'l')} "
    assert _enrolled(browser, typed).status_code == 201


def test_used_old_and_wrong_codes_are_refused_in_the_same_words(house: House, browser: TestClient, learner: str, clock: Any) -> None:
    used = house.organisation.new_code(learner, by="farid", at=house.now())
    assert _enrolled(browser, used).status_code == 201
    replaced = house.organisation.new_code(learner, by="farid", at=house.now())
    old = house.organisation.new_code(learner, by="farid", at=house.now())
    answers = [_enrolled(browser, code) for code in (used, replaced, "AAAA-AAAA-AAAA", "'; DROP TABLE codes; --", "\u202e")]
    clock.pass_by(days=CODE_DAYS)
    answers.append(_enrolled(browser, old))
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, answers[0].text)}
    assert len(house.organisation.desks()) == 1


def test_codes_that_wait_are_listed_without_themselves(house: House, learner: str) -> None:
    house.organisation.new_code(learner, by="farid", at=house.now())
    (waiting,) = house.organisation.open_codes(at=house.now())
    assert (waiting.learner, waiting.by, waiting.ends - waiting.at) == (learner, "farid", 7 * 86_400_000)


def test_nothing_that_opens_a_door_stands_in_the_database(house: House, browser: TestClient, learner: str, tmp_path: Path) -> None:
    codes = [house.organisation.new_code(learner, by="farid", at=house.now()) for _ in range(2)]
    key = _enrolled(browser, codes[1]).json()["key"]
    kept = (tmp_path / "server" / "organisation.db").read_bytes()
    assert len(key) >= 43
    for secret in (*codes, *(code.replace("-", "") for code in codes), key):
        assert secret.encode() not in kept


@pytest.mark.parametrize(
    "said", [None, "", "Bearer", "Bearer ", "Basic a2F2ZWg6", "Bearer no-key", f"Bearer {'k' * 5000}", "Bearer \u00e9\u00ff", "bearer x y"]
)
def test_without_a_key_that_is_one_nothing_is_told(browser: TestClient, said: str | None) -> None:
    headers = {} if said is None else {b"Authorization": said.encode("latin-1")}
    for method, path in (("GET", "me"), ("GET", "encounters"), ("GET", "texts/0"), ("POST", "tickets"), ("GET", "attempts/0"), ("POST", "attempts/0/events"), ("GET", "attempts/0/debrief")):
        answer = browser.request(method, f"/api/1/{path}", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), path


def test_a_withdrawn_desk_is_told_so_and_can_do_nothing(house: House, browser: TestClient) -> None:
    seat = Seat.taken(house, browser)
    assert house.organisation.withdraw_desk(seat.told["desk"], by="farid", at=house.now())
    assert not house.organisation.withdraw_desk(seat.told["desk"], by="farid", at=house.now())
    for answer in (seat.get("me"), seat.get("encounters"), seat.post("tickets", {"editions": []}), seat.send("0", ["{}"])):
        assert (answer.status_code, "withdrawn" in answer.json()["detail"]) == (401, True)


def test_the_desk_of_somebody_who_is_no_more_known_is_told_so(house: House, browser: TestClient) -> None:
    seat = Seat.taken(house, browser)
    house.people.erase(seat.learner)
    assert seat.get("me").status_code == 401
    assert seat.post("tickets", {"editions": []}).status_code == 401


def test_a_sign_of_life_is_noted_to_the_hour(house: House, browser: TestClient, clock: Any) -> None:
    seat = Seat.taken(house, browser)
    began = house.now()
    for minutes, noted in ((30, 0), (29, 0), (1, 60), (59, 60), (1, 120)):
        clock.pass_by(seconds=minutes * 60)
        seat.get("me")
        assert house.organisation.desks()[0].seen == began + noted * 60_000


def test_a_name_of_a_computer_is_kept_as_it_is(house: House, browser: TestClient, learner: str) -> None:
    for name in ("<script>alert(1)</script>", "'; DROP TABLE desks; --", "میز ۳"):
        code = house.organisation.new_code(learner, by="farid", at=house.now())
        assert _enrolled(browser, code, name).status_code == 201
    assert {desk.name for desk in house.organisation.desks(learner)} == {"<script>alert(1)</script>", "'; DROP TABLE desks; --", "میز ۳"}


def test_a_name_with_what_nobody_can_read_uses_up_no_code(house: House, browser: TestClient, learner: str) -> None:
    code = house.organisation.new_code(learner, by="farid", at=house.now())
    for name in ("a\0b", "a\nb", "\x7f", "\x9b31m", "", "n" * 101):
        assert _enrolled(browser, code, name).status_code in (400, 422)
    assert _enrolled(browser, code).status_code == 201
