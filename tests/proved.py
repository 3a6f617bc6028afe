"""What `reach` proves of the shipped encounters, worked out once in a run of the tests, whichever worker asks first."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from servicesim import platform

if TYPE_CHECKING:  # Every test reads this, and hardly any proves.
    from servicesim.analysis.proof import Reach
    from servicesim.encounter.script import Script

PATIENCE = 120.0  # seconds for one proof, however slow the machine
Proving = Callable[["Script"], "Reach"]


@pytest.fixture(scope="session")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Proving:
    """What can be reached in a script, by all the time there is."""
    from servicesim.analysis.reach import reach

    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if folder.name.startswith("popen-") else folder

    def proof(script: Script) -> Reach:
        what = repr((script.fingerprint, script.principles_fingerprint, script.scenario.remembered))
        kept = folder / f"proof-{sha256(what.encode()).hexdigest()[:16]}"
        with platform.locked(kept.with_suffix(".lock"), wait=2 * PATIENCE):
            if not kept.exists():
                kept.write_bytes(pickle.dumps(reach(script, seconds=PATIENCE)))
            told: Reach = pickle.loads(kept.read_bytes())  # noqa: S301 (of our own making, a moment ago)
            return told

    return proof
