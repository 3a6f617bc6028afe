"""How the connection to an organisation stands, in a line or two that nobody has to act on."""

from __future__ import annotations

from servicesim.desktop.arrangement import Column, Row
from servicesim.desktop.icons import IconName
from servicesim.desktop.label import Label
from servicesim.desktop.link import Standing, is_offline
from servicesim.desktop.screens.sign import Sign
from servicesim.desktop.wording import Words


def connection_line(standing: Standing, words: Words) -> Row:
    """Whether the organisation can be reached, what waits to be sent, and what that means."""
    icon, ink = sign_of(standing)
    state = "online" if standing.online else "offline" if is_offline(standing) else "looking"
    told = Column(
        Label(words(f"link-{state}"), "small", bold=True),
        Label(meaning(standing, words), "small", ink="ink_soft"), gap=0.25, grow=1,
    )  # fmt: skip
    return Row(Sign(icon, ink, side=28), told, gap=2, padding=(2, 0.5))


def sign_of(standing: Standing) -> tuple[IconName, str]:
    """The sign of a connection."""
    return ("linked", "kept") if standing.online else ("unlinked" if is_offline(standing) else "linked", "ink_soft")


def meaning(standing: Standing, words: Words) -> str:
    """What it means for whoever plays."""
    if standing.waiting:
        return words("link-sending" if standing.online else "link-waiting", count=standing.waiting)
    return words("link-sent" if standing.online else "link-kept")
