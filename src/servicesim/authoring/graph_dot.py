"""The drawing as DOT, for Graphviz and whatever else reads it."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.authoring.graph import Drawing, EndingDrawn, SceneDrawn, Standing, Way
from servicesim.authoring.graph_text import SIGNS, first_words

_LOOKS: dict[Standing, str] = {
    "best": ', color="#14508c", penwidth=3',
    "usual": "",
    "dead": ', color="#8a9199", fontcolor="#6b727a"',
}


def dot(drawing: Drawing) -> str:
    """The drawing as a directed graph in DOT."""
    return "\n".join([*_head(drawing), *_places(drawing), *_ways(drawing), "}"]) + "\n"


def _head(drawing: Drawing) -> Iterator[str]:
    yield f"digraph {_quoted(drawing.id)} {{"
    yield f'  graph [label={_quoted(drawing.title)}, labelloc=t, charset="UTF-8", fontname="sans-serif"]'
    yield '  node [shape=box, fontname="sans-serif", fontsize=11]'
    yield '  edge [fontname="sans-serif", fontsize=9]'


def _places(drawing: Drawing) -> Iterator[str]:
    for number, scene in enumerate(drawing.scenes):
        yield f'  s{number} [label={_quoted(*_scene(scene))}, style="{_style("rounded", scene.standing)}"{_LOOKS[scene.standing]}]'
    for number, ending in enumerate(drawing.endings):
        shape = "octagon" if ending.failed else "ellipse"
        yield (
            f'  e{number} [label={_quoted(*_ending(ending))}, shape={shape}, '
            f'style="{_style("solid", ending.standing)}"{_LOOKS[ending.standing]}]'
        )


def _style(usual: str, standing: Standing) -> str:
    return f"{usual},dashed" if standing == "dead" else usual


def _scene(scene: SceneDrawn) -> Iterator[str]:
    yield scene.name + (" (never reached)" if scene.standing == "dead" else "")
    yield first_words(scene.words)


def _ending(ending: EndingDrawn) -> Iterator[str]:
    yield f"{'✕' if ending.failed else '✓'} {ending.title}"
    yield ending.name + (" (never reached)" if ending.standing == "dead" else "")
    if ending.leaves:
        yield "or at anger 5"


def _ways(drawing: Drawing) -> Iterator[str]:
    scenes = {scene.name: f"s{number}" for number, scene in enumerate(drawing.scenes)}
    endings = {ending.name: f"e{number}" for number, ending in enumerate(drawing.endings)}
    for way in drawing.ways:
        target = (endings if way.ends else scenes)[way.target]
        yield f'  {scenes[way.scene]} -> {target} [label={_quoted(*_label(way))}, style="{_style("solid", way.standing)}"{_LOOKS[way.standing]}]'


def _label(way: Way) -> Iterator[str]:
    yield way.name
    yield from (f"{SIGNS[stake.sign]} {stake.title}" for stake in way.stakes)


def _quoted(*lines: str) -> str:
    """Lines as one quoted string. A backslash would begin an escape, and `&` an entity."""
    safe = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "\\n".join(" ".join(line.split()) for line in safe) + '"'
