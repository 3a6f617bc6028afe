"""Signing in and out: what opens the door, what does not, and what is written down of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from server.conftest import Clock, TestClient
from server.entering import ORIGIN, PASSWORD, account, send, sign_in, token
from servicesim.server import fence, passwords, sessions
from servicesim.server.app import application
from servicesim.server.house import House, ServerSettings


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def leyla(house: House, browser: TestClient) -> TestClient:
    """Leyla of HR, signed in."""
    account(house, "leyla", "hr")
    assert sign_in(browser, "leyla").status_code == 303
    return browser


def log(house: House) -> list[tuple[str, str, str, str]]:
    return [(noted.who, noted.deed, noted.about, noted.outcome) for noted in house.organisation.noted()]


def test_the_right_password_opens_the_page_that_was_asked_for(house: House, browser: TestClient) -> None:
    account(house, "leyla", "hr")
    assert browser.get("/password", follow_redirects=False).status_code == 401
    asked = browser.get("/password", headers={"accept": "text/html"}, follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?to=/password")
    assert 'name="to" value="/password"' in browser.get(asked.headers["location"]).text
    assert sign_in(browser, "leyla").headers["location"] == "/password"
    assert browser.get("/password").status_code == 200
    assert log(house) == [("leyla", "sign-in", "", "done")]


def test_on_either_store_a_person_signs_in_and_out_and_it_is_noted(either_house: House) -> None:
    browser = TestClient(application(either_house), base_url=ORIGIN)
    account(either_house, "leyla", "hr")
    assert sign_in(browser, "leyla", "wrong").status_code == 401
    assert sign_in(browser, "leyla").status_code == 303
    assert send(browser, "/sign-out", everywhere="true").status_code == 303
    assert log(either_house) == [
        ("leyla", "sign-out", "everywhere", "done"), ("leyla", "sign-in", "", "done"), ("address testclient", "sign-in", "leyla", "refused"),
    ]  # fmt: skip
    assert list(either_house.organisation.verify_audit()) == []


@pytest.mark.parametrize(
    ("person", "password", "about"),
    [
        ("leyla", "seven-blue-parcel", "leyla"),
        ("leyla", "", "leyla"),
        ("LEYLA", PASSWORD, ""),
        ("nobody", PASSWORD, ""),
        ("", "", ""),
        ("leyla' OR '1'='1", PASSWORD, ""),
        ("<script>alert(1)</script>", PASSWORD, ""),
        ("seven-blue-parcels", "leyla", ""),
    ],
)
def test_anything_else_is_refused_in_the_same_words_and_noted_without_what_was_typed(
    house: House, browser: TestClient, person: str, password: str, about: str
) -> None:
    account(house, "leyla", "hr")
    told = sign_in(browser, person, password)
    assert told.status_code == 401
    assert "There is no account with this name and this password" in told.text
    assert "<script>" not in told.text
    assert "set-cookie" not in told.headers
    assert log(house) == [("address testclient", "sign-in", about, "refused")]


@pytest.mark.parametrize("person", ["leyla", "nobody", "once-there"])
def test_a_hash_is_computed_whether_there_is_such_an_account_or_not(
    house: House, browser: TestClient, monkeypatch: pytest.MonkeyPatch, person: str
) -> None:
    account(house, "leyla", "hr")
    account(house, "once-there", "hr")
    house.organisation.disable_account("once-there", at=1)
    passwords.fits("warm", None)
    computed = list[str]()

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            computed.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert sign_in(browser, person, "wrong-password").status_code == 401
    assert len(computed) == 1


def test_a_disabled_account_is_signed_out_and_stays_out(house: House, leyla: TestClient) -> None:
    house.organisation.disable_account("leyla", at=1)
    assert leyla.get("/password").status_code == 401
    assert sign_in(leyla, "leyla").status_code == 401
    house.organisation.disable_account("leyla", at=None)
    assert sign_in(leyla, "leyla").status_code == 303


def test_an_account_without_a_password_is_opened_by_none(house: House, browser: TestClient) -> None:
    house.organisation.keep_account("leyla", ["hr"], "", once=False, at=1)
    assert sign_in(browser, "leyla", "").status_code == 401


def test_a_password_hashed_with_less_effort_is_hashed_again(house: House, browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    account(house, "leyla", "hr")
    before = house.organisation.account("leyla")
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    sign_in(browser, "leyla")
    after = house.organisation.account("leyla")
    assert before is not None
    assert after is not None
    assert "t=1" in before.password
    assert "t=2" in after.password
    assert sign_in(browser, "leyla").status_code == 303


def test_passwords_are_hashed_by_argon2id_with_todays_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


# --- sessions --------------------------------------------------------------------------------------------------------


def test_only_a_hash_of_the_token_is_kept(house: House, leyla: TestClient) -> None:
    cookie = leyla.cookies["servicesim"]
    assert len(cookie) >= 43
    assert house.organisation.session(cookie, at=house.now(), idle=sessions.IDLE) is None


def test_the_cookie_is_for_this_server_alone(house: House, browser: TestClient) -> None:
    account(house, "leyla", "hr")
    told = sign_in(browser, "leyla").headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "path=/" in told
    assert "domain" not in told
    assert "secure" not in told


def test_with_https_the_cookie_is_bound_to_this_host(house: House) -> None:
    account(house, "leyla", "hr")
    secure = _with(house, url="https://train.example.org")
    browser = TestClient(application(secure), base_url="https://train.example.org")
    told = sign_in(browser, "leyla", origin="https://train.example.org")
    assert told.headers["set-cookie"].startswith("__Host-servicesim=")
    assert "secure" in told.headers["set-cookie"].lower()
    assert told.headers["strict-transport-security"] == "max-age=31536000"
    assert browser.get("/password").status_code == 200


def test_a_browser_that_nobody_uses_is_signed_out(leyla: TestClient, clock: Clock) -> None:
    for _ in range(3):
        clock.pass_by(seconds=sessions.IDLE / 1000 - 1)
        assert leyla.get("/password").status_code == 200
    clock.pass_by(seconds=sessions.IDLE / 1000)
    assert leyla.get("/password").status_code == 401


def test_everybody_signs_in_again_after_half_a_day(leyla: TestClient, clock: Clock) -> None:
    for _ in range(23):
        clock.pass_by(hours=0.5)
        assert leyla.get("/password").status_code == 200
    clock.pass_by(hours=0.5)
    assert leyla.get("/password").status_code == 401


def test_each_sign_in_has_a_token_of_its_own(leyla: TestClient) -> None:
    first = leyla.cookies["servicesim"]
    sign_in(leyla, "leyla")
    assert leyla.cookies["servicesim"] != first


def test_a_token_that_was_set_by_somebody_else_opens_nothing(house: House, browser: TestClient) -> None:
    account(house, "leyla", "hr")
    browser.cookies.set("servicesim", "planted", domain="127.0.0.1")
    sign_in(browser, "leyla")
    assert TestClient(application(house), base_url=ORIGIN, cookies={"servicesim": "planted"}).get("/password").status_code == 401


def test_signing_out_ends_the_session_at_the_server_too(house: House, leyla: TestClient) -> None:
    kept = leyla.cookies["servicesim"]
    assert send(leyla, "/sign-out").headers["location"] == "/sign-in"
    assert "servicesim" not in leyla.cookies
    assert TestClient(application(house), base_url=ORIGIN, cookies={"servicesim": kept}).get("/password").status_code == 401


def test_signing_out_everywhere_ends_all_sessions_of_the_person_and_no_other(house: House, leyla: TestClient) -> None:
    account(house, "omid", "trainer")
    app = application(house)
    phone, omid = TestClient(app, base_url=ORIGIN), TestClient(app, base_url=ORIGIN)
    sign_in(phone, "leyla")
    sign_in(omid, "omid")
    send(leyla, "/sign-out", everywhere="true")
    assert phone.get("/password").status_code == 401
    assert omid.get("/password").status_code == 200


# --- forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("csrf", ["", "guessed", "سلام"])
def test_a_form_without_the_token_of_its_session_does_nothing(house: House, leyla: TestClient, csrf: str) -> None:
    told = leyla.post("/sign-out", data={"csrf": csrf}, headers={"origin": ORIGIN})
    assert told.status_code == 403
    assert leyla.get("/password").status_code == 200
    assert log(house)[0] == ("leyla", "foreign-form", "/sign-out", "refused")


def test_the_token_of_another_session_does_not_do(house: House, leyla: TestClient) -> None:
    phone = TestClient(application(house), base_url=ORIGIN)
    sign_in(phone, "leyla")
    told = leyla.post("/sign-out", data={"csrf": token(phone)}, headers={"origin": ORIGIN})
    assert told.status_code == 403


def test_a_script_sends_the_token_as_a_header(leyla: TestClient) -> None:
    headers = {"origin": ORIGIN, "x-csrf-token": token(leyla)}
    assert leyla.post("/sign-out", headers=headers, follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"origin": "https://127.0.0.1"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": ORIGIN, "sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_a_page_elsewhere_does_nothing_even_with_the_right_token(leyla: TestClient, headers: dict[str, str]) -> None:
    told = leyla.post("/sign-out", data={"csrf": token(leyla)}, headers=headers)
    assert told.status_code == 403
    assert leyla.get("/password").status_code == 200


def test_without_these_two_checks_a_form_from_elsewhere_would_do_its_deed(leyla: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = {"data": {"csrf": ""}, "headers": {"origin": "https://evil.example"}}
    assert leyla.post("/sign-out", **foreign).status_code == 403  # type: ignore[arg-type]
    monkeypatch.setattr(fence, "origin_is_ours", lambda scope, settings: True)
    assert leyla.post("/sign-out", **foreign).status_code == 403  # type: ignore[arg-type]
    monkeypatch.setattr(sessions, "compare_digest", lambda one, other: True)
    assert leyla.post("/sign-out", **foreign, follow_redirects=False).status_code == 303  # type: ignore[arg-type]


def test_every_form_of_every_page_asks_for_its_token(house: House, leyla: TestClient) -> None:
    open_to_all, forms = {"/sign-in"}, _forms(leyla)
    assert {"/sign-out", "/password", "/people/import", "/accounts/person/roles", "/programmes/name/assign"} <= set(forms)
    for path in forms:
        if path not in open_to_all:
            told = leyla.post(path, data={}, headers={"origin": ORIGIN})
            assert (path, told.status_code) == (path, 403)


def _forms(browser: TestClient) -> list[str]:
    routes = [*_routes(browser.app.routes)]  # type: ignore[attr-defined]
    return [path.replace("{", "").replace("}", "") for path, methods in routes if "POST" in methods and not path.startswith("/api/")]


def _routes(routes: object) -> Iterator[tuple[str, set[str]]]:
    for route in routes:  # type: ignore[attr-defined]
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        if inner is not None:
            yield from _routes(inner)
        elif getattr(route, "methods", None):
            yield route.path, route.methods


def test_a_link_to_the_sign_in_leads_nobody_elsewhere(house: House, browser: TestClient) -> None:
    account(house, "leyla", "hr")
    for to in ("//evil.example", "https://evil.example", "/\\evil.example", "/sign-out", "/a\r\nSet-Cookie: x=y", ""):
        assert sign_in(browser, "leyla", to=to).headers["location"] == "/"
    assert sign_in(browser, "leyla", to="/people?team=a%20b").headers["location"] == "/people?team=a%20b"


# --- guesses ---------------------------------------------------------------------------------------------------------


def test_who_guesses_ten_times_waits_and_is_let_in_later(house: House, browser: TestClient, clock: Clock) -> None:
    account(house, "leyla", "hr")
    for _ in range(10):
        assert sign_in(browser, "leyla", "wrong").status_code == 401
    told = sign_in(browser, "leyla")
    assert (told.status_code, told.headers["retry-after"]) == (429, "900")
    clock.pass_by(seconds=900)
    assert sign_in(browser, "leyla").status_code == 303


def test_another_process_counts_the_same_guesses(house: House) -> None:
    account(house, "leyla", "hr")
    answers = [sign_in(TestClient(application(house), base_url=ORIGIN), "leyla", "wrong").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_who_knows_the_password_is_not_counted(house: House, browser: TestClient) -> None:
    account(house, "leyla", "hr")
    assert {sign_in(browser, "leyla").status_code for _ in range(12)} == {303}


def test_guessing_at_many_names_from_one_place_is_counted_together(house: House, browser: TestClient) -> None:
    answers = [sign_in(browser, f"person-{number}").status_code for number in range(61)]
    assert answers == [401] * 60 + [429]


def test_somebody_elsewhere_is_not_kept_out_by_another_ones_guesses(house: House) -> None:
    account(house, "leyla", "hr")
    app = application(house)
    guesser = TestClient(app, base_url=ORIGIN, client=("192.0.2.9", 1))
    for _ in range(11):
        sign_in(guesser, "leyla", "wrong")
    assert sign_in(TestClient(app, base_url=ORIGIN, client=("192.0.2.10", 1)), "leyla").status_code == 303


def test_what_was_typed_as_a_name_is_not_kept(house: House, browser: TestClient, tmp_path: object) -> None:
    sign_in(browser, "my-secret-typed-too-early", "x")
    kept = house.organisation._store.path.read_bytes()
    assert b"my-secret-typed-too-early" not in kept


# --- a password of one's own -----------------------------------------------------------------------------------------


def test_a_password_made_by_somebody_else_is_good_only_to_set_ones_own(house: House, browser: TestClient) -> None:
    account(house, "leyla", "hr", once=True)
    sign_in(browser, "leyla")
    sent = browser.get("/sign-in", headers={"accept": "text/html"})
    assert sent.status_code == 200
    with pytest.raises(Exception, match="set a password of your own first"):
        sessions.signed_in(_request(browser, house))
    assert "good for signing in once" in browser.get("/password").text
    assert send(browser, "/password", now=PASSWORD, new="nine-green-parcels", again="nine-green-parcels").headers["location"] == "/"
    assert sessions.signed_in(_request(browser, house)).person == "leyla"
    assert sign_in(browser, "leyla").status_code == 401
    assert sign_in(browser, "leyla", "nine-green-parcels").status_code == 303


@pytest.mark.parametrize(
    ("now", "new", "again", "told"),
    [
        ("wrong", "nine-green-parcels", "nine-green-parcels", "is another one"),
        (PASSWORD, "nine-green-parcels", "nine-green-parcel", "not typed the same way twice"),
        (PASSWORD, PASSWORD, PASSWORD, "is the old one"),
        (PASSWORD, "short", "short", "12 to 256 characters"),
    ],
)
def test_a_password_that_cannot_be_set_is_told_and_the_old_one_stays(
    house: House, leyla: TestClient, now: str, new: str, again: str, told: str
) -> None:
    answer = send(leyla, "/password", now=now, new=new, again=again)
    assert answer.status_code == 422
    assert told in answer.text
    assert sign_in(leyla, "leyla").status_code == 303


def test_a_new_password_signs_out_everywhere_else(house: House, leyla: TestClient) -> None:
    phone = TestClient(application(house), base_url=ORIGIN)
    sign_in(phone, "leyla")
    send(leyla, "/password", now=PASSWORD, new="nine-green-parcels", again="nine-green-parcels")
    assert phone.get("/password").status_code == 401
    assert leyla.get("/password").status_code == 200


def test_the_server_says_whether_it_is_well(house: House, browser: TestClient) -> None:
    assert browser.get("/healthz").json() == {"status": "well"}


def _request(browser: TestClient, house: House) -> object:
    from fastapi import Request

    cookie = f"servicesim={browser.cookies['servicesim']}".encode()
    return Request({"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", cookie)], "app": browser.app, "query_string": b"", "server": ("127.0.0.1", 80), "scheme": "http"})


def _with(house: House, **settings: str) -> House:
    from dataclasses import replace

    return replace(house, settings=replace(house.settings, **settings))


def test_settings_of_a_test_are_those_of_a_small_company(settings: ServerSettings) -> None:
    assert not settings.secure
