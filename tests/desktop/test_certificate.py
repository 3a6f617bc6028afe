"""A certificate is asked for in the window: what was passed has the button, and what came of it is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.seat import LATE_PARCEL, Seat, seated
from desktop.test_history import GOOD, MONDAY, POOR, buttons, handed, history, keep, texts
from servicesim import platform
from servicesim.desktop.screens.certificate import CertificateMade
from servicesim.desktop.screens.history import History
from servicesim.errors import UsageError


@pytest.fixture
def asked() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def seat(tmp_path: Path, asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    def certify(attempt: str, language: str) -> Path:
        asked.append((attempt, language))
        return tmp_path / "Certificate - Robin Reed.html"

    monkeypatch.setattr(platform, "open_file", lambda path: False)
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.way._certify = certify
        seat.sit()
        yield seat


def test_only_what_was_passed_and_counts_has_one(seat: Seat, asked: list[tuple[str, str]]) -> None:
    passed, *_ = keep(seat, handed(seat, GOOD, MONDAY), handed(seat, POOR, MONDAY + 1), handed(seat, GOOD, MONDAY + 2, practice=True))
    history(seat)
    (button,) = buttons(seat, "Certificate:")
    seat.stage.click(button.name)
    assert isinstance(seat.screen, CertificateMade)
    assert asked == [(passed.id, "en")]


def test_a_debrief_has_the_button_if_the_attempt_passed(seat: Seat, asked: list[tuple[str, str]]) -> None:
    passed, failed = keep(seat, handed(seat, GOOD, MONDAY), handed(seat, POOR, MONDAY + 1))
    for attempt, there in ((passed, True), (failed, False)):
        seat.way.look_back(run_of(seat, attempt.id))
        seat.stage.settle()
        assert bool(buttons(seat, "Certificate")) is there
    seat.way.look_back(run_of(seat, passed.id))
    seat.stage.settle()
    seat.stage.click("Certificate")
    assert asked == [(passed.id, "en")]


def run_of(seat: Seat, attempt: str) -> object:
    return history(seat).past.opened(attempt)


def test_where_it_lies_is_said_and_can_be_copied_if_no_browser_opens(seat: Seat, tmp_path: Path) -> None:
    seat.way.certificate("a")
    seat.stage.settle()
    said = texts(seat)
    assert any("No browser could be opened" in text for text in said)
    assert {"Certificate - Robin Reed.html", str(tmp_path)} <= {*said}
    assert "No browser could be opened" in seat.stage.live
    seat.stage.click(seat.words("certificate-copy"))
    assert seat.stage._window.copied == str(tmp_path / "Certificate - Robin Reed.html")  # type: ignore[attr-defined]
    assert "Copied" in seat.stage.live


def test_it_can_be_opened_again(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    history(seat)
    seat.way.certificate("a")
    seat.stage.settle()
    monkeypatch.setattr(platform, "open_file", lambda path: True)
    seat.stage.click(seat.words("certificate-open"))
    assert any("your browser shows it" in text for text in texts(seat))
    seat.stage.press("enter")
    assert isinstance(seat.screen, History)


def test_why_there_is_none_is_said(seat: Seat) -> None:
    def refuse(attempt: str, language: str) -> Path:
        raise UsageError("there is no certificate for an attempt that was set aside")

    seat.way._certify = refuse
    seat.way.certificate("a")
    seat.stage.settle()
    assert any("set aside" in text for text in texts(seat))
    assert seat.problems() == []


def test_without_anybody_who_writes_them_there_are_no_buttons(seat: Seat) -> None:
    seat.way._certify = None
    keep(seat, handed(seat, GOOD, MONDAY))
    history(seat)
    assert buttons(seat, "Certificate") == []
