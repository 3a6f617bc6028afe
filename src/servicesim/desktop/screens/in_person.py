"""In person: the customer stands at the counter, in a room that one sees."""

from __future__ import annotations

from typing import ClassVar

from servicesim.desktop.arrangement import Column, Row, Space
from servicesim.desktop.icons import IconName
from servicesim.desktop.places import Place, place_of
from servicesim.desktop.screens.channel import Channel, Parts
from servicesim.desktop.widget import Widget
from servicesim.scenario.model import Scenario


class InPerson(Channel):
    """The room fills the side of the window; what one can do while listening lies on our side of the counter."""

    icon: ClassVar[IconName] = "person"
    face_size: ClassVar[tuple[float, float]] = (480, 372)
    face_radius: ClassVar[float] = 0

    @classmethod
    def place_behind(cls, scenario: Scenario) -> Place | None:
        return place_of(scenario)

    def arranged(self, parts: Parts) -> Widget:
        tray = Column(Column(parts.hint, parts.cue, gap=0.75), parts.patience, Space(grow=1), parts.listening, gap=1.5, padding=(4, 2), grow=1)
        room = Column(self.face, tray, Space(height=8), gap=0, width=self.face_size[0])
        log = self.log_area(parts)
        talk = Column(parts.banner, log, parts.next, parts.answers, gap=2, padding=(4, 3), grow=1)
        return Row(room, talk, gap=0, across="stretch", grow=1)
