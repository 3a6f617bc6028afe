"""A count on a terminal makes way for what is printed, and is not there where nobody looks."""

from __future__ import annotations

import pytest

from servicesim.commands.counting import counting


def test_nothing_is_counted_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    with counting("played again") as line:
        assert list(line(range(3))) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def test_a_terminal_sees_the_count_and_loses_it_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("servicesim.commands.counting.OFTEN", 0.0)
    with counting("played again") as line:
        things = line(range(2000))
        next(things)
        assert capsys.readouterr().err == "\r\x1b[Kplayed again: 1"
        line.clear()
        assert capsys.readouterr().err == "\r\x1b[K"
        line.clear()
        assert capsys.readouterr().err == ""
        list(things)
    assert capsys.readouterr().err.endswith("played again: 2,000\r\x1b[K")
