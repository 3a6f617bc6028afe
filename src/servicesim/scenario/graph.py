"""Which scene leads where, taking every condition for possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from servicesim.scenario.model import Scenario


def leads_to(scenario: Scenario) -> dict[str, frozenset[str]]:
    """The scenes that each scene can lead to, by a reply or by silence; only scenes that exist."""
    ways: dict[str, frozenset[str]] = {}
    for name, scene in scenario.scenes.items():
        named = {reply.go for reply in scene.replies}
        if scene.on_silence:
            named.add(scene.on_silence.go)
        ways[name] = frozenset(target for target in named if target in scenario.scenes)
    return ways


def _from(starts: Iterable[str], ways: Callable[[str], Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += ways(name)
    return found


def reachable(scenario: Scenario) -> set[str]:
    """The scenes that some play may come to."""
    ways = leads_to(scenario)
    return _from([scenario.start] if scenario.start in ways else [], ways.__getitem__)


def ways_to_an_end(scenario: Scenario) -> set[str]:
    """The scenes from which some ending may be reached."""
    back: dict[str, set[str]] = {name: set() for name in scenario.scenes}
    for name, targets in leads_to(scenario).items():
        for target in targets:
            back[target].add(name)
    ending = [name for name, scene in scenario.scenes.items() if any(reply.end for reply in scene.replies)]
    return _from(ending, back.__getitem__)


MOST_SPEECHES = 4  # times that one scene speaks in a play
MOST_STATES = 20_000  # of one circle that are looked at one by one


def closed_targets(scenario: Scenario) -> dict[str, set[frozenset[str]]]:
    """For each scene in a circle, which sets of scenes may have spoken their last while it speaks."""
    ways, closed = leads_to(scenario), dict[str, set[frozenset[str]]]()
    for circle in _components(ways):
        entries = {scenario.start} & circle | {to for name in ways.keys() - circle for to in ways[name] & circle}
        if (MOST_SPEECHES + 1) ** len(circle) * len(circle) > MOST_STATES:
            closed |= {name: {circle} for name in circle}
        else:
            _walk_round(sorted(circle), entries, ways, closed)
    return closed


def circled(scenario: Scenario) -> set[str]:
    """The scenes that a play may come back to."""
    return {name for circle in _components(leads_to(scenario)) for name in circle}


def _walk_round(circle: list[str], entries: set[str], ways: dict[str, frozenset[str]], closed: dict[str, set[frozenset[str]]]) -> None:
    """Every way round a small circle: where it stands, and how often each of its scenes has spoken."""
    waiting = [(name, tuple(int(one == name) for one in circle)) for name in entries]
    seen = set(waiting)
    while waiting:
        name, spoken = waiting.pop()
        full = frozenset(one for one, times in zip(circle, spoken, strict=True) if times == MOST_SPEECHES)
        if full:
            closed.setdefault(name, set()).add(full)
        for target in ways[name] & set(circle) - full:
            after = (target, tuple(times + (one == target) for one, times in zip(circle, spoken, strict=True)))
            if after not in seen:
                seen.add(after)
                waiting.append(after)


def _components(ways: dict[str, frozenset[str]]) -> Iterable[frozenset[str]]:
    """Tarjan's strongly connected components that hold a circle, without recursion."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in ways:
        work = [(root, iter(ways[root]))] if root not in order else []
        while work:
            name, targets = work[-1]
            if name not in order:
                order[name] = low[name] = len(order)
                stack.append(name)
                on_stack.add(name)
            for target in targets:
                if target not in order:
                    work.append((target, iter(ways[target])))
                    break
                if target in on_stack:
                    low[name] = min(low[name], order[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == order[name]:
                    component = frozenset(stack[stack.index(name) :])
                    del stack[-len(component) :]
                    on_stack -= component
                    if len(component) > 1 or name in ways[name]:
                        yield component
