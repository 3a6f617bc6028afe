"""What desks ask for while their person plays: encounters, tickets, events, verdicts, the debrief."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.responses import Response
from pydantic import Field

from servicesim.encounter.situation import Feelings
from servicesim.records import desks as kept
from servicesim.records.attempt import Result
from servicesim.records.chain import sha256
from servicesim.records.desks import DAY, Desk, Ticket
from servicesim.records.published import Edition, Version
from servicesim.records.signed import Verdict
from servicesim.server import answers, reference
from servicesim.server.answers import told
from servicesim.server.desks import DeskHere, HouseHere, KeyHere, admitted, demand_own, whose
from servicesim.server.house import House, house_of
from servicesim.server.judging import Gap, Judging, Posted
from servicesim.server.problems import Problem
from servicesim.server.starts import begun, note_start
from servicesim.server.strictly import Sent, content, reader

router = APIRouter(prefix="/api/1", tags=["play"])
router.include_router(reference.router)
MOST_LINES, LONGEST_LINE, MOST_EDITIONS, LONGEST_START = 5_000, 1_000, 1_000, 500
LATEST = 2**53  # milliseconds; as far as every reader of JSON counts exactly

# Whatever else stands there names nothing, and not every character can be asked of every database.
Hash = Annotated[str, Path(max_length=64, pattern="^[0-9a-f]+$")]
Id = Annotated[str, Path(max_length=64, pattern="^[0-9a-f-]+$")]


def judging_of(request: Request) -> Judging:
    """The judge of this process. Two that are made at once do no harm: what they remember only saves time."""
    state = request.app.state
    if not hasattr(state, "judging"):
        state.judging = Judging(house_of(request))
    judging: Judging = state.judging
    return judging


JudgingHere = Annotated[Judging, Depends(judging_of)]


# --- what can be played ----------------------------------------------------------------------------------------------


@router.get("/encounters", response_model=None, responses=told(answers.Encounters, 401) | {304: {"description": "Nothing has changed"}})
def encounters(house: HouseHere, desk: DeskHere, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """The encounters that are on offer, and the hashes of their texts in each language."""
    body = json.dumps({"encounters": [_offered(version) for version in house.organisation.on_offer()]}, ensure_ascii=False).encode()
    tag = f'"{sha256(body.decode())[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and tag in (one.strip().removeprefix("W/") for one in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _offered(version: Version) -> dict[str, Any]:
    languages = {one.language: {"edition": one.edition, "principles": one.principles} for one in version.editions}
    return {"scenario": version.scenario, "version": version.version, "title": version.title, "languages": languages}


@router.get("/texts/{name}", response_model=None, responses=told(answers.Text, 401, 404))
def text(house: HouseHere, desk: DeskHere, name: Hash) -> dict[str, str]:
    """A text of a sealed edition that is or was on offer, by its hash."""
    kind = house.organisation.kind_of_text(name)
    if kind is None:
        raise Problem(404, "no encounter that was published here has such a text")
    return {"kind": kind, "body": house.records.text(name)}


class Wanted(Sent):
    """For which editions tickets are wanted, and for which of their starts: an edition and the facts that its customer remembers,
    with a space between each two."""

    editions: list[Annotated[str, Field(max_length=64)]] = Field(max_length=MOST_EDITIONS)
    starts: list[Annotated[str, Field(max_length=LONGEST_START)]] = Field(default_factory=list, max_length=MOST_EDITIONS)


@router.post("/tickets", response_model=None, openapi_extra=content(Wanted), responses=told(answers.Tickets, 400, 401, 413))
def tickets(house: HouseHere, desk: DeskHere, wanted: Annotated[Wanted, Depends(reader(Wanted))]) -> dict[str, Any]:
    """A ticket for an attempt at each of these editions, if it is on offer: the unused one that this desk has, or a new one.

    A ticket for a start names the hash of the sealed text that begins so, which the desk works out for itself.
    """
    whose(house, desk)  # Nobody who was erased begins anything.
    now = house.now()
    editions = [*house.organisation.offered_editions(wanted.editions), *_starts(house, wanted.starts)]
    given = house.organisation.tickets(desk, editions, at=now, closes=now + house.settings.ticket_days * DAY) if editions else []
    return {"tickets": [_ticket(one) for one in given]}


def _starts(house: House, wanted: list[str]) -> Iterator[Edition]:
    """Those of these starts that there are, of editions that are on offer."""
    asked = [(edition, remembers.split()) for edition, _, remembers in (one.partition(" ") for one in wanted)]
    offered = {one.edition: one for one in house.organisation.offered_editions([edition for edition, _ in asked])} if asked else {}
    found = (begun(house, offered[edition], remembers) for edition, remembers in asked if edition in offered)
    return (one for one in found if one is not None)


_TOLD = ("attempt", "scenario", "version", "edition", "principles", "seed", "language", "opens", "closes")


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {name: getattr(ticket, name) for name in _TOLD}


# --- what was played -------------------------------------------------------------------------------------------------


class Batch(Sent):
    """What happened in an attempt, from event number `first` on, a line each; `clock` is the desk's time (UTC, milliseconds)."""

    first: int = Field(ge=0, le=1_000_000)
    lines: list[Annotated[str, Field(max_length=LONGEST_LINE)]] = Field(min_length=1, max_length=MOST_LINES)
    untimed: bool
    clock: int = Field(ge=0, le=LATEST)


def own(house: HouseHere, key: KeyHere, attempt: Id) -> tuple[Desk, kept.Sent]:
    """The desk that asks, and the attempt if it is its person's; other people's do not exist for it."""
    desk, sent = house.organisation.sent_by(key, attempt) or (None, None)
    desk = admitted(house, desk)
    return desk, demand_own(house, desk, attempt, sent)


Own = Annotated[tuple[Desk, kept.Sent], Depends(own)]


@router.post(
    "/attempts/{attempt}/events", response_model=None, openapi_extra=content(Batch),
    responses=told(answers.Kept, 400, 401, 404, 409, 413),
)  # fmt: skip
def events(house: HouseHere, judging: JudgingHere, own: Own, batch: Annotated[Batch, Depends(reader(Batch))]) -> dict[str, Any]:
    """Keep what happened, all of it or nothing; the same again is harmless. With the last event comes the verdict."""
    try:
        sent, feelings = judging.take(*own, Posted(batch.first, batch.lines, batch.untimed, batch.clock))
    except Gap as gap:
        raise Problem(409, str(gap), also={"kept": gap.kept}) from gap
    if sent.verdict is not None and own[1].verdict is None:
        note_start(house, own[0], sent.ticket, judging.judge_of(sent.ticket).script.scenario)
    return _told(sent, feelings)


@router.get("/attempts/{attempt}", response_model=None, responses=told(answers.Kept, 401, 404))
def how_far(judging: JudgingHere, own: Own) -> dict[str, Any]:
    """How many events of an attempt are kept, and the verdict once it is over; until then nothing of feelings is worked out for it."""
    sent = judging.settled(own[1])
    return _told(sent, None if sent.verdict is None else feelings_of(sent.verdict.result))


@router.get("/attempts/{attempt}/debrief", response_model=None, responses=told(answers.Debrief, 401, 404, 409))
def debrief(house: HouseHere, judging: JudgingHere, own: Own) -> dict[str, Any]:
    """What the trainee learns from once the encounter is over: the full texts, with what each reply does and why, and the verdict."""
    sent = judging.settled(own[1])
    if sent.verdict is None:
        raise Problem(409, "the debrief comes when the encounter is over")
    return {
        "scenario": house.records.text(sent.ticket.scenario_hash),
        "principles": house.records.text(sent.ticket.principles_hash),
        "verdict": _verdict(sent.verdict),
    }


def _told(sent: kept.Sent, feelings: Feelings | None) -> dict[str, Any]:
    verdict = None if sent.verdict is None else _verdict(sent.verdict)
    felt = None if feelings is None else feelings._asdict()
    return {"kept": sent.covered, "late": sent.late, "ended": verdict is not None, "feelings": felt, "verdict": verdict}


def feelings_of(result: Result) -> Feelings:
    """How the customer felt in the end."""
    return Feelings(result.expects, result.received, result.trust, result.anger)


def _verdict(verdict: Verdict) -> dict[str, str]:
    return {"body": verdict.body, "signature": verdict.signature}
