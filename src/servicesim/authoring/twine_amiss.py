"""What a story does not say, or says in a way that a conversation has no place for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from servicesim.authoring import twine_marks as marks
from servicesim.authoring.twine import MAX_ALL, found
from servicesim.authoring.twine_lines import Dropped
from servicesim.authoring.twine_outline import Outline, Place
from servicesim.scenario.findings import Finding

# What is left out, and the way out, by the code that it is told by.
_LEFT_OUT: dict[str, tuple[str, str]] = {
    "T007": ("the link {} leads out of the story", "let the customer or the trainee say what stands there"),
    "T010": ("{} is left out", "write what it does in words, as a fact, or as a reply"),
    "T011": ("{} inserts something, and is left out", "write what it would say; {trainee}, {customer} and {company} may stand in a text"),
    "T012": ("the condition {} is left out, and what it hides is always said", "write it as 'if:' on a reply or on one of the customer's lines"),
    "T013": ("{} is left out: an encounter has no pictures or sounds of its own", "say it in words, or as 'do:' on the scene"),
    "T015": ("the formatting or comment in {} is left out", "nothing is to be done, unless it meant something"),
}


def amiss(plan: Outline, file: str) -> Iterator[Finding]:
    """All of it, about the whole story and then passage by passage."""
    yield from _whole(plan, file)
    leading = _led_to(plan)
    left_out = frozenset(passage.name for passage in (*plan.left_out, *plan.too_much))
    for place in plan.found:
        yield from _links(plan, place, left_out, file)
        yield from _left_out(place, file)
        if place is not plan.start and place.passage.name not in leading:
            yield found("T008", file, place.passage.header, f"nothing leads to '{place.passage.name}'", "let a link lead there, or delete the scene from the skeleton")
        if not place.ends and len(place.replies) == 1:
            yield found("T009", file, place.passage.header, f"'{place.passage.name}' has one link: there is nothing to choose", "write more replies, or put its words into the passage before")
        if not place.ends and not any(words.strip() for one in place.said for words in one.words):
            yield found("T016", file, place.passage.header, f"nothing is said in '{place.passage.name}'", "write what the customer says there")


def _whole(plan: Outline, file: str) -> Iterator[Finding]:
    story, start = plan.story, plan.start
    if not _says_everything(plan):
        yield found("T020", file, story.place, "a story does not say who the customer is, how they come, what each reply does and why", "fill in what says TODO in the skeleton")
    if start is None:
        yield found("T001", file, story.place, "there is no passage in which anything is said", "write one, and export the story again", "error")
    elif start.passage.name != (story.start or "Start"):
        named = f"there is no passage '{story.start}' to start with" if story.start else "the story does not say where it starts"
        yield found("T003", file, start.passage.header, f"{named}; it starts with the first, '{start.passage.name}'", "name another under 'start:' in the skeleton, if that is wrong")
    if start is not None and not any(place.ends for place in plan.found):
        yield found("T019", file, start.passage.header, "every passage leads on: the story has no ending", "write an ending, and let replies lead there with 'end:'")
    for passage in plan.left_out:
        yield found("T014", file, passage.header, f"the passage '{passage.name}' is left out: it is no part of the conversation", "nothing is to be done, unless somebody should say it")
    if plan.too_much:
        yield found("T017", file, plan.too_much[0].header, f"the story has more than {MAX_ALL:,} characters; {len(plan.too_much)} passages are left out from here on", "split the story into several")
    for place in plan.twice:
        yield found("T004", file, place.passage.header, f"a second passage is called '{place.passage.name}'; links lead to the first", "give one of them another name")


def _says_everything(plan: Outline) -> bool:
    """Whether the story was written by ServiceSim, and nothing was added since."""
    replies = [reply for place in plan.found for reply in place.replies]
    return {"customer", "channel", "company", "summary"} <= plan.head.keys() and all(reply.acts is not None for reply in replies)


def _led_to(plan: Outline) -> set[str]:
    """The passages that some link of another passage names, and the ending for customers who leave."""
    leaves = plan.head.get(marks.HEAD_TEXTS[-1], "")
    return {
        *(reply.link.target or "" for place in plan.found for reply in place.replies if reply.link.target != place.passage.name),
        *(place.passage.name for place in plan.found if place.ends and place.id == leaves),
    }


def _links(plan: Outline, place: Place, left_out: frozenset[str], file: str) -> Iterator[Finding]:
    for reply in place.replies:
        spot, target = place.passage.place(reply.link.at), reply.link.target
        if target is None:
            yield found("T006", file, spot, f"where '{reply.link.words}' leads is not said, or worked out in the story", "say with 'go:' or 'end:' where it leads")
        elif target not in plan.places:
            why = "is left out" if target in left_out else "is not in the story"
            yield found("T005", file, spot, f"'{reply.link.words}' leads to '{target}', which {why}", "write the passage, or let the reply lead elsewhere")


def _left_out(place: Place, file: str) -> Iterator[Finding]:
    """One finding for each kind of thing that is left out of a passage, where the first of them stands."""
    for code, pieces in groupby(sorted(place.dropped, key=lambda one: (one.code, one.at)), key=lambda one: one.code):
        first, *others = pieces
        message, hint = _LEFT_OUT[code]
        more = f", and {len(others)} more here" if others else ""
        yield found(code, file, place.passage.place(first.at), message.replace("{}", f"'{_short(first)}'", 1) + more, hint)


def _short(one: Dropped) -> str:
    text = " ".join(one.written.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
