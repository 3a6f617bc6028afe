"""The storyboard: an encounter to read on paper, with room for remarks, for people who will never open its file.

    html = storyboard(Script(scenario, principles), reach)

One page of HTML that stands for itself: no script, nothing loaded, and whatever the scenario says is text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: TID251 - the other place where a page is filled in
from markupsafe import Markup, escape

from servicesim.analysis.proof import Reach
from servicesim.authoring.graph import Drawing, drawing
from servicesim.authoring.storyboard_words import Words, labelled_in
from servicesim.encounter.script import Script
from servicesim.scenario.model import Ending, Line, Reply, Scene, Tells, segments
from servicesim.scenario.names import placeholders
from servicesim.scenario.teaching import told_in

RIGHT_TO_LEFT = frozenset(("fa", "he", "ar", "ur", "ps", "yi", "ckb", "dv", "sd"))
_INSERTED = re.compile("|".join(map(re.escape, placeholders())))


@dataclass(frozen=True, slots=True)
class Target:
    """Where something leads."""

    name: str
    anchor: str
    ends: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    """One of the lines that a customer may speak: when, in which parts, and what it does."""

    when: str
    parts: tuple[Markup, ...]
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplyShown:
    """A reply as it is read."""

    id: str
    words: Markup
    deed: bool
    when: str
    acts: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    why: Markup | None
    target: Target
    expert: bool


@dataclass(frozen=True, slots=True)
class SceneShown:
    """A scene as it is read."""

    name: str
    number: int
    anchor: str
    first_words: Markup
    start: bool
    golden: bool
    expert: bool
    stage: Markup | None
    happens: tuple[str, ...]
    lines: tuple[LineShown, ...]
    replies: tuple[ReplyShown, ...]
    interrupted: Markup | None
    silent: Markup | None
    silent_go: Target | None
    comes_from: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class EndingShown:
    """An ending as it is read."""

    name: str
    anchor: str
    title: Markup
    words: Markup | None
    failed: bool
    left: bool
    expert: bool
    tells: tuple[tuple[str, Markup], ...]
    comes_from: tuple[str, ...]


def direction(locale: str) -> str:
    """In which direction a locale's language is read."""
    return "rtl" if locale.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def storyboard(script: Script, reach: Reach | None = None) -> str:
    """The page; the expert's way is marked if `reach` was proved."""
    scenario = script.scenario
    showing = _Showing(script, drawing(script, reach))
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page: str = _environment().get_template("storyboard.html.j2").render(
        scenario=scenario, words=showing.words, language=labelled_in(scenario.locale), direction=direction(scenario.locale), style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        title=showing.text(scenario.title), summary=showing.text(scenario.summary), scenes=list(showing.scenes()), endings=list(showing.endings()),
        expert=reach is not None,
    )  # fmt: skip
    return page


class _Showing:
    """Makes what is shown out of what is written."""

    def __init__(self, script: Script, drawn: Drawing) -> None:
        language = labelled_in(script.scenario.locale)
        self.words = Words(language, told_in(script.principles, language, script.folder))
        self._scenario, self._drawn = script.scenario, drawn
        self._ways = {(way.scene, way.reply): way.standing for way in drawn.ways}
        self._scene_standing = {scene.name: scene.standing for scene in drawn.scenes}

    def text(self, text: str) -> Markup:
        """A text with what is inserted in a box, or as it is known already."""
        known = {"{customer}": self._scenario.customer.name, "{company}": self._scenario.company}
        pieces, at = Markup(), 0
        for found in _INSERTED.finditer(text):
            value = known.get(found[0])
            boxed = Markup("<bdi>{}</bdi>").format(value) if value else Markup('<bdi class="inserted">{}</bdi>').format(self.words("trainee"))
            pieces += escape(text[at : found.start()]) + boxed
            at = found.end()
        return pieces + escape(text[at:])

    def _maybe(self, text: str | None) -> Markup | None:
        return self.text(text) if text else None

    def _acts(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.words.act, names))

    def scenes(self) -> Iterator[SceneShown]:
        """The scenes in the order in which they are written."""
        for number, (name, scene) in enumerate(self._scenario.scenes.items(), 1):
            yield self._scene(name, number, scene)

    def _scene(self, name: str, number: int, scene: Scene) -> SceneShown:
        last = scene.customer[-1]
        silence, interrupt = scene.on_silence, scene.on_interrupt
        return SceneShown(
            name, number, f"scene-{name}", self.text(" ".join(segments(last.say))), name == self._scenario.start, scene.golden,
            self._scene_standing[name] == "best", self._maybe(scene.do), self._acts(scene.happens),
            tuple(self._line(line, len(scene.customer) > 1) for line in scene.customer),
            tuple(self._reply(name, reply) for reply in scene.replies),
            self._maybe(interrupt.customer if interrupt else None), self._maybe(silence.customer if silence else None),
            Target(silence.go, f"scene-{silence.go}", False) if silence and silence.go else None,
            tuple(Target(one, f"scene-{one}", False) for one in self._before(name, ends=False)),
        )  # fmt: skip

    def _line(self, line: Line, of_several: bool) -> LineShown:
        when = f"{self.words('if')} {self.words.condition(line.condition)}" if line.condition else self.words("otherwise") if of_several else ""
        parts = segments(line.say) if "\n\n" not in line.say else (line.say,)
        return LineShown(when, tuple(map(self.text, parts)), self._acts(line.acts))

    def _reply(self, scene: str, reply: Reply) -> ReplyShown:
        target = Target(reply.go, f"scene-{reply.go}", False) if reply.go else Target(reply.end or "", f"ending-{reply.end}", True)
        return ReplyShown(
            reply.id, self.text(reply.words), reply.do is not None, self.words.condition(reply.condition), self._acts(reply.acts),
            tuple(self.words.notes(reply)), self._maybe(reply.why), target, self._ways.get((scene, reply.id)) == "best",
        )  # fmt: skip

    def _before(self, name: str, *, ends: bool) -> list[str]:
        """The scenes, and for an ending the replies, that lead here."""
        ways = [way for way in self._drawn.ways if way.target == name and way.ends is ends and not way.goes_round]
        return list(dict.fromkeys(f"{way.scene}/{way.name}" if ends else way.scene for way in ways))

    def endings(self) -> Iterator[EndingShown]:
        """The endings in the order in which they are written."""
        for name, ending in self._scenario.endings.items():
            drawn = self._drawn.ending(name)
            yield EndingShown(
                name, f"ending-{name}", self.text(ending.title), self._maybe(ending.customer), ending.failed, drawn.leaves,
                drawn.standing == "best", tuple(self._tells(ending)), tuple(self._before(name, ends=True)),
            )  # fmt: skip

    def _tells(self, ending: Ending) -> Iterator[tuple[str, Markup]]:
        tells = ending.tells or Tells()
        told = (("", tells.say), *((self.words(key), words) for key, words in (("delighted", tells.delighted), ("satisfied", tells.satisfied), ("dissatisfied", tells.dissatisfied))))
        yield from ((when, self.text(words)) for when, words in told if words)


@cache
def _environment() -> Environment:
    loader = PackageLoader("servicesim.authoring", ".")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _style() -> str:
    source, _, _ = PackageLoader("servicesim.authoring", ".").get_source(Environment(), "storyboard.css")
    return f"\n{source.rstrip()}\n"
