"""Whether those who pass can promise a call: the plays of a scenario in which it was promised, as a scenario of their own.

In it a play ends well only if the call was promised on the way; everything else is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from servicesim.scenario.model import Ending, Reply, Scenario, Scene

PROMISED = "promised_already"
IN_VAIN = "nothing-promised"
APART = "--nothing-promised"  # added to the id of a reply, which no trainer writes so


def with_promise(scenario: Scenario, call_back: str) -> Scenario:
    """The scenario in which nobody ends well who has not promised this call."""
    endings = scenario.endings | {IN_VAIN: Ending(title="Nothing promised", failed=True)}
    scenes = {name: _scene(scene, call_back) for name, scene in scenario.scenes.items()}
    leaves = scenario.leaves and IN_VAIN
    return replace(scenario, facts=scenario.facts | {PROMISED: False}, scenes=scenes, endings=endings, leaves=leaves)


def _scene(scene: Scene, call_back: str) -> Scene:
    return replace(scene, replies=tuple(one for reply in scene.replies for one in _replies(reply, call_back)))


def _replies(reply: Reply, call_back: str) -> Iterator[Reply]:
    """A reply; one that ends without a promise of its own is two, of which only one is offered."""
    if reply.promise is not None and reply.promise.call_back == call_back:
        yield replace(reply, set=reply.set | {PROMISED: True})
    elif reply.end is None:
        yield reply
    else:
        yield replace(reply, condition=_and(reply.condition, PROMISED))
        yield replace(reply, id=f"{reply.id}{APART}", end=IN_VAIN, condition=_and(reply.condition, f"not {PROMISED}"))


def _and(condition: str | None, more: str) -> str:
    return more if condition is None else f"({condition}) and {more}"
