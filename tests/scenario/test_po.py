"""PO files are read as Babel writes them and as editors do, and any bytes give entries or findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicesim.authoring.translations import empty, merged, written
from servicesim.scenario import po
from servicesim.scenario.po import Entry, parse

WRAPPED = r'''# a translator wrote this
msgid ""
msgstr ""
"Language: fa_IR\n"
"X-Generator: some editor\n"

#. a note
#: somewhere.yaml:3
#, fuzzy, no-wrap
#| msgctxt "scenes/a/says"
#| msgid "It \"was\" "
#| "green"
msgctxt "scenes/a/says"
msgid ""
"It \"was\" "
"red"
msgstr "سرخ "
"بود\n\\"
msgctxt "title"
msgid "Red"
msgstr ""

#~ msgctxt "gone"
#~ msgid "Gone"
#~ msgstr "رفته"
'''


@pytest.mark.parametrize("text", [WRAPPED, WRAPPED.replace("\n", "\r\n"), WRAPPED.rstrip(), f"{WRAPPED}\n\n\n", WRAPPED.replace('"Red"', '  "Red"')])
def test_a_file_as_editors_write_it(text: str) -> None:
    file = parse(text.encode())
    assert (file.source.findings, file.short_language, list(file.entries)) == ([], "fa", ["scenes/a/says", "title"])
    entry = file.entries["scenes/a/says"]
    assert entry == Entry("scenes/a/says", 'It "was" red', "سرخ بود\n\\", 17, True, 'It "was" green')
    assert entry.made_from == 'It "was" green'
    assert file.entries["title"] == Entry("title", "Red", "", 21)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.tuples(st.text(min_size=1), st.text()), max_size=6))
def test_what_is_written_is_read(texts: dict[str, tuple[str, str]]) -> None:
    usual = {key: (text.strip(), said) for key, (text, said) in texts.items() if text.isprintable() and said.isprintable() and text.strip()}
    catalog = merged(empty("fa"), {key: text for key, (text, _) in usual.items()}, {})
    for message in catalog:
        if message.id:
            message.string = usual[str(message.context)][1]
    assert {key: (one.text, one.said) for key, one in parse(written(catalog)).entries.items()} == usual


@given(st.text(alphabet='msgidctxtr "\\\n#~|,fuzy\r\tא') | st.binary())
def test_any_bytes_give_entries_or_findings(data: str | bytes) -> None:
    file = parse(data if isinstance(data, bytes) else data.encode())
    assert all(finding.code == "L001" and finding.line >= 1 for finding in file.source.findings)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "large.po").write_bytes(b"#" * (po.MOST_BYTES + 1))
    for name, told in (("none.po", "No such file"), (".", "no file that can be read"), ("large.po", "larger than 4 MiB")):
        (finding,) = po.read(tmp_path / name).source.findings
        assert told in finding.message or "directory" in finding.message
