"""Every code has a page whose first example has exactly that finding, and whose second has none at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenario.small import SMALL
from servicesim.authoring import programmes, proofs, twine, unreached
from servicesim.authoring.catalogue.page import SECTIONS, Example, Page, codes, page, read
from servicesim.cli import run
from servicesim.errors import FilesHaveFindings, UsageError
from servicesim.exports import columns
from servicesim.exports.columns import demand_layout, load_layout
from servicesim.scenario import (
    checks,
    condition_checks,
    editions,
    lesson_checks,
    principles_checks,
    programme_checks,
    remembered_checks,
    shape,
    source,
    text_checks,
    voices,
)

SOURCES = Path(__file__).parents[2] / "src" / "servicesim"
PROGRAMMES = (programme_checks.CODES, {code: title for code, title in programmes.CODES.items() if code.startswith("G")})
PROOFS = (unreached.CODES, proofs.CODES, {code: title for code, title in programmes.CODES.items() if code.startswith("R")})
TABLES = (*PROOFS, *PROGRAMMES, source.CODES, shape.CODES, checks.CODES, text_checks.CODES, lesson_checks.CODES, remembered_checks.CODES, voices.CODES, condition_checks.CODES, principles_checks.CODES, columns.CODES, twine.CODES, editions.CODES)
TITLES = {code: title for table in TABLES for code, title in table.items()}

SEVERITIES = {
    ("warning", False): "A warning: the file can be used as it is.",
    ("warning", True): "A warning: the file can be used as it is.",
    ("error", False): "An error: the file cannot be used until this is mended.",
    ("error", True): "An error: nobody should be scored by this encounter until it is mended.",
}

Checked = Callable[[Page, str], tuple[dict[str, Any], str]]


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checked:
    """What `servicesim check` says of one of a page's examples, as JSON and in words."""

    def check(one: Page, name: str) -> tuple[dict[str, Any], str]:
        example = one.example(name)
        monkeypatch.chdir(tmp_path)
        if one.of_mapping:
            Path("columns.yaml").write_bytes(example.data())
            return _mapped(Path("columns.yaml"))
        if one.of_story:
            return _imported(one, example.data(), capsys)
        arguments = _arguments(example, tmp_path) + ([] if one.proven else ["--no-reach"])
        run([*arguments, "--json"])
        told = json.loads(capsys.readouterr().out)["files"][-1]  # a translation is told of after what it translates
        run(arguments)
        return told, capsys.readouterr().out

    return check


def _mapped(mapping: Path) -> tuple[dict[str, Any], str]:
    """The same of a mapping of columns, of which `servicesim export` tells what is wrong."""
    _, findings = load_layout(source.read(mapping))
    found = {"findings": [{"code": one.code, "severity": one.severity} for one in findings]}
    try:
        demand_layout(mapping)
    except FilesHaveFindings as told:
        return found, f"{told}\n"
    return found, "nothing wrong"


def _imported(one: Page, story: bytes, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    """The same of a story; what no story says is told of every one of them, and shown on a page of its own."""
    Path("umbrella.twee").write_bytes(story)
    run(["import", "umbrella.twee", "--json"])
    told = json.loads(capsys.readouterr().out)
    told["findings"] = [finding for finding in told["findings"] if finding["code"] == one.code or finding["code"] != "T020"]
    for written in told["written"]:
        Path(written).unlink()
    run(["import", "umbrella.twee"])
    words = capsys.readouterr().out
    return told, words if told["findings"] else f"nothing wrong\n{words}"


def _arguments(example: Example, folder: Path) -> list[str]:
    """The check of an example, whose file is in place."""
    if example.kind == "shell":
        (folder / "umbrella.yaml").write_text(SMALL, encoding="utf-8")
        program, *arguments = example.text.split()
        assert program == "servicesim"
        return arguments
    if example.kind.startswith("po"):
        (folder / "umbrella.yaml").write_bytes(page("S027").example("Mended").data())
        (folder / "languages/fa").mkdir(parents=True)
        (folder / "languages/fa/umbrella.po").write_bytes(example.data())
        return ["check", "umbrella.yaml"]
    if example.kind == "yaml files":
        for name, data in example.files().items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
        return ["check", next(iter(example.files()))]
    data = example.data()
    if data.startswith(b"servicesim-programme"):
        (folder / "week.yaml").write_bytes(data)
        return ["check", "week.yaml"]
    name = "principles.yaml" if b"\nprinciples:" in data else "umbrella.yaml"
    (folder / name).write_bytes(data)
    return ["check", name]


def test_every_code_in_the_sources_has_a_page_and_every_page_is_about_one() -> None:
    rooms = "scenario", "authoring", "exports"
    texts = [path.read_text(encoding="utf-8") for room in rooms for path in (SOURCES / room).rglob("*.py")]
    used = {code for text in texts for code in re.findall(r'"([A-Z][0-9]{3})"', text)}
    assert codes() == sorted(used)


def test_the_tables_of_codes_and_the_pages_have_the_same_titles() -> None:
    for code, title in TITLES.items():
        assert page(code).title.casefold() == title.casefold()


def test_what_takes_a_look_at_all_plays_begins_with_r() -> None:
    assert {code for code in codes() if page(code).proven} == {code for table in PROOFS for code in table}


@pytest.mark.parametrize("code", codes())
def test_a_page_has_the_form_that_all_pages_have(code: str) -> None:
    one = page(code)
    assert one.code == code
    assert re.findall(r"^## (.+)$", one.text, re.MULTILINE) == list(SECTIONS)
    assert all(one.section(name).strip() for name in SECTIONS)
    assert one.text.split("\n")[2] == SEVERITIES[one.severity, one.proven]
    assert re.search(r"^```text\n", one.section("Found"), re.MULTILINE)
    assert max(len(line) for line in one.text.split("```")[0].splitlines()) <= 120


@pytest.mark.parametrize("code", codes())
def test_the_first_example_has_that_finding_and_no_other(code: str, checked: Checked) -> None:
    one = page(code)
    told, words = checked(one, "Found")
    assert {(finding["code"], finding["severity"]) for finding in told["findings"]} == {(code, one.severity)}
    shown = re.search(r"^```text\n(.*?)^```$", one.section("Found"), re.DOTALL | re.MULTILINE)
    assert shown is None or shown[1] in words


@pytest.mark.parametrize("code", codes())
def test_the_second_example_has_no_finding(code: str, checked: Checked) -> None:
    told, words = checked(page(code), "Mended")
    assert told["findings"] == []
    assert "nothing wrong" in words


def test_an_example_says_what_cannot_be_shown() -> None:
    assert Example("yaml escaped", "a: \\x41\\u202e\\q\n").data() == "a: A\u202e\\q\n".encode()
    assert Example("yaml shortened", "a:\n  - b\n  (… 1,000 times)\nc: d\n").data() == b"a:\n" + b"  - b\n" * 1000 + b"c: d\n"
    assert Example("yaml", "a: \\x41\n").data() == b"a: \\x41\n"


def test_a_page_without_its_form_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with"):
        read("S012 is when\n")
    with pytest.raises(ValueError, match="no example under 'Found'"):
        read("# S012: Lost\n\nAn error\n\n## Found\n\nNothing.\n").example("Found")


def test_a_code_without_a_page_is_refused_with_near_ones() -> None:
    with pytest.raises(UsageError, match=r"no finding has the code 'S0l2'; did you mean S0"):
        page("S0l2")
