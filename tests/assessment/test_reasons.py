"""The reasons of verdicts: one kind and its acts, told in each language."""

from __future__ import annotations

import pytest

from servicesim.assessment.reasons import Named, Part, Reason, reasons_in
from servicesim.assessment.reasons_en import ENGLISH
from servicesim.scenario.principles import ACTS_OF_PLAY

GREETS, THANKS, ASKS, PAUSE = Named("greet", "Greets"), Named("thank", "Thanks"), Named("ask", "Asks"), Named("station", "The customer pauses")


@pytest.mark.parametrize(
    ("acts", "told"),
    [
        ((GREETS,), "Done: “Greets”."),
        ((GREETS, THANKS), "Done: “Greets” or “Thanks”."),
        ((GREETS, THANKS, ASKS), "Done: “Greets”, “Thanks” or “Asks”."),
        ((), "Done: ."),
    ],
)
def test_any_of_several_acts_is_told_with_commas_and_an_or(acts: tuple[Named, ...], told: str) -> None:
    assert reasons_in("en").sentence(Reason("existence-kept", (("act", acts),))) == told


def test_a_sentence_is_told_in_each_language_and_says_which_of_it_somebody_wrote() -> None:
    reason = Reason("response-seconds-broken", (("after", (PAUSE,)), ("then", (ASKS,))), 2.5)
    assert reasons_in("en").sentence(reason) == "After “The customer pauses”, missing within 2.5 seconds: “Asks”."
    assert reasons_in("tr").sentence(reason) == "“Müşteri duraklar” sonrasında, 2,5 saniye içinde yapılmadı: “Asks”."
    assert reasons_in("fa").sentence(reason) == "پس از «مشتری مکث می‌کند» در ۲٫۵ ثانیه نبود: «Asks»."
    assert [part for part in reasons_in("fa").parts(reason) if part.authored] == [Part("Asks", authored=True)]


def test_every_act_of_play_has_words() -> None:
    assert {f"act-{act}" for act in ACTS_OF_PLAY} == {key for key in ENGLISH if key.startswith("act-")}
