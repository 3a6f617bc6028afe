"""The texts of a scenario and of principles by their keys, and the same scenario in another language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scenario.small import SMALL, spoilt
from servicesim import shipped
from servicesim.scenario import loading
from servicesim.scenario.loading import load_text, shipped_principles
from servicesim.scenario.model import Scenario, canonical_scenario
from servicesim.scenario.translated import (
    language_of,
    texts,
    texts_of_principles,
    translated,
    translated_principles,
)
from servicesim.scenario.translators_notes import notes, notes_of_principles

SHIPPED = sorted(path for path in shipped.scenarios().glob("*.yaml") if not loading.is_principles_file(path))
FULL = SMALL.replace("say: I will look.", "do: Looks under the till.\n        why: She sees it.").replace(
    "title: Found", "title: Found\n    customer: Thanks, {trainee}.\n    tells: {say: It was there., delighted: Go there!}"
).replace("  opening:\n    happens", "  opening:\n    do: The phone rings.\n    on-interrupt: {customer: Let me finish.}\n    on-silence: {customer: Hello?}\n    happens")  # fmt: skip


def prose(tree: object, field: str = "") -> Iterator[str]:
    """Every text of several words, conditions aside."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from prose(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from prose(value, field)
    elif isinstance(tree, str) and " " in tree and field != "if":
        yield tree


def small(text: str = SMALL) -> Scenario:
    scenario, found = load_text(text)
    assert scenario is not None, found
    return scenario


def test_every_text_has_a_key_that_stays() -> None:
    assert texts(small(FULL)) == {
        "title": "The umbrella",
        "summary": "Somebody left an umbrella.",
        "company": "Nova Stores",
        "customer": "Leyla Karimova",
        "scenes/opening/do": "The phone rings.",
        "scenes/opening/says": "I left my umbrella. | It was red.",
        "scenes/opening/on-interrupt": "Let me finish.",
        "scenes/opening/on-silence": "Hello?",
        "replies/opening/welcome": "Good morning.",
        "replies/opening/sorry": "Oh, I am so sorry!",
        "scenes/story/says": "You do not even know what for.",
        "scenes/story/says/2": "On Tuesday. | By the till.",
        "replies/story/look": "Looks under the till.",
        "replies/story/look/why": "She sees it.",
        "replies/story/shrug": "No idea.",
        "endings/settled": "Found",
        "endings/settled/says": "Thanks, {trainee}.",
        "endings/settled/tells": "It was there.",
        "endings/settled/tells/delighted": "Go there!",
        "endings/gone": "Gone",
    }


def test_a_translation_says_other_words_and_is_the_same_otherwise() -> None:
    scenario = small(FULL)
    persian = translated(scenario, {key: key for key in texts(scenario)}, "fa")
    assert (persian.locale, language_of(persian)) == ("fa", "fa")
    assert texts(persian) == {key: key for key in texts(scenario)}
    assert canonical_scenario(translated(persian, texts(scenario), "en")) == canonical_scenario(scenario)


def test_voices_stay_with_the_original() -> None:
    scenario = small(spoilt("customer: I left my umbrella. | It was red.", "customer: {say: I left it., voice: [a.ogg]}"))
    line = scenario.scenes["opening"].customer[0]
    opening = replace(scenario.scenes["opening"], customer=(replace(line, lasts=(2.0,)),))
    heard = replace(scenario, scenes={**scenario.scenes, "opening": opening})
    line = translated(heard, texts(heard), "fa").scenes["opening"].customer[0]
    assert (line.voice, line.lasts) == ((), ())


def test_a_text_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="replies/story/shrug"):
        translated(small(), {key: text for key, text in texts(small()).items() if key != "replies/story/shrug"}, "fa")


def test_the_language_is_that_of_the_locale() -> None:
    assert [language_of(small(spoilt("locale: en", f"locale: {locale}"))) for locale in ("en", "en-GB", "de", "fa-IR")] == ["en", "en", "de", "fa"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_stays_itself_when_its_own_texts_are_put_in(path: Path) -> None:
    scenario = loading.demand(path)
    silent = translated(scenario, texts(scenario), scenario.locale)
    said = {key: f"«{text}»" for key, text in texts(scenario).items()}
    assert texts(silent) == texts(scenario)
    strange = translated(scenario, said, "fa")
    assert texts(strange) == said
    assert not [text for text in prose(json.loads(canonical_scenario(strange))) if "«" not in text], "what has no key is not translated"
    assert notes(scenario, shipped_principles()).keys() == texts(scenario).keys()


def test_principles_are_told_text_for_text() -> None:
    principles = shipped_principles()
    asked = texts_of_principles(principles)
    assert asked["principles/hold-the-apology/title"] == principles.principles["hold-the-apology"].title
    assert asked["acts/apologise"] == principles.acts["apologise"].title
    said = {key: f"«{text}»" for key, text in asked.items()}
    assert texts_of_principles(translated_principles(principles, said)) == said
    one = translated_principles(principles, {"acts/apologise": "عذر می‌خواهد"})
    assert texts_of_principles(one) == {**asked, "acts/apologise": "عذر می‌خواهد"}
    assert translated_principles(principles, {}) == principles
    assert notes_of_principles(principles).keys() == asked.keys()


def test_notes_say_who_speaks_and_what_must_stay() -> None:
    told = notes(small(FULL), shipped_principles())
    assert told["scenes/opening/says"] == "Leyla Karimova (hostile customer) says to the trainee, on the phone; keep the 1 stop |"
    assert told["scenes/story/says"] == "Leyla Karimova (hostile customer) says to the trainee, on the phone; line 1 of 2, of which one is spoken, where: said(apologise)"
    assert told["replies/opening/sorry"] == "the trainee says to Leyla Karimova; does: Apologises"
    assert told["replies/story/look"].startswith("what the trainee does, as a stage direction; does: ")
    assert told["replies/story/shrug"] == "the trainee says to Leyla Karimova; does nothing that is judged"
    assert told["endings/settled/says"] == "how it ends, with the last words of Leyla Karimova; {trainee} is the name of the trainee"
