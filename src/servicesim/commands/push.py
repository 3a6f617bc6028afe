"""`servicesim push`: send statements to a learning record store."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicesim import settings
from servicesim.commands.counting import Counting, counting
from servicesim.commands.places import RECORDS
from servicesim.commands.telling import complain, on_one_line, say, say_json
from servicesim.errors import ServicesimError, UsageError
from servicesim.records.place import Place

if TYPE_CHECKING:
    from servicesim.exports.credentials import Credentials
    from servicesim.exports.outgoing import Settled
    from servicesim.records.outbox import Refused
    from servicesim.records.people import People
    from servicesim.records.records import Records

MOST = 20  # refused statements that are told one by one; `--json` has them all
REFUSED, STOPPED = 1, 4
TROUBLE = "lrs-trouble"


@click.command()
@click.option("--to", metavar="URL", help="Settle to which learning record store statements are sent, as https://lrs.example.com/xapi.")
@click.option("--home", metavar="URL", help="Settle your own web address, under which statements name encounters and learners.")
@click.option("--status", is_flag=True, help="Say what waits, what was sent, and what was refused and why; send nothing.")
@click.option("--again", metavar="ID", help="Put this refused statement into the queue again, or all of them: all.")
@click.option("--credentials", type=click.Path(path_type=Path), metavar="FILE", help="A file with the key and the secret, if they are not in the environment.")
@RECORDS
@click.option("--json", "wants_json", is_flag=True, help="Print what became of it as JSON.")
def command(
    to: str | None, home: str | None, status: bool, again: str | None, credentials: Path | None, folder: Place | None, wants_json: bool
) -> int:
    """Send what waits to a learning record store, as xAPI statements. To send the same again does no harm.

    The key and the secret for it come from the environment (SERVICESIM_LRS_KEY and SERVICESIM_LRS_SECRET, or
    SERVICESIM_LRS_TOKEN), or from a file that nobody else can read (--credentials).

    Exit code 0: all was sent; 1: the store refused something; 4: it stopped, and what waits goes on waiting.

    \b
    Example: servicesim push --to https://lrs.example.com/xapi --home https://training.example.com
             servicesim push
             servicesim push --status
    """
    folder = folder or settings.home()
    settles = to is not None or home is not None
    if sum((settles, status, again is not None)) > 1:
        raise UsageError("settle (--to, --home), look (--status) or queue again (--again): one at a time")
    if settles:
        _settle(folder, to, home)
        return 0
    if status:
        _status(folder, wants_json=wants_json)
        return 0
    if again is not None:
        return _queue_again(folder, again)
    return _push(folder, credentials, wants_json=wants_json)


# --- settled ---------------------------------------------------------------------------------------------------------


def _settle(folder: Place, to: str | None, home: str | None) -> None:
    from servicesim.exports import outgoing
    from servicesim.exports.lrs import demand_address
    from servicesim.exports.xapi import demand_home
    from servicesim.records import open_people

    to, home = to and demand_address(to), home and demand_home(home)
    with open_people(folder) as people:
        to, home = to or people.settled(outgoing.TO), home or people.settled(outgoing.HOME)
        if not to or not home:
            raise UsageError("settle both: --to https://lrs.example.com/xapi --home https://training.example.com")
        people.keep(outgoing.TO, to)
        people.keep(outgoing.HOME, home)
        people.keep(TROUBLE, "")
    say(on_one_line(f"settled: statements go to {to}, as of {home}; servicesim push sends them, nothing was sent yet"))


def _demand_settled(people: People) -> Settled:
    from servicesim.exports.outgoing import settled

    found = settled(people)
    if found is None:
        raise UsageError(
            "it is not settled where statements are sent: servicesim push --to https://lrs.example.com/xapi --home https://training.example.com"
        )
    return found


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why the last push stopped, when, and when the store may be asked again, if it has said so (UTC, milliseconds)."""

    why: str
    at: int
    not_before: int | None


def _trouble(people: People) -> _Trouble | None:
    told = people.settled(TROUBLE)
    return _Trouble(**json.loads(told)) if told else None


# --- looked at -------------------------------------------------------------------------------------------------------


def _status(folder: Place, *, wants_json: bool) -> None:
    from servicesim.exports.outgoing import settled
    from servicesim.records import open_people, open_records

    with open_people(folder, read_only=True) as people, open_records(folder, read_only=True) as records:
        where, trouble = settled(people), _trouble(people)
        counts, refused, untold = records.statement_counts(), records.refused(), records.untold()
    if wants_json:
        say_json({
            "to": where and where.to,
            "home": where and where.home,
            **asdict(counts),
            "untold_attempts": untold,
            "refused_statements": [asdict(one) for one in refused],
            "trouble": trouble and asdict(trouble),
        })  # fmt: skip
        return
    say(on_one_line(f"to {where.to}, as of {where.home}" if where else "it is not settled where statements are sent: servicesim push --help"))
    aside = f", {counts.aside} held back (a review has set their attempts aside)" if counts.aside else ""
    also = f", and the statements of {_attempts(untold)} that ended before it was settled or could not be told" if untold else ""
    say(f"waiting: {counts.waiting}{aside}{also}")
    say(f"sent: {counts.sent}; known there already: {counts.known}; refused: {counts.refused}")
    _tell_refused(refused)
    _tell_next(trouble)


def _tell_refused(refused: list[Refused]) -> None:
    for one in refused[:MOST]:
        say(on_one_line(f"REFUSED {one.id} of attempt {one.attempt}, {_time(one.at)}: {one.words}"))
    if len(refused) > MOST:
        say(f"and {len(refused) - MOST} more refused, all of which --json tells")
    if refused:
        say("servicesim push --again ID (or all) puts them into the queue again")


def _tell_next(trouble: _Trouble | None) -> None:
    if trouble is None:
        say("next: with the next servicesim push")
        return
    say(on_one_line(f"the last push stopped, {_time(trouble.at)}: {trouble.why}"))
    soon = trouble.not_before is None or trouble.not_before <= _now()
    say("next: with the next servicesim push" if soon else f"next: not before {_time(trouble.not_before or 0)}")


def _queue_again(folder: Place, again: str) -> int:
    from servicesim.records import open_records

    with open_records(folder) as records:
        count = records.send_again(None if again == "all" else again, at=_now())
    say(f"{_statements(count)} put into the queue again; servicesim push sends {'it' if count == 1 else 'them'}" if count else "nothing was refused")
    return 0


# --- sent ------------------------------------------------------------------------------------------------------------


def _push(folder: Place, file: Path | None, *, wants_json: bool) -> int:
    from servicesim.exports import credentials
    from servicesim.exports.pushing import Stopped
    from servicesim.records import open_people, open_records

    with open_people(folder) as people:
        where = _demand_settled(people)
        _demand_rested(where, _trouble(people))
        opens = credentials.found(file)
        with open_records(folder) as records, records.sending():
            stopped: Stopped | None = None
            sent = _Sent(where)
            try:
                with counting("sent") as line:
                    sent.all(records, folder, opens, line)
            except Stopped as why:
                stopped = why
            told = "" if stopped is None else json.dumps(asdict(_Trouble(str(stopped), _now(), stopped.not_before)), ensure_ascii=False)
            people.keep(TROUBLE, told)
            sent.waiting = records.statement_counts().waiting
    (_tell_as_json if wants_json else _tell)(sent, stopped)
    return STOPPED if stopped is not None else REFUSED if sent.counts["refused"] else 0


class _Sent:
    """What became of one push."""

    def __init__(self, where: Settled) -> None:
        self.where = where
        self.counts = Counter[str]()
        self.refused: list[dict[str, str]] = []
        self.untold: dict[str, str] = {}
        self.waiting = 0
        self._digest = hashlib.sha256()

    def all(self, records: Records, folder: Place, opens: Credentials, line: Counting) -> None:
        """Send all that waits; raises Stopped where it cannot go on."""
        from servicesim.exports.lrs import Lrs
        from servicesim.exports.outgoing import Outgoing
        from servicesim.exports.pushing import Pushing

        outgoing = Outgoing(folder, records.last_reviews())
        records.tell_untold(outgoing, line)
        self.untold = outgoing.untold
        with Lrs(self.where.to, opens) as lrs, self._logged(records):
            for one in line(Pushing(records, lrs, self.where.to, opens.hidden).deliveries()):
                self.counts[one.outcome] += 1
                if one.outcome == "refused":
                    self.refused.append({"id": one.id, "words": one.words})
                else:
                    self._digest.update(f"{one.id}\n".encode())

    @contextmanager
    def _logged(self, records: Records) -> Iterator[None]:
        """Whatever ends it, the log says what has left: how many statements, and the SHA-256 of their ids, a line each."""
        from servicesim.exports.handover import who

        try:
            yield
        finally:
            if count := self.counts["sent"] + self.counts["known"]:
                records.log_export(
                    at=_now(), who=who(), kind="push", filter=f"to {self.where.to}", rows=count, sha256=self._digest.hexdigest(), with_names=False,
                )  # fmt: skip


def _demand_rested(where: Settled, trouble: _Trouble | None) -> None:
    """Raises ServicesimError where the store has asked to be left alone for now."""
    if trouble is not None and trouble.not_before is not None and trouble.not_before > _now():
        raise ServicesimError(f"{where.to} asks to be left alone until {_time(trouble.not_before)}: push again then")


def _tell(sent: _Sent, stopped: Exception | None) -> None:
    counts = sent.counts
    for one in sent.refused[:MOST]:
        say(on_one_line(f"REFUSED {one['id']}: {one['words']}"))
    if len(sent.refused) > MOST:
        say(f"and {len(sent.refused) - MOST} more refused, all of which servicesim push --status --json tells")
    known = f", {counts['known']} known there already" if counts["known"] else ""
    waiting = f", {sent.waiting} waiting" if sent.waiting else ""
    say(on_one_line(f"{_statements(counts['sent'])} sent to {sent.where.to}{known}, {counts['refused']} refused{waiting}"))
    if sent.untold:
        attempt, why = next(iter(sent.untold.items()))
        complain(on_one_line(f"{_attempts(len(sent.untold))} cannot be told, the first of them {attempt}: {why}; servicesim verify says more"))
    if stopped is not None:
        complain(on_one_line(f"stopped: {stopped}"))


def _tell_as_json(sent: _Sent, stopped: Any) -> None:
    say_json({
        "to": sent.where.to,
        "sent": sent.counts["sent"],
        "known": sent.counts["known"],
        "refused": sent.refused,
        "waiting": sent.waiting,
        "untold": sent.untold,
        "stopped": None if stopped is None else {"why": str(stopped), "not_before": stopped.not_before},
    })  # fmt: skip


def _now() -> int:
    return time.time_ns() // 1_000_000


def _time(milliseconds: int) -> str:
    from servicesim.exports.clock import Clock

    return Clock(None).text(milliseconds)


def _statements(count: int) -> str:
    return f"{count} statement{'' if count == 1 else 's'}"


def _attempts(count: int) -> str:
    return f"{count} attempt{'' if count == 1 else 's'}"
