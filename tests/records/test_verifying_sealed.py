"""An attempt at a sealed edition is verified by the server's verdict, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from encounter.plays import play_at_random, small
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.errors import VerificationFailed
from servicesim.records import Attempt, Result
from servicesim.records.chain import head, last_link, seal
from servicesim.records.inspecting import Kept
from servicesim.records.results import result_of
from servicesim.records.signed import Signer, Verdict, new_key, verdict_body, verified_by_server
from servicesim.records.verifying import Verified, Verifier
from servicesim.scenario.model import fingerprint
from servicesim.scenario.sealed import sealed

MONDAY = 1_760_000_000_000
WAITS = "it was played by a sealed edition, and no verdict that can be checked here is kept with it"


@cache
def signer() -> Signer:
    return Signer(new_key())


@cache
def desk() -> Script:
    full = small()
    return Script(*sealed(full.scenario, full.principles, b"sixteen or more."))


@cache
def played(*, ended: bool = True) -> Kept:
    """A play at the desk that was not passed, with the result that the server sent."""
    encounter = play_at_random(desk(), 3, most=200 if ended else 2)
    assert encounter.ended is ended
    by = fingerprint(desk().text), fingerprint(desk().principles_text)
    attempt = Attempt("leyla-1", "leyla", desk().scenario.id, *by, 1, encounter.events[0].seed, False, False, "en", MONDAY)  # type: ignore[union-attr]
    result = result_of(small(), encounter.events, ended=MONDAY) if ended else None
    return Kept(attempt, tuple(to_lines(encounter.events)), result, None)


def verdict(result: Result | None = None) -> Verdict:
    """What the server says of it: by the full texts, by its own clock."""
    full, kept = small(), played()
    there = replace(kept.attempt, scenario_hash=full.fingerprint, principles_hash=full.principles_fingerprint, started=MONDAY + 5)
    last = last_link(head(there), 0, kept.lines)
    result = result or kept.result
    assert result is not None
    body = verdict_body(
        there, result, last, seal(last, result),
        organisation="Kaveh Post", edition=kept.attempt.scenario_hash, late=False, at=MONDAY, key=signer().key_id,
    )  # fmt: skip
    return Verdict(body, signer().sign(body))


def verified(kept: Kept, said: Verdict | None = None) -> Verified:
    """How far it can be trusted where this verdict lies beside it."""
    texts = {fingerprint(text): text for text in (desk().text, desk().principles_text)}

    def judged(attempt: Attempt, lines: tuple[str, ...]) -> Result | None:
        if said is None:
            return None
        verified_by_server(said, {signer().key_id: signer().public}, attempt, lines)
        return said.result

    return Verifier(texts.__getitem__, judged).verified(kept)


def test_the_servers_verdict_verifies_what_the_desk_cannot_judge() -> None:
    assert verified(played(), verdict()) == Verified(played().attempt, "SERVER_VERIFIED", "")


def test_without_a_verdict_nobody_knows_what_a_sealed_attempt_was_worth() -> None:
    assert verified(played()) == Verified(played().attempt, "CLIENT_ATTESTED", WAITS)
    assert verified(replace(played(), result=None)).why == WAITS
    assert verified(replace(played(), result=None), verdict()).why == WAITS


def test_a_sealed_attempt_that_goes_on_keeps_to_the_rules() -> None:
    assert verified(played(ended=False)).state == "REPLAY_VERIFIED"


def test_a_better_result_than_the_servers_is_found() -> None:
    result = played().result
    assert result is not None
    assert not result.passed
    better = verified(replace(played(), result=replace(result, passed=True)), verdict())
    assert (better.state, better.why) == ("BROKEN", "its passed is kept as True, but the server's verdict gives False")


def test_a_forged_verdict_breaks_the_attempt() -> None:
    forged = replace(verdict(), body=verdict().body.replace('"passed":false', '"passed":true'))
    assert forged != verdict()
    assert verified(played(), forged).state == "BROKEN"
    assert verified(replace(played(), lines=played().lines[:-1], result=None), verdict()).state == "REPLAY_VERIFIED"


def test_a_sealed_transcript_that_cannot_have_happened_is_broken_whatever_the_server_said() -> None:
    lines = played().lines
    assert verified(replace(played(), lines=(*lines[:-2], lines[-1])), verdict()).state == "BROKEN"


def test_a_sealed_attempt_is_not_judged_by_the_texts_of_the_desk() -> None:
    with pytest.raises(VerificationFailed, match="it has a result, but its transcript does not end"):
        Verifier({fingerprint(text): text for text in (desk().text, desk().principles_text)}.__getitem__).replay(
            played().attempt, played().lines[:-1], played().result
        )
