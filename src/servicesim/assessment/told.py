"""An assessment as plain data, for JSON and for what is kept of a result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from servicesim.assessment.assess import Assessment, Evidence, PrincipleScore
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_line


def number(value: Fraction, places: int = 2) -> int | float:
    """A fraction for people and other programs: rounded down, so that nothing shows as reached that was not."""
    scale: int = 10**places
    whole = int(value * scale)
    return whole // scale if whole % scale == 0 else whole / scale


def as_json(script: Script, events: Sequence[Event], assessment: Assessment) -> dict[str, Any]:
    """What `simulate --json` prints."""
    expects, received, trust, anger = assessment.feelings
    return {
        "scenario": script.scenario.id,
        "fingerprint": script.fingerprint,
        "ending": assessment.ending,
        "conduct": number(assessment.conduct),
        "passed": assessment.passed,
        "customer": {"expects": expects, "received": received, "trust": trust, "anger": anger, "outcome": assessment.outcome},
        "principles": principles_as_json(assessment),
        "transcript": [json.loads(to_line(event)) for event in events],
    }


def principles_as_json(assessment: Assessment) -> dict[str, Any]:
    """Every principle that applies, with its evidence; `score` is null where it was not exercised."""
    return {name: _principle(score) for name, score in assessment.principles.items()}


def _principle(score: PrincipleScore) -> dict[str, Any]:
    return {
        "score": None if score.score is None else number(score.score, 4),
        "kept": number(score.kept, 4),
        "broken": number(score.broken, 4),
        "evidence": [_evidence(one) for one in score.evidence],
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {"at": one.at, "scene": one.scene, "reply": one.reply, "verdict": one.verdict, "because": one.because}
