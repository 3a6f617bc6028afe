"""An encounter whose customer remembers something is the same version of it, however it began."""

from __future__ import annotations

from pathlib import Path

from programme_files import LETTER, keep, script
from servicesim.exports.played import Played
from servicesim.records import open_records


def test_every_start_of_an_encounter_is_the_version_that_insight_is_about(tmp_path: Path) -> None:
    with open_records(tmp_path) as records:
        keep(records, LETTER, "there")
        keep(records, LETTER, "there", learner="omid", remembered=["late"])
        keep(records, LETTER.replace("Is it there?", "Is it here?"), "there", learner="grace")
        played = Played(records, script(LETTER))
        assert [sat.learner for sat in played] == ["leyla", "omid"]
        assert (played.other_versions, played.broken) == (1, 0)
