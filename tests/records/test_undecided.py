"""The queue of results that wait for somebody's word."""

from __future__ import annotations

from dataclasses import replace

from records.conftest import Attempts
from servicesim.records import Records, Result


def test_what_failed_waits_until_somebody_decides_and_what_is_to_be_looked_at_waits_too(records: Records, attempt: Attempts, result: Result) -> None:
    failed = replace(result, passed=False)
    for number, (came, practice) in enumerate([(failed, False), (failed, False), (result, False), (result, False), (failed, True), (None, False)]):
        one = attempt(f"a{number}", practice=practice, started=result.ended - 100 + number)
        records.begin(one, ["{}"])
        if came is not None:
            records.append(one.id, 1, ["{}"], came)
    assert records.undecided() == ["a0", "a1"]
    records.review("a0", at=1, by="Leyla", note="", verdict="stands")
    records.review("a3", at=1, by="Leyla", note="", verdict="to-look-at")
    assert records.undecided() == ["a1", "a3"]
    records.review("a3", at=2, by="Leyla", note="", verdict="stands")
    records.review("a0", at=2, by="Leyla", note="", verdict="to-look-at")
    assert records.undecided() == ["a0", "a1"]
    assert records.undecided(skip=1, most=1) == ["a1"]
