"""What opens a learning record store: from the environment, or from a file that only its owner can read. It is never shown."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from servicesim.errors import UsageError
from servicesim.private import read_private

KEY, SECRET, TOKEN = "SERVICESIM_LRS_KEY", "SERVICESIM_LRS_SECRET", "SERVICESIM_LRS_TOKEN"
_MOST = 16_384  # bytes of the file, and of what is in it


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """How a sender proves who it is; `repr` says nothing about it."""

    authorization: str
    """The value of the header of this name."""
    _secret: tuple[str, ...]

    def __repr__(self) -> str:
        return "Credentials()"

    def hidden(self, text: str) -> str:
        """The text, which a store may have made of what it was sent, without the secret."""
        for secret in self._secret:
            text = text.replace(secret, "***")
        return text


def of_key(key: str, secret: str) -> Credentials:
    """HTTP Basic; raises UsageError for what cannot be sent so."""
    _demand_characters(key, secret)
    if ":" in key:
        raise UsageError("the key for the learning record store cannot hold a colon")
    encoded = b64encode(f"{key}:{secret}".encode()).decode()
    return Credentials(f"Basic {encoded}", tuple(_forms(secret, encoded)))


def of_token(token: str) -> Credentials:
    """A bearer token; raises UsageError for what cannot be sent so."""
    _demand_characters(token)
    if " " in token:
        raise UsageError("the token for the learning record store cannot hold a space")
    return Credentials(f"Bearer {token}", tuple(_forms(token)))


def found(file: Path | None, environment: Mapping[str, str] = os.environ) -> Credentials:
    """From this file if one is named, else from the environment; raises UsageError that says what is missing."""
    told = _in_file(file) if file is not None else {"key": environment.get(KEY), "secret": environment.get(SECRET), "token": environment.get(TOKEN)}
    where = str(file) if file is not None else "the environment"
    match told.get("key"), told.get("secret"), told.get("token"):
        case str(key), str(secret), None if key and secret:
            return of_key(key, secret)
        case None, None, str(token) if token:
            return of_token(token)
        case None, None, None:
            raise UsageError(f"the learning record store asks who sends: set {KEY} and {SECRET}, or {TOKEN}, or name a file with --credentials")
        case _:
            raise UsageError(f"{where} must hold a key and a secret for the learning record store, or a token alone")


def _in_file(file: Path) -> dict[str, str]:
    told: dict[str, str] = {}
    for line in _text(file).splitlines():
        name, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or name.strip() not in ("key", "secret", "token"):
            # What stands there is not quoted: it may be the secret itself.
            raise UsageError(f"{file} must hold lines 'key: ...' and 'secret: ...', or one line 'token: ...'")
        told[name.strip()] = value.strip()
    return told


def _text(file: Path) -> str:
    content = read_private(file, _MOST + 1, exposed=": say chmod 600, and think about a new secret")
    try:
        if len(content) <= _MOST:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise UsageError(f"{file} must hold lines 'key: ...' and 'secret: ...', or one line 'token: ...'")


def _demand_characters(*texts: str) -> None:
    """Raises UsageError for what would end a header, or cannot be in one; what it was is not said."""
    for text in texts:
        if not text.isprintable() or not text.isascii() or len(text) > _MOST:
            raise UsageError("the key, secret or token for the learning record store holds a character that cannot be sent")


def _forms(*secrets: str) -> Iterator[str]:
    """Each as it is, and as it may come back; the longest first. Very short ones would hide half of any text."""
    every = {form for secret in secrets for form in (secret, quote(secret, safe=""), secret.replace("\\", "\\\\").replace('"', '\\"'))}
    yield from sorted((form for form in every if len(form) > 3), key=len, reverse=True)
