"""The pages: what each role sees of each, whose results, and what the forms do."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from exports.kept import OUT
from seats import Seat
from server.conftest import Clock
from server.visiting import ORIGIN, arrive, furnish, send
from servicesim import shipped
from servicesim.records.organisation import Key
from servicesim.server.house import House
from servicesim.server.pages import encounters
from servicesim.server.pages.words import words_of
from servicesim.server.publishing import Encounter, checked_encounter, publish

PEOPLE = {"trainee": "1042", "trainer": "leyla", "hr": "hande", "admin": "omid"}
EVERYBODY, TRAINER, HR, ADMIN = {*PEOPLE}, {"trainer"}, {"hr"}, {"admin"}
# Who may see a page; everybody else is refused, and that is noted.
PAGES = {
    "/": EVERYBODY,
    "/heat": TRAINER | HR,
    "/heat?by=cohort&encounter=late-parcel": TRAINER | HR,
    "/heat/people?principle=greet-warmly&group=Desk+3": TRAINER | HR,
    "/heat/people?by=cohort&group=2026-10": TRAINER | HR,
    "/programmes": TRAINER | HR,
    "/programmes/first-week": TRAINER | HR,
    "/people": TRAINER | HR,
    "/people/import": HR,
    "/encounters": TRAINER,
    "/review": HR,
    "/export": HR,
    "/desks": TRAINER | HR | ADMIN,
    "/accounts": ADMIN,
    "/audit?verify=yes": ADMIN,
}
FORMS = {
    "/people/import": HR,
    "/programmes/first-week/assign": TRAINER | HR,
    "/programmes/first-week/withdraw": TRAINER | HR,
    "/encounters/check": TRAINER,
    "/encounters/publish": TRAINER,
    "/encounters/late-parcel/retire": TRAINER,
    "/review/attempt-1": HR,
    "/export/file": HR,
    "/desks/codes": TRAINER | HR | ADMIN,
    "/desks/none/withdraw": TRAINER | HR | ADMIN,
    "/accounts": ADMIN,
    "/accounts/1042/roles": ADMIN,
    "/accounts/1042/password": ADMIN,
    "/accounts/1042/disable": ADMIN,
}


@pytest.fixture
def furnished(house: House, browser: TestClient, tmp_path: Path) -> TestClient:
    furnish(house, tmp_path / "server")
    return browser


def learner(house: House, person: str) -> str:
    known = house.people.named(person)
    assert known is not None
    return known.learner


# --- who sees what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_sees_its_pages_and_no_others(house: House, furnished: TestClient, role: str) -> None:
    arrive(furnished, house, PEOPLE[role])
    found = {page: furnished.get(page, headers={"accept-language": "fa"}).status_code for page in PAGES}
    assert found == {page: 200 if role in allowed else 403 for page, allowed in PAGES.items()}
    assert len(house.organisation.noted(who=PEOPLE[role])) == sum(role not in allowed for allowed in PAGES.values())


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_sends_its_forms_and_no_others(house: House, furnished: TestClient, role: str) -> None:
    arrive(furnished, house, PEOPLE[role])
    refused = {path for path, allowed in FORMS.items() if role not in allowed}
    assert {path: send(furnished, path).status_code for path in refused} == dict.fromkeys(refused, 403)
    assert {path: furnished.post(path, headers={"origin": ORIGIN}).status_code for path in FORMS} == dict.fromkeys(FORMS, 403)  # without its token


@pytest.mark.parametrize("page", [*PAGES, "/attempts/attempt-0", "/people/nobody"])
def test_nobody_sees_anything_without_signing_in(furnished: TestClient, page: str) -> None:
    answer = furnished.get(page, headers={"accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("role", PEOPLE)
def test_somebody_elses_results_look_as_if_they_were_not_there(house: House, furnished: TestClient, role: str) -> None:
    arrive(furnished, house, PEOPLE[role])
    own, others = learner(house, "1042"), learner(house, "1043")
    pages = {"/attempts/attempt-0": "trainee", f"/people/{own}": "trainee", "/attempts/attempt-1": "", f"/people/{others}": ""}
    assert {page: furnished.get(page).status_code for page in pages} == {
        page: 200 if role in (whose, "trainer", "hr") else 404 for page, whose in pages.items()
    }
    assert [one.deed for one in house.organisation.noted(who=PEOPLE[role])] == ["results"] * {"trainee": 2, "admin": 4}.get(role, 0)
    missing, hidden = furnished.get("/attempts/none").text, furnished.get("/attempts/attempt-1").text
    assert role in ("trainer", "hr") or missing.replace("/attempts/none", "") == hidden.replace("/attempts/attempt-1", "")


def test_a_trainee_finds_their_own_results_and_nobody_elses_name(house: House, furnished: TestClient) -> None:
    house.organisation.assign("first-week", "team", ["Desk 3"], begins=date(2025, 10, 1), by="leyla", at=1)
    home = arrive(furnished, house, "1042").get("/").text
    assert "attempt-0" in home
    assert "The first week" in home
    assert "attempt-1" not in home
    assert "آرش" not in home
    debrief = furnished.get("/attempts/attempt-0").text
    assert 'class="turns"' in debrief
    assert 'class="verdicts"' in debrief
    assert "/review/" not in debrief


# --- heat map to transcript ------------------------------------------------------------------------------------------


def test_a_cell_leads_to_its_people_and_on_to_what_was_said(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "leyla")
    assert "Fewer than 5 people" in furnished.get("/heat").text
    people = furnished.get("/heat/people?principle=greet-warmly&group=Desk+3").text
    assert 'href="/attempts/attempt-0"' in people
    assert "attempt-1" not in people
    attempt = furnished.get("/attempts/attempt-0").text
    assert "Played again just now with the same result" in attempt
    assert 'href="#a-e' in attempt


@pytest.mark.parametrize("asked", ["since=2026-13-01", "since=2026-10-02&until=2026-10-01", "attempts=every", "programme=none", "programme=first-week&encounter=late-parcel"])
def test_a_filter_that_makes_no_sense_is_told_beside_its_field(house: House, furnished: TestClient, asked: str) -> None:
    arrive(furnished, house, "leyla")
    for page in ("/heat", "/heat/people"):
        answer = furnished.get(f"{page}?{asked}")
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert 'class="errors"' in answer.text


def test_what_a_review_has_set_aside_is_behind_no_cell(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "hande")
    assert send(furnished, "/review/attempt-0", {"verdict": "set-aside"}).status_code == 422
    assert send(furnished, "/review/attempt-0", {"verdict": "set-aside", "note": "The sound failed."}).status_code == 303
    assert "attempt-0" not in furnished.get("/heat/people?group=Desk+3").text
    assert [(one.by, one.note) for one in house.records.reviews("attempt-0")] == [("Hande Öz", "The sound failed.")]


def test_what_the_server_scored_says_so_in_every_list_and_what_came_late_does_too(house: House, furnished: TestClient, clock: Clock) -> None:
    found = checked_encounter(shipped.scenarios() / "late-parcel.yaml", seconds=None)
    publish(house, Encounter(found.scripts[:1]), by="leyla")
    house.organisation.keep_key(Key(house.signer.key_id, house.signer.public), since=0)
    seat = Seat.taken(house, furnished)
    ticket = seat.ticket()
    clock.pass_by(days=60)
    assert seat.send(ticket["attempt"], seat.played(ticket, OUT)).json()["late"] is True
    arrive(furnished, house, "hande")
    for page in ("/heat/people?group=Airport", f"/people/{seat.learner}", "/review"):
        told = furnished.get(page).text
        assert '<span class="seal SERVER_VERIFIED">by the server</span> <span class="seal late">late</span>' in told
    attempt = furnished.get(f"/attempts/{ticket['attempt']}").text
    assert "Scored and signed by the server" in attempt
    assert "Came late" in attempt
    assert 'class="verdicts"' in attempt


# --- forms -----------------------------------------------------------------------------------------------------------


def test_the_review_queue_holds_what_failed_until_somebody_decides(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "hande")
    assert "attempt-1" in furnished.get("/review").text
    assert send(furnished, "/review/attempt-1", {"verdict": "stands"}).headers["location"] == "/review?done=decided"
    assert "attempt-1" not in furnished.get("/review").text
    send(furnished, "/review/attempt-0", {"verdict": "to-look-at"})
    assert "attempt-0" in furnished.get("/review").text


def test_people_are_shown_before_they_are_kept(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "hande")
    text = "id;name;team\n1042;Aylin Öz;Desk 3\n1050;<script>alert(1)</script>;Desk 3\n1051;=1+1;Desk 3\n"
    preview = send(furnished, "/people/import", files={"file": ("people.csv", text.encode())})
    assert preview.status_code == 200
    assert "<script>alert" not in preview.text
    assert "begins as a formula does" in preview.text
    assert house.people.named("1050") is None
    assert send(furnished, "/people/import", {"text": text}).headers["location"].startswith("/people?done=imported&new=1&changed=1")
    assert send(furnished, "/people/import", {"text": text}).headers["location"].startswith("/people?done=imported&new=0&changed=0")
    listed = furnished.get("/people?name=1050").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in listed
    assert send(furnished, "/people/import", files={"file": ("people.csv", b"\xff\xd8\xff")}).status_code == 422


def test_a_programme_is_assigned_and_taken_back(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "leyla")
    page = "/programmes/first-week"
    assert send(furnished, f"{page}/assign", {"people": "1042, 9999", "begins": "2025-10-01"}).status_code == 422
    assert send(furnished, f"{page}/assign", {"people": "", "begins": "x"}).status_code == 422
    assert house.organisation.assignments() == []
    answer = send(furnished, f"{page}/assign", {"people": "1042", "teams": ["خیابان آزادی"], "begins": "2025-09-01"})
    assert answer.headers["location"] == f"{page}?done=assigned&count=2"
    told = furnished.get(page).text
    assert "Aylin Duman" in told
    assert 'class="state overdue"' in told
    assert send(furnished, f"{page}/withdraw", {"to": "team", "whose": "خیابان آزادی"}).status_code == 303
    assert "آرش" not in furnished.get(page).text
    assert furnished.get("/programmes/none").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl", "xapi", "report"])
def test_a_file_is_handed_over_with_its_line_in_the_log(house: House, furnished: TestClient, kind: str) -> None:
    arrive(furnished, house, "hande")
    answer = send(furnished, "/export/file", {"kind": kind, "attempts": "first"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    (line,) = house.records.export_log()
    assert (line.kind, line.who, line.with_names) == (kind, "hande", False)
    assert "Aylin" not in answer.content.decode(errors="replace")
    if kind == "xlsx":
        cells = {cell for sheet in load_workbook(io.BytesIO(answer.content)) for row in sheet.values for cell in row}
        assert cells >= {"attempt-0", "attempt-1"}
    else:
        assert sha256(answer.content).hexdigest() == line.sha256
    assert line.sha256 in furnished.get("/export").text


def test_a_file_with_names_and_principles_comes_as_two_in_one(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "hande")
    answer = send(furnished, "/export/file", {"kind": "csv", "attempts": "all", "with_names": "yes", "with_principles": "yes", "person": "1042"})
    with ZipFile(io.BytesIO(answer.content)) as pack:
        assert pack.namelist() == ["scores.csv", "principles.csv"]
        scores = pack.read("scores.csv").decode()
    assert "Aylin Duman" in scores
    assert "آرش" not in scores
    assert [line.with_names for line in house.records.export_log()] == [True, True]


@pytest.mark.parametrize("asked", [
    {"kind": "exe"}, {"kind": "xapi", "with_names": "yes"}, {"kind": "jsonl", "with_principles": "yes"}, {"columns": "moodle"}, {"kind": "jsonl", "columns": "moodle"},
    {"person": "nobody"}, {"since": "x"},
])  # fmt: skip
def test_what_does_not_go_together_is_not_handed_over(house: House, furnished: TestClient, asked: dict[str, object]) -> None:
    arrive(furnished, house, "hande")
    assert send(furnished, "/export/file", {"attempts": "all", **asked}).status_code == 422
    assert house.records.export_log() == []


def test_a_code_is_shown_once_and_a_desk_loses_its_key(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "leyla")
    assert send(furnished, "/desks/codes", {"person": "nobody"}).status_code == 422
    made = send(furnished, "/desks/codes", {"person": "1042"}).text
    code = made.partition("servicesim connect http://127.0.0.1 ")[2][:14]
    assert code not in furnished.get("/desks").text
    enrolled = house.organisation.enrol(code, "<b>Till 4</b>", at=house.now())
    assert enrolled is not None
    assert "&lt;b&gt;Till 4&lt;/b&gt;" in furnished.get("/desks").text
    assert send(furnished, f"/desks/{enrolled[0].id}/withdraw").status_code == 303
    assert "taken away" in furnished.get("/desks").text


def test_an_admin_makes_accounts_and_does_not_lock_themselves_out(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "omid")
    assert send(furnished, "/accounts", {"person": "1043"}).status_code == 422
    assert send(furnished, "/accounts", {"person": "nobody", "roles": ["hr"]}).status_code == 422
    made = send(furnished, "/accounts", {"person": "1043", "roles": ["trainee", "hr", "emperor"]})
    assert made.status_code == 200
    account = house.organisation.account("1043")
    assert account is not None
    assert (account.roles, account.once) == ({"trainee", "hr"}, True)
    assert send(furnished, "/accounts/omid/disable").status_code == 422
    assert send(furnished, "/accounts/omid/roles", {"roles": ["hr"]}).status_code == 422
    assert send(furnished, "/accounts/1043/disable").status_code == 303
    account = house.organisation.account("1043")
    assert account is not None
    assert account.disabled is not None


def test_an_encounter_is_published_after_its_findings_and_its_drift_are_seen(house: House, furnished: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encounters, "PROVED", 0.05)
    arrive(furnished, house, "leyla")
    assert send(furnished, "/encounters/check").status_code == 422
    wrong = send(furnished, "/encounters/check", files={"file": ("kettle.yaml", b"servicesim: 1\n")})
    assert wrong.status_code == 422
    assert "kettle.yaml:1:1" in wrong.text
    assert "/tmp" not in wrong.text
    seen = send(furnished, "/encounters/check", {"there": "late-parcel"})
    assert seen.status_code == 200
    assert house.organisation.on_offer() == []
    assert send(furnished, "/encounters/publish", {"there": "late-parcel"}).status_code == 303
    assert [version.scenario for version in house.organisation.on_offer()] == ["late-parcel"]
    assert "late-parcel/retire" in furnished.get("/encounters").text
    assert "played again by their moves" in send(furnished, "/encounters/check", {"there": "late-parcel"}).text
    assert send(furnished, "/encounters/late-parcel/retire").status_code == 303
    assert house.organisation.on_offer() == []


# --- around every page -----------------------------------------------------------------------------------------------


def test_a_page_is_told_in_the_language_that_was_chosen(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "leyla")
    assert '<html lang="fa" dir="rtl">' in furnished.get("/", headers={"accept-language": "fa-IR,en;q=0.5"}).text
    assert furnished.get("/language?language=fa&to=/heat", follow_redirects=False).headers["location"] == "/heat"
    assert words_of("fa")("nav-heat") in furnished.get("/heat").text
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert furnished.get("/language", params={"to": elsewhere}, follow_redirects=False).headers["location"] == "/"


def test_what_a_page_is_drawn_with_is_there_and_nothing_else(browser: TestClient) -> None:
    sheet = browser.get("/static/pages.css")
    assert ".shade-0" in sheet.text
    assert browser.get("/static/pages.css", headers={"if-none-match": sheet.headers["etag"]}).status_code == 304
    assert browser.get("/static/htmx.min.js").headers["content-type"].startswith("text/javascript")
    assert browser.get("/static/htmx.LICENSE.txt").status_code == 404
    assert browser.get("/static/..%2Fapp.py").status_code == 404


def test_numbers_that_are_none_and_names_that_are_sql_do_no_harm(house: House, furnished: TestClient) -> None:
    arrive(furnished, house, "hande")
    assert furnished.get("/people?page=0").status_code == 422
    assert furnished.get("/people?page=99999999999999999999").status_code == 422
    assert furnished.get("/people?name=' OR 1=1;--&team=x'").status_code == 200
    assert furnished.get("/heat/people?group=' OR '1'='1&principle=<script>").status_code == 200
    assert furnished.get("/attempts/%00").status_code == 400


def test_programmes_and_encounters_of_the_organisations_own_lie_in_the_folder_that_was_given(house: House, browser: TestClient, tmp_path: Path) -> None:
    furnish(house, tmp_path / "server")
    for folder in ("programmes", "scenarios"):
        (tmp_path / folder).mkdir()
    ours = (shipped.programmes() / "first-week.yaml").read_text(encoding="utf-8").replace("id: first-week", "id: our-week", 1)
    (tmp_path / "programmes" / "our-week.yaml").write_text(ours, encoding="utf-8")
    (tmp_path / "scenarios" / "our-parcel.yaml").write_text("", encoding="utf-8")
    browser.app.state.house = replace(house, settings=replace(house.settings, files=tmp_path))  # type: ignore[attr-defined]
    arrive(browser, house, "leyla")
    assert 'href="/programmes/our-week"' in browser.get("/programmes").text
    assert 'value="our-parcel"' in browser.get("/encounters").text
