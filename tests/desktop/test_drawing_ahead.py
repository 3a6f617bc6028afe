"""What is drawn while somebody reads is what they see next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.seat import script_of, seated
from servicesim import shipped
from servicesim.desktop import faces as faces_module
from servicesim.desktop import typesetter
from servicesim.desktop.faces import Faces
from servicesim.desktop.label import Label
from servicesim.desktop.look import Look
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.proof import Proof
from servicesim.desktop.widget import Widget
from servicesim.encounter.situation import Phase

ENCOUNTERS = {"in-person": "red-letter", "phone": "late-parcel", "chat": "out-of-the-country", "email": "third-letter"}


@pytest.mark.parametrize("channel", ENCOUNTERS)
def test_the_customer_of_the_briefing_is_there_when_the_conversation_begins(
    tmp_path: Path, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = script_of(shipped.scenarios() / f"{ENCOUNTERS[channel]}.yaml")
    with seated(tmp_path, size=(960, 540)) as seat:
        seat.desk.faces = Faces()
        seat.stage.suit(Preferences(theme="dark", still=True))
        seat.sit()
        seat.way.brief(script)
        while not seat.screen.ahead():
            pass
        monkeypatch.setattr(faces_module, "draw_layer", lambda *layer: pytest.fail(f"{layer[1:]} was not drawn ahead"))
        seat.begin(script)
        seat.stage.wait(1.0)
        assert seat.screen.face.ahead(seat.screen._look)


def test_replies_are_laid_out_while_the_customer_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = script_of(shipped.scenarios() / "red-letter.yaml")
    made: list[str] = []
    with seated(tmp_path, size=(1000, 562)) as seat:
        seat.begin(script)
        while not seat.screen.ahead():
            pass
        lay_out = typesetter.Paragraph
        monkeypatch.setattr(typesetter, "Paragraph", lambda text, *how, **more: (made.append(text), lay_out(text, *how, **more))[1])
        seat.until_phase(Phase.WAITING)
        seat.stage.settle()
        replies = [card.text for card in seat.screen.answers.children]
        assert len(replies) > 1
        assert set(replies) & set(seat.stage.frame.texts) == set(replies)
        assert set(replies) & set(made) == set()


def test_before_anybody_has_spoken_there_is_no_more_to_draw_than_a_face(tmp_path: Path) -> None:
    with seated(tmp_path, size=(960, 540)) as seat:
        seat.begin(script_of(shipped.scenarios() / "late-parcel.yaml"), answer=False)
        assert seat.playing.situation.speech is None
        while not seat.screen.ahead():
            pass


def test_a_proof_is_made_of_each_thing_once_and_anew_at_another_width() -> None:
    proof, look, drawn = Proof(), Look(), list[str]()

    def widgets() -> Iterator[Callable[[], Widget]]:
        for text in ("one", "two"):
            yield lambda text=text: (drawn.append(text), Label(text))[1]

    assert [proof.ahead(7, widgets, look, 300) for _ in range(4)] == [False, False, True, True]
    assert drawn == ["one", "two"]
    assert [proof.ahead(7, widgets, look, 200) for _ in range(3)] == [False, False, True]
    assert [proof.ahead(8, widgets, look, 200) for _ in range(3)] == [False, False, True]
    assert not proof.ahead(8, widgets, Look(scale=2.0), 200)


def test_while_something_is_written_nothing_is_laid_out_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with seated(tmp_path) as seat:
        seat.begin(script_of(shipped.scenarios() / "red-letter.yaml"))
        seat.until_phase(Phase.PAUSING)
        shown = seat.screen._shown
        monkeypatch.setattr(type(seat.playing), "busy", True)
        seat.screen.refresh()
        assert seat.screen._shown == shown
