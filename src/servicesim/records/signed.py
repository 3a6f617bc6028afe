"""What a server says with its signature on it (Ed25519): its verdicts, which nobody at a desk can write.

    signer = Signer(new_key())
    body = verdict_body(attempt, result, head, seal, organisation="Kaveh Post", edition=edition, late=False, at=now, key=signer.key_id)
    verdict = Verdict(body, signer.sign(body))
    verified_by_server(verdict, {signer.key_id: signer.public}, attempt, lines)
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from servicesim.errors import ServicesimError, VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.chain import canonical, head, last_link, seal

KEY_ID = 16  # hexadecimal digits of a public key's SHA-256
_RESULT = tuple(field.name for field in fields(Result))
_PLAYED = ("id", "learner", "scenario")  # as the attempt says, and the verdict too


def new_key() -> bytes:
    """A new private key, as PEM: whoever has it can sign."""
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Signer:
    """Signs with a private key (PEM); raises ServicesimError if these bytes hold none."""

    def __init__(self, pem: bytes) -> None:
        self._key = _private(pem)
        raw = self._key.public_key().public_bytes_raw()
        self.public = _as_text(raw)  # of the public key's 32 bytes
        self.key_id = sha256(raw).hexdigest()[:KEY_ID]

    def sign(self, body: str) -> str:
        """The signature of a text's UTF-8 bytes, in base64."""
        return _as_text(self._key.sign(body.encode()))


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ServicesimError("this is no key to sign with: take the file from a backup, or have a new one made") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ServicesimError("this key is of another kind: an Ed25519 key is wanted")
    return key


def demand_signed(body: str, signature: str, public: str) -> None:
    """Raise VerificationFailed unless this signature (base64) is of this text, by the key whose public half (base64) this is."""
    try:
        Ed25519PublicKey.from_public_bytes(_bytes(public)).verify(_bytes(signature), body.encode())
    except (ValueError, InvalidSignature) as error:
        raise VerificationFailed("the signature is not the server's: what it stands under was changed, or another key signed it") from error


def _as_text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    """From base64, in its one spelling."""
    raw = base64.b64decode(text, validate=True)
    if _as_text(raw) != text:
        raise ValueError("another spelling of the same bytes")
    return raw


# --- verdicts --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the server judged an attempt: the text that it signed, and the signature (base64)."""

    body: str
    signature: str

    @property
    def said(self) -> dict[str, Any]:
        """What it says; raises VerificationFailed where it says nothing that can be read."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise VerificationFailed("the server's verdict cannot be read") from error
        if not isinstance(said, dict) or not said.keys() >= _SAID:
            raise VerificationFailed("the server's verdict does not say all that a verdict says")
        return said

    @property
    def result(self) -> Result:
        """The result that it says, as it is kept of an attempt."""
        said = self.said
        return Result(**{name: said[name] for name in _RESULT})


_SAID = frozenset((
    "organisation", "attempt", "learner", "scenario", "scenario_hash", "principles_hash", "edition", "started",
    "head", "seal", *_RESULT, "late", "at", "key",
))  # fmt: skip


def verdict_body(
    attempt: Attempt, result: Result, head: str, seal: str, *, organisation: str, edition: str, late: bool, at: int, key: str
) -> str:
    """The text of a verdict: `attempt`, its last link (`head`) and its seal as the server keeps them; `edition` is the hash of the
    sealed text that was played, `at` when it was judged (UTC, milliseconds)."""
    said = {
        "organisation": organisation,
        "attempt": attempt.id,
        "learner": attempt.learner,
        "scenario": attempt.scenario,
        "scenario_hash": attempt.scenario_hash,
        "principles_hash": attempt.principles_hash,
        "edition": edition,
        "started": attempt.started,
        "head": head,
        "seal": seal,
        **asdict(result),
        "late": late,
        "at": at,
        "key": key,
    }
    return canonical(said)


def verified_by_server(verdict: Verdict, public_keys: Mapping[str, str], attempt: Attempt, lines: Iterable[str]) -> None:
    """Raise VerificationFailed unless the server signed this verdict, of just this attempt and these lines.

    `public_keys` are base64, by the id of the key. The attempt may be the desk's: it names the sealed texts and the desk's own
    time, so what the server kept is put together from it and from the verdict, and then hashed as the server hashed it.
    """
    said = verdict.said
    public = public_keys.get(said["key"]) if isinstance(said["key"], str) else None
    if public is None:
        raise VerificationFailed("the verdict is signed with a key that is not known to be this server's")
    demand_signed(verdict.body, verdict.signature, public)
    _demand_of(said, attempt)
    last = last_link(head(_as_kept_there(said, attempt)), 0, lines)
    if last != said["head"]:
        raise VerificationFailed("the verdict is of another transcript than the one that is kept")
    if seal(last, verdict.result) != said["seal"]:
        raise VerificationFailed("the verdict's result does not fit its seal")


def _demand_of(said: Mapping[str, Any], attempt: Attempt) -> None:
    told = (said["attempt"], said["learner"], said["scenario"])
    if told != tuple(getattr(attempt, name) for name in _PLAYED):
        raise VerificationFailed("the verdict is of another attempt")
    if attempt.scenario_hash not in (said["edition"], said["scenario_hash"]):
        raise VerificationFailed("the verdict is of another version of the encounter than the one that was played")


def _as_kept_there(said: Mapping[str, Any], attempt: Attempt) -> Attempt:
    """The attempt's row as the server has it: with the full texts' hashes, and its own time."""
    hashes = {name: said[name] for name in ("scenario_hash", "principles_hash", "started")}
    return replace(attempt, **hashes)
