"""The drawing as Mermaid: text that wikis, issue trackers and editors show as a picture."""

from __future__ import annotations

import json
from collections.abc import Iterator

from servicesim.authoring.graph import Drawing, EndingDrawn, SceneDrawn, Standing, Way
from servicesim.authoring.graph_text import SIGNS, first_words

_ARROWS: dict[Standing, str] = {"best": "==>", "usual": "-->", "dead": "-.->"}
_PLAIN = frozenset(" .,?!:'()-")


def mermaid(drawing: Drawing) -> str:
    """The drawing as a Mermaid flow chart."""
    return "\n".join([*_head(drawing), *_places(drawing), *_ways(drawing), *_looks(drawing)]) + "\n"


def _head(drawing: Drawing) -> Iterator[str]:
    title = json.dumps(drawing.title).replace("%", "\\u0025")  # `%%` would begin a comment or a directive.
    yield from ("---", f"title: {title}", "---", "flowchart TD")


def _places(drawing: Drawing) -> Iterator[str]:
    for number, scene in enumerate(drawing.scenes):
        yield f'  s{number}["{_scene(scene)}"]'
    for number, ending in enumerate(drawing.endings):
        left, right = ("{{", "}}") if ending.failed else ("([", "])")
        yield f'  e{number}{left}"{_ending(ending)}"{right}'


def _scene(scene: SceneDrawn) -> str:
    lines = [f"<b>{_escaped(scene.name)}</b>{_never(scene.standing)}", _escaped(first_words(scene.words))]
    return "<br/>".join(lines)


def _ending(ending: EndingDrawn) -> str:
    lines = [f"{'✕' if ending.failed else '✓'} {_escaped(ending.title)}{_never(ending.standing)}"]
    lines += ["or at anger 5"] if ending.leaves else []
    return "<br/>".join(lines)


def _never(standing: Standing) -> str:
    return " (never reached)" if standing == "dead" else ""


def _ways(drawing: Drawing) -> Iterator[str]:
    scenes = {scene.name: f"s{number}" for number, scene in enumerate(drawing.scenes)}
    endings = {ending.name: f"e{number}" for number, ending in enumerate(drawing.endings)}
    for way in drawing.ways:
        target = (endings if way.ends else scenes)[way.target]
        yield f'  {scenes[way.scene]} {_ARROWS[way.standing]}|"{_label(way)}"| {target}'


def _label(way: Way) -> str:
    # One only: Mermaid lays long labels over each other.
    stakes = [f"<small>{SIGNS[stake.sign]} {_escaped(stake.title)}</small>" for stake in way.stakes[:1]]
    return "<br/>".join([_escaped(way.name), *stakes])


def _looks(drawing: Drawing) -> Iterator[str]:
    yield "  classDef best stroke:#14508c,stroke-width:3px"
    yield "  classDef dead stroke-dasharray:6 4,color:#6b727a"
    standings = [(f"s{number}", scene.standing) for number, scene in enumerate(drawing.scenes)]
    standings += [(f"e{number}", ending.standing) for number, ending in enumerate(drawing.endings)]
    yield from (f"  class {place} {standing}" for place, standing in standings if standing != "usual")


def _escaped(text: str) -> str:
    """A text as a label may hold it: whatever could mean something to Mermaid or a browser is given by its number."""
    return "".join(one if one.isalnum() or one in _PLAIN or ord(one) > 127 else f"#{ord(one)};" for one in text)
