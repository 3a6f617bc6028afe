"""`verify` at a connected computer believes the verdicts that lie there, if the server's key signed them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from records.test_verifying_sealed import desk, played, signer, verdict
from servicesim.connection.connections import Connection, forget, keep
from servicesim.connection.verdicts import judged_by_servers
from servicesim.records.connected import open_connected
from servicesim.records.signed import Signer, Verdict, new_key
from servicesim.records.tickets import Ticket
from servicesim.records.verifying import Verifier, judged_by_nobody
from servicesim.scenario.model import fingerprint

MONDAY = 1_760_000_000_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A computer of which Leyla's desk is connected, with the server's verdict on what she played."""
    keep(tmp_path, Connection("http://127.0.0.1:8000", "Kaveh Post", "desk-1", "secret", {signer().key_id: signer().public}, "leyla", MONDAY))
    keep_verdict(tmp_path, verdict())
    return tmp_path


def keep_verdict(home: Path, said: Verdict) -> None:
    attempt = played().attempt
    ticket = Ticket(attempt.id, attempt.scenario, attempt.scenario_hash, attempt.principles_hash, attempt.seed, "en", MONDAY, MONDAY)
    with open_connected(home) as connected:
        connected.keep_tickets("leyla", [ticket], at=MONDAY)
        connected.keep_verdict("leyla-1", said.body, said.signature, [], at=MONDAY)


def state(home: Path) -> str:
    texts = {fingerprint(text): text for text in (desk().text, desk().principles_text)}
    with judged_by_servers(home) as judged:
        return Verifier(texts.__getitem__, judged).verified(played()).state


def test_a_verdict_of_the_known_server_verifies(home: Path) -> None:
    assert state(home) == "SERVER_VERIFIED"


def test_a_computer_that_was_never_connected_has_no_verdicts(tmp_path: Path) -> None:
    with judged_by_servers(tmp_path) as judged:
        assert judged is judged_by_nobody
    assert state(tmp_path) == "CLIENT_ATTESTED"
    assert list(tmp_path.iterdir()) == []


def test_who_is_not_connected_any_more_has_verdicts_that_nobody_can_check(home: Path) -> None:
    forget(home, "leyla")
    assert state(home) == "CLIENT_ATTESTED"


def test_a_verdict_of_another_server_breaks_the_attempt(tmp_path: Path) -> None:
    other = Signer(new_key())
    said = json.loads(verdict().body) | {"key": other.key_id}
    body = json.dumps(said)
    keep(tmp_path, Connection("http://127.0.0.1:8000", "Kaveh Post", "desk-1", "secret", {signer().key_id: signer().public}, "leyla", MONDAY))
    keep_verdict(tmp_path, replace(verdict(), body=body, signature=other.sign(body)))
    assert state(tmp_path) == "BROKEN"
