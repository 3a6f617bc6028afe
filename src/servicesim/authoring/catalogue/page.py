"""A page of the catalogue: what a finding means, an example that has it, and the same mended.

    # S012: A scene that nothing leads to

    An error: the encounter cannot be played until it is mended.

    (what it means, why it matters, what to do)

    ## Found
    (an example)

    ## Mended
    (the same, mended)

An example is a file in a fenced block: ```` ```yaml ````; or ```` ```yaml escaped ````, where `\\xNN` stands for a byte and
`\\uNNNN` for a character; or ```` ```yaml shortened ````, where a line `(… 500 times)` stands for so many copies of the
line above it; or ```` ```yaml files ````, several files, each after a line `# in scenarios/umbrella.yaml`, of which the first
has the finding; or ```` ```twee ````, a story; or ```` ```po ````, the Persian translation beside `umbrella.yaml`; or
```` ```shell ````, commands for a folder that holds `umbrella.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources

from servicesim.errors import UsageError
from servicesim.scenario.findings import Severity

SECTIONS = ("What it means", "Why it matters", "What to do", "Found", "Mended")

_TITLE = re.compile(r"# (?P<code>[A-Z][0-9]{3}): (?P<title>.+)\n")
_BLOCK = re.compile(r"^```(?P<kind>[a-z ]+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})")
_FILE = re.compile(r"^# in (\S+\.yaml)\n", re.MULTILINE)
_TIMES = re.compile(r"^(?P<line>.*\n) *\(… (?P<times>[0-9,]+) times\)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A block of a page: which kind it is, and its text as it stands there."""

    kind: str
    text: str

    def data(self) -> bytes:
        """The file that the example stands for."""
        match self.kind:
            case "yaml escaped" | "twee escaped" | "po escaped":
                return _ESCAPED.sub(_unescaped, self.text.encode())
            case "yaml shortened" | "twee shortened":
                return _TIMES.sub(lambda found: found["line"] * int(found["times"].replace(",", "")), self.text).encode()
            case _:
                return self.text.encode()


    def files(self) -> dict[str, bytes]:
        """Where the example is several files: each by its name."""
        names, texts = _FILE.findall(self.text), _FILE.split(self.text)[2::2]
        return {name: text.encode() for name, text in zip(names, texts, strict=True)}


def _unescaped(found: re.Match[bytes]) -> bytes:
    byte, character = found.groups()
    return bytes([int(byte, 16)]) if byte else chr(int(character, 16)).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Page:
    """One code's page, as it is read."""

    code: str
    title: str
    text: str

    @property
    def severity(self) -> Severity:
        """Whether what is found makes a file unusable."""
        return "warning" if self.text.split("\n", 3)[2].startswith("A warning") else "error"

    @property
    def proven(self) -> bool:
        """Whether it takes a look at all plays to find this, not only at the text."""
        return self.code.startswith("R")

    @property
    def of_programme(self) -> bool:
        """Whether it is found in a programme by itself, and not in an encounter."""
        return self.code.startswith("G")

    @property
    def of_mapping(self) -> bool:
        """Whether it is found in a mapping of columns, and not in an encounter or in principles."""
        return self.code.startswith("M")

    @property
    def of_story(self) -> bool:
        """Whether it is found in a Twine story, by `servicesim import`."""
        return self.code.startswith("T")

    def section(self, name: str) -> str:
        """What stands under one of the headings; empty if there is none."""
        _, heading, rest = self.text.partition(f"\n## {name}\n")
        return rest.partition("\n## ")[0] if heading else ""

    def example(self, name: str) -> Example:
        """The block under one of the headings."""
        block = _BLOCK.search(self.section(name))
        if block is None:
            raise ValueError(f"{self.code}: no example under '{name}'")
        return Example(block["kind"], block["text"])


def codes() -> list[str]:
    """Every code that has a page, in order."""
    return list(_codes())


@cache
def _codes() -> tuple[str, ...]:
    pages = resources.files("servicesim.authoring.catalogue").iterdir()
    return tuple(sorted(page.name.removesuffix(".md") for page in pages if page.name.endswith(".md")))


def page(code: str) -> Page:
    """The page of a code, in capitals or not; raises UsageError naming near ones."""
    known = codes()
    if code.upper() not in known:
        near = get_close_matches(code.upper(), known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "servicesim explain lists them all"
        raise UsageError(f"no finding has the code {code!r}; {hint}")
    file = resources.files("servicesim.authoring.catalogue") / f"{code.upper()}.md"
    return read(file.read_text(encoding="utf-8"))


def read(text: str) -> Page:
    """A page in its fixed form; raises ValueError where it has another."""
    title = _TITLE.match(text)
    if title is None:
        raise ValueError(f"a page begins with '# CODE: title', not with {text[:40]!r}")
    return Page(title["code"], title["title"], text)
