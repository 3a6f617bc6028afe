"""Version 2 of `people`, the first that PostgreSQL has: made from the tables themselves."""

from __future__ import annotations

revision = "2"
down_revision = None


def upgrade() -> None:
    """Nothing: what is there is of this version already."""
