"""The rules of play, as somebody at the desk meets them."""

from __future__ import annotations

import pytest

from encounter.plays import in_channel, script_of, small
from scenario.small import SMALL
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter, replayed
from servicesim.encounter.events import (
    Began,
    Ended,
    Event,
    Interrupted,
    Listened,
    ReplyChosen,
    SegmentBegan,
    SilenceFell,
    SpeechBegan,
    SpeechEnded,
    StationReached,
)
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.situation import Feelings, Phase
from servicesim.errors import NotOffered, VerificationFailed

# "I left my umbrella." takes 1.357 s, the pause 1.2 s, "It was red." 0.786 s.


def played(*moves: str, channel: str = "phone", untimed: bool = False) -> Encounter:
    return rehearse(Encounter(in_channel(channel), untimed=untimed), moves)


def told(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, Began)]


def test_the_customer_speaks_pauses_goes_on_and_waits() -> None:
    encounter = Encounter(small())
    encounter.advance(10.0)
    assert told(encounter.events) == [
        SpeechBegan(0.0, "opening", 0),
        StationReached(1.357, 0),
        SegmentBegan(2.557, 1),
        SpeechEnded(3.343),
    ]
    assert encounter.situation.phase is Phase.WAITING


def test_a_faster_pace_shortens_speech_and_not_the_pauses() -> None:
    encounter = Encounter(small(), pace=2.0)
    encounter.advance(10.0)
    assert encounter.at == 2.271


def test_a_word_at_a_station_warms_the_customer_once_a_speech() -> None:
    encounter = Encounter(script_of(SMALL.replace("It was red.", "It was red. | Very red.")))
    encounter.listen("go-on", at=1.5)
    assert encounter.situation.feelings.trust == 1
    encounter.advance(4.0)
    encounter.listen("go-on", at=4.0)
    assert encounter.situation.feelings.trust == 1


def test_one_listening_act_fits_in_a_station_and_one_after_the_last() -> None:
    encounter = Encounter(small())
    encounter.listen("go-on", at=1.5)
    with pytest.raises(NotOffered, match="'yes' is not offered here; offered are: interrupt"):
        encounter.listen("yes", at=1.6)
    encounter.listen("yes", at=3.0)
    with pytest.raises(NotOffered):
        encounter.listen("go-on", at=5.0)


def test_in_the_middle_of_a_segment_nobody_listens_aloud() -> None:
    with pytest.raises(NotOffered):
        Encounter(small()).listen("go-on", at=0.5)


def test_a_nod_is_seen_only_in_person() -> None:
    assert Listened(1.857, "nod") in played("nod", channel="in-person").events
    with pytest.raises(NotOffered, match="'nod' is not offered here"):
        played("nod")


def test_who_is_cut_off_protests_says_it_again_and_goes_on_without_a_second_station() -> None:
    encounter = Encounter(small())
    encounter.interrupt(at=1.5)  # at the station
    encounter.advance(20.0)
    assert told(encounter.events) == [
        SpeechBegan(0.0, "opening", 0),
        StationReached(1.357, 0),
        Interrupted(1.5),
        SegmentBegan(3.0, 0),
        SegmentBegan(4.357, 1),
        SpeechEnded(5.143),
    ]
    assert encounter.situation.feelings == Feelings(60, 40, 0, 3)


def test_a_speech_can_be_cut_twice_and_no_more() -> None:
    encounter = Encounter(small())
    encounter.interrupt(at=0.5)
    encounter.advance(2.5)
    encounter.interrupt(at=2.6)
    encounter.advance(4.5)
    with pytest.raises(NotOffered):
        encounter.interrupt(at=4.6)


def test_no_reply_is_open_while_the_customer_speaks() -> None:
    encounter = Encounter(small())
    assert encounter.offered == ()
    with pytest.raises(NotOffered, match="'welcome' is not offered here; offered are: interrupt"):
        encounter.reply("welcome", at=1.0)


def test_patience_runs_out_twice_and_then_the_customer_leaves() -> None:
    encounter = played("silence", "silence")
    assert encounter.events[-3:] == [SilenceFell(23.343), SilenceFell(43.343), Ended(43.343, "gone")]
    assert encounter.situation.feelings.anger == 4


def test_after_two_silences_the_scene_may_lead_elsewhere() -> None:
    text = SMALL.replace("    replies:\n      - id: welcome", "    on-silence: {customer: Hello?, go: story}\n    replies:\n      - id: welcome")
    encounter = rehearse(Encounter(script_of(text)), ("silence", "silence"))
    assert encounter.events[-1] == SpeechBegan(43.343, "story", 1)


def test_without_a_way_to_leave_the_customer_waits() -> None:
    text = SMALL.replace("leaves: gone\n", "").replace("        feel: {anger: 1}\n", "")
    encounter = rehearse(Encounter(script_of(text)), ("silence", "silence"))
    assert encounter.situation.phase is Phase.LEFT_WAITING
    encounter.reply("welcome", at=99.0)
    assert encounter.events[-1] == SpeechBegan(99.0, "story", 1)


def test_only_a_reply_makes_a_customer_leave() -> None:
    encounter = played("interrupt", "interrupt", "sorry", "interrupt", "interrupt")
    assert encounter.situation.feelings.anger == 4
    rehearse(encounter, ["shrug"])
    assert encounter.events[-1] == Ended(encounter.at, "gone")
    assert encounter.situation.feelings.anger == 5


def test_the_first_line_whose_condition_holds_is_spoken() -> None:
    assert played("sorry").situation.spoken.line.say == "You do not even know what for."
    assert played("welcome").situation.spoken.line.acts == ("told-all",)


def test_a_reply_is_offered_only_if_its_condition_holds() -> None:
    calm = played("welcome")
    calm.advance(calm.at + 5.0)
    assert [option.reply.id for option in calm.offered] == ["look"]
    with pytest.raises(NotOffered, match="'shrug' is not offered here"):
        calm.reply("shrug", at=calm.at)


def test_replies_set_facts_and_feelings_are_clamped() -> None:
    encounter = played("welcome", "look")
    assert encounter.situation.facts == (1, 0)
    assert encounter.ended


def test_after_four_speeches_a_scene_is_not_offered_again() -> None:
    text = SMALL.replace("        set: {found: true}\n        end: settled", "        go: story").replace("found or anger > 3", "anger >= 0")
    encounter = rehearse(Encounter(script_of(text.replace("        if: anger >= 0\n", ""))), ["welcome", "look", "look", "look"])
    encounter.advance(encounter.at + 5.0)
    with pytest.raises(NotOffered, match="'look' is not offered here"):
        encounter.reply("look", at=encounter.at)


def test_the_order_of_replies_is_drawn_from_the_seed() -> None:
    orders = set()
    for seed in range(20):
        encounter = Encounter(small(), seed=seed)
        encounter.advance(10.0)
        orders.add(tuple(option.reply.id for option in encounter.offered))
        again = Encounter(small(), seed=seed)
        again.advance(11.0)
        assert again.offered == encounter.offered
    assert orders == {("welcome", "sorry"), ("sorry", "welcome")}


def test_untimed_the_customer_waits_at_each_station_for_ever() -> None:
    encounter = Encounter(small(), untimed=True)
    encounter.advance(9999.0)
    assert told(encounter.events) == [SpeechBegan(0.0, "opening", 0), StationReached(0.0, 0)]
    encounter.move_on(at=50.0)
    encounter.advance(9999.0)
    assert told(encounter.events)[2:] == [SegmentBegan(50.0, 1), SpeechEnded(50.0)]


def test_untimed_speaking_is_still_cutting_in() -> None:
    encounter = played("interrupt", "welcome", "look", untimed=True)
    assert any(isinstance(event, Interrupted) for event in encounter.events)
    assert encounter.ended


def test_a_chat_has_no_stations_and_typing_while_they_type_is_cutting_in() -> None:
    encounter = played("interrupt", "welcome", channel="chat")
    kinds = {type(event) for event in encounter.events}
    assert Interrupted in kinds
    assert StationReached not in kinds
    with pytest.raises(NotOffered):
        played("go-on", channel="chat")


def test_an_email_is_there_at_once_and_waits() -> None:
    encounter = Encounter(in_channel("email"))
    encounter.advance(9999.0)
    assert told(encounter.events) == [SpeechBegan(0.0, "opening", 0), SpeechEnded(0.0)]
    for move in ("interrupt", "silence", "go-on"):
        with pytest.raises(NotOffered):
            played(move, channel="email")


def test_after_the_end_every_move_comes_too_late() -> None:
    encounter = played("welcome", "look")
    with pytest.raises(NotOffered, match="'look' comes too late: the encounter is over"):
        encounter.reply("look", at=99.0)


def test_nothing_changes_if_the_events_cannot_be_kept() -> None:
    def full(events: object) -> None:
        raise OSError("no room")

    encounter = Encounter(small())
    encounter.advance(10.0)
    before = (list(encounter.events), encounter.situation)
    encounter._keep = full
    with pytest.raises(OSError, match="no room"):
        encounter.reply("welcome", at=11.0)
    assert (encounter.events, encounter.situation) == before


def test_an_encounter_resumes_where_its_last_event_left_it() -> None:
    encounter = Encounter(small())
    encounter.advance(2.6)  # in the middle of the second segment
    again = Encounter.resumed(small(), encounter.events)
    assert again.situation == encounter.situation
    assert rules.due_at(again.situation) == 3.343


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda events: events[1:], "begins with 'began'"),
        (lambda events: [*events[:2], SpeechEnded(0.5)], "event 3 of the transcript cannot happen there"),
        (lambda events: [*events[:-1], ReplyChosen(9.0, "opening", "shout")], "cannot happen there"),
        (lambda events: [*events[:5], ReplyChosen(1.0, "opening", "welcome")], "cannot happen there"),
        (lambda events: [*events[:5], ReplyChosen(60.0, "opening", "welcome")], "cannot happen there"),
        (lambda events: [*events, events[-1]], "cannot happen there"),
        (lambda events: [], "is empty"),
    ],
)
def test_a_transcript_that_breaks_the_rules_is_refused(spoil: object, told: str) -> None:
    events = played("welcome").events
    assert replayed(in_channel("phone"), events)
    with pytest.raises(VerificationFailed, match=told):
        replayed(in_channel("phone"), spoil(events))  # type: ignore[operator]


def test_a_transcript_of_another_version_is_refused() -> None:
    with pytest.raises(VerificationFailed, match="another version"):
        replayed(in_channel("chat"), played("welcome").events)
