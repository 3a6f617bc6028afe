"""A verdict is believed only with the server's signature under it, and only for the very attempt that it is of."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from servicesim.errors import ServicesimError, VerificationFailed
from servicesim.records import Attempt, Result
from servicesim.records.chain import canonical, head, last_link, seal
from servicesim.records.signed import Signer, Verdict, demand_signed, new_key, verdict_body, verified_by_server

LINES = ('{"event":"began"}', '{"event":"ended"}')
MONDAY = 1_760_000_000_000
FULL, SEALED = "f" * 64, "5" * 64


@cache
def signer() -> Signer:
    return Signer(new_key())


@cache
def another() -> Signer:
    return Signer(new_key())


def keys() -> dict[str, str]:
    return {signer().key_id: signer().public}


@pytest.fixture
def kept(attempt: Callable[..., Attempt]) -> Attempt:
    """The attempt as the server keeps it."""
    return attempt(scenario_hash=FULL, practice=False)


@pytest.fixture
def at_the_desk(kept: Attempt) -> Attempt:
    """The same attempt as the desk keeps it: by the texts that it has, at the time of its own clock."""
    return replace(kept, scenario_hash=SEALED, principles_hash="6" * 64, started=kept.started - 7_000)


def verdict_of(kept: Attempt, result: Result, *, by: Signer | None = None, lines: tuple[str, ...] = LINES, **changes: Any) -> Verdict:
    by, last = by or signer(), last_link(head(kept), 0, lines)
    body = verdict_body(
        kept, result, last, seal(last, result), organisation="Kaveh Post", edition=SEALED, late=False, at=MONDAY, key=by.key_id
    )
    body = canonical({**json.loads(body), **changes})
    return Verdict(body, by.sign(body))


def test_a_key_signs_and_its_public_half_proves_it() -> None:
    pem = new_key()
    first, again = Signer(pem), Signer(pem)
    assert (first.key_id, first.public) == (again.key_id, again.public)
    assert len(first.key_id) == 16
    assert int(first.key_id, 16) >= 0
    assert len(base64.b64decode(first.public)) == 32
    demand_signed("سلام", first.sign("سلام"), first.public)
    assert pem != new_key()


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(ServicesimError, match="this is no key to sign with"):
        Signer(b"-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n")
    rsa = generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(ServicesimError, match="an Ed25519 key is wanted"):
        Signer(rsa)


@pytest.mark.parametrize(
    "forged",
    [
        lambda body, signature: (body.replace("leyla-1", "leyla-2"), signature),
        lambda body, signature: (body[:-1], signature),
        lambda body, signature: (body + " ", signature),
        lambda body, signature: (json.dumps(dict(reversed(json.loads(body).items()))), signature),
        lambda body, signature: (body, ""),
        lambda body, signature: (body, signature[:-4]),
        lambda body, signature: (body, signature + "\n"),
        lambda body, signature: (body, "no base64"),
        lambda body, signature: (body, "ü" * 88),
        lambda body, signature: (body, signature[:-3] + chr(ord(signature[-3]) + 1) + "=="),
        lambda body, signature: (body, base64.b64encode(bytes(64)).decode()),
        lambda body, _: (body, another().sign(body)),
        lambda body, signature: (body + "\ud800", signature),
    ],
    ids=["changed", "cut", "added to", "re-ordered", "none", "signature cut", "line break", "noise", "letters", "other spelling", "zeros", "other key", "surrogate"],
)
def test_a_forged_verdict_is_refused(forged: Callable[[str, str], tuple[str, str]], kept: Attempt, result: Result) -> None:
    verdict = verdict_of(kept, result)
    demand_signed(verdict.body, verdict.signature, signer().public)
    with pytest.raises(VerificationFailed, match="the signature is not the server's"):
        demand_signed(*forged(verdict.body, verdict.signature), signer().public)


@pytest.mark.parametrize("public", ["", "AAAA", "x"])
def test_what_is_no_public_key_proves_nothing(public: str) -> None:
    with pytest.raises(VerificationFailed):
        demand_signed("body", signer().sign("body"), public)


def test_a_verdict_fits_the_attempt_at_the_desk_and_on_the_server(kept: Attempt, at_the_desk: Attempt, result: Result) -> None:
    verdict = verdict_of(kept, result)
    verified_by_server(verdict, keys(), kept, LINES)
    verified_by_server(verdict, keys() | {another().key_id: another().public}, at_the_desk, LINES)
    assert verdict.result == result
    assert verdict.body == canonical(verdict.said)
    assert (verdict.said["organisation"], verdict.said["key"], verdict.said["late"]) == ("Kaveh Post", signer().key_id, False)


def test_a_verdict_of_something_else_is_refused(kept: Attempt, at_the_desk: Attempt, result: Result) -> None:
    verdict = verdict_of(kept, result)
    for other, why in (
        ({"id": "leyla-2"}, "another attempt"),
        ({"learner": "arash"}, "another attempt"),
        ({"scenario": "dry-tap"}, "another attempt"),
        ({"scenario_hash": "a" * 64}, "another version of the encounter"),
        ({"seed": 8}, "another transcript"),
        ({"practice": True}, "another transcript"),
        ({"untimed": True}, "another transcript"),
    ):
        with pytest.raises(VerificationFailed, match=why):
            verified_by_server(verdict, keys(), replace(at_the_desk, **other), LINES)
    for lines in (LINES[:1], (*LINES, LINES[1]), LINES[::-1], ()):
        with pytest.raises(VerificationFailed, match="another transcript"):
            verified_by_server(verdict, keys(), at_the_desk, lines)


def test_a_better_result_than_the_sealed_one_is_refused_even_when_signed(kept: Attempt, at_the_desk: Attempt, result: Result) -> None:
    with pytest.raises(VerificationFailed, match="does not fit its seal"):
        verified_by_server(verdict_of(kept, result, conduct="100/1"), keys(), at_the_desk, LINES)


def test_a_verdict_by_a_key_that_is_not_the_servers_is_refused(kept: Attempt, at_the_desk: Attempt, result: Result) -> None:
    with pytest.raises(VerificationFailed, match="a key that is not known"):
        verified_by_server(verdict_of(kept, result, by=another()), keys(), at_the_desk, LINES)
    pretended = verdict_of(kept, result, by=another(), key=signer().key_id)
    with pytest.raises(VerificationFailed, match="the signature is not the server's"):
        verified_by_server(pretended, keys(), at_the_desk, LINES)
    with pytest.raises(VerificationFailed, match="a key that is not known"):
        verified_by_server(verdict_of(kept, result, key=["a", "list"]), keys(), at_the_desk, LINES)


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"attempt":"leyla-1"}', "[" * 100_000])
def test_a_verdict_that_says_too_little_is_refused(body: str, at_the_desk: Attempt) -> None:
    with pytest.raises(VerificationFailed, match="the server's verdict"):
        verified_by_server(Verdict(body, signer().sign(body)), keys(), at_the_desk, LINES)
