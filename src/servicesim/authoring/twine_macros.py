"""The names of macros, modifiers and tags, by what becomes of them in a conversation."""

from __future__ import annotations

CONDITIONS = frozenset(("if", "elseif", "else-if", "else", "unless", "switch", "case", "default", "cond", "either", "for", "loop", "while", "hidden", "endif", "endfor"))
PRINTING = frozenset(("print", "=", "-", "display-name"))
LINKING = frozenset(("link", "button", "click", "linkappend", "linkprepend", "linkreplace", "link-repeat", "link-reveal", "link-replace", "link-rerun", "link-fullscreen", "link-append", "link-prepend"))
GOING = frozenset(("link-goto", "link-reveal-goto"))
LEAVING = frozenset(("goto", "go-to"))
SHOWING = frozenset(("include", "display"))  # another passage, here
SWALLOWED = frozenset(("script", "style", "widget", "silently", "silent"))
HEARD_OR_SEEN = frozenset(("audio", "playlist", "cacheaudio", "track", "masteraudio", "image", "img", "bg-image", "background"))
HARLOWE = frozenset(["set", "put", "move", "print", "if", "else-if", "elseif", "unless", "else", "link", "link-goto", "link-reveal", "link-repeat", "link-reveal-goto", "link-undo", "link-replace", "link-rerun", "link-show", "goto", "go-to", "undo", "redirect", "display", "include", "live", "stop", "event", "click", "click-goto", "click-replace", "click-append", "click-prepend", "mouseover", "mouseout", "replace", "append", "prepend", "show", "hide", "rerun", "hidden", "either", "random", "text-style", "text-color", "text-colour", "color", "colour", "font", "align", "transition", "t8n", "transition-time", "css", "background", "bg", "enchant", "change", "hook", "cond", "nth", "for", "loop", "history", "visited", "a", "array", "dm", "datamap", "ds", "dataset", "prompt", "alert", "confirm", "input", "input-box", "cycling-link", "seq-link", "dropdown", "checkbox", "save-game", "load-game", "after", "after-error", "nl", "newline", "v6m-print", "verbatim", "verbatim-print", "box", "float-box", "columns", "column", "animate"])  # fmt: skip
BREAKING = frozenset(("br", "p", "div", "li", "ul", "ol", "tr", "table", "hr", "blockquote", "section", *(f"h{n}" for n in range(1, 7))))
MEDIA = frozenset(("img", "audio", "video", "source", "iframe", "svg", "picture", "object", "embed", "canvas"))
NO_WORDS = frozenset(("css", "javascript", "js", "note", "n.b.", "fixme", "todo"))  # what follows such a modifier is not said


def code_of(name: str) -> str:
    """What the finding about a macro of this name is called."""
    if name in CONDITIONS:
        return "T012"
    return "T013" if name in HEARD_OR_SEEN else "T010"
