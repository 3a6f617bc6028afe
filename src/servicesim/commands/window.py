"""`servicesim` without a command: the window."""

from __future__ import annotations

from servicesim import settings
from servicesim.commands.certificate import certifier


def open_window() -> None:
    """Open the window; it begins with the question who plays."""
    from servicesim.desktop.app import open_home
    from servicesim.exports.outgoing import Outgoing

    home = settings.home()
    open_home(home, tell=Outgoing(home), certify=certifier(home))
