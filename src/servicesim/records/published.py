"""Which versions of encounters are published, and since when: a new version takes the place of the one on offer.

Rows are only ever added. What was published stays known for as long as somebody may still play it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, Index, Select, func, insert, select

from servicesim.errors import UsageError
from servicesim.records.organisation_tables import append_only, table, text, whole
from servicesim.records.store import Store

versions = append_only(
    table("versions", text("scenario", primary_key=True), whole("version", primary_key=True), text("title"), whole("at"), text("by"))
)
editions = append_only(
    table(
        "editions",
        text("scenario", primary_key=True),
        whole("version", primary_key=True),
        text("language", primary_key=True),
        text("edition"),
        text("principles"),
        text("scenario_hash"),
        text("principles_hash"),
        Index("editions_of_text", "edition"),
        Index("editions_of_principles", "principles"),
    )
)
retired = append_only(
    table("retired", text("scenario", primary_key=True), whole("version", primary_key=True), whole("at"), text("by"))
)


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of an encounter in one language: the sealed texts that desks get, and the full ones that the server judges by."""

    scenario: str
    version: int
    language: str
    edition: str
    principles: str
    scenario_hash: str
    principles_hash: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an encounter, and until when it was on offer, if it is no more."""

    scenario: str
    version: int
    title: str
    at: int
    by: str
    retired: int | None
    editions: tuple[Edition, ...]


_EDITION = tuple(editions.c[field.name] for field in fields(Edition))


class Published:
    """The part of the organisation's store that holds them."""

    _store: Store

    def publish(self, scenario: str, title: str, new: Iterable[Edition], *, by: str, at: int) -> Version:
        """Offer these editions as the next version, whatever version they name; the one on offer is retired.

        Where the one on offer is the same in all languages, it stays.
        """
        with self._store.writing(on=scenario) as connection:
            current = _current(connection, scenario)
            last = connection.execute(select(func.max(versions.c.version)).where(versions.c.scenario == scenario)).scalar() or 0
            wanted = _numbered(new, last + 1)
            if current is not None and _same(current.editions, wanted):
                return current
            if current is not None:
                connection.execute(insert(retired).values(scenario=scenario, version=current.version, at=at, by=by))
            connection.execute(insert(versions).values(scenario=scenario, version=last + 1, title=title, at=at, by=by))
            connection.execute(insert(editions), [asdict(edition) for edition in wanted])
        return Version(scenario, last + 1, title, at, by, None, wanted)

    def retire(self, scenario: str, *, by: str, at: int) -> Version:
        """Offer an encounter no more: no new tickets are given, and those that are out stay good. Raises UsageError if it is not on offer."""
        with self._store.writing(on=scenario) as connection:
            current = _current(connection, scenario)
            if current is None:
                raise UsageError(f"the encounter '{scenario}' is not on offer")
            connection.execute(insert(retired).values(scenario=scenario, version=current.version, at=at, by=by))
        return current

    def on_offer(self) -> list[Version]:
        """The versions that are on offer, by the name of the encounter."""
        with self._store.reading() as connection:
            return _versions(connection, _on_offer())

    def versions(self, scenario: str | None = None) -> list[Version]:
        """Every version that ever was on offer, the newest first."""
        wanted = _all() if scenario is None else _all().where(versions.c.scenario == scenario)
        with self._store.reading() as connection:
            return _versions(connection, wanted)[::-1]

    def offered_editions(self, hashes: Sequence[str]) -> list[Edition]:
        """Those of these sealed editions that are on offer now, in that order."""
        offered = {one.edition: one for version in self.on_offer() for one in version.editions}
        return [offered[name] for name in dict.fromkeys(hashes) if name in offered]

    def kind_of_text(self, name: str) -> str | None:
        """What a sealed text of this hash is, `scenario` or `principles`; None if none was ever published."""
        with self._store.reading() as connection:
            for kind, column in (("scenario", editions.c.edition), ("principles", editions.c.principles)):
                if connection.execute(select(column).where(column == name).limit(1)).first() is not None:
                    return kind
        return None


def _all() -> Select[Any]:
    both = versions.outerjoin(retired, (retired.c.scenario == versions.c.scenario) & (retired.c.version == versions.c.version))
    columns = versions.c.scenario, versions.c.version, versions.c.title, versions.c.at, versions.c.by, retired.c.at.label("until")
    return select(*columns).select_from(both).order_by(versions.c.scenario, versions.c.version)


def _on_offer() -> Select[Any]:
    return _all().where(retired.c.at.is_(None))


def _current(connection: Connection, scenario: str) -> Version | None:
    return next(iter(_versions(connection, _on_offer().where(versions.c.scenario == scenario))), None)


def _versions(connection: Connection, wanted: Select[Any]) -> list[Version]:
    rows = connection.execute(wanted).all()
    of_each: dict[tuple[str, int], list[Edition]] = {(row.scenario, row.version): [] for row in rows}
    names = sorted({row.scenario for row in rows})
    inside = select(*_EDITION).where(editions.c.scenario.in_(names)).order_by(editions.c.language)
    for edition in (Edition(*row) for row in connection.execute(inside)):
        of_each.get((edition.scenario, edition.version), []).append(edition)
    return [Version(row.scenario, row.version, row.title, row.at, row.by, row.until, tuple(of_each[row.scenario, row.version])) for row in rows]


def _numbered(new: Iterable[Edition], version: int) -> tuple[Edition, ...]:
    return tuple(sorted((Edition(**asdict(one) | {"version": version}) for one in new), key=lambda one: one.language))


def _same(one: Sequence[Edition], other: Sequence[Edition]) -> bool:
    return [_texts(edition) for edition in one] == [_texts(edition) for edition in other]


def _texts(edition: Edition) -> tuple[str, ...]:
    return edition.language, edition.edition, edition.principles, edition.scenario_hash, edition.principles_hash
