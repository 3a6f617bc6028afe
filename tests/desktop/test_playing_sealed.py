"""A sealed edition at the desk: played and kept as any other, but without a result of the desk's own."""

from __future__ import annotations

from desktop.test_playing import Disk, at_once, waiting
from encounter.plays import small
from servicesim.desktop.playing import Playing, new_attempt
from servicesim.encounter.encounter import replayed
from servicesim.encounter.events import Began
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.scenario.model import fingerprint
from servicesim.scenario.sealed import sealed

SECRET = b"sixteen or more."


def played_to_its_end(script: Script) -> tuple[Playing, Disk]:
    disk = Disk()
    playing = Playing(script, new_attempt(script, "leyla", seed=7, started=1), disk, soon=at_once, changed=lambda: None)
    playing.go(0.0)
    now = 0.0
    for reply in ("sorry", "look"):
        now = waiting(playing, now) + 1
        playing.reply(reply, now)
    assert playing.ended
    return playing, disk


def test_a_sealed_attempt_ends_without_a_result_and_its_transcript_is_that_of_the_full_encounter() -> None:
    full = small()
    script = Script(*sealed(full.scenario, full.principles, SECRET))
    playing, disk = played_to_its_end(script)
    assert disk.results == []
    assert playing.situation.ending == "settled"
    events = list(from_lines(disk.lines))
    assert replayed(full, events).ended
    assert isinstance(events[0], Began)
    assert events[0].fingerprint == full.fingerprint
    _, unsealed = played_to_its_end(full)
    assert len(unsealed.results) == 1


def test_a_sealed_attempt_is_kept_by_the_texts_that_lie_at_the_desk() -> None:
    full = small()
    script = Script(*sealed(full.scenario, full.principles, SECRET))
    attempt = new_attempt(script, "leyla")
    assert (attempt.scenario_hash, attempt.principles_hash) == (fingerprint(script.text), fingerprint(script.principles_text))
    assert attempt.scenario_hash != script.fingerprint
    attempt = new_attempt(full, "leyla")
    assert (attempt.scenario_hash, attempt.principles_hash) == (full.fingerprint, full.principles_fingerprint)
