"""Version 1 of `rollups`, the first that PostgreSQL has: made from the tables themselves."""

from __future__ import annotations

revision = "1"
down_revision = None


def upgrade() -> None:
    """Nothing: what is there is of this version already."""
