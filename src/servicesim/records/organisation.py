"""What an organisation keeps beside its records and people: accounts, desks, what is published and assigned, and who did what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from servicesim.records.accounts import Accounts
from servicesim.records.assigned import Assigned, assigned
from servicesim.records.attempt import Attempt, Result
from servicesim.records.audit import Audit
from servicesim.records.desks import Desks
from servicesim.records.forgetting import Forgetting
from servicesim.records.opened import Opened
from servicesim.records.organisation_rot import Unsigned, rot_of_tickets
from servicesim.records.organisation_tables import METADATA, append_only, create, mutable, purgeable, table, text, whole
from servicesim.records.place import Place
from servicesim.records.published import Published
from servicesim.records.records import Records
from servicesim.records.rot import Rot, rot_of_file, rot_of_rows, surviving
from servicesim.records.signed import verified_by_server
from servicesim.records.store import Schema, open_store

__all__ = ["METADATA", "SCHEMA", "Key", "Organisation", "open_organisation"]

FILE = "organisation.db"

settled = table("settled", text("name", primary_key=True), text("value"))
# The public half of every key that ever signed a verdict here: what an old one signed is still to be checked.
keys = append_only(table("keys", text("id", primary_key=True), text("public"), whole("since")))

SCHEMA = Schema(
    application_id=0x53534F52,  # "SSOR"
    create=create,
    name="organisation",
    metadata=METADATA,
    mutable=mutable(),
    purgeable=purgeable(),
)


@dataclass(frozen=True, slots=True)
class Key:
    """The public half of a key that signs verdicts."""

    id: str
    public: str


class Organisation(Opened, Accounts, Desks, Published, Assigned, Audit, Forgetting):
    """What is kept for all desks; when a method that writes returns, the disk holds it. Times are UTC milliseconds, and passed in.

    >>> with open_organisation(folder) as organisation:
    ...     organisation.settle("name", "Kestrel Parcels")
    """

    def settle(self, name: str, value: str) -> None:
        """Settle something for the whole organisation, such as its name; what was settled before under this name is forgotten."""
        with self._store.writing() as connection:
            if connection.execute(select(settled.c.value).where(settled.c.name == name)).first() is None:
                connection.execute(insert(settled).values(name=name, value=value))
            else:
                connection.execute(update(settled).where(settled.c.name == name).values(value=value))

    def settled(self, name: str) -> str | None:
        """What was settled under this name."""
        with self._store.reading() as connection:
            return connection.execute(select(settled.c.value).where(settled.c.name == name)).scalar()

    def keep_key(self, key: Key, *, since: int) -> None:
        """Keep the public half of a key that signs from now on; again with the same is harmless."""
        with self._store.writing() as connection:
            if connection.execute(select(keys.c.id).where(keys.c.id == key.id)).first() is None:
                connection.execute(insert(keys).values(id=key.id, public=key.public, since=since))

    def keys(self) -> list[Key]:
        """Every key that ever signed here, the newest first."""
        with self._store.reading() as connection:
            rows = connection.execute(select(keys.c.id, keys.c.public).order_by(keys.c.since.desc(), keys.c.id))
            return [Key(*row) for row in rows]

    def verify_rot(self, records: Records) -> Iterator[Rot | Unsigned]:
        """Everything that is not as it was written, by itself and held against the records; and what waits for a signature."""
        yield from rot_of_file(self._store)
        yield from rot_of_rows(self._store, (assigned,))
        yield from self.verify_audit()
        yield from surviving("tickets", lambda: rot_of_tickets(self._store, records.lengths, records.is_purged))

    def judged(self, attempt: Attempt, lines: tuple[str, ...]) -> Result | None:
        """The result that the server signed of an attempt with these lines, None if it signed none: for verifying.Verifier.

        Raises VerificationFailed if the verdict that is kept is not signed by a key of the organisation's, or is of something else.
        """
        verdict = self.verdict(attempt.id)
        if verdict is None:
            return None
        verified_by_server(verdict, {key.id: key.public for key in self.keys()}, attempt, lines)
        return verdict.result


def open_organisation(place: Place, *, read_only: bool = False) -> Organisation:
    """What is kept at this place; a folder is made or brought up to date if need be. Raises StoreUnusable and its kinds."""
    return Organisation(open_store(SCHEMA.at(place), SCHEMA, read_only=read_only))
