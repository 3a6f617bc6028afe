"""The same attempts as xAPI statements, for the learning record store that they are measured against."""

from __future__ import annotations

import json
import time
import uuid

from benchmarks.exports_filler import Play
from servicesim.encounter import rules
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.exports import xapi
from servicesim.exports.rows import Ended
from servicesim.records import Attempt

_HOME = "https://training.example.com"


def bodies_of(script: Script, plays: list[Play], count: int) -> list[str]:
    """So many attempts, each as the JSON list that a store is sent."""
    now = time.time_ns() // 1_000_000
    return [_body(script, plays[number % len(plays)], now) for number in range(count)]


def _body(script: Script, play: Play, now: int) -> str:
    by = script.fingerprint, script.principles_fingerprint
    attempt = Attempt(str(uuid.uuid4()), uuid.uuid4().hex, script.scenario.id, *by, rules.VERSION, 0, True, False, "en", now)
    row = Ended(attempt, play.result, None, script.scenario, script.principles, None)
    return json.dumps(list(xapi.statements(row, list(from_lines(play.lines)), _HOME)))
