"""`servicesim explain`: the page of a code, for people."""

from __future__ import annotations

import pytest

from servicesim.authoring.catalogue.page import codes, page
from servicesim.cli import run


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["explain", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("code", ["S012", "s012"])
def test_the_page_of_a_code_is_told_as_it_stands_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str], code: str) -> None:
    left, out, err = outcome(capsys, code)
    assert (left, err) == (0, "")
    assert out.startswith(page("S012").text)
    assert "servicesim check --no-reach" in out.splitlines()[-1]


def test_without_a_code_all_are_listed_with_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    left, out, _ = outcome(capsys)
    assert left == 0
    assert [line.split()[0] for line in out.splitlines()] == codes()
    assert "S012  A scene that nothing leads to" in out.splitlines()


@pytest.mark.parametrize(("code", "told"), [("S12", "did you mean S012"), ("?", "servicesim explain lists them all"), ("", "servicesim explain lists them all"), ("../S012", "did you mean S012")])
def test_a_code_that_nobody_knows_is_told_with_near_ones(capsys: pytest.CaptureFixture[str], code: str, told: str) -> None:
    left, out, err = outcome(capsys, code)
    assert (left, out) == (2, "")
    assert told in err


def test_every_page_can_be_laid_out_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for code in codes():
        left, out, _ = outcome(capsys, code)
        assert left == 0
        assert "\x1b[" in out
        assert page(code).title.split()[0] in out
