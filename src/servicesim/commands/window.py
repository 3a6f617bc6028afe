"""`servicesim` without a command: the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from servicesim import settings
from servicesim.commands.linking import linking


def open_window() -> None:
    """Open the window; it begins with the question who plays. What is needed later is imported later."""
    from servicesim.desktop.opening import open_home
    from servicesim.exports.outgoing import Outgoing

    home = settings.home()
    open_home(home, tell=Outgoing(home), certify=_certify, linked=partial(linking, home))


def _certify(attempt: str, language: str) -> Path:
    from servicesim.commands.certificate import certifier

    return certifier(settings.home())(attempt, language)
