"""Who may do what at the server: one table. A page or an address asks for a deed, never for a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is at the server; several at once are possible."""

    TRAINEE = "trainee"
    TRAINER = "trainer"
    HR = "hr"
    ADMIN = "admin"


class Deed(StrEnum):
    """Something that not everybody may do."""

    OWN_RESULTS = "own-results"
    """See one's own attempts, debriefs and programmes."""
    RESULTS = "results"
    """See the results of people, by name: programme status, heat map, person page, transcript with evidence."""
    PUBLISH = "publish"
    """Publish and retire versions of encounters and programmes, and see the drift that this would cause."""
    ASSIGN = "assign"
    """Assign programmes to people and teams."""
    PEOPLE = "people"
    """Import people, and change what is kept of them."""
    CODES = "codes"
    """Make one-time codes that enrol a desk for a person, see the desks, and take a desk's key away."""
    REVIEW = "review"
    """Decide about failed results."""
    EXPORT = "export"
    """Hand results over, and read the log of what was handed over."""
    ACCOUNTS = "accounts"
    """Make, change and disable accounts."""
    KEYS = "keys"
    """See the keys of the server and of desks, and take a desk's key away."""
    AUDIT = "audit"
    """Read the log of who did what."""


# A trainer teaches people and so sees how they did, but decides nothing about them and takes nothing out. An admin runs the
# server and has no business with anybody's results.
MAY: Mapping[Role, frozenset[Deed]] = MappingProxyType({
    Role.TRAINEE: frozenset({Deed.OWN_RESULTS}),
    Role.TRAINER: frozenset({Deed.OWN_RESULTS, Deed.RESULTS, Deed.PUBLISH, Deed.ASSIGN, Deed.CODES}),
    Role.HR: frozenset({Deed.OWN_RESULTS, Deed.RESULTS, Deed.ASSIGN, Deed.PEOPLE, Deed.CODES, Deed.REVIEW, Deed.EXPORT}),
    Role.ADMIN: frozenset({Deed.OWN_RESULTS, Deed.CODES, Deed.ACCOUNTS, Deed.KEYS, Deed.AUDIT}),
})  # fmt: skip


def may(roles: Iterable[str]) -> frozenset[Deed]:
    """All that somebody with these roles may do; a role that is not known gives nothing."""
    names = set(roles)
    return frozenset(deed for role, deeds in MAY.items() if role in names for deed in deeds)
