"""Polite and harsh words are found whole, however they are spelt."""

from __future__ import annotations

import pytest

from servicesim.analysis import words
from servicesim.analysis.words import folded, languages, vocabulary, written

LISTS = [(kind, language) for kind in ("_POLITE", "_HARSH") for language in languages()]


def polite(language: str, text: str) -> int:
    found = vocabulary(language)
    assert found is not None
    return found.polite(text)


def harsh(language: str, text: str) -> int:
    found = vocabulary(language)
    assert found is not None
    return found.harsh(text)


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Then I'm truly sorry, you're right of course, and thank you for bearing with us. Please wait.", 4),
        ("en", "PLEASE! Thanks; we apologise/apologize.", 4),
        ("en", "You're welcome. You’re welcome.", 2),
        ("en", "I am pleased, that is a displeasure, and we repleased it.", 0),
        ("en", "I beg your\n  pardon, and would you  be so\tkind?", 2),
        ("tr", "LÜTFEN bekleyin, özür dilerim. Rica ederim, teşekkürlerimizi sunarız.", 4),
        ("tr", "RICA EDERİM, TEŞEKKÜRLER", 2),
        ("tr", "Özürlü rampası orada.", 0),
        ("az", "Zəhmət olmasa gözləyin, üzr istəyirik, çox sağ olun.", 3),
        ("az", "Sifariş üzrə məlumat.", 0),
        ("ar", "شكرًا لكم، ونعتذر عن التأخير، من فضلك انتظر.", 3),
        ("ar", "أنا آسفة، وآسف جدا", 2),
        ("fa", "لطفاً صبر کنید، خواهش می‌کنم؛ متأسفم و عذرخواهی می‌کنم.", 4),
        ("fa", "می‌بخشید، می بخشید، میبخشید", 3),
        ("fa", "متاسفم، متأسفم، لطفا، لطفًا", 4),
        ("fa", "معذرت مي‌خواهم", 1),
        ("he", "סליחה, בבקשה חכי רגע. תודה רבה!", 3),
        ("he", "סְלִיחָה, וְתוֹדָה", 2),
        ("he", "הוא שנא את זה", 0),
    ],
)
def test_polite_words_are_counted(language: str, text: str, count: int) -> None:
    assert polite(language, text) == count


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "That's nonsense, and it is not my problem. Can't you read?", 3),
        ("en", "CAN’T YOU READ, can't you read", 2),
        ("en", "A full house, a lie-down, and I can't. You read it.", 0),
        ("tr", "SAÇMALAMAYIN. Sakin olun, bu sizin hatanız.", 3),
        ("tr", "Bana ne? Lütfen susuz kalmayın.", 1),
        ("az", "Qışqırmayın, sakit olun, bu sizin günahınızdır.", 3),
        ("ar", "لا تصرخ، هذه مشكلتك، وليس من شأني", 3),
        ("fa", "داد نزنید، به من ربطی ندارد، این مشکل خودتان است.", 3),
        ("fa", "بی‌شعور، بی شعور، بیشعور", 3),
        ("he", "שטויות, תירגע, זו לא הבעיה שלי", 3),
    ],
)
def test_harsh_words_are_counted(language: str, text: str, count: int) -> None:
    assert harsh(language, text) == count


def test_a_phrase_is_counted_once_and_not_by_its_parts() -> None:
    assert polite("tr", "Tabii ki. Özür dileriz.") == 2
    assert harsh("he", "לא הבעיה שלך") == 1


def test_a_locale_is_known_by_its_language() -> None:
    assert languages() == ("en", "tr", "az", "ar", "fa", "he")
    assert vocabulary("fa-IR") is vocabulary("fa")
    assert vocabulary("az-Latn-AZ") is vocabulary("az")
    assert (vocabulary("eo"), vocabulary("fas"), vocabulary("")) == (None, None, None)


@pytest.mark.parametrize(("kind", "language"), LISTS)
def test_every_word_of_a_list_is_found_by_itself(kind: str, language: str) -> None:
    count = polite if kind == "_POLITE" else harsh
    listed = written(getattr(words, kind)[language])
    assert len(listed) >= 20
    for word in listed:
        assert count(language, word.rstrip("*")) >= 1, word
        assert count(language, f"({word.rstrip('*').upper()})") >= 1, word


@pytest.mark.parametrize("language", languages())
def test_no_word_is_both_and_none_is_listed_twice(language: str) -> None:
    kind, unkind = (written(getattr(words, name)[language]) for name in ("_POLITE", "_HARSH"))
    assert [word for word in kind if harsh(language, word.rstrip("*"))] == []
    assert [word for word in unkind if polite(language, word.rstrip("*"))] == []
    assert len(set(map(folded, (*kind, *unkind)))) == len(kind) + len(unkind)
