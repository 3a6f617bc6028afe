"""How long an encounter takes: the mean over plays that choose each reply as often as any other, and do not fail at once."""

from __future__ import annotations

from math import ceil

from servicesim.encounter.script import Script, Stage

CHARACTERS_READ = 22.0  # a second, by somebody who weighs replies against each other
CHOOSING = 4.0  # seconds to make up one's mind
_ROUNDS = 60  # replies after which an encounter that goes round in circles is no longer followed


def minutes(script: Script) -> int:
    """About how many minutes it takes, at least one; conditions are left aside."""
    return max(1, ceil(_seconds(script) / 60))


def _seconds(script: Script) -> float:
    """Seconds from each scene to the end, found from those of the scenes that follow it, until nothing is added any more."""
    own = [_own_seconds(stage) for stage in script.stages]
    following = [_following(stage, script) for stage in script.stages]
    ahead = [0.0] * len(own)
    for _ in range(_ROUNDS):
        before = ahead
        ahead = [
            spent + (sum(before[stage] for stage in after if stage is not None) / len(after) if after else 0.0)
            for spent, after in zip(own, following, strict=True)
        ]
        if max(abs(new - old) for new, old in zip(ahead, before, strict=True)) < 1:
            break
    return ahead[script.start]


def _own_seconds(stage: Stage) -> float:
    """One scene: what is said (of lines for several cases one), and the replies read and weighed."""
    said = [sum(line.seconds) for line in stage.lines]
    read = sum(len(option.reply.say or option.reply.do or "") for option in stage.options) / CHARACTERS_READ
    return sum(said) / max(1, len(said)) + (read + CHOOSING if stage.options else 0)


def _following(stage: Stage, script: Script) -> list[int | None]:
    """Where the replies lead; those that fail the encounter only where there are no others."""
    ends = [option for option in stage.options if option.reply.end is not None and script.ending(option.reply.end).failed]
    return [option.target for option in stage.options if option not in ends] or [None for _ in ends]
