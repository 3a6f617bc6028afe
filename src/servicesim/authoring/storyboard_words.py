"""Conditions, feelings and facts of an encounter in words, for people who do not read the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from servicesim.languages import Table, Texts, file_of, spoken
from servicesim.scenario.conditions import And, Compare, ConditionError, Name, Node, Not, Number, Or, Said, Seen, parsed
from servicesim.scenario.model import Feel, Reply
from servicesim.scenario.principles import ACTS_OF_PLAY, Principles

ENGLISH: Table = {
    "contents": "Contents", "endings": "Endings", "scene": "Scene",
    "id": "Name of the file", "channel": "The customer comes", "customer": "The customer", "company": "The business", "mark": "Pass mark", "learn": "It is about", "facts": "What is remembered",
    "in-person": "in person", "phone": "by phone", "chat": "by chat", "email": "by e-mail",
    "hostile": "hostile", "unfriendly": "unfriendly", "indifferent": "indifferent", "uninformed": "uninformed", "supporter": "a supporter", "fan": "a fan", "wavering": "wavering",
    "expects": "expects", "received": "has got", "trust": "trust", "anger": "anger", "satisfaction": "satisfaction",
    "how": "How to read this", "how-bar": "A small bar in what the customer says is a place where one may breathe: a good listener says a short word there, or nods.",
    "how-reply": "Each reply begins with its name. Remarks can name it together with its scene: opening/welcome.",
    "how-expert": "The way of the expert, which scores best, is marked with a star.",
    "how-inserted": "What stands in a box within a text is put in when it is played.",
    "start": "It begins here", "golden": "A golden moment", "expert": "The expert's way", "remarks": "Remarks", "reviewed": "Read by, on",
    "happens": "Meanwhile", "stage": "To be seen", "if": "if", "otherwise": "otherwise", "offered-if": "Offered only if", "deed": "Done, not said", "nothing": "It does nothing that counts.",
    "changes": "It changes", "sets": "It notes", "why": "Feedback", "leads": "leads to", "ends": "ends with", "promise": "A call back is promised, within days:", "rated": "Rated by the trainer",
    "interrupted": "When interrupted", "silent": "When nobody answers", "silent-go": "after the second silence, on to", "failed": "Cannot be a pass", "left": "When the customer walks off", "comes-from": "Comes from", "tells": "Tells friends",
    "and": "and", "or": "or", "not": "not", "said": "this has happened: {act}", "seen": "the scene “{scene}” has been", "yes": "yes", "no": "no", "delighted": "when delighted", "satisfied": "when satisfied", "dissatisfied": "when dissatisfied",
    "trainee": "trainee", "page-note": "Printed from the file {id}. What is written here cannot be played; the file decides.",
    "nobody": "nothing leads here",
}  # fmt: skip


DOMAIN = "storyboard"


def labelled_in(locale: str) -> str:
    """The language of what is not the author's own: that of the locale, or English where nobody has translated it."""
    language = spoken(locale)
    return language if language == "en" or file_of(language, DOMAIN).is_file() else "en"


class Words:
    """What is told in one language about an encounter and its principles."""

    def __init__(self, language: str, principles: Principles) -> None:
        self._texts, self._principles = Texts(ENGLISH, DOMAIN, language), principles

    def __call__(self, key: str, **values: str) -> str:
        text = self._texts(key)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", f"\u2068{value}\u2069")
        return text

    def act(self, name: str) -> str:
        """What an act is called by people."""
        if name in ACTS_OF_PLAY:
            return ACTS_OF_PLAY[name][0]
        known = self._principles.acts.get(name)
        return known.title if known is not None else name

    def principle(self, name: str) -> str:
        """What a principle is called by people."""
        known = self._principles.principles.get(name)
        return known.title if known is not None else name

    def condition(self, written: str | None) -> str:
        """A condition as a sentence part; empty if there is none."""
        if written is None:
            return ""
        try:
            return self._node(parsed(written))
        except ConditionError:
            return written

    def _node(self, node: Node) -> str:
        match node:
            case Number(value):
                return str(value)
            case Name(name):
                return self._name(name)
            case Said(act):
                return self("said", act=self.act(act))
            case Seen(scene):
                return self("seen", scene=scene)
            case Not(part):
                return f"{self('not')}: {self._inner(part)}"
            case And(parts):
                return f" {self('and')} ".join(map(self._inner, parts))
            case Or(parts):
                return f" {self('or')} ".join(map(self._inner, parts))
            case Compare(sign, left, right):
                return f"{self._inner(left)} {_SIGNS.get(sign, sign)} {self._inner(right)}"
            case _:
                assert_never(node)

    def _inner(self, node: Node) -> str:
        told = self._node(node)
        return f"({told})" if isinstance(node, And | Or) else told

    def _name(self, name: str) -> str:
        return self(name) if name in ("expects", "received", "trust", "anger", "satisfaction") else f"“{name.replace('_', ' ')}”"

    def feelings(self, feel: Feel) -> str:
        """What a feeling gains or loses."""
        changes = (("expects", feel.expects), ("received", feel.received), ("trust", feel.trust), ("anger", feel.anger))
        return ", ".join(f"{self(name)} \u2068{'+' if by > 0 else '−'}{abs(by)}\u2069" for name, by in changes if by)

    def facts(self, facts: Mapping[str, bool | int]) -> str:
        """What is noted."""
        return ", ".join(f"“{name.replace('_', ' ')}”: {self._value(value)}" for name, value in facts.items())

    def _value(self, value: bool | int) -> str:
        return self("yes" if value else "no") if isinstance(value, bool) else str(value)

    def notes(self, reply: Reply) -> Iterator[tuple[str, str]]:
        """What else a reply brings about, each with what it is called."""
        told: tuple[tuple[str, Callable[[], str]], ...] = (
            ("changes", lambda: self.feelings(reply.feel)),
            ("sets", lambda: self.facts(reply.set)),
            ("rated", lambda: ", ".join(f"{self.principle(name)}: \u2068{share:.0%}\u2069" for name, share in reply.marks.items())),
            ("promise", lambda: f"{reply.promise.call_back}, {reply.promise.within}" if reply.promise else ""),
        )
        for key, text in told:
            if words := text():
                yield self(key), words


_SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}
