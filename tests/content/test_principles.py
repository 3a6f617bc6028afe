"""The shipped principles: every rule, source and weight of the catalogue that this version needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter

from servicesim.assessment.rules import automaton
from servicesim.assessment.trace import REPLY_BEGINS, REPLY_ENDS
from servicesim.scenario.loading import load_principles_text, shipped_principles
from servicesim.scenario.model import CustomerType
from servicesim.scenario.principles import (
    TEMPLATES,
    Card,
    Rule,
    WrittenRule,
    canonical_principles,
    principles_from_canonical,
)
from servicesim.scenario.principles_checks import acts_of_rule

NEEDED = """
greet-warmly build-rapport be-sincere never-lie thank-sincerely dont-interrupt listen-actively stay-neutral
answer-promptly leave-nothing-unanswered invite-the-story calm-dont-scold call-it-the-matter hold-the-apology
ask-with-permission ask-to-find-out summarise-first confirm-the-summary apologise-when-wrong ask-how-to-make-good
compensate-now thank-for-telling follow-up let-them-see never-argue never-insult treat-everyone-alike record-the-case
keep-informed spare-them-effort see-with-their-eyes promise-what-you-can-keep seize-the-golden-moment win-trust-be-careful
""".split()

CATALOGUE = Path(__file__).parents[3] / "shared" / "PRINCIPLES.md"
needs_catalogue = pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue of principles is not part of the product")


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


@needs_catalogue
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


#: Where a rule is wider than the catalogue's: the catalogue's rule, and right conduct that it would punish.
#: Letters would hide what this is about, so acts stand in full; ( ) is a reply.
WIDER: list[tuple[str, str, dict[str, object], str]] = [
    ("identify-the-need", "phone", {"precedence": {"needs": ["ask-need", "state-need", "confirm-summary"], "then": "offer-solution"}},
     "( ask-remedy ) ( offer-solution )"),
    ("keep-asking-the-unsure", "phone", {"alternate-response": {"after": "customer-unsure", "then": "ask-need"}},
     "customer-unsure ( ask-clarifying ) customer-unsure ( ask-need )"),
    ("thank-sincerely", "phone", {"existence": "thank"}, "( apologise ) ( thank-for-telling )"),
    ("thank-sincerely", "phone", {"last": ["thank", "farewell-warmly", "promise-follow-up"]}, "( thank ) ( thank-for-support )"),
    ("leave-nothing-unanswered", "email",
     {"alternate-response": {"after": "customer-asks", "then": ["inform", "promise-answer"], "within": "next-reply"}},
     "customer-asks customer-asks customer-asks ( inform )"),
    ("leave-nothing-unanswered", "phone",
     {"response": {"after": "customer-asks", "then": ["inform", "promise-answer"], "within": "next-reply"}}, "customer-asks ( explain )"),
    ("hold-the-apology", "email", {"from": "case-opened", "precedence": {"needs": "confirm-summary", "then": "apologise"}},
     "case-opened ( summarise judge-right apologise )"),
    ("ask-with-permission", "email", {"from": "case-opened", "precedence": {"needs": "ask-permission", "then": "ask-clarifying"}},
     "case-opened ( summarise ask-clarifying )"),
    ("ask-how-to-make-good", "phone", {"from": "case-opened", "precedence": {"needs": "ask-remedy", "then": "compensate"}},
     "case-opened state-need ( judge-right compensate )"),
    ("ask-how-to-make-good", "phone", {"response": {"after": "judge-right", "then": "ask-remedy"}},
     "case-opened state-need ( judge-right ) ( compensate )"),
    ("follow-up", "in-person", {"response": {"after": ["compensate", "accept-waiver"], "then": ["promise-follow-up", "call-declined"]}},
     "service-failed ( compensate ) ( farewell-warmly )"),
    ("keep-informed", "phone", {"response": {"after": "customer-waits", "then": "inform"}}, "customer-waits ( notify )"),
    ("solve-it-together", "phone", {"from": "case-opened", "existence": "involve-customer"}, "case-opened ( ask-remedy )"),
    ("set-expectations", "phone", {"precedence": {"needs": "ask-expectation", "then": "set-expectation"}},
     "( ask-need ) state-need ( set-expectation )"),
    ("make-them-feel-valued", "phone", {"existence": "stay-in-touch"}, "( value ) ( promise-follow-up )"),
    ("thank-the-supporter", "phone", {"existence": "stay-in-touch"}, "( thank-for-support promise-follow-up )"),
    ("keep-the-fan", "phone", {"existence": "stay-in-touch"}, "( offer-extra promise-follow-up )"),
]  # fmt: skip


def verdicts(rule: Rule, trace: str) -> list[bool]:
    """Whether each opportunity was kept, for acts in their order."""
    ready = automaton(rule)
    state, kept = ready.start, list[bool]()
    for place, act in enumerate(trace.split()):
        what = ready.meaning.get({"(": REPLY_BEGINS, ")": REPLY_ENDS}.get(act, act), 0)
        state, decided = ready.step(state, what, place, True)
        kept += [ruling.kept for ruling in decided]
    return kept + [ruling.kept for ruling in ready.finish(state, True)]


@pytest.mark.parametrize(("name", "channel", "catalogue", "trace"), WIDER, ids=[f"{name} {trace}" for name, _, _, trace in WIDER])
def test_a_rule_is_wider_than_the_catalogue_only_where_that_would_punish_right_conduct(
    name: str, channel: str, catalogue: dict[str, object], trace: str
) -> None:
    principle = shipped_principles().principles[name]
    theirs = TypeAdapter(WrittenRule).validate_python(catalogue)
    ours = [rule for rule in principle.rules if channel in (rule.when.channel or principle.when.channel or [channel])]
    assert not all(verdicts(theirs, trace))
    assert all(kept for rule in ours for kept in verdicts(rule, trace))


def catalogue_rows() -> list[tuple[str, str]]:
    """Each principle of the catalogue with the text of its rule; what is judged across encounters is not in it."""
    rows = re.findall(r"^\| ([a-z-]+) \| [A-E0-9, ]+ \| (.*) \| \d(?:, critical)? \|$", CATALOGUE.read_text(encoding="utf-8"), re.M)
    return [(name, re.split(r"[;.]? ?across encounters", text)[0]) for name, text in rows if name != "be-good-always"]


def acts_named(text: str) -> set[str]:
    """The acts that a rule of the catalogue speaks of, without its templates and its words."""
    shipped = shipped_principles()
    return {word for word in re.findall(r"[a-z]+(?:-[a-z]+)*", text) if shipped.known(word)}


@needs_catalogue
def test_no_principle_is_missing_and_none_is_added() -> None:
    assert {name for name, _ in catalogue_rows()} == set(shipped_principles().principles)


@needs_catalogue
def test_rules_speak_of_the_acts_of_the_catalogue() -> None:
    wider = {name for name, *_ in WIDER} | {"stay-neutral", "summarise-first"}  # these two begin again at reject-summary
    for name, text in catalogue_rows():
        ours = {act for rule in shipped_principles().principles[name].rules for _, act in acts_of_rule(rule)}
        assert acts_named(text) <= ours, name
        assert name in wider or acts_named(text) == ours, name


@needs_catalogue
def test_templates_types_and_shares_are_those_of_the_catalogue() -> None:
    for name, text in catalogue_rows():
        principle = shipped_principles().principles[name]
        named = {template for template in TEMPLATES if re.search(rf"(?<![a-z-]){template}:", text)}
        used = {template for template, kind in TEMPLATES.items() for rule in principle.rules if type(rule) is kind}
        assert used == named or name == "leave-nothing-unanswered", name
        assert principle.elective == ("elective" in text), name
        assert set(principle.when.type) == set(re.findall("|".join(get_args(CustomerType)), text)), name
        assert principle.enough == (0.5 if "enough 0.5" in text else 1), name


@needs_catalogue
def test_a_scope_is_that_of_the_catalogue() -> None:
    for name, text in catalogue_rows():
        scoped = any(rule.opened_by is not None for rule in shipped_principles().principles[name].rules)
        assert scoped == ("from case-opened" in text) or name == "follow-up", name
