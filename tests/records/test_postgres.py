"""What only PostgreSQL has: rows of many organisations side by side, roles, writers at the same time, and restarts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from postgres import NOVEMBER, PASSWORD, Cluster, Postgres
from servicesim.errors import NewerStore, PlayedElsewhere, ServicesimError, StoreUnusable, UsageError
from servicesim.records import Attempt, Records, Result, open_people, open_records
from servicesim.records.notes import Rescored
from servicesim.records.numbered import months, numbered
from servicesim.records.organisation import open_organisation
from servicesim.records.outbox import Counts, Delivery, Statement
from servicesim.records.place import Place
from servicesim.records.postgres_upgrade import grant, make_partitions, upgrade
from servicesim.records.rot import Rot
from servicesim.records.tables import BESIDE_ATTEMPTS, METADATA

LEYLA = 1_762_300_000_000  # in November 2025


@pytest.fixture
def place(postgres: Postgres) -> Place:
    return postgres.server


@pytest.fixture
def lively(postgres: Postgres, records: Records, attempt: Any, result: Result) -> Postgres:
    """A database in which every table of the records has a row."""
    with open_records(postgres.owner) as owner:
        owner.take_in(attempt(started=LEYLA), ["began", "spoke", "ended"], result, "monday", at=5)
        owner.begin(attempt("omid-1", started=LEYLA), ["began"])
        owner.begin(attempt("sam-1", started=LEYLA))
        owner.append("sam-1", 0, ["ended"], result)
        owner.purge(["sam-1"], at=6)
        owner.review("leyla-1", at=7, by="Sara", note="", verdict="stands")
        owner.keep_rescored([("leyla-1", Rescored(attempt().principles_hash, 8, "50/1", False, "{}"))])
        owner.log_export(at=9, who="sara", kind="csv", filter="", rows=1, sha256="0" * 64, with_names=False)
        owner.tell_untold(lambda handed, _: [Statement("1a2b", '{"verb":"passed"}')])
        owner.keep_deliveries([Delivery("1a2b", "refused", "400: not so")], at=10, place="https://lrs.example.com/xapi")
    with open_people(postgres.server) as people:
        people.enrol("e-17", "Leyla", "Parcels", "fa")
        people.keep("for", "24m")
    return postgres


def said(postgres: Postgres, role: str, statement: str, organisation: str = "kestrel") -> list[tuple[Any, ...]]:
    """What any program is told that connects in this role."""
    options = f"-c search_path=records,people,organisation -c servicesim.organisation={organisation}"
    with psycopg.connect(postgres.cluster.conninfo(role, postgres.database), autocommit=True, options=options) as connection:
        cursor = connection.execute(statement)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description is not None else []


def sentence(deed: Any) -> str:
    """What a person reads when this is refused."""
    with pytest.raises(ServicesimError) as refused:
        deed()
    text = str(refused.value)
    assert "\n" not in text
    assert PASSWORD not in text
    return text


# Organisations


def test_organisations_in_one_database_never_see_each_other(lively: Postgres, attempt: Any) -> None:
    with open_records(lively.at("server", "heron")) as heron, open_people(lively.at("server", "heron")) as people:
        assert list(heron.attempts(with_practice=True)) == []
        assert heron.lines("leyla-1") == []
        assert people.known() == []
        texts = {f"{kind}_hash": heron.keep_text(kind, body) for kind, body in (("scenario", '{"id":"late-parcel"}'), ("principles", "{}"))}
        heron.begin(attempt(started=LEYLA, seed=99, **texts), ["began at Heron's"])
        assert [one.seed for one, _ in heron.attempts()] == [99]
    with open_records(lively.server) as kestrel:
        assert kestrel.lines("leyla-1") == ["began", "spoke", "ended"]
        assert sorted(one.id for one, _ in kestrel.attempts()) == ["leyla-1", "omid-1"]


@pytest.mark.parametrize("role", ["owner", "server", "ingest"])
def test_no_role_of_ours_reads_or_writes_the_rows_of_another_organisation(lively: Postgres, role: str) -> None:
    assert said(lively, role, "SELECT * FROM attempts", "heron") == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        said(lively, role, "INSERT INTO purged VALUES ('kestrel', 'leyla-1', 5, repeat('5', 64))", "heron")
    with pytest.raises(psycopg.errors.UndefinedObject), psycopg.connect(lively.cluster.conninfo(role, lively.database)) as nobody:
        nobody.execute("SELECT * FROM records.attempts")


def test_every_table_of_every_schema_has_the_organisation_first_in_its_key(postgres: Postgres) -> None:
    keys = postgres.say(
        "SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] "
        "JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'p' AND c.relnamespace::regnamespace::text IN ('records', 'people', 'organisation') "
        "AND c.relname <> 'alembic_version'"
    )
    assert len(keys) > 25
    assert {column for _, column in keys} == {"organisation"}


def test_a_role_that_no_rule_binds_is_refused(postgres: Postgres) -> None:
    told = sentence(lambda: open_records(postgres.at("postgres")))
    assert "the role postgres sees the records of every organisation" in told
    assert "SUPERUSER" in sentence(lambda: upgrade(postgres.at("postgres"), at=NOVEMBER))


@pytest.mark.parametrize("name", ["", "a b", "x'y", "-c fsync=off", "ك" * 65])
def test_only_a_harmless_name_names_an_organisation(postgres: Postgres, name: str) -> None:
    assert "?organisation= names one" in sentence(lambda: open_records(postgres.at("server", name)))


# What is kept is never changed


@pytest.mark.parametrize("table", METADATA.tables)
def test_no_row_is_changed_deleted_or_emptied_by_anybody(lively: Postgres, table: str) -> None:
    before = lively.say(f"SELECT * FROM records.{table}")
    assert before
    column = list(METADATA.tables[table].columns)[-1].name
    for deed in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        for role in ("server", "ingest"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                said(lively, role, deed)
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=r"\w+: (what is kept|only what belongs)"):
            said(lively, "owner", deed)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=r"what is kept is never changed|the attempt has ended"):
        said(lively, "owner", f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({_key(table)}) DO UPDATE SET {column} = EXCLUDED.{column}")
    assert lively.say(f"SELECT * FROM records.{table}") == before


def _key(table: str) -> str:
    return ", ".join(["organisation", *(column.name for column in METADATA.tables[table].primary_key)])


def test_nothing_follows_the_end(lively: Postgres) -> None:
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="the attempt has ended"):
        said(lively, "server", "INSERT INTO events (attempt, seq, line, chain) SELECT number, 3, 'more', repeat('5', 64) FROM attempts WHERE id = 'leyla-1'")


@pytest.mark.parametrize("table", ["events", "attempts", "results", "purged"])
def test_nothing_is_kept_without_chain_or_seal(lively: Postgres, table: str) -> None:
    goes_on = "WHERE attempt NOT IN (SELECT attempt FROM results)" if table == "events" else ""
    with pytest.raises(psycopg.errors.NotNullViolation):
        said(lively, "server", f"INSERT INTO {table} ({_key(table)}) SELECT {_key(table)} FROM {table} {goes_on} LIMIT 1")


def test_only_the_owner_purges(lively: Postgres) -> None:
    with open_records(lively.server) as server:
        assert "has not the right" in sentence(lambda: server.purge(["leyla-1"], at=9))
    with open_records(lively.owner) as owner:
        assert owner.purge(["leyla-1"], at=9) == 1
    assert {len(lively.say(f"SELECT * FROM records.{table.name} WHERE attempt = {numbered('leyla-1', LEYLA)}")) for table in BESIDE_ATTEMPTS} == {0}


def test_a_learner_id_never_changes_and_a_person_may_be_erased(lively: Postgres) -> None:
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="a learner id never changes"):
        said(lively, "server", "UPDATE people SET learner = 'other'")
    with open_people(lively.server) as people:
        people.erase(people.known()[0].learner)
        assert people.known() == []


def test_the_ingest_role_adds_records_and_sees_no_people(lively: Postgres, attempt: Any) -> None:
    with open_records(lively.ingest) as ingest:
        ingest.append("omid-1", 1, ["spoke"])
        assert ingest.lines("omid-1") == ["began", "spoke"]
    for opens in (open_people, open_organisation):
        assert "has not the right" in sentence(lambda opens=opens: opens(lively.ingest))


# Writers at the same time


def test_writers_of_different_attempts_do_not_wait_for_each_other(records: Records, attempt: Any) -> None:
    for id in ("leyla-1", "omid-1"):
        records.begin(attempt(id))
    with records._store.writing(on="leyla-1"):
        records.append("omid-1", 0, ["began"])
    assert records.lines("omid-1") == ["began"]


def test_of_writers_of_the_same_attempt_one_is_told(postgres: Postgres, records: Records, attempt: Any) -> None:
    together = threading.Barrier(8)
    records.begin(attempt())

    def write(number: int) -> str:
        with open_records(postgres.server) as window:
            together.wait()
            try:
                window.append("leyla-1", 0, [f"window {number}"])
            except PlayedElsewhere:
                return ""
            return f"window {number}"

    with ThreadPoolExecutor(8) as windows:
        kept = [line for line in windows.map(write, range(8)) if line]
    assert records.lines("leyla-1") == kept
    assert len(kept) == 1


def test_many_that_begin_and_append_at_once_lose_and_double_nothing(postgres: Postgres, records: Records, attempt: Any) -> None:
    together = threading.Barrier(4)

    def play(number: int) -> None:
        with open_records(postgres.server) as desk:
            together.wait()
            for other in range(5):  # all of them send all the attempts
                desk.begin(attempt(f"leyla-{other}", started=LEYLA), ["began"])
                desk.append(f"leyla-{other}", 1, ["spoke", "listened"])

    with ThreadPoolExecutor(4) as desks:
        list(desks.map(play, range(4)))
    assert [records.lines(f"leyla-{other}") for other in range(5)] == [["began", "spoke", "listened"]] * 5
    assert list(records.verify_rot()) == []


def test_who_writes_without_a_key_writes_alone(records: Records, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicesim.records.postgres.PATIENCE", 0.001)
    with open_records(postgres.server) as other, records._store.writing(on="leyla-1"):
        assert "in use by others" in sentence(lambda: other.log_export(at=9, who="sara", kind="csv", filter="", rows=1, sha256="0" * 64, with_names=False))


def test_a_statement_that_failed_is_never_taken_for_kept(records: Records) -> None:
    with pytest.raises(RuntimeError, match="passed over"), records._store.writing() as connection:
        _break_a_rule(connection)
    records.keep_text("scenario", "as before")


def test_two_do_not_send_at_once_and_what_waits_is_sent_in_order(lively: Postgres, attempt: Any, result: Result) -> None:
    with open_records(lively.server) as records, open_records(lively.server) as other, records.sending():
        assert "is being sent by another program" in sentence(lambda: other.sending().__enter__())
        assert records.send_again(at=11) == 1
        assert [one.body for one in records.waiting()] == ['{"verb":"passed"}']
        records.keep_deliveries([Delivery("1a2b", "sent")], at=12, place="https://lrs.example.com/xapi")
        assert records.statement_counts() == Counts(waiting=0, aside=0, sent=1, known=0, refused=0)


def _break_a_rule(connection: Any) -> None:
    with pytest.raises(IntegrityError):
        connection.exec_driver_sql("INSERT INTO texts (hash, kind) VALUES ('1', 'scenario')")


# Restarts


def test_after_a_restart_everything_goes_on_and_nothing_acknowledged_is_lost(
    postgres: Postgres, records: Records, attempt: Any
) -> None:
    records.begin(attempt(), ["began"])
    with records.hold("leyla-1"):
        for seq in range(1, 4):
            postgres.cluster.restart()
            records.append("leyla-1", seq, [f"spoke {seq}"])
    with records.hold("leyla-1"):
        assert records.lines("leyla-1") == ["began", "spoke 1", "spoke 2", "spoke 3"]


def test_of_what_writers_were_told_is_kept_nothing_is_lost_or_doubled_by_restarts(
    postgres: Postgres, records: Records, attempt: Any
) -> None:
    for number in range(4):
        records.begin(attempt(f"leyla-{number}", started=LEYLA))
    done = threading.Event()

    def write(number: int) -> list[str]:
        """Until PostgreSQL was restarted often enough: what was acknowledged, each line tried until it is."""
        kept: list[str] = []
        while not done.is_set() or not kept:
            line = f"line {len(kept)}"
            try:
                records.append(f"leyla-{number}", len(kept), [line])
            except StoreUnusable:
                continue
            kept.append(line)
        return kept

    with ThreadPoolExecutor(4) as writers:
        writing = [writers.submit(write, number) for number in range(4)]
        try:
            for _ in range(3):
                postgres.cluster.restart()
        finally:
            done.set()
    assert [records.lines(f"leyla-{number}") for number in range(4)] == [one.result() for one in writing]
    assert list(records.verify_rot()) == []


def test_what_is_cut_off_in_the_middle_is_told_and_not_kept(postgres: Postgres, records: Records, attempt: Any) -> None:
    records.begin(attempt(), ["began"])

    def cut_off() -> None:
        with records._store.writing() as connection:
            connection.exec_driver_sql("INSERT INTO texts (hash, kind, body) VALUES ('1', 'scenario', '')")
            postgres.say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'server'")

    assert "cannot be reached" in sentence(cut_off)
    assert postgres.say("SELECT 1 FROM records.texts WHERE hash = '1'") == []
    records.append("leyla-1", 1, ["spoke"])


def test_while_it_is_down_it_is_told_and_then_it_works_again(postgres: Postgres, records: Records, attempt: Any) -> None:
    records.begin(attempt(), ["began"])
    postgres.cluster.stop()
    try:
        for deed in (lambda: records.append("leyla-1", 1, ["spoke"]), lambda: records.lines("leyla-1"), lambda: open_records(postgres.server)):
            assert "cannot be reached" in sentence(deed)
    finally:
        postgres.cluster.start()
    records.append("leyla-1", 1, ["spoke"])
    assert records.lines("leyla-1") == ["began", "spoke"]


# Refusing


@pytest.fixture
def by_password(postgres: Postgres) -> str:
    """The address over the network, with the password in it."""
    return f"postgresql://server:{PASSWORD}@127.0.0.1:{postgres.cluster.port}/{postgres.database}?organisation=kestrel"


def test_a_password_opens_and_stands_in_no_message(by_password: str) -> None:
    with open_records(by_password) as records:
        assert PASSWORD not in records._store.name
        assert "lacks the text" in sentence(lambda: records.begin(Attempt("a", "b", "c", "d", "e", 1, 1, False, False, "en", 1)))
    assert "refuses the role or its password" in sentence(lambda: open_records(by_password.replace(PASSWORD, "not-that-one")))
    assert "cannot be reached" in sentence(lambda: open_records(by_password.replace("/test_", "/no_such_")))
    assert "is no address" in sentence(lambda: open_records(by_password.replace("127.0.0.1:", "127.0.0.1:x")))


def test_what_nobody_made_names_the_command_that_makes_it(empty_postgres: Postgres) -> None:
    assert sentence(lambda: open_records(empty_postgres.server)).endswith("its owner makes them with: servicesim organisation upgrade")
    assert "has not the right" in sentence(lambda: upgrade(empty_postgres.server, at=NOVEMBER))
    assert upgrade(empty_postgres.owner, at=NOVEMBER)[0] == "records: made in version 3"
    assert upgrade(empty_postgres.owner, at=NOVEMBER) == []
    assert "has not the right" in sentence(lambda: open_records(empty_postgres.server))
    grant(empty_postgres.owner, "server")
    open_records(empty_postgres.server).close()


def test_an_index_that_is_missing_is_made_by_an_upgrade(postgres: Postgres) -> None:
    postgres.say("DROP INDEX records.attempts_at_encounter")
    assert upgrade(postgres.owner, at=NOVEMBER) == ["records: index attempts_at_encounter"]
    assert upgrade(postgres.owner, at=NOVEMBER) == []


def test_an_encounter_that_nobody_played_in_a_language_is_found_out_by_an_index(postgres: Postgres) -> None:
    # Many rows, so that to read them all is dearer; no trigger looks at them.
    postgres.say(
        "SET session_replication_role = replica; INSERT INTO records.attempts (organisation, number, id, learner, scenario, scenario_hash, "
        "principles_hash, rules_version, seed, untimed, practice, language, started, chain) SELECT 'kestrel', n, n::text, 'leyla', 'late-parcel', 'x', "
        "'x', 1, 0, 0, 0, 'en', n, repeat('0', 64) FROM generate_series(1, 3000) n; ANALYZE records.attempts"
    )
    plan = said(
        postgres, "server",
        "EXPLAIN SELECT * FROM attempts WHERE scenario = 'late-parcel' AND language = 'fa' ORDER BY started DESC, id DESC LIMIT 1",
    )  # fmt: skip
    assert any("attempts_at_encounter" in line for (line,) in plan), plan
    with open_records(postgres.server) as records:
        assert records.latest("late-parcel", "fa") is None
        assert (latest := records.latest("late-parcel", "en")) is not None
        assert latest.id == "3000"


def test_people_are_listed_by_name_from_an_index(postgres: Postgres) -> None:
    postgres.say(
        "SET session_replication_role = replica; INSERT INTO people.people (organisation, id, name, team, language, learner, seal) SELECT 'kestrel', "
        "'p' || n, 'Person ' || n, 'Team ' || n % 9, 'en', n::text, repeat('0', 64) FROM generate_series(1, 3000) n; ANALYZE people.people"
    )
    for where, index in (("", "people_by_name"), ("WHERE team = 'Team 3'", "people_of_team")):
        plan = said(postgres, "server", f"EXPLAIN SELECT * FROM people {where} ORDER BY name, id LIMIT 50")
        assert any(index in line for (line,) in plan), plan


def test_records_opened_to_be_read_cannot_be_written(postgres: Postgres) -> None:
    with open_records(postgres.server, read_only=True) as reading:
        assert "opened to be read" in sentence(lambda: reading.keep_text("scenario", "x"))


@pytest.mark.parametrize(("version", "why"), [(9, "newer version of ServiceSim"), (2, "servicesim organisation upgrade")])
def test_another_version_is_refused_also_by_who_has_it_open(postgres: Postgres, records: Records, version: int, why: str) -> None:
    postgres.say(f"UPDATE records.alembic_version SET version_num = '{version}'")
    for deed in (lambda: open_records(postgres.server), lambda: records.keep_text("scenario", "x")):
        assert why in sentence(deed)
    if version == 9:
        with pytest.raises(NewerStore):
            upgrade(postgres.owner, at=NOVEMBER)


# Months


def test_the_number_of_an_attempt_tells_its_month() -> None:
    (november, december) = months(NOVEMBER, 2)
    assert (november.name, december.name, november.end) == ("2025_11", "2025_12", december.first)
    assert november.first <= numbered("leyla-1", LEYLA) < november.end
    assert numbered("leyla-1", LEYLA) != numbered("omid-1", LEYLA)
    for absurd in (-(2**63), 2**63 - 1):
        assert -(2**63) <= numbered("leyla-1", absurd) < 2**63


def test_events_lie_in_the_partition_of_their_month_and_only_that_is_read(postgres: Postgres, records: Records, attempt: Any) -> None:
    records.begin(attempt(started=LEYLA), ["began"])
    records.begin(attempt("old-1", started=5), ["began long ago"])
    lie = dict(postgres.say("SELECT line, tableoid::regclass::text FROM records.events"))
    assert lie == {"began": "records.events_2025_11", "began long ago": "records.events_other"}
    plan = said(postgres, "server", f"EXPLAIN SELECT line FROM events WHERE attempt = {numbered('leyla-1', LEYLA)}")
    told = "\n".join(line for (line,) in plan)
    assert "events_2025_11" in told
    assert told.count("events_") - told.count("events_2025_11") == 0


def test_partitions_are_made_ahead_and_a_month_that_has_begun_elsewhere_stays_there(postgres: Postgres, records: Records, attempt: Any) -> None:
    later = NOVEMBER + 400 * 24 * 3600 * 1000
    records.begin(attempt(started=later), ["began"])
    made = make_partitions(postgres.owner, at=later, ahead=3)
    assert made == ["events_2027_01", "events_2027_02"]
    assert make_partitions(postgres.owner, at=later, ahead=3) == []
    assert records.lines("leyla-1") == ["began"]
    assert list(records.verify_rot()) == []


def test_two_attempts_with_the_same_number_are_both_kept(records: Records, attempt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicesim.records.postgres.numbered", lambda id, started: 7)
    for id in ("leyla-1", "omid-1"):
        records.begin(attempt(id), [f"{id} began"])
    assert records.lines("leyla-1") == ["leyla-1 began"]
    assert records.lines("omid-1") == ["omid-1 began"]


# Rot


def rot(postgres: Postgres) -> Iterator[Rot]:
    for opens in (open_records, open_people):
        with opens(postgres.owner, read_only=True) as kept:  # type: ignore[operator]
            yield from kept.verify_rot()


def test_nothing_is_wrong_with_what_was_written(lively: Postgres) -> None:
    assert list(rot(lively)) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE records.events SET line = 'smiled' WHERE seq = 1", "event 2 has changed since it was written"),
        ("DELETE FROM records.events WHERE seq = 1", "event 2 is missing"),
        ("UPDATE records.results SET passed = 0", "its result has changed since it was written, or does not belong to these events"),
        ("UPDATE records.attempts SET learner = 'omid' WHERE id = 'omid-1'", "its own row has changed since it was written"),
        ("UPDATE records.texts SET body = 'null' WHERE kind = 'scenario'", "this text has changed since it was kept"),
        ("UPDATE records.reviews SET verdict = 'set-aside'", "this row has changed since it was written"),
        ("UPDATE records.told SET body = '\\x00'", "this row has changed since it was written"),
        ("UPDATE people.people SET name = 'Omid'", "this row has changed since it was written"),
        ("ALTER TABLE records.events ADD COLUMN mood TEXT", "the rules of the database have changed at events"),
        ("DROP INDEX records.attempts_in_order", "the rules of the database have changed at attempts"),
        ("ALTER TABLE records.results DROP CONSTRAINT results_organisation_attempt_fkey", "the rules of the database have changed at results"),
        ("DROP TRIGGER texts_no_update ON records.texts", "the rules of the database have changed at texts_no_update"),
        ("ALTER TABLE records.texts DISABLE TRIGGER texts_no_delete", "the rules of the database have changed at texts_no_delete"),
        ("ALTER TABLE records.texts NO FORCE ROW LEVEL SECURITY", "the rules of the database have changed at texts"),
        ("ALTER TABLE records.events_2025_11 DISABLE ROW LEVEL SECURITY", "the rules of the database have changed at events_2025_11"),
        ("DROP TABLE records.collected", "the rules of the database have changed at collected"),
        ("CREATE TABLE records.more (id TEXT)", "the rules of the database have changed at more"),
    ],
)
def test_what_has_changed_is_told(lively: Postgres, change: str, why: str) -> None:
    lively.say(f"SET session_replication_role = replica; {change}")
    assert why in [one.why for one in rot(lively)]


def test_a_trigger_with_another_body_is_told(lively: Postgres) -> None:
    lively.say("CREATE OR REPLACE FUNCTION records.texts_no_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    assert [one.why for one in rot(lively)] == ["the rules of the database have changed at texts_no_update"]


def test_a_database_that_is_no_utf8_is_refused(postgres_cluster: Cluster) -> None:
    postgres_cluster.say("CREATE DATABASE latin OWNER owner ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    try:
        with pytest.raises(UsageError, match="keeps texts as LATIN1, and ours need UTF8"):
            upgrade(postgres_cluster.address("owner", "latin"), at=NOVEMBER)
    finally:
        postgres_cluster.drop("latin")


def test_without_a_file_there_is_no_path(records: Records) -> None:
    with pytest.raises(FileNotFoundError, match="records of kestrel at postgresql://server@/test_"):
        _ = records.path
    assert records.forget_backups() == []
    assert isinstance(records, Records)
    with pytest.raises(StoreUnusable):
        open_records("postgresql://nobody@127.0.0.1:1/nothing")
