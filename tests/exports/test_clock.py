"""Times as people read them: of their own clock, with its distance from UTC."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from servicesim.errors import UsageError
from servicesim.exports.clock import Clock, clock_of

SUMMER, WINTER = 1_750_000_000_123, 1_793_000_000_999  # 2025-06-15 15:06:40 and 2026-10-26 07:33:20, UTC


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of this system cannot be set for a test")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_utc_ends_in_z() -> None:
    assert (Clock().text(WINTER), Clock().offset(WINTER)) == ("2026-10-26T07:33:20Z", "+00:00")


@pytest.mark.usefixtures("berlin")
def test_local_time_says_how_far_it_is_from_utc() -> None:
    assert clock_of("local").text(SUMMER) == "2025-06-15T17:06:40+02:00"
    assert clock_of("local").text(WINTER) == "2026-10-26T08:33:20+01:00"
    assert clock_of("utc").text(SUMMER) == "2025-06-15T15:06:40Z"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tehran", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "UTC"])
def test_every_minute_around_a_change_is_told_as_python_does(zone: str) -> None:
    clock = Clock(ZoneInfo(zone))
    for month in (3, 4, 10, 11):
        began = datetime(2025, month, 1, tzinfo=UTC)
        for minutes in range(0, 31 * 24 * 60, 47):
            moment = began + timedelta(minutes=minutes, seconds=minutes % 60)
            there = moment.astimezone(ZoneInfo(zone))
            milliseconds = int(moment.timestamp() * 1000) + 999
            assert clock.text(milliseconds) == there.isoformat(timespec="seconds")
            assert datetime(1899, 12, 30) + timedelta(days=clock.serial(milliseconds)) - there.replace(tzinfo=None) < timedelta(milliseconds=1)


def test_days_begin_at_midnight_of_the_clock() -> None:
    clock = Clock(ZoneInfo("Europe/Berlin"))
    assert (clock.day_began("2026-10-25"), clock.day_ended("2026-10-25")) == (1_792_879_200_000, 1_792_969_200_000)  # 25 hours
    assert Clock().day_began("1970-01-02") == 86_400_000


@pytest.mark.usefixtures("berlin")
def test_days_of_this_computer_begin_at_its_midnight() -> None:
    assert clock_of("local").day_began("2026-10-25") == 1_792_879_200_000


@pytest.mark.parametrize("wrong", ["yesterday", "2026-02-30", "9999-12-31", "", "20261x"])
def test_what_is_no_day_is_told(wrong: str) -> None:
    with pytest.raises(UsageError, match="is no day; write it as 2026-10-31"):
        Clock().day_ended(wrong)


def test_a_time_can_be_written_as_another_system_wants_it() -> None:
    clock = Clock(timezone(timedelta(hours=3, minutes=30)))
    assert clock.patterned(WINTER, "DD.MM.YYYY hh:mm:ss ZZ") == "26.10.2026 11:03:20 +03:30"
    assert clock.patterned(WINTER, "YYYYMMDD") == "20261026"
