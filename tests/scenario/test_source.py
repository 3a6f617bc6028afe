"""What a trainer's file holds, where it stands, and what is refused with which words."""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path

import pytest
import yaml

from servicesim.scenario import source
from servicesim.scenario.authored import Steps
from servicesim.scenario.source import CODES, Mapping, Sequence, looks_like_yaml11, parse, read

WRITTEN = """\
servicesim: 1
title: 'Late'
customer:
  name: Leyla
scenes:
  opening:
    customer: >-
      At last,
      somebody.
    replies:
      - id: sorry
        acts: [greet, apologise]
      - id: "no"
        say: no
"""


def found(text: bytes | str) -> list[str]:
    return [str(finding) for finding in parse(text).findings]


def bare(value: source.Value) -> object:
    if isinstance(value, Mapping):
        return {key: bare(inside) for key, inside in value.items()}
    return [bare(inside) for inside in value] if isinstance(value, Sequence) else value


def test_a_file_becomes_plain_fields_lists_and_texts() -> None:
    written = parse(WRITTEN)
    assert written.findings == []
    assert bare(written.root) == {
        "servicesim": 1,
        "title": "Late",
        "customer": {"name": "Leyla"},
        "scenes": {
            "opening": {
                "customer": "At last, somebody.",
                "replies": [{"id": "sorry", "acts": ["greet", "apologise"]}, {"id": "no", "say": "no"}],
            }
        },
    }


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), "1:1", "1:1"),
        (("title",), "2:1", "2:8"),
        (("customer", "name"), "4:3", "4:9"),
        (("scenes", "opening"), "6:3", "7:5"),
        (("scenes", "opening", "replies", 1, "id"), "13:9", "13:13"),
        (("scenes", "opening", "replies", 0, "acts", 1), "12:23", "12:23"),
    ],
)
def test_every_part_knows_where_it_and_its_key_stand(path: Steps, key: str, value: str) -> None:
    written = parse(WRITTEN)
    places = written.key_place(path), written.place(path)
    assert [f"{place.line}:{place.column}" for place in places] == [key, value]


def test_steps_that_were_never_written_are_skipped() -> None:
    written = parse(WRITTEN)
    assert written.place(("scenes", "opening", "replies", 1, "Reply", "say")) == written.place(("scenes", "opening", "replies", 1, "say"))  # fmt: skip
    assert written.place(("customer", "trust")) == written.place(("customer",))
    assert written.place(("scenes", "opening", "replies", 7)) == written.place(("scenes", "opening", "replies"))


def test_a_finding_stands_at_the_value_or_at_the_key() -> None:
    written = parse(WRITTEN, "late.yaml")
    assert str(written.finding("S001", ("title",), "odd", "mend it")) == "late.yaml:2:8: S001 odd; mend it"
    assert str(written.finding("S001", ("title",), "odd", key=True)) == "late.yaml:2:1: S001 odd"


def test_a_message_that_quotes_the_file_is_short_and_hides_nothing() -> None:
    finding = parse(WRITTEN).finding("S006", ("title",), f"'{'x' * 9_000}\u202e' is no name", "write\nو می\u200cخواهم")
    assert len(finding.message) < 500
    assert finding.message.endswith("\\u202e' is no name")
    assert finding.hint == "write\\nو می\u200cخواهم"


def test_a_source_tells_what_was_written_in_quotes() -> None:
    written = parse(WRITTEN)
    replies = ("scenes", "opening", "replies")
    assert written.was_plain((*replies, 1, "say"))
    assert not written.was_plain((*replies, 1, "id"))
    assert not written.was_plain(("title",))
    assert not written.was_plain(("scenes", "opening", "customer"))


def test_lines_are_counted_from_one_whatever_ends_them() -> None:
    written = parse(WRITTEN.replace("\n", "\r\n").encode())
    assert written.findings == []
    assert written.line(4) == "  name: Leyla"
    assert (written.line(0), written.line(99)) == ("", "")
    assert written.place(("customer", "name")).line == 4


@pytest.mark.parametrize(
    ("written", "value"),
    [("true", True), ("false", False), ("null", None), ("", None), ("12", 12), ("-3", -3), ("0", 0), ("0.50", 0.5)],
)
def test_only_these_unquoted_texts_are_more_than_text(written: str, value: object) -> None:
    root = parse(f"a: {written}").root
    assert root is not None
    assert root["a"] == value
    assert type(root["a"]) is type(value)


@pytest.mark.parametrize("text", ["no", "on", "True", "~", "12:30", "010", "0x1f", "1_000", "2024-05-01", ".5", "1e3", "1.", "+1", "9" * 30])  # fmt: skip
def test_what_yaml_1_1_takes_for_something_else_is_text_here_and_known_as_such(text: str) -> None:
    root = parse(f"a: {text}").root
    assert root is not None
    assert root["a"] == text
    assert looks_like_yaml11(text)


@pytest.mark.parametrize("text", ["note", "yesterday", "12 o'clock", "a: b", "5 coats", "on time", "1.2.x", "..", "-"])
def test_ordinary_words_look_like_words(text: str) -> None:
    assert not looks_like_yaml11(text)


@pytest.mark.parametrize("text", ["Yes", "NO", "off", "ON", "null", "~", "0b11", "017", "0x_f", "190:20:30", "190:20:30.15", "6.8e+5", "-.inf", ".NaN", "2001-12-14", "2001-12-14 21:59:43", "<<", "=", "late", "1 2", "12-14"])  # fmt: skip
def test_a_reader_of_yaml_1_1_agrees_on_what_it_would_take_for_something_else(text: str) -> None:
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    assert looks_like_yaml11(text) == (tag != "tag:yaml.org,2002:str")


EXAMPLES: dict[str, tuple[bytes | str, str]] = {
    "F002": ("a: " + "b" * (1 << 20), "1:1: F002 the file is larger than 1 MiB; split it into several encounters"),
    "F003": (b"a: b\nc: \xfe", "2:4: F003 the byte FE here is not UTF-8; save the file as UTF-8"),
    "F004": ("a: x\x07", "1:5: F004 an invisible control character (U+0007) cannot stand here; delete it"),
    "F005": ("a:\n\t- b", "2:1: F005 a tab (U+0009) cannot stand here; use spaces instead"),
    "F006": ("a: \u202eb", "1:4: F006 an invisible character that turns the direction of text (U+202E RLO) cannot stand here; delete it: ServiceSim finds the direction of each text by itself"),
    "F007": ("a: b # x\u2028c: d", "1:9: F007 a line break that some programs do not see (U+2028) cannot stand here; delete it and press Enter instead"),
    "F009": ("- a", "1:1: F009 the file is a list; begin it with 'servicesim: 1' and write each field on a line of its own"),
    "F010": ("a: &x b", "1:4: F010 '&x' is an anchor; delete it, or put a text that begins with '&' in quotes"),
    "F011": ("a: !!str b", "1:4: F011 a text that begins with '!' is a tag here; delete the tag, or put the text in quotes"),
    "F012": ("go: a\nb: c\ngo: d", "3:1: F012 the key 'go' is written twice, first in line 1; keep one of them"),
    "F013": ("%YAML 1.1\n---\na: b", "1:1: F013 a line that begins with '%' is a directive; delete the line"),
    "F014": ("a: {<<: {b: c}}", "1:5: F014 '<<' would mix in fields from elsewhere; write the fields out"),
    "F015": ("a: b\n---\nc: d", "2:1: F015 a second document begins here; keep one encounter in a file and delete '---'"),
    "F016": ("? [a]\n: b", "1:3: F016 a list or a group of fields cannot be a key; put a text that begins with a bracket in quotes"),
    "F017": ("a: " + "[" * 24, "1:27: F017 this is nested more than 24 deep; no scenario needs that: put a text with brackets or dashes in quotes"),
    "F018": ("- a\n" * 100_000, "100000:3: F018 the file holds more than 100,000 values; split it into several encounters"),
    "F019": ("a: " + "b" * 8_001, "1:4: F019 this text has 8,001 characters, at most 8,000 are possible; shorten it"),
    "F020": ("say: order # 5", "1:11: F020 this ' #' ends the text: what follows is a comment; put the text in quotes, or move the comment to a line of its own"),
    "F030": ("say: Note: x", "1:10: F030 a colon stands inside a text that is not in quotes; put the whole text in quotes"),
    "F031": ("a:\n  b: 1\n c: 2", "3:2: F031 this line does not line up with the lines above it; begin it exactly below the fields that it belongs to, give a field above it its ':', or put a text of several lines in quotes"),
    "F032": ("a: b\nc: \"x\nd: e", "2:4: F032 the quote \" that is opened here is never closed; close the quotes at the end of the text, and write a \" inside it as \\\""),
    "F033": ("a: [b, c\nd: e", "1:4: F033 the '[' that is opened here is not closed where it should be; look at line 2, column 2: a ']' or a comma is missing, or a text needs quotes"),
    "F034": ("say: @home", "1:6: F034 a text without quotes cannot begin with @; put the whole text in quotes"),
    "F035": ('a: "\\q"', "1:5: F035 a backslash in double quotes needs a letter that YAML knows after it; write \\\\ for a backslash, or put the text in single quotes"),
    "F036": ("a: 'it's'", "1:8: F036 the text goes on after its closing quote; close the quotes at the end of the text, and write a ' inside it as ''"),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_each_kind_of_slip_is_found_where_it_stands_with_the_way_out(code: str) -> None:
    written, told = EXAMPLES[code]
    assert found(written) == [f"<text>:{told}"]


def test_every_code_has_an_example() -> None:
    # F001 needs a file, and F039 is for complaints that are not known yet.
    assert set(CODES) - set(EXAMPLES) == {"F001", "F039"}


@pytest.mark.parametrize("mark", ["@", "`", "%", "*", "&", "!<", "|x", ">x", "]", "}", ",", "? ", "- a"])
def test_a_text_that_begins_with_a_special_character_is_explained(mark: str) -> None:
    [finding] = parse(f"say: {mark}").findings
    assert finding.line == 1
    assert finding.code in ("F033", "F034")


@pytest.mark.parametrize("problem", ["mapping values", "did not find", "could not find", "scanning", "token", "block mapping", "flow"])  # fmt: skip
def test_no_message_is_in_the_words_of_the_yaml_reader(problem: str) -> None:
    slips = ["a: b: c", "a\nb: c", "a: 'x", "a: [", "a: {", "a: ]", "a: - b", "a:\n- b\nc", "a: |x", "a: %", ': x', 'a: "\\x"', "a: !<", "a: 'x' y", "%"]  # fmt: skip
    told = [text for slip in slips for text in found(slip)]
    assert len(told) == len(slips)
    assert not [text for text in told if problem in text]


def test_a_colon_without_a_space_within_brackets_is_explained() -> None:
    assert found("feel: {anger:, trust: 1}") == [
        "<text>:1:13: F030 a colon within brackets has no space after it; write a space after it, or put the whole text in quotes"
    ]


def test_a_quote_that_is_closed_by_the_next_one_is_found_where_it_was_opened() -> None:
    assert found('say: "Hello\nwhy: "Warm"\n')[0].startswith(
        '<text>:1:6: F032 the quote " that is opened here is closed only in line 2'
    )


def test_a_line_that_a_comment_cut_off_says_which_comment() -> None:
    assert found("note: hello # cut\n   there") == [
        "<text>:2:4: F031 this line does not belong to anything: the '#' in line 1 ended the text there; put the whole text in quotes"
    ]


def test_slips_that_leave_the_file_readable_are_found_together() -> None:
    written = parse("a: \tb\na: &x c\ntitle: no # 5\nd: \u200f\n")
    assert [(finding.code, finding.line) for finding in written.findings] == [
        ("F005", 1), ("F006", 4), ("F010", 2), ("F020", 3), ("F012", 2),
    ]  # fmt: skip
    assert written.root is not None


def test_the_first_of_two_equal_keys_stays_and_both_are_told() -> None:
    written = parse("a: 1\nb: {c: d}\nb:\n  - e\nf: 2\n")
    assert bare(written.root) == {"a": 1, "b": {"c": "d"}, "f": 2}
    assert written.place(("f",)).line == 5
    assert [finding.line for finding in written.findings] == [3]


@pytest.mark.parametrize("text", ["a: b\nc: *b", "*a : b", "*a", "a: {<<: *b}", "- *a"])
def test_a_file_with_aliases_is_not_used(text: str) -> None:
    written = parse(text)
    assert written.root is None
    assert "F010" in {finding.code for finding in written.findings}


@pytest.mark.parametrize(
    "text",
    [
        "id: late # the parcel\n",
        "acts: [greet] # warm\n",
        "expects: 70 # high\n",
        "# say: order # 5\na: b\n",
        'say: "order # 5" # fine\n',
        "say: order#5\n",
        "say: >-  # folded\n  order # 5\n",
        "customer: # who\n  say: hello\n",
    ],
)
def test_comments_that_cut_nothing_are_fine(text: str) -> None:
    assert found(text) == []


def test_a_comment_after_the_last_line_of_a_text_cuts_it_too() -> None:
    assert found("why: first\n  second # third\n")[0].startswith("<text>:2:9: F020")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_told_by_name(codec: str) -> None:
    assert found("a: b\nc: d".encode(codec)) == ["<text>:1:1: F003 the file is saved as UTF-16; save it as UTF-8"]


def test_a_mark_at_the_very_beginning_is_dropped_and_elsewhere_refused() -> None:
    assert bare(parse(b"\xef\xbb\xbfa: b").root) == {"a": "b"}
    assert parse("a: b\ufeff").findings[0].code == "F004"


REFUSED = [0, 1, 8, 9, 0x0B, 0x0C, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xD800, 0xDFFF, 0xFDD0, 0xFDEF, 0xFEFF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF]  # fmt: skip
KEPT = [0x20, 0xA0, 0xAD, 0x200B, 0x200C, 0x200D, 0x2010, 0x202F, 0x2065, 0x206A, 0xFDCF, 0xFDF0, 0xFFFD, 0x10000, 0x1F9D1]  # fmt: skip


@pytest.mark.parametrize("number", REFUSED)
def test_characters_that_hide_something_are_refused_written_out_and_escaped(number: int) -> None:
    plain = parse(f"a: b\nc: d{chr(number)}e\n").findings
    assert [(finding.line, finding.column) for finding in plain] == [(2, 5)]
    escaped = parse(f'a: b\nc: "d\\U{number:08X}e"\n').findings
    assert [finding.line for finding in escaped] == [2]


@pytest.mark.parametrize("number", KEPT)
def test_characters_that_languages_need_are_kept(number: int) -> None:
    written = parse(f"a: d{chr(number)}e\n")
    assert (written.findings, bare(written.root)) == ([], {"a": f"d{chr(number)}e"})


def test_one_finding_for_each_kind_of_character_in_each_line() -> None:
    written = parse("a: \t\t\t\u202e\u202d\nb:\tc\n")
    assert [(finding.code, finding.line, finding.column) for finding in written.findings] == [
        ("F005", 1, 4), ("F006", 1, 7), ("F005", 2, 3),
    ]  # fmt: skip


def test_a_lone_carriage_return_is_refused() -> None:
    assert parse("a: b\rc: d\r\n").findings[0].code == "F007"


def test_a_scenario_file_may_be_as_large_as_the_limits_say() -> None:
    depth = parse("a: " + "[" * 23 + "]" * 23)
    nodes = parse("a: [" + "b, " * 99_997 + "]")
    length = parse("a: " + "b" * 8_000)
    assert [depth.findings, nodes.findings, length.findings] == [[], [], []]


@pytest.mark.parametrize(
    "text",
    [b"- " * 200_000, b"[" * 200_000, b"{a: " * 200_000, b"k: v\n" * 200_000, b"\t\n" * 500_000, b"a: b # c\n" * 100_000, b"[[]," + b"[]," * 300_000, b"\r" * 900_000],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_a_hostile_file_is_answered_in_time(text: bytes) -> None:
    began = time.process_time()
    written = parse(text)
    assert time.process_time() - began < 1
    assert 1 <= len(written.findings) <= 600


def test_bombs_of_aliases_and_merge_keys_are_not_followed() -> None:
    bomb = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40))
    assert parse(bomb).root is None


def test_what_python_says_about_big_numbers_never_comes_up() -> None:
    assert bare(parse("a: " + "9" * 7_000).root) == {"a": "9" * 7_000}


def test_the_garbage_collector_is_left_as_it_was() -> None:
    parse("a: [")
    assert gc.isenabled()
    gc.disable()
    try:
        parse("a: b")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_reader_without_its_c_extension_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = bare(parse(WRITTEN).root)
    monkeypatch.setattr(source, "_Parser", source.PureParser)
    written = parse(WRITTEN)
    assert bare(written.root) == expected
    assert written.place(("scenes", "opening", "replies", 0, "acts", 1)) == parse(WRITTEN).place(("scenes", "opening", "replies", 0, "acts", 1))  # fmt: skip
    for text in (
        "a: b: c",
        "a: @",
        "a: 'x",
        "a: [b\nc: d",
        "a: |x",
        "a: 'it's'",
        "a: &x b\nc: *x",
        "- a\nb: c",
        "a: - b",
        'a: "\\q"',
    ):
        assert [finding.code for finding in parse(text).findings]


def test_fields_and_texts_agree_with_what_other_readers_see(written_by_others: str) -> None:
    assert bare(parse(written_by_others).root) == yaml.load(written_by_others, yaml.CSafeLoader)


@pytest.fixture(
    params=[
        "a: 'b ''c'''\nd: \"e\\n\\\"f\\\"\"\n",
        "a: |\n  b\n\n   c\nd: >\n  e\n  f\n\n  g\n",
        "a: b\n  c\n  d\ne:\n- f\n-   g: h\n    i: j\n",
        "{a: [b, c: d], 'e': {}}",
        "---\na: [\n  b,\n  c\n]\n...\n",
        "? a\n: b\n? c\n",
    ]
)
def written_by_others(request: pytest.FixtureRequest) -> str:
    text = request.param
    assert isinstance(text, str)
    return text


def test_a_file_is_read_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "late.yaml"
    file.write_text("a: b\na: c\n", "utf-8")
    assert str(read(file).findings[0]).startswith(f"{file}:2:1: F012 ")


@pytest.mark.parametrize(("name", "why"), [("gone.yaml", "there is no such file"), ("x\0y", "its name cannot be used")])
def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path, name: str, why: str) -> None:
    [finding] = read(tmp_path / name).findings
    assert (finding.code, finding.message) == ("F001", f"the file cannot be read: {why}")


def test_a_folder_is_a_finding(tmp_path: Path) -> None:
    assert [finding.code for finding in read(tmp_path).findings] == ["F001"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "late.yaml")
    assert [finding.code for finding in read(tmp_path / "late.yaml").findings] == ["F001"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices on this system")
def test_a_device_is_refused() -> None:
    assert [finding.code for finding in read(Path("/dev/zero")).findings] == ["F001"]


def test_reading_works_where_a_system_cannot_open_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_NONBLOCK", raising=False)
    (tmp_path / "late.yaml").write_text("a: b\n", "utf-8")
    assert bare(read(tmp_path / "late.yaml").root) == {"a": "b"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    [finding] = read(tmp_path / os.fsdecode(b"caf\xe9.yaml")).findings
    assert str(finding).encode("utf-8")
