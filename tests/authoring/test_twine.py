"""Twine stories become skeletons: what is kept, what is told, and that no file can do harm."""

from __future__ import annotations

import html
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicesim.authoring import twine
from servicesim.authoring.twine_lines import Link
from servicesim.authoring.twine_skeleton import Skeleton, skeletons
from servicesim.authoring.twine_text import taken_apart
from servicesim.scenario import loading, source
from servicesim.scenario.findings import Finding

PASSAGES = {
    "Start": "Good morning. | I left my umbrella here.\n\n[[I will look.->Found]]\n[[No idea.->Gone]]",
    "Found": "There it is!",
    "Gone": "Goodbye.",
}


def twee(passages: dict[str, str], **data: str) -> str:
    """A Twee file of these passages; a tag may follow a name in brackets."""
    extra = "".join(f'"{key}": "{value}", ' for key, value in data.items())
    head = f':: StoryTitle\nThe umbrella\n\n:: StoryData\n{{{extra}"ifid": "D674C58C-DEFA-4F70-B7A2-27742230C0FC"}}\n\n'
    return head + "\n\n".join(f":: {name}\n{text}" for name, text in passages.items())


def page(passages: dict[str, str], start: int = 1, title: str = "The umbrella", format_: str = "Harlowe") -> str:
    """The same as Twine publishes it."""
    inside = "".join(
        f'<tw-passagedata pid="{number}" name="{html.escape(name)}" tags="" position="1,1" size="100,100">{html.escape(text)}</tw-passagedata>'
        for number, (name, text) in enumerate(passages.items(), 1)
    )
    return (
        f'<tw-storydata name="{title}" startnode="{start}" creator="Twine" format="{format_}" ifid="D674C58C-DEFA-4F70-B7A2-27742230C0FC" hidden>'
        f'<style role="stylesheet" id="twine-user-stylesheet" type="text/twine-css">p {{ color: red }}</style>'
        f'<script role="script" id="twine-user-script" type="text/twine-javascript">if (1 < 2) "<tw-passagedata name=none>"</script>{inside}</tw-storydata>'
    )


def made(data: str | bytes) -> tuple[list[Skeleton], list[str]]:
    """The skeletons of a story, and what was found, without the notice that every story has."""
    file = twine.parse(data, "x.twee")
    found = list(skeletons(file, "x"))
    findings: list[Finding] = [*file.findings, *(finding for one in found for finding in one.findings)]
    return found, [f"{finding.line}:{finding.column}: {finding.code} {finding.message}" for finding in findings if finding.code != "T020"]


def root(one: Skeleton) -> dict[str, object]:
    """The skeleton's fields as the reader of scenarios reads them."""
    read = source.parse(one.text)
    assert read.findings == []
    assert read.root is not None
    return dict(read.root)


SCENES = {
    "start": {
        "customer": "Good morning. | I left my umbrella here.",
        "replies": [
            {"id": "i-will-look", "say": "I will look.", "acts": [], "end": "found"},
            {"id": "no-idea", "say": "No idea.", "acts": [], "end": "gone"},
        ],
    }
}  # fmt: skip


@pytest.mark.parametrize("data", [twee(PASSAGES), page(PASSAGES), "\ufeff" + twee(PASSAGES).replace("\n", "\r\n")], ids=["twee", "html", "twee of Windows"])
def test_a_story_becomes_a_scenario_that_can_be_read(data: str) -> None:
    (one,), findings = made(data)
    fields = root(one)
    assert findings == []
    assert (one.id, fields["title"], fields["start"]) == ("the-umbrella", "The umbrella", "start")
    assert fields["scenes"] == SCENES
    assert fields["endings"] == {"found": {"title": "Found", "customer": "There it is!"}, "gone": {"title": "Gone", "customer": "Goodbye."}}
    scenario, wrong = loading.load_text(one.text)
    assert scenario is not None, wrong


def test_what_no_story_says_is_told_once_and_stands_as_todo() -> None:
    (one,) = skeletons(twine.parse(twee(PASSAGES)), "x")
    assert [finding.code for finding in one.findings] == ["T020"]
    assert one.text.count("acts: []  # TODO") == 2
    assert 'name: "TODO: the name of the customer"' in one.text


@pytest.mark.parametrize(
    ("written", "words", "target"),
    [
        ("[[Look->Attic]]", "Look", "Attic"),
        ("[[a -> b->Attic]]", "a -> b", "Attic"),
        ("[[Attic<-Look]]", "Look", "Attic"),
        ("[[Look|Attic]]", "Look", "Attic"),
        ("[[Attic]]", "Attic", "Attic"),
        ("[[Look|Attic][$seen to true]]", "Look", "Attic"),
        ('<<link "Look" "Attic">><</link>>', "Look", "Attic"),
        ("<<link [[Look|Attic]]>><<set $a to 1>><</link>>", "Look", "Attic"),
        ('<<button "Look">><<goto "Attic">><</button>>', "Look", "Attic"),
        ('(link-goto: "Look", "Attic")', "Look", "Attic"),
        ('(link: "Look")[(set: $a to 1)(goto: "Attic")]', "Look", "Attic"),
        ('<a data-passage="Attic">Look</a>', "Look", "Attic"),
        ("{link to: 'Attic', label: 'Look'}", "Look", "Attic"),
        ("[[''Look'' &amp; see->Attic]]", "Look & see", "Attic"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_link_is_a_reply(written: str, words: str, target: str) -> None:
    links = [part for line in taken_apart(written).lines for part in line if isinstance(part, Link)]
    assert [(link.words, link.target) for link in links] == [(words, target)]


@pytest.mark.parametrize(
    ("written", "links", "said"),
    [
        ('(link: "On")[(goto: $next)]', [("On", None)], ""),
        ('(link: "On")[Wait. (link: "More")[I know.]]', [], "On Wait. More I know."),
        ('(if: $a)[(print: "[[Up->Attic]]")]', [("Up", "Attic")], ""),
        ('(display: "Choices")', [("…", "Choices")], ""),
        ('<<include "Choices">>', [("…", "Choices")], ""),
        ('<<linkreplace "More">>I know.<</linkreplace>>', [], "More I know."),
        ('<<goto "Attic">>', [("…", "Attic")], ""),
        ("[[Comments|]]", [("Comments", None)], ""),
        ("[[Go|$next]]", [("Go", None)], ""),
    ],
)  # fmt: skip
def test_what_leads_on_in_its_own_way_is_kept_as_a_way(written: str, links: list[tuple[str, str | None]], said: str) -> None:
    parts = [part for line in taken_apart(written, "").lines for part in line]
    assert [(part.words, part.target) for part in parts if isinstance(part, Link)] == links
    assert "".join(part for part in parts if isinstance(part, str)) == said


def test_what_follows_a_modifier_for_code_or_notes_is_not_said() -> None:
    taken = taken_apart("Hello.\n\n[CSS]\np { color: red }\n\n[continue]\nGoodbye.", "Chapbook")
    assert [part for line in taken.lines for part in line] == ["Hello.", "Goodbye."]


@pytest.mark.parametrize(
    ("format_", "written", "words"),
    [
        ("SugarCube", "<<if $x>>Yes.<<else>>No.<</if>> ''Really''?", "Yes.No. Really?"),
        ("SugarCube", "<<script>>alert('<<no>>')<</script>>Hello", "Hello"),
        ("SugarCube", "Hello $name, it is $5. /% a note %/", "Hello …, it is $5. "),
        ("Harlowe", "(set: $x to (a: 1, 2))(if: $x is 1)[Hello (you) there]", "Hello (you) there"),
        ("Harlowe", "{ Hello }", " Hello "),
        ("Chapbook", "name: 'Ada'\n--\n[if name]\nHello {name}!\n", "Hello …!"),
        ("", "See https://example.org/a//b (and: more) and a <b>bold</b> word", "See https://example.org/a//b (and: more) and a bold word"),
        ("", "{trainee} of {company}", "{trainee} of {company}"),
    ],
)  # fmt: skip
def test_the_customer_says_the_words_without_the_markup(format_: str, written: str, words: str) -> None:
    said = "".join("".join(part for part in line if isinstance(part, str)) for line in taken_apart(written, format_).lines)
    assert said == words


def test_a_link_in_a_sentence_leaves_its_words_there_and_one_on_its_own_does_not() -> None:
    (one,), _ = made(twee({"Start": "There is a [[door->In]] here.\n* [[Leave->Out]]", "In": "In.", "Out": "Out."}))
    scenes = root(one)["scenes"]
    assert isinstance(scenes, dict)
    assert scenes["start"]["customer"] == "There is a door here."


def test_findings_say_where_in_the_file_they_stand() -> None:
    story = twee({**PASSAGES, "Gone": "Bye &\n  $name [[x->Nowhere]] [[y->Start]]"}, format="SugarCube")
    assert made(story)[1] == ["18:3: T011 '$name' inserts something, and is left out", "18:9: T005 'x' leads to 'Nowhere', which is not in the story"]
    published = page({**PASSAGES, "Gone": "Bye &\n  $name [[x->Nowhere]] [[y->Start]]"})
    assert [one.split(" ")[0:2] for one in made(published)[1]] == [["5:3:", "T011"], ["5:9:", "T005"]]


def test_an_archive_gives_every_story_a_skeleton_of_its_own() -> None:
    found, findings = made(page(PASSAGES) + "\n\n" + page(PASSAGES) + "\n\n" + page(PASSAGES, title="Glove"))
    assert ([one.id for one in found], findings) == (["the-umbrella", "the-umbrella-2", "glove"], [])


def test_ids_are_valid_each_only_once_and_do_not_depend_on_what_stands_before() -> None:
    names = ["Yes", "yes!", "چتر", "12 o'clock", "Straße İzmir", "x" * 200, "go-on"]
    passages = {"Start": "Well?\n" + "\n".join(f"[[{name}->{name}]]" for name in names), **{name: "Fine." for name in names}}
    (one,), _ = made(twee(passages))
    endings = root(one)["endings"]
    assert isinstance(endings, dict)
    assert list(endings) == ["ending-yes", "yes", "ending-ec2c2b22", "ending-12-oclock", "strasse-izmir", "x" * 40, "ending-go-on"] or len(endings) == len(names)
    (again,), _ = made(twee({"Start": "Well?\n[[چتر->چتر]]", "چتر": "Fine."}))
    later = root(again)["endings"]
    assert isinstance(later, dict)
    assert set(later) <= set(endings)


def test_scripts_style_sheets_and_headers_are_no_scenes() -> None:
    story = twee({**PASSAGES, "Code [script]": "alert([[1]])", "Look [stylesheet]": "p {}", "StoryInit": "<<set $a to 1>>", "Head [header]": "Hi"})
    (one,), findings = made(story)
    assert (one.scenes, one.endings) == (1, 2)
    assert [finding.split(" ")[1] for finding in findings] == ["T014"] * 4


def test_a_broken_story_gives_what_can_be_read_and_says_what_is_missing() -> None:
    whole = page(PASSAGES)
    cut = whole[: whole.index("Goodbye")]
    (one,), findings = made(cut)
    assert (one.scenes, one.endings) == (1, 2)
    assert [finding.split(" ")[1] for finding in findings] == ["T002", "T002"]
    assert made("")[1] == ["1:1: T001 this file holds no Twine story"]
    assert made(twee(PASSAGES).encode("utf-16"))[1] == ["1:1: F003 the file is saved as UTF-16"]
    assert made(":: Start\nCaf\u00e9".encode("latin-1"))[1] == ["2:4: F003 the byte E9 here is not UTF-8"]
    assert made('<div id="storeArea"><div tiddler="Start">Hi</div></div>')[1] == ["1:1: T001 this story was published by Twine 1"]


def test_what_is_left_out_is_quoted_in_the_skeleton() -> None:
    story = twee({**PASSAGES, "Gone": "<<set $a to {\n  b: 1}>>Goodbye.<!-- why? -->"})
    (one,), _ = made(story)
    assert "# left out: <<set $a to {\n    #   b: 1}>>\n" in one.text
    assert "# left out: <!-- why? -->\n" in one.text


HOSTILE = [
    b"<tw-storydata " * 20_000,
    b"<tw-storydata name='x'>" + b"<tw-passagedata name='" * 20_000,
    b"<tw-storydata><script>" + b"<script><tw-passagedata>" * 20_000,
    b":: Start\n" + b"<<" * 200_000,
    b":: Start\n" + b"[[" * 200_000 + b"]]" * 200_000,
    b":: Start\n" + b"(a:" * 100_000,
    b":: Start\n" + b"(if: \"" * 60_000 + b")" * 60_000,
    b":: Start\n" + b"<<'>>" * 60_000,
    b":: Start\n" + b"<a<b<c" * 60_000,
    b":: Start\n" + b"''//**__" * 40_000,
    b":: Start\n" + b"//a" * 40_000,
    b":: Start\n" + b"@@a" * 40_000,
    b":: Start\n" + b"*a " * 40_000,
    b":: Start\n" + b"{a" * 100_000,
    b":: Start\n" + b'<a data-passage="x">' * 20_000,
    b":: Start\n" + b"&#" + b"9" * 100_000 + b";",
    b":: StoryData\n" + b"[" * 100_000 + b"\n:: Start\nHi",
    b"::" * 100_000,
    b"::\n" * 100_000,
    b":: Start [" + b"\\" * 100_000,
    b":: a\n[[b]]\n" * 20_000,
    b":: About [servicesim]\nfacts: " + b"[" * 20_000 + b"\n:: Start\nHi [[a]]\n:: a\nb",
    b":: About [servicesim]\nlocale: \"\\n: x\nlearn: [\"a]b\", \"c: d\"]\npass: 1e999\n:: Start\nHi [[a]]\n:: a\nb",
    b"\0" * 100_000,
    b":: Start\n" + "\u202e\u2028\x85\x00\ufeff\ufffe".encode() * 5_000 + b"[[a]]",
]  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_files_give_a_skeleton_or_findings_and_soon(data: bytes) -> None:
    began = time.process_time()
    found, findings = made(data)
    assert time.process_time() - began < 3
    for one in found:
        if one.text:
            root(one)
    assert found or findings


def test_a_file_of_many_long_passages_is_looked_at_only_so_far() -> None:
    story = ":: Start\nHi [[a->P0]]\n" + "".join(f":: P{number}\n{'<a [[b]] ' * 5_000}\n" for number in range(150))
    began = time.process_time()
    (one,), findings = made(story)
    assert time.process_time() - began < 5
    assert any("T017 the story has more than 400,000 characters; 142 passages are left out" in finding for finding in findings)
    root(one)


PIECES = [
    ":: ", "Start", "\n", "[[", "]]", "->", "<-", "|", "<<", ">>", "<<link \"", "\">>", "<</link>>", "(if:", "(link:", ")", "[", "]", "{", "}", "$a", "''", "//",
    "<tw-storydata name=\"", "\">", "<tw-passagedata pid=\"1\" name=\"", "</tw-passagedata>", "</tw-storydata>", "&quot;", "&#", ";", "«", "»", "«acts» ",
    ":: About [servicesim]\n", "customer: {", "\"", ": ", " #", "- ", "\t", "\0", "\u2028", "\u202e", "é", "چتر", "😀", "\\", "'", "<!--", "-->", "TODO: x", "a", " ", "yes", "::Start [script]\n",
]  # fmt: skip


@settings(max_examples=400)
@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map(lambda pieces: "".join(pieces).encode())))
def test_any_bytes_give_a_skeleton_that_can_be_read_or_findings(data: bytes) -> None:
    found, findings = made(data)
    assert found or findings
    for one in found:
        if one.text:
            root(one)


def test_a_pipe_or_a_folder_is_never_waited_for(tmp_path: Path) -> None:
    assert [finding.code for finding in twine.read(tmp_path).findings] == ["F001"]
    assert [finding.code for finding in twine.read(tmp_path / "none.twee").findings] == ["F001"]
