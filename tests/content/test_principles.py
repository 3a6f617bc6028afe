"""The shipped principles: every rule, source and weight of the catalogue that this version needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servicesim.scenario.loading import load_principles_text, shipped_principles
from servicesim.scenario.principles import TEMPLATES, Card, canonical_principles, principles_from_canonical

NEEDED = """
greet-warmly build-rapport be-sincere never-lie thank-sincerely dont-interrupt listen-actively stay-neutral
answer-promptly leave-nothing-unanswered invite-the-story calm-dont-scold call-it-the-matter hold-the-apology
ask-with-permission ask-to-find-out summarise-first confirm-the-summary apologise-when-wrong ask-how-to-make-good
compensate-now thank-for-telling follow-up let-them-see never-argue never-insult treat-everyone-alike record-the-case
keep-informed spare-them-effort see-with-their-eyes promise-what-you-can-keep seize-the-golden-moment win-trust-be-careful
""".split()

CATALOGUE = Path(__file__).parents[3] / "shared" / "PRINCIPLES.md"


def test_the_principles_of_complaint_handling_are_there() -> None:
    assert set(NEEDED) <= set(shipped_principles().principles)


def test_every_template_but_the_rarest_is_in_use() -> None:
    used = {
        name
        for principle in shipped_principles().principles.values()
        for rule in principle.rules
        for name, template in TEMPLATES.items()
        if isinstance(rule, template)
    }
    assert used >= {"first", "last", "existence", "absence", "precedence", "response", "alternate-response"}


def test_texts_are_sentences() -> None:
    for principle in shipped_principles().principles.values():
        assert not principle.title.endswith(".")
        assert principle.says.endswith(".")
        assert principle.why.endswith(".")
        assert len(principle.says) <= 160


def test_what_is_critical_can_never_be_outweighed() -> None:
    critical = {name for name, one in shipped_principles().principles.items() if one.critical}
    assert critical == {"never-lie", "never-insult", "treat-everyone-alike"}


@pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue of principles is not part of the product")
def test_weights_and_sources_are_those_of_the_catalogue() -> None:
    rows = re.findall(r"^\| ([a-z-]+) \| ([A-E0-9, ]+) \| .* \| (\d)(, critical)? \|$", CATALOGUE.read_text(encoding="utf-8"), re.M)
    assert len(rows) > 40
    for name, source, weight, critical in rows:
        principle = shipped_principles().principles.get(name)
        if principle is None:
            assert name == "be-good-always"  # judged across encounters
            continue
        assert (principle.weight, principle.critical) == (int(weight), bool(critical)), name
        assert set(principle.source) == set(source.replace(" ", "").split(",")), name


CARDS = """\
servicesim: 1
acts:
  greet: {title: Greets}
principles:
  greet-warmly: {title: G, says: S., why: W., source: [B2], rules: [{first: greet}]}
cards:
  feel:
    title: The bar
    source: [E1]
    card: They bring a bar.
"""


def test_a_file_may_have_cards_that_belong_to_no_principle() -> None:
    principles, findings = load_principles_text(CARDS)
    assert findings == []
    assert principles is not None
    assert principles.cards == {"feel": Card(title="The bar", source=("E1",), card="They bring a bar.")}
    assert principles_from_canonical(canonical_principles(principles)) == principles


def test_no_cards_leave_nothing_in_the_canonical_text() -> None:
    principles, _ = load_principles_text(CARDS.split("cards:")[0])
    assert principles is not None
    assert principles.cards == {}
    assert "cards" not in canonical_principles(principles)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("cards:", "crads:", "<text>:6:1: S001 there is no field 'crads' here; did you mean 'cards'?"),
        ("    card: They", "    cart: They", "<text>:10:5: S001 there is no field 'cart' here; did you mean 'card'?"),
        ("    title: The bar\n", "", "<text>:8:5: S002 the field 'title' is missing; add 'title:' here"),
        ("[E1]", "[]", "<text>:9:13: S008 'source' is empty; write at least one"),
        ("[E1]", "[F1]", "<text>:9:14: S006 'F1' is no line of the sources; write it like C30"),
        ("feel:", "Feel:", "<text>:7:3: S006 'Feel' is no name; use small letters a-z, digits and hyphens, beginning with a letter"),
        ("They bring a bar.", "#1 is the bar.", "<text>:10:5: S003 'card' is empty: what follows # is a comment; put the text in quotes"),
    ],
)
def test_a_slip_in_a_card_is_found_where_it_stands(old: str, new: str, told: str) -> None:
    assert old in CARDS
    assert told in [str(finding) for finding in load_principles_text(CARDS.replace(old, new, 1))[1]]
