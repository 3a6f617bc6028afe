"""What is still read decides which situations are told apart; too little of it, and claims are false."""

from __future__ import annotations

from servicesim.analysis.relevance import relevant
from servicesim.encounter.script import Script

ANGER = (False, False, False, True)
NO_FEELING = (False, False, False, False)


def test_silence_after_an_end_that_calms_can_still_make_a_reply_too_much(written: Script) -> None:
    """
    channel: chat
    leaves: over
    scenes:
      one:
        customer: {say: Hello., acts: [calms]}
        on-silence: {feel: {anger: 3}}
        replies:
          - {id: grumble, say: Well., acts: [], feel: {anger: 1}, end: done}
    """
    assert relevant(written)[0].feelings == ANGER
