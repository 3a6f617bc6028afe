"""`servicesim organisation`: make an organisation's store, let people and desks in, and publish encounters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicesim import platform
from servicesim.commands.accounts import ASK, account, new_account
from servicesim.commands.stores import BY, KEY, STORE, note, organisation_at, place_told
from servicesim.commands.telling import complain, named, on_one_line, say, say_json
from servicesim.errors import UsageError

if TYPE_CHECKING:
    from servicesim.records.people import People, Person
    from servicesim.records.place import Place
    from servicesim.server.house import House


@click.group()
def command() -> None:
    """Make the store of an organisation that `servicesim serve` stands on, and look after it.

    \b
    Example: servicesim organisation init --store organisation --name "Kestrel Parcels" --admin 1001
             servicesim organisation account add 1042 --role hr --store organisation
             servicesim organisation code 2044 --name "Leyla Aslan" --store organisation
             servicesim organisation publish late-parcel.yaml --store organisation
    """


command.add_command(account)


# --- the store -------------------------------------------------------------------------------------------------------


@command.command()
@STORE
@KEY
@click.option("--name", required=True, help="The organisation's name, as people read it.")
@click.option("--admin", metavar="ID", required=True, help="The id of the person who looks after accounts.")
@ASK
def init(place: str, key: Path | None, name: str, admin: str, ask: bool) -> None:
    """Make the store, the key that signs verdicts, and the first account. Again with the same changes only the name.

    The account's first password is printed once; it is only good to set another. With --ask it is asked for instead.

    \b
    Example: servicesim organisation init --store organisation --name "Kestrel Parcels" --admin 1001
    """
    from servicesim.records.organisation import Key
    from servicesim.records.signed import Signer
    from servicesim.server import opening

    if not 0 < len(name.strip()) <= 100 or not name.isprintable():
        raise UsageError("a name has 1 to 100 characters, on one line")
    where = place_told(place)
    file = opening.key_file(where, key)
    _upgrade(where)
    is_new = opening.make_key(file)
    signer = Signer(opening.read_key(file))
    with organisation_at(where) as organisation:
        organisation.settle(opening.NAME, name.strip())
        organisation.keep_key(Key(signer.key_id, signer.public), since=opening.now())
        organisation.note(BY, "init", at=opening.now())
        say(on_one_line(f"{name.strip()} is kept at {_shown(where)}"))
        kept = "keep a copy of it where nobody else gets at it" if is_new else "as before"
        say(on_one_line(f"verdicts are signed with the key {signer.key_id} in {named(file)}: {kept}"))
        if organisation.account(admin) is None:
            new_account(organisation, admin, ("admin",), ask=ask)


@command.command()
@STORE
def upgrade(place: str) -> None:
    """Bring the store up to date with this version of ServiceSim; make a backup first.

    \b
    Example: servicesim organisation upgrade --store organisation
    """
    from servicesim.server.opening import demand_made

    where = place_told(place)
    demand_made(where)
    for line in _upgrade(where):
        say(on_one_line(line))
    say(on_one_line(f"{_shown(where)} is up to date"))


@command.command()
@click.argument("role", metavar="ROLE")
@STORE
@click.option("--only-records", is_flag=True, help="To add records and read them, and nothing else: no people, no accounts.")
def grant(role: str, place: str, only_records: bool) -> None:
    """Let a role of PostgreSQL into the database, so that the server need not be its owner: to read and to add, never to change what is kept.

    \b
    Example: servicesim organisation grant server --store "postgresql://owner@db.example.org/servicesim?organisation=kestrel"
    """
    from servicesim.records import postgres_upgrade

    postgres_upgrade.grant(_database(place), role, only_records=only_records)
    say(on_one_line(f"{named(role)} may {'add records and read them' if only_records else 'do what the server does'}"))


@command.command()
@STORE
@click.option("--ahead", type=click.IntRange(0, 120), default=12, show_default=True, help="Months that are to come.")
def partitions(place: str, ahead: int) -> None:
    """Make the partitions of the months that come, as the owner of the database; once a month is often enough.

    \b
    Example: servicesim organisation partitions --store "postgresql://owner@db.example.org/servicesim?organisation=kestrel"
    """
    from servicesim.records import postgres_upgrade
    from servicesim.server.opening import now

    new = postgres_upgrade.make_partitions(_database(place), at=now(), ahead=ahead)
    for name in new:
        say(on_one_line(name))
    say(f"{len(new)} new {'partition' if len(new) == 1 else 'partitions'}")


def _database(place: str) -> str:
    """The address of a database; raises UsageError for a folder, which needs none of this."""
    where = place_told(place)
    if isinstance(where, Path):
        raise UsageError("this is for a database: a folder has no roles and no partitions")
    return where


def _upgrade(place: Place) -> list[str]:
    from servicesim.records import open_people, open_records
    from servicesim.records.organisation import open_organisation
    from servicesim.records.place import is_address
    from servicesim.server.opening import now

    if is_address(place):
        from servicesim.records.postgres_upgrade import upgrade as upgraded

        return upgraded(place, at=now())
    if not place.exists():
        # Hashes of passwords lie there, and the names of people.
        platform.make_folder(place.absolute())
        place.chmod(0o700)
    with open_organisation(place), open_records(place), open_people(place):
        return []


# --- desks and encounters --------------------------------------------------------------------------------------------


@command.command()
@click.argument("person", metavar="ID")
@STORE
@click.option("--name", help="Their name, if they are not known yet.")
@click.option("--team", help="Their team.")
@click.option("--language", help="Their language, such as fa.")
def code(person: str, place: str, name: str | None, team: str | None, language: str | None) -> None:
    """A code with which one computer becomes a desk of this person; it works once, within a week, and is printed once.

    \b
    Example: servicesim organisation code 2044 --name "Leyla Aslan" --team Counter --language en --store organisation
    """
    from servicesim.records import open_people
    from servicesim.server.opening import now

    where = place_told(place)
    with organisation_at(where) as organisation, open_people(where) as people:
        found = _person(people, person, name, team, language)
        new = organisation.new_code(found.learner, by=BY, at=now())
        note(organisation, "code", found.learner)
    say(on_one_line(f"{found.id}, {found.name}: {new}"))
    say(f"at their computer, within a week: servicesim connect URL {new}")


def _person(people: People, id: str, name: str | None, team: str | None, language: str | None) -> Person:
    """Whoever has this id, with what was told of them now; raises UsageError for somebody unknown without a name."""
    known = people.named(id)
    if known is None and not name:
        raise UsageError(f"nobody is known as '{named(id)}'; for somebody new, add --name")
    if known is None or not (name is team is language is None):
        was = (known.name, known.team, known.language) if known else ("", "", "en")
        people.enrol(id, *(before if told is None else told for told, before in zip((name, team, language), was, strict=True)))
    found = people.named(id)
    assert found is not None
    return found


@command.command()
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(path_type=Path))
@STORE
@KEY
@click.option("--shipped", is_flag=True, help="All encounters that come with ServiceSim.")
@click.option("--principles", type=click.Path(path_type=Path), help="The principles to judge by, if not those beside the file.")
def publish(files: tuple[Path, ...], place: str, key: Path | None, shipped: bool, principles: Path | None) -> None:
    """Offer encounters to all desks, in every language that they can be played in; a version before stays with those who began it.

    \b
    Example: servicesim organisation publish late-parcel.yaml --store organisation
             servicesim organisation publish --shipped --store organisation
    """
    from servicesim.server import publishing
    from servicesim.server.opening import opened

    if bool(files) == shipped:
        raise UsageError("name the files to publish, or all that come with ServiceSim: --shipped")
    with opened(place_told(place), key) as house:
        if shipped:
            for version in publishing.publish_shipped(house, by=BY):
                _tell_published(house, version)
        for file in files:
            encounter = publishing.checked_encounter(file, principles)
            for finding in encounter.warnings:
                complain(on_one_line(str(finding)))
            _tell_published(house, publishing.publish(house, encounter, by=BY))


def _tell_published(house: House, version: Any) -> None:
    house.organisation.note(BY, "publish", f"{version.scenario} {version.version}", at=house.now())
    say(on_one_line(f"{version.scenario}: version {version.version} is on offer"))


# --- the log ---------------------------------------------------------------------------------------------------------


@command.command()
@STORE
@click.option("--last", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many lines, the newest first.")
@click.option("--verify", is_flag=True, help="Check that no line was changed, added in between or taken out.")
@click.option("--json", "wants_json", is_flag=True, help="As JSON.")
def audit(place: str, last: int, verify: bool, wants_json: bool) -> int:
    """The log of who did what at the server, or whether it is as it was written. Exit code 1: it is not.

    \b
    Example: servicesim organisation audit --verify --store organisation
    """
    from dataclasses import asdict

    with organisation_at(place_told(place), read_only=True) as organisation:
        lines, rot = organisation.noted(most=last), list(organisation.verify_audit()) if verify else []
        count, link = organisation.audit_end()
    if wants_json:
        say_json({"lines": [asdict(line) for line in lines], "count": count, "link": link, "amiss": [str(one) for one in rot]})
        return 1 if rot else 0
    if verify:
        for one in rot:
            say(on_one_line(str(one)))
        say(f"{count} lines; " + ("the log is not as it was written" if rot else f"the log is as it was written, and ends with {link}"))
        return 1 if rot else 0
    for line in lines:
        say(on_one_line(f"{line.seq} {_moment(line.at)} {line.who}: {line.deed} {line.about} {'' if line.outcome == 'done' else line.outcome}".rstrip()))
    return 0


def _moment(at: int) -> str:
    from servicesim.exports.clock import Clock

    return Clock(None).text(at)


def _shown(place: Place) -> str:
    from servicesim.records.place import shown

    return shown(place)
