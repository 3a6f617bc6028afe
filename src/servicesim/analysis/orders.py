"""Orders: the acts of one reply count in the order written. Here, where another order would have kept what this one breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.fronts import Fronts
from servicesim.analysis.proof import Misordered
from servicesim.analysis.tracks import Piece
from servicesim.analysis.world import Choice, Turn

MOST_ACTS = 5  # that a principle heeds in one reply; with more there are too many orders to look at


def misordered(fronts: Iterable[Fronts], budget: Budget) -> Iterator[Misordered]:
    """Replies whose order of acts costs a verdict wherever it matters, with an order that does not; those that there is time to find."""
    told = set[tuple[str, str]]()
    try:
        for one, turn, choice, better in _bettered(fronts, budget):
            if (turn.scene, choice.reply) not in told:
                told.add((turn.scene, choice.reply))
                yield Misordered(turn.scene, choice.reply, one.track.name, better)
    except TooMuch:
        return


def _bettered(fronts: Iterable[Fronts], budget: Budget) -> Iterator[tuple[Fronts, Turn, Choice, tuple[str, ...]]]:
    for one in fronts:
        for (turn, choice), states in _met(one).items():
            if budget.spent:
                raise TooMuch
            better = _better_order(one, choice, states, budget)
            if better is not None:
                yield one, turn, choice, better


def _met(fronts: Fronts) -> dict[tuple[Turn, Choice], list[int]]:
    """The states in which the track comes to each choice."""
    told: dict[tuple[Turn, Choice], list[int]] = {}
    for turn, state in fronts.turns():
        for choice in turn.choices:
            told.setdefault((turn, choice), []).append(state)
    return told


def _better_order(fronts: Fronts, choice: Choice, states: list[int], budget: Budget) -> tuple[str, ...] | None:
    """An order after which more can be kept in some state, and no less in any."""
    begins, *acts, ends = choice.piece.acts
    heeded = [act for act in acts if fronts.track.heeds_any((act,))]
    if len(set(heeded)) < 2 or len(heeded) > MOST_ACTS:
        return None
    written = [fronts.hope(choice, state, budget) for state in states]
    for order in sorted(set(permutations(heeded))):
        rest = iter(order)
        acts_then = tuple(next(rest) if act in heeded else act for act in acts)
        other = choice._replace(piece=Piece((begins, *acts_then, ends), marks=choice.piece.marks))
        hopes = [fronts.hope(other, state, budget) for state in states]
        if hopes != written and all(hope >= before for hope, before in zip(hopes, written, strict=True)):
            return acts_then
    return None
