"""Times for people: kept in UTC, told in the time zone of this computer or in UTC, always with their distance from UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from servicesim.errors import UsageError

_QUARTER, _DAY = 15 * 60_000, 24 * 60 * 60_000  # milliseconds; clocks change at the full quarter of an hour
_MINUTES = tuple(f"{minute // 60:02}:{minute % 60:02}:" for minute in range(24 * 60))
_SECONDS = tuple(f"{second:02}" for second in range(60))
_EPOCH = date(1970, 1, 1)
_EXCEL_1970 = 25_569  # how Excel counts 1 January 1970
_PARTS = re.compile("YYYY|MM|DD|hh|mm|ss|ZZ")
PATTERN = re.compile("(?:YYYY|MM|DD|hh|mm|ss|ZZ|[^A-Za-z])+")
"""What a date can be written as: these parts, and anything between them that is no letter; also T, as in ISO 8601."""


class Clock:
    """Tells times in one zone; None is this computer's own."""

    def __init__(self, zone: tzinfo | None = UTC) -> None:
        self.zone = zone
        # Every quarter of an hour is asked for its zone only once, and every day for its date.
        self._quarter = lru_cache(maxsize=1024)(self._offset_of_quarter)
        self._date = lru_cache(maxsize=1024)(_date)

    def text(self, milliseconds: int) -> str:
        """As in ISO 8601, to the second."""
        ahead, suffix, _ = self._quarter(milliseconds // _QUARTER)
        day, rest = divmod(milliseconds + ahead, _DAY)
        return f"{self._date(day)}T{_MINUTES[rest // 60_000]}{_SECONDS[rest // 1000 % 60]}{suffix}"

    def texts(self, moments: Iterable[int]) -> Iterator[str]:
        """As `text`, for many: quicker where they follow each other closely."""
        quarter: int | None = None
        number: int | None = None
        ahead, suffix, day = 0, "", ""
        for milliseconds in moments:
            if milliseconds // _QUARTER != quarter:
                quarter = milliseconds // _QUARTER
                ahead, suffix, _ = self._quarter(quarter)
            this, rest = divmod(milliseconds + ahead, _DAY)
            if this != number:
                number, day = this, f"{self._date(this)}T"
            yield f"{day}{_MINUTES[rest // 60_000]}{_SECONDS[rest // 1000 % 60]}{suffix}"

    def offsets(self, moments: Iterable[int]) -> Iterator[str]:
        """As `offset`, for many."""
        quarter: int | None = None
        offset = ""
        for milliseconds in moments:
            if milliseconds // _QUARTER != quarter:
                quarter = milliseconds // _QUARTER
                offset = self._quarter(quarter)[2]
            yield offset

    def offset(self, milliseconds: int) -> str:
        """How far ahead of UTC this clock is then, as +01:00."""
        return self._quarter(milliseconds // _QUARTER)[2]

    def serial(self, milliseconds: int) -> float:
        """As Excel counts: days since 1900, in this clock's time."""
        ahead = self._quarter(milliseconds // _QUARTER)[0]
        return _EXCEL_1970 + (milliseconds + ahead) // 1000 / 86_400

    def patterned(self, milliseconds: int, pattern: str) -> str:
        """As the pattern says, in which YYYY MM DD hh mm ss ZZ stand for the parts of the time."""
        written = self.text(milliseconds)
        parts = {
            "YYYY": written[:4], "MM": written[5:7], "DD": written[8:10], "hh": written[11:13], "mm": written[14:16],
            "ss": written[17:19], "ZZ": self.offset(milliseconds),
        }  # fmt: skip
        return _PARTS.sub(lambda part: parts[part[0]], pattern)

    def day_began(self, day: str) -> int:
        """When this day, as 2026-10-31, begins here, in UTC milliseconds; raises UsageError if it is none."""
        return self._midnight(_day(day))

    def day_ended(self, day: str) -> int:
        """When the day after it begins."""
        return self._midnight(_day(day) + timedelta(days=1))

    def _midnight(self, day: date) -> int:
        naive = datetime(day.year, day.month, day.day)
        return round((naive.astimezone() if self.zone is None else naive.replace(tzinfo=self.zone)).timestamp()) * 1000

    def _offset_of_quarter(self, quarter: int) -> tuple[int, str, str]:
        seconds = quarter * _QUARTER / 1000
        moment = datetime.fromtimestamp(seconds).astimezone() if self.zone is None else datetime.fromtimestamp(seconds, self.zone)
        ahead = round((moment.utcoffset() or timedelta()).total_seconds() * 1000)
        offset = _written_offset(ahead)
        return ahead, "Z" if self.zone is UTC else offset, offset


def clock_of(times: str) -> Clock:
    """The clock for `local` or `utc`."""
    return Clock(UTC if times == "utc" else None)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
        day + timedelta(days=1)
    except (ValueError, OverflowError):
        raise UsageError(f"{text!r} is no day; write it as 2026-10-31") from None
    return day


def _date(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()


def _written_offset(ahead: int) -> str:
    minutes = abs(ahead) // 60_000
    return f"{'-' if ahead < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
