"""What is drawn while somebody reads is what they see next."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.seat import script_of, seated
from servicesim import shipped
from servicesim.desktop import faces as faces_module
from servicesim.desktop.faces import Faces
from servicesim.desktop.preferences import Preferences

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
        assert seat.screen.ahead()
