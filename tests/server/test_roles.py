"""Who may do what: the table as it stands, and that pages keep to it."""

from __future__ import annotations

import pytest

from server.conftest import TestClient
from server.entering import account, sign_in
from servicesim.server.house import House
from servicesim.server.roles import MAY, Deed, Role, may

WHO = {
    Deed.OWN_RESULTS: "trainee trainer hr admin",
    Deed.RESULTS: "trainer hr",
    Deed.PUBLISH: "trainer",
    Deed.ASSIGN: "trainer hr",
    Deed.PEOPLE: "hr",
    Deed.CODES: "trainer hr admin",
    Deed.REVIEW: "hr",
    Deed.EXPORT: "hr",
    Deed.ACCOUNTS: "admin",
    Deed.KEYS: "admin",
    Deed.AUDIT: "admin",
}
PAGES = {
    "/people": Deed.RESULTS,
    "/heat": Deed.RESULTS,
    "/review": Deed.REVIEW,
    "/export": Deed.EXPORT,
    "/accounts": Deed.ACCOUNTS,
    "/audit": Deed.AUDIT,
}


def test_the_table_says_who_may_do_what() -> None:
    assert {deed: " ".join(role for role in Role if deed in MAY[role]) for deed in Deed} == WHO


def test_several_roles_may_all_that_each_of_them_may_and_unknown_ones_nothing() -> None:
    assert may(["trainer", "hr"]) == MAY[Role.TRAINER] | MAY[Role.HR]
    assert may(["owner", ""]) == frozenset()


@pytest.mark.parametrize("role", Role)
def test_a_page_is_there_for_those_who_may_and_for_nobody_else(house: House, browser: TestClient, role: Role) -> None:
    account(house, "omid", role)
    assert {browser.get(page).status_code for page in PAGES} == {401}
    sign_in(browser, "omid")
    open_to = {page for page in PAGES if browser.get(page).status_code == 200}
    assert open_to == {page for page, deed in PAGES.items() if deed in MAY[role]}
    refused = {(noted.who, noted.about) for noted in house.organisation.noted() if noted.outcome == "refused"}
    assert refused == {("omid", page) for page in PAGES if page not in open_to}


def test_a_role_that_is_taken_away_is_gone_at_the_next_page(house: House, browser: TestClient) -> None:
    account(house, "omid", "hr")
    sign_in(browser, "omid")
    assert browser.get("/export").status_code == 200
    house.organisation.set_roles("omid", ["trainee"])
    assert browser.get("/export").status_code == 403
