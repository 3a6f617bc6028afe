"""What stands in a passage: words, links, and what a conversation has no place for.

Each format has a markup of its own (Harlowe, SugarCube, Chapbook, Snowman); here they are all taken apart, and never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from servicesim.authoring.twine_lines import NO_LINK, Dropped, Finished, Line, Link, Marked, plain, split, target_of
from servicesim.authoring.twine_macros import (
    BREAKING,
    GOING,
    HARLOWE,
    LEAVING,
    LINKING,
    MEDIA,
    NO_WORDS,
    PRINTING,
    SHOWING,
    SWALLOWED,
    code_of,
)
from servicesim.scenario.names import placeholders

HOLE = "…"  # stands where the story would insert something


@dataclass(frozen=True, slots=True)
class Taken:
    """A passage taken apart, line by line."""

    lines: tuple[tuple[str | Link | Marked, ...], ...]
    dropped: tuple[Dropped, ...]


_SPECIAL = re.compile(
    r"""<!--|/%|/\*|<<|</?[a-zA-Z]|\[<?>?img\[|\[\[|\((?=[a-zA-Z0-9-]{1,30}:)|\[|\]|(?<![\w$])\$[A-Za-z_]|(?<![\w_])_[A-Za-z]|\{|\}|``?|\n"""
)
_VARIABLE = re.compile(r"[$_][A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}|\[[^\[\]\n]{0,60}\]){0,8}")
_IN_MACRO = re.compile(r"""(?:[^"'>]++|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|>(?!>))*+>>""", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"|\'((?:[^\'\\]|\\.)*+)\'', re.DOTALL)
_PARENS = re.compile(r'"[^"\n]*+"|[()]')
_NAME = re.compile(r"[\s/]*([a-zA-Z][\w-]{0,60}|[=-])")
_TAG_END = re.compile(r"[^<>]*+>")
_INSERT = re.compile(r"\{([^{}\n]{0,400})\}")
_LOOKS_INSERTED = re.compile(r"\s*(?:[a-z_][\w.]*(?:\[[^\]]*\])?|[a-z][a-z ]+:.*)\s*", re.IGNORECASE)
_PASSAGE_ATTRIBUTE = re.compile(r"""data-passage\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_OUT_OF_HERE = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|tel:|www\.)", re.IGNORECASE)
_LINK = re.compile(r"\[\[([^\[\]\n]{1,500})\]\]")
_MODIFIER = re.compile(r"^\[(?!\[)[^\n]*\][ ]*$", re.MULTILINE)


def taken_apart(text: str, format_: str = "") -> Taken:
    """The words, links and leftovers of a passage of this format (a name such as Harlowe; empty: not known)."""
    return _Scan(text, format_.lower()).taken()


class _Scan:
    """One look at a passage from its beginning to its end; whatever does not end is taken as words."""

    def __init__(self, text: str, format_: str) -> None:
        self._text, self._format = text, format_
        self._lines: list[Line] = [[]]
        self._heads = [0]  # where each line begins
        self._dropped: list[Dropped] = []
        self._endless = set[str]()  # what is known not to end any more
        self._hooks: list[int | None] = []  # open hooks, and the link that each belongs to
        self._open: list[tuple[str, int | None, Dropped]] = []  # SugarCube links that may wait for where they lead
        self._links: dict[int, Link] = {}
        self._parens: dict[int, int] | None = None
        self._pressed: dict[int, Dropped] = {}  # Harlowe links that may wait for where they lead
        self._leading = set[int]()  # links that lead somewhere, if only the story knows where
        self._hook_at = -1  # where a hook of the macro before may begin, and whose link it is
        self._hook_of: int | None = None

    def taken(self) -> Taken:
        at = self._chapbook_variables() if self._format == "chapbook" else 0
        while (special := _SPECIAL.search(self._text, at)) is not None:
            self._say(at, special.start())
            at = self._special(special[0], special.start())
        self._say(at, len(self._text))
        self._give_up()
        finished = Finished(self._links, self._dropped)
        marks = (self._text.startswith("«", head) for head in self._heads)
        lines = tuple(finished.line(*one) for one in zip(self._lines, self._heads, marks, strict=True))
        return Taken(lines, tuple(sorted(self._dropped, key=lambda one: one.at)))

    def _break(self, at: int) -> int:
        self._lines.append([])
        self._heads.append(at)
        return at

    # --- what is kept ------------------------------------------------------------------------------------------------

    def _say(self, start: int, end: int) -> None:
        if end > start:
            self._lines[-1].append(self._text[start:end])

    def _link(self, words: str, target: str | None, at: int) -> int:
        number = len(self._links)
        self._links[number] = Link(plain(words), target, at)
        self._lines[-1].append(Link(str(number), None, at))
        return number

    def _drop(self, code: str, start: int, end: int) -> int:
        self._dropped.append(Dropped(code, self._text[start:end], start))
        return end

    # --- one special place after the other ---------------------------------------------------------------------------

    def _special(self, sign: str, at: int) -> int:
        match sign:
            case "\n":
                return self._break(at + 1)
            case "<!--":
                return self._enclosed("T015", at, "-->")
            case "/%":
                return self._enclosed("T015", at, "%/")
            case "/*":
                return self._enclosed("T015", at, "*/") if self._format in ("sugarcube", "") else self._word(at, 2)
            case "<<":
                return self._sugar(at)
            case "[[":
                return self._bracketed(at)
            case "(":
                return self._harlowe(at)
            case "[" | "]":
                return self._hook(sign, at)
            case "{" | "}":
                return self._brace(at)
            case "`" | "``":
                return self._drop("T015", at, at + len(sign)) if self._format in ("harlowe", "chapbook") else self._word(at, len(sign))
        if sign.startswith("["):
            return self._picture(at)
        if sign.startswith("<"):
            return self._tag(at)
        return self._variable(at)

    def _word(self, at: int, length: int = 1) -> int:
        self._say(at, at + length)
        return at + length

    def _ends(self, closer: str, at: int) -> int:
        """Where the next one of these ends; -1 if there is none."""
        if closer in self._endless:
            return -1
        end = self._text.find(closer, at)
        if end < 0:
            self._endless.add(closer)
            return -1
        return end + len(closer)

    def _enclosed(self, code: str, at: int, closer: str) -> int:
        end = self._ends(closer, at + 2)
        return self._drop(code, at, end) if end > 0 else self._word(at, 2)

    def _variable(self, at: int) -> int:
        if self._text[at] == "_" and self._format not in ("sugarcube", "harlowe"):
            return self._word(at)
        found = _VARIABLE.match(self._text, at)
        if found is None or found[0].endswith("_"):
            return self._word(at)
        self._lines[-1].append(HOLE)
        return self._drop("T011", at, found.end())

    def _picture(self, at: int) -> int:
        end = self._ends("]]", at)
        if end < 0:
            return self._word(at)
        parts = self._text[at + 1 : end - 2].split("][")
        if len(parts) > 1 and parts[1].strip():
            self._link("(a picture)", target_of(parts[1]), at)
        return self._drop("T013", at, end)

    def _bracketed(self, at: int) -> int:
        end = self._ends("]]", at + 2)
        inside = self._text[at + 2 : end - 2] if end > 0 else "\n"
        if "\n" in inside or not inside.strip():
            return self._word(at, 2)
        inside, _, setter = inside.partition("][")
        if setter:
            self._dropped.append(Dropped("T010", f"[{setter}]", at))
        words, target = split(inside)
        if _OUT_OF_HERE.match(target.strip()):
            self._say(at + 2, at + 2 + len(words) if inside.startswith(words) else at + 2)
            return self._drop("T007", at, end)
        self._link(words, target_of(target), at)
        return end

    # --- SugarCube ---------------------------------------------------------------------------------------------------

    def _sugar(self, at: int) -> int:
        end = self._ends(">>", at + 2)
        inside = _IN_MACRO.match(self._text, at + 2, at + 2_000) if end > 0 else None
        end = inside.end() if inside else end
        name = _NAME.match(self._text, at + 2)
        if end < 0 or name is None or name.end() > end:
            return self._word(at, 2)
        word, closing = name[1].lower(), "/" in name[0]
        if closing and self._closed(word):
            return end
        if closing:
            pass
        elif word in SWALLOWED:
            rest = self._ends(f"<</{word}>>", end)
            end = rest if rest > 0 else end
        elif word in LINKING or word in LEAVING or word in ("actions", "choice"):
            return self._sugar_link(word, at, end)
        elif word in PRINTING:
            self._lines[-1].append(HOLE)
            return self._drop("T011", at, end)
        elif word in SHOWING:
            self._show(at, end)
        return self._drop(code_of(word), at, end)

    def _show(self, at: int, end: int) -> None:
        """Another passage is shown here with its links: the way to them is kept as a reply."""
        shown = _STRING.search(self._text, at, end)
        if shown:
            self._link(HOLE, target_of(shown[1] or shown[2] or ""), at)

    def _sugar_link(self, word: str, at: int, end: int) -> int:
        """A macro that leads somewhere; where to may stand in a macro that follows before it is closed."""
        inside = self._text[at + 2 : end - 2]
        strings = ["".join(one) for one in _STRING.findall(inside)]
        bracketed = re.search(r"\[\[([^\n]*?)\]\]", inside)
        words, target = split(bracketed[1]) if bracketed else (strings[0] if strings else "", strings[1] if len(strings) > 1 else "")
        if word in LEAVING:
            self._leave(target_of(target if bracketed else words) if words else None, at)
        elif word == "actions":
            for one in strings:
                self._link(one, one, at)
        elif word == "choice" and strings:
            self._link(strings[-1], strings[0], at)
            return end
        elif words:
            self._open.append((word, self._link(words, target_of(target) if target else None, at), Dropped("T010", self._text[at:end], at)))
            return end
        return end if word in LEAVING else self._drop("T010", at, end)

    def _leave(self, target: str | None, at: int) -> None:
        """Something that leads on by itself: it belongs to the link that it stands in, or is one without words."""
        hooks = [one for one in self._hooks if one is not None]
        holder = self._open[-1][1] if self._open else hooks[-1] if hooks else None
        if holder is None:
            self._link(HOLE, target, at)
        elif self._links[holder].target is None:
            self._links[holder] = replace(self._links[holder], target=target)
            self._leading.add(holder)

    def _closed(self, word: str) -> bool:
        """Whether this closes a link; one that leads nowhere only showed or did something, so its words are the customer's."""
        if not self._open or self._open[-1][0] != word:
            return False
        _, number, written = self._open.pop()
        if number is not None:
            self._end(number, written)
        return True

    def _end(self, number: int, written: Dropped) -> None:
        if self._links[number].target is not None or number in self._leading:
            return
        self._dropped.append(written)
        self._links[number] = replace(self._links[number], name=NO_LINK)

    def _give_up(self) -> None:
        """Links that are never closed."""
        while self._open:
            self._closed(self._open[-1][0])

    # --- Harlowe -----------------------------------------------------------------------------------------------------

    def _harlowe(self, at: int) -> int:
        if self._parens is None:
            self._parens = _matching(self._text)
        end = self._parens.get(at, -2) + 1
        name = self._text[at + 1 : self._text.index(":", at)].lower()
        if end < 0 or (name not in HARLOWE and self._format != "harlowe"):
            return self._word(at)
        strings = ["".join(one) for one in _STRING.findall(self._text[at:end])]
        self._hook_at, self._hook_of = end, None
        if name in GOING and strings:
            computed = re.search(r",\s*[$_(]", self._text[at:end]) is not None
            self._link(strings[0], None if computed else strings[-1], at)
            return end
        if name in LINKING and strings and self._text[end : end + 1] == "[":
            self._hook_of = self._link(strings[0], None, at)
            self._pressed[self._hook_of] = Dropped("T010", self._text[at:end], at)
            return end
        if name in LEAVING:
            self._leave(strings[0] if strings else None, at)
            return end
        if name == "print":
            return end if self._print(strings, at) else self._drop("T011", at, end)
        if name in SHOWING:
            self._show(at, end)
        return self._drop(code_of(name), at, end)

    def _print(self, strings: list[str], at: int) -> bool:
        """Something is worked out and said; where that is a link as it is written, it is one, and nothing is lost."""
        links = [link for one in strings for link in _LINK.findall(one)]
        for words, target in map(split, links):
            self._link(words, target_of(target), at)
        if not links:
            self._lines[-1].append(HOLE)
        return bool(links)

    def _hook(self, sign: str, at: int) -> int:
        if sign == "]":
            if not self._hooks:
                return self._word(at)
            number = self._hooks.pop()
            if number is not None:
                self._end(number, self._pressed[number])
            return at + 1
        if at == self._hook_at:
            self._hooks.append(self._hook_of)
            return at + 1
        if self._format == "chapbook" and (end := self._whole_line(at)) > 0:
            name = self._text[at + 1 : end].rstrip("] ").split(" ")[0].lower()
            if name in NO_WORDS:
                following = _MODIFIER.search(self._text, end)
                end = following.start() if following else len(self._text)
            return self._drop(code_of(name), at, end)
        if self._format == "harlowe":
            self._hooks.append(None)
            return at + 1
        return self._word(at)

    # --- Chapbook ----------------------------------------------------------------------------------------------------

    def _chapbook_variables(self) -> int:
        """Where the words begin: what stands above a line `--` are variables."""
        rule = re.search(r"^--$", self._text, re.MULTILINE)
        if rule is None:
            return 0
        return self._drop("T011", 0, rule.end())

    def _whole_line(self, at: int) -> int:
        """The end of a line in brackets, which is a modifier; -1 if this is none."""
        end = self._text.find("\n", at)
        line = self._text[at : end if end >= 0 else len(self._text)]
        whole = (at == 0 or self._text[at - 1] == "\n") and line.rstrip().endswith("]")
        return at + len(line) if whole else -1

    def _brace(self, at: int) -> int:
        found = _INSERT.match(self._text, at)
        if found and found[0] in placeholders():
            return self._word(at, len(found[0]))
        inserted = found is not None and self._format not in ("harlowe", "sugarcube", "snowman") and _LOOKS_INSERTED.fullmatch(found[1])
        if found is None or not inserted:
            return self._drop("T015", at, at + 1)
        strings = ["".join(one) for one in _STRING.findall(found[1])]
        if found[1].strip().startswith("link to") and strings:
            self._link(strings[-1], strings[0], at)
            return found.end()
        if re.match(r"\s*embed\s+(?!passage)", found[1]):
            return self._drop("T013", at, found.end())
        if ":" not in found[1]:
            self._lines[-1].append(HOLE)
            return self._drop("T011", at, found.end())
        return self._drop("T010", at, found.end())

    # --- HTML --------------------------------------------------------------------------------------------------------

    def _tag(self, at: int) -> int:
        ends = _TAG_END.match(self._text, at + 1)
        name = _NAME.match(self._text, at + 1)
        if ends is None or name is None:
            return self._word(at)
        word, end = name[1].lower(), ends.end()
        passage = _PASSAGE_ATTRIBUTE.search(self._text, at, end)
        closes = self._text.find("</", end, end + 1_000) if passage else -1
        if passage and closes > 0:
            self._link(self._text[end:closes], passage[1] or passage[2] or "", at)
            close = _TAG_END.match(self._text, closes + 1)
            return close.end() if close else closes
        if word in ("script", "style") and self._text[at + 1] != "/":
            rest = self._ends(f"</{word}>", end)
            return self._drop("T010", at, rest if rest > 0 else end)
        if word in BREAKING:
            self._break(end)
            return end if word in ("br", "p", "div", "hr") else self._drop("T015", at, end)
        return self._drop("T013" if word in MEDIA else "T015", at, end)


def _matching(text: str) -> dict[int, int]:
    """For each opening parenthesis that is closed, where; what stands in double quotes opens and closes nothing."""
    pairs, waiting = dict[int, int](), list[int]()
    for found in _PARENS.finditer(text):
        if found[0] == "(":
            waiting.append(found.start())
        elif found[0] == ")" and waiting:
            pairs[waiting.pop()] = found.start()
        elif len(found[0]) > 1 and not waiting:
            # Speech in quotes is no string: what stands in it counts.
            pairs |= {found.start() + start: found.start() + end for start, end in _matching_in(found[0])}
    return pairs


def _matching_in(text: str) -> Iterator[tuple[int, int]]:
    waiting = list[int]()
    for at, character in enumerate(text):
        if character == "(":
            waiting.append(at)
        elif character == ")" and waiting:
            yield waiting.pop(), at
